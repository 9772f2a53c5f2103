/** The codecs of Matroska tracks (RFC 9559 and "Matroska Media Container Codec Specifications"). */
import { parseAudioSpecificConfig } from '../../codecs/aac/audioSpecificConfig';
import { parseOpusHead } from '../../codecs/opus/opusHead';
import { pcmFormat } from '../../codecs/pcm/sampleFormat';
import type { SampleEncoding } from '../../codecs/pcm/sampleFormat';
import { parseLacedVorbisHeaders } from '../../codecs/vorbis/vorbisHeaders';
import { VoiceNoteError } from '../../errors';
import type { Codec } from '../../codecs/registry';
import { readFlac } from '../flac/readFlac';
import type { MatroskaTrack } from './readMatroska';

const PCM_CODECS: Readonly<Record<string, { encoding: SampleEncoding; littleEndian: boolean }>> = {
	'A_PCM/INT/LIT': { encoding: 'int', littleEndian: true },
	'A_PCM/INT/BIG': { encoding: 'int', littleEndian: false },
	'A_PCM/FLOAT/IEEE': { encoding: 'float', littleEndian: true },
};

/**
 * The codec of a track with its set-up data; undefined for a codec that is not known.
 *
 * @throws {VoiceNoteError} `corrupt` where the set-up data are missing or damaged.
 */
export function matroskaCodec(track: MatroskaTrack): Codec | undefined {
	const { codecId, channels, sampleRate } = track;
	if (Object.hasOwn(PCM_CODECS, codecId)) {
		const { encoding, littleEndian } = PCM_CODECS[codecId];
		const bits = track.bitDepth;
		// 8 bits are unsigned, as in WAV.
		const sampleFormat = pcmFormat(bits === 8 ? 'uint' : encoding, bits, littleEndian);
		return { name: 'pcm', sampleFormat, channels, sampleRate };
	}
	if (codecId.startsWith('A_MPEG/')) return { name: 'mp3' };
	switch (codecId) {
		case 'A_OPUS':
			return { name: 'opus', head: parseOpusHead(setUpData(track)) };
		case 'A_VORBIS':
			return { name: 'vorbis', headers: parseLacedVorbisHeaders(setUpData(track)) };
		case 'A_AAC':
			return { name: 'aac', config: parseAudioSpecificConfig(setUpData(track)) };
		case 'A_ALAC':
			return { name: 'alac', cookie: setUpData(track) };
		case 'A_FLAC':
			return { name: 'flac', streamInfo: readFlac(setUpData(track), 0).info };
		default:
			return undefined;
	}
}

function setUpData({ codecId, codecPrivate }: MatroskaTrack): Uint8Array {
	if (codecPrivate) return codecPrivate;
	throw new VoiceNoteError(
		'corrupt',
		`The WebM or Matroska file is damaged: the set-up data of its codec (${codecId}) are missing`,
		'Export or record it again.',
	);
}
