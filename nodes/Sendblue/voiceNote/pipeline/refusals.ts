import { VoiceNoteError } from '../errors';
import { MAX_DURATION_SECONDS, MAX_INPUT_BYTES } from '../limits';
import { VOICE_NOTE_SAMPLE_RATE } from '../voiceNoteFormat';

/** The error for a file that is too large to be read. */
export function tooLarge(): VoiceNoteError {
	return new VoiceNoteError(
		'limit',
		`The file is larger than ${MAX_INPUT_BYTES / 1_024 / 1_024} MB`,
		'Cut the audio into shorter parts, or compress it first.',
	);
}

/**
 * The error for a file with no audio, or too little to be heard.
 *
 * @param seconds how long its audio is
 * @param isCut whether the file ends earlier than it claims
 */
export function noSound(seconds = 0, isCut = false): VoiceNoteError {
	if (isCut) {
		return new VoiceNoteError(
			'corrupt',
			'The file is cut off where its sound begins: it holds little more than a header',
			'Download or export the whole file again.',
		);
	}
	if (seconds > 0) {
		return new VoiceNoteError(
			'notAudio',
			`The audio is too short to be heard: it lasts ${Math.max(1, Math.round(seconds * 1_000))} ms`,
			'Check that the previous step really produced sound.',
		);
	}
	return new VoiceNoteError(
		'notAudio',
		'The file holds no sound: it ends before the first sample',
		'Check that the previous step really produced sound.',
	);
}

/**
 * Refuses audio that is certain to exceed the limit, before minutes are spent on decoding it for nothing.
 *
 * @throws {VoiceNoteError} `limit`
 */
export function assertNotCertainlyTooLong({ certainSeconds = 0 }: { certainSeconds?: number }): void {
	assertNotTooLong(certainSeconds * VOICE_NOTE_SAMPLE_RATE);
}

/** Whether audio is certain to exceed the limit, even before it is decoded. */
export function isCertainlyTooLong({ certainSeconds = 0 }: { certainSeconds?: number }): boolean {
	return certainSeconds > MAX_DURATION_SECONDS;
}

/**
 * Stops a conversion as soon as its audio is known to be too long.
 *
 * @param frames sample frames at 24 kHz so far
 * @throws {VoiceNoteError} `limit` if that is longer than `MAX_DURATION_SECONDS`
 */
export function assertNotTooLong(frames: number): void {
	if (frames <= MAX_DURATION_SECONDS * VOICE_NOTE_SAMPLE_RATE) return;
	throw new VoiceNoteError(
		'limit',
		`The audio is longer than ${MAX_DURATION_SECONDS / 3_600} hours`,
		'Cut it into shorter parts first.',
	);
}
