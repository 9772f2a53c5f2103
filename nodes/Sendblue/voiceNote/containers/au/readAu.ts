/** AU files (Sun and NeXT, `.au` and `.snd`; in practice also `audio/basic`). */
import { PCM_CODINGS } from '../../codecs/pcm/sampleFormat';
import type { SampleFormat } from '../../codecs/pcm/sampleFormat';
import { checkStreamShape } from '../../codecs/pcm/blockSource';
import { VoiceNoteError } from '../../errors';
import { fourCC } from '../../bits/fourCC';
import { audioExtent, goesOnUncounted } from '../iffChunks';
import { demuxFiles, splitFiles } from '../joinedFiles';
import { cutShort, pcmTrack } from '../pcmTrack';
import type { Container, Demuxed } from '../track';

/** Magic, data offset, data size, encoding, sample rate, channels: 32 bits each, big-endian. */
const HEADER_BYTES = 24;
/** The encoding numbers of the header and their sample formats. */
const ENCODINGS = new Map<number, SampleFormat>([
	[1, PCM_CODINGS.mulaw],
	[2, PCM_CODINGS.s8],
	[3, PCM_CODINGS.s16be],
	[4, PCM_CODINGS.s24be],
	[5, PCM_CODINGS.s32be],
	[6, PCM_CODINGS.f32be],
	[7, PCM_CODINGS.f64be],
	[27, PCM_CODINGS.alaw],
]);

/** Whether the bytes begin like an AU file. */
export function isAu(bytes: Uint8Array): boolean {
	return fourCC(bytes, 0) === '.snd';
}

function sampleFormatOf(encodingNumber: number): SampleFormat {
	const known = ENCODINGS.get(encodingNumber);
	if (known) return known;
	throw new VoiceNoteError(
		'unsupported',
		`The AU file uses encoding ${encodingNumber}, which is not supported`,
		'Export the audio as WAV, MP3, M4A or Ogg.',
	);
}

/** AU, also known as `.snd`. */
export const au: Container = {
	probe: isAu,
	demux: async (bytes): Promise<Demuxed> => await demuxFiles(splitFiles(bytes, nextFile), demuxAu),
};

/** The start of another file: right after the samples of this one. */
function nextFile(bytes: Uint8Array): number | undefined {
	if (bytes.length < HEADER_BYTES) return undefined;
	const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
	const end = view.getUint32(4) + view.getUint32(8);
	return isAu(bytes.subarray(end)) ? end : undefined;
}

/**
 * Finds the samples of an AU file.
 *
 * @throws {VoiceNoteError} `corrupt` if the header is cut off or impossible, `unsupported` for an encoding that
 * is not read.
 */
function demuxAu(bytes: Uint8Array): Demuxed {
	if (bytes.length < HEADER_BYTES) throw new VoiceNoteError('corrupt', 'The AU header is cut off');

	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const start = view.getUint32(4);
	const statedSize = view.getUint32(8);
	const sampleFormat = sampleFormatOf(view.getUint32(12));
	const sampleRate = view.getUint32(16);
	const channels = view.getUint32(20);
	checkStreamShape('AU', channels, sampleRate);

	const { length, truncated, missingBytes, open } = audioExtent(bytes, start, statedSize, false);
	const bytesPerSecond = sampleFormat.bytesPerSample * channels * sampleRate;
	const goesOn = !open && goesOnUncounted(bytes, start + length, bytesPerSecond, false);
	const audio = bytes.subarray(start, goesOn ? bytes.length : start + length);
	const track = pcmTrack({ name: 'pcm', sampleFormat, channels, sampleRate }, audio);
	return {
		sourceFormat: 'au',
		tracks: [track],
		findings: truncated ? [cutShort(track, audio.length, missingBytes)] : [],
	};
}
