import type { AudioInput } from '../pcm/pcmSource';
import type { RawPcmFormat } from '../types';
import type { WorkSlices } from '../workSlices';

/** What the caller says of the audio beside its bytes. */
export interface AudioRequest {
	/** The claimed mime type; only raw PCM, which has no header, needs it. */
	mimeType?: string;
	/** What raw PCM is; used only for bytes that have no header. */
	rawFormat?: RawPcmFormat;
	/** Which of several audio tracks to take, counted from 1; the first by default. */
	audioTrack?: number;
}

/** A family of files that is recognised by its bytes and opened without decoding anything yet. */
export interface AudioFormat {
	/** Whether the bytes are of this family; looks at the bytes alone, never at a name or a claimed type. */
	recognises(bytes: Uint8Array): boolean;
	/**
	 * Opens the file. Where that means to look through all of it, the work is done in slices.
	 *
	 * @throws {VoiceNoteError} where the file is damaged, holds no audio, or holds audio that is not read
	 */
	open(bytes: Uint8Array, request: AudioRequest, slices: WorkSlices): AudioInput | Promise<AudioInput>;
}

/** The remark on audio that ends before its file says. */
export const TRUNCATED_HINT = 'The audio ends early: the file is cut short. What is there was converted.';

/** The remark on audio that could not be decoded everywhere. */
const DAMAGED_HINT = 'Parts of the audio are damaged: they are silent or left out. What is intact was converted.';

/**
 * The remark on files that were put one behind the other, not all of which could be read as one.
 *
 * @param converted how many of them could
 */
export function joinedHint(converted = 1): string {
	const first = converted === 1 ? 'the first was' : `the first ${converted} were`;
	return `The file is several recordings put one behind the other; only ${first} converted. Convert each by itself.`;
}

/** Adds the remark on cut audio. */
export function noteTruncation(hints: string[]): void {
	noteOnce(hints, TRUNCATED_HINT);
}

/** Adds the remark on damaged audio. */
export function noteDamage(hints: string[]): void {
	noteOnce(hints, DAMAGED_HINT);
}

/** Adds a remark, once however often the audio is read. */
export function noteOnce(hints: string[], hint: string): void {
	if (!hints.includes(hint)) hints.push(hint);
}
