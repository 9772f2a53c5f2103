import { VoiceNoteError } from '../errors';
import { MAX_INPUT_BYTES } from '../limits';

/** The error for a file that is too large to be read. */
export function tooLarge(): VoiceNoteError {
	return new VoiceNoteError(
		'limit',
		`The file is larger than ${MAX_INPUT_BYTES / 1_024 / 1_024} MB`,
		'Cut the audio into shorter parts, or compress it first.',
	);
}

/** The error for a file without a single sample to be heard. */
export function noSound(): VoiceNoteError {
	return new VoiceNoteError(
		'notAudio',
		'The file holds no audio: its duration is zero',
		'Check that the earlier step really produced sound.',
	);
}
