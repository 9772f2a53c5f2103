/** Raw PCM: samples without any header, whose format is known from elsewhere. */
import { interleavedPcmSource } from '../../codecs/pcm/interleavedSource';
import type { SampleEncoding, SampleFormat } from '../../codecs/pcm/sampleFormat';
import { VoiceNoteError } from '../../errors';
import type { RawPcmFormat, RawSampleFormat } from '../../types';
import { checkStreamShape, type PcmContainer } from '../pcmContainer';

/** The names under which sample formats are offered; those of ffmpeg and of most text-to-speech APIs. */
export const RAW_SAMPLE_FORMATS: readonly RawSampleFormat[] = [
	's16le',
	's16be',
	's24le',
	's24be',
	's32le',
	's32be',
	'f32le',
	'f32be',
	'f64le',
	'f64be',
	's8',
	'u8',
	'mulaw',
	'alaw',
];

/** Whether a text names a sample format. */
export function isRawSampleFormat(name: string): name is RawSampleFormat {
	return RAW_SAMPLE_FORMATS.some((format) => format === name);
}

const ENCODINGS: Readonly<Record<string, SampleEncoding>> = { s: 'int', u: 'uint', f: 'float' };

function describe(name: RawSampleFormat): SampleFormat {
	if (name === 'mulaw' || name === 'alaw') return { encoding: name, bits: 8, littleEndian: true, bytesPerSample: 1 };
	const bits = Number.parseInt(name.slice(1), 10);
	return { encoding: ENCODINGS[name[0]], bits, littleEndian: !name.endsWith('be'), bytesPerSample: bits / 8 };
}

/**
 * Raw PCM as a source. Half a frame at the end is left out.
 *
 * @throws {VoiceNoteError} `badOption` where the format is not one there is; `corrupt` where the rate or the number
 * of channels is impossible.
 */
export function openRawPcm(bytes: Uint8Array, format: RawPcmFormat): PcmContainer {
	const { sampleFormat, sampleRate, channels } = format;
	if (!isRawSampleFormat(sampleFormat)) {
		throw new VoiceNoteError(
			'badOption',
			`'${String(sampleFormat)}' is not a sample format`,
			`Use one of ${RAW_SAMPLE_FORMATS.join(', ')}.`,
		);
	}
	checkStreamShape('raw PCM', channels, sampleRate);
	const description = describe(sampleFormat);
	const frames = Math.floor(bytes.length / (description.bytesPerSample * channels));
	const source = interleavedPcmSource({ bytes, start: 0, frames, channels, sampleRate }, description);
	return { sourceFormat: 'pcm', frames, truncated: false, source };
}
