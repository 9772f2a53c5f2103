/** Raw PCM: samples without any header, whose format is known from elsewhere. */
import { PCM_CODINGS } from '../../codecs/pcm/sampleFormat';
import { checkStreamShape } from '../../codecs/pcm/blockSource';
import { VoiceNoteError } from '../../errors';
import type { RawPcmFormat } from '../../types';
import { isAdts } from '../adts/adtsFrames';
import { isMpegAudio } from '../mp3/mpegAudioFrames';
import { pcmTrack } from '../pcmTrack';
import type { AudioRequest, Container, Demuxed, Track } from '../track';
import { isPcmMimeType, isRawSampleFormat, parsePcmMimeType, RAW_SAMPLE_FORMATS } from './rawPcmNames';

/**
 * Raw PCM, which has no header: only what the caller says tells what it is, an explicit format before the mime type.
 * Bytes that begin with a row of AAC or MP3 frames are none: played as PCM those are loud noise.
 */
export const rawPcm: Container = {
	probe: (bytes, request) => formatOf(request) !== undefined && !beginsWithFrames(bytes),
	demux(bytes, request): Demuxed {
		const format = formatOf(request);
		if (!format) throw new VoiceNoteError('notAudio', 'The sample format of the raw audio is not known');
		return { sourceFormat: 'pcm', tracks: [rawPcmTrack(bytes, format)], findings: [] };
	},
};

/** Bytes that nothing else recognises, and that the caller calls raw PCM without saying enough to read them. */
export const undescribedPcm: Container = {
	probe: (_, { mimeType }) => mimeType !== undefined && isPcmMimeType(mimeType),
	demux(_, { mimeType }): Demuxed {
		throw new VoiceNoteError(
			'pcmFormatMissing',
			`This is raw PCM by its type, ${mimeType}, which does not say its sample rate`,
			'Give the sample format, the sample rate and the number of channels.',
			'pcmFormat',
		);
	},
};

function formatOf({ mimeType, rawFormat }: AudioRequest): RawPcmFormat | undefined {
	return rawFormat ?? (mimeType === undefined ? undefined : parsePcmMimeType(mimeType));
}

/** Whether AAC or MP3 begins right here; raw PCM does not look like that by chance. */
function beginsWithFrames(bytes: Uint8Array): boolean {
	return isAdts(bytes) || isMpegAudio(bytes);
}

/**
 * The samples of raw PCM.
 *
 * @throws {VoiceNoteError} `badOption` where the format is not one there is; `corrupt` where the rate or the number
 * of channels is impossible.
 */
export function rawPcmTrack(bytes: Uint8Array, { sampleFormat, sampleRate, channels }: RawPcmFormat): Track {
	if (!isRawSampleFormat(sampleFormat)) {
		throw new VoiceNoteError(
			'badOption',
			`'${String(sampleFormat)}' is not a sample format`,
			`Use one of ${RAW_SAMPLE_FORMATS.join(', ')}.`,
		);
	}
	checkStreamShape('raw PCM', channels, sampleRate);
	return pcmTrack({ name: 'pcm', sampleFormat: PCM_CODINGS[sampleFormat], channels, sampleRate }, bytes);
}
