import { VOICE_NOTE_SAMPLE_RATE } from '../containers/caf/writeVoiceNote';
import { VoiceNoteError } from '../errors';
import { MAX_DURATION_SECONDS } from '../limits';

/**
 * Stops a conversion as soon as its audio is known to be longer than we take.
 *
 * @param frames sample frames at 24 kHz so far
 * @throws {VoiceNoteError} `limit` where they last longer than `MAX_DURATION_SECONDS`
 */
export function assertNotTooLong(frames: number): void {
	if (frames <= MAX_DURATION_SECONDS * VOICE_NOTE_SAMPLE_RATE) return;
	throw new VoiceNoteError(
		'limit',
		`The audio is longer than ${MAX_DURATION_SECONDS / 3_600} hours`,
		'Cut it into shorter parts first.',
	);
}
