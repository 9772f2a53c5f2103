/** What the readers of uncompressed files (WAV, AIFF, CAF, AU, raw PCM) hand on, and the limits they share. */
import type { PcmSource } from '../pcm/pcmSource';
import { VoiceNoteError } from '../errors';

/** An uncompressed (or ADPCM) file, opened. */
export interface PcmContainer {
	/** Short name of the file format for the user: `wav`, `aiff`, `au`, `caf`, `pcm`. */
	readonly sourceFormat: string;
	/** Number of frames (samples per channel) that `source` yields. */
	readonly frames: number;
	/** Whether the file announced more audio than it holds; what is there is in `source`. */
	readonly truncated: boolean;
	readonly source: PcmSource;
}

/** A container around a compressed stream that a decoder of its own reads. */
export interface WrappedAudio {
	/** Name of the stream's format. */
	readonly wrapped: 'mp3';
	/** The stream without the container: a view, not a copy. */
	readonly payload: Uint8Array;
	/** Whether the container announced more than it holds. */
	readonly truncated: boolean;
}

/** Lowest sampling rate taken for true, in Hz. */
const MIN_SAMPLE_RATE = 1000;
/** Highest sampling rate taken for true, in Hz (768 kHz is the highest any converter offers). */
const MAX_SAMPLE_RATE = 768_000;
/** Most channels read; what claims more is a damaged header. */
const MAX_CHANNELS = 64;

/**
 * Checks the two numbers every header states.
 *
 * @param fileKind Name of the file format for the message, e.g. `WAV`.
 * @throws {VoiceNoteError} `corrupt` where no real file has such a rate or number of channels.
 */
export function checkStreamShape(fileKind: string, channels: number, sampleRate: number): void {
	if (!(channels >= 1 && channels <= MAX_CHANNELS)) {
		throw new VoiceNoteError(
			'corrupt',
			`The ${fileKind} header states ${channels} channels`,
			`Between 1 and ${MAX_CHANNELS} channels can be read. The file is probably damaged; export it again.`,
		);
	}
	if (!(sampleRate >= MIN_SAMPLE_RATE && sampleRate <= MAX_SAMPLE_RATE)) {
		throw new VoiceNoteError(
			'corrupt',
			`The ${fileKind} header states a sampling rate of ${sampleRate} Hz`,
			`Rates from ${MIN_SAMPLE_RATE} to ${MAX_SAMPLE_RATE} Hz can be read. ` +
				'The file is probably damaged; export it again.',
		);
	}
}

/**
 * The number of frames to yield where a header states one beside the data itself.
 *
 * Codecs of whole blocks pad the last one; only a stated length that ends within that block is believed.
 *
 * @param decodable Frames the data decodes to.
 * @param stated Frames the header states, or undefined.
 * @param framesPerBlock Frames in one block of the codec.
 */
export function trimToStatedFrames(decodable: number, stated: number | undefined, framesPerBlock: number): number {
	const believed = stated !== undefined && stated <= decodable && stated > decodable - framesPerBlock;
	return believed ? stated : decodable;
}
