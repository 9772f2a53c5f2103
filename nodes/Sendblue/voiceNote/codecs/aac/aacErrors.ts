import { VoiceNoteError } from '../../errors';

/**
 * The error for AAC that breaks the rules of its format.
 *
 * @param what How, as a clause: `a scalefactor is out of range`.
 */
export function corruptAac(what: string): VoiceNoteError {
	return new VoiceNoteError('corrupt', `The AAC audio is damaged: ${what}.`);
}

/**
 * The error for a valid form of AAC that is not decoded here.
 *
 * @param what The form: `the Main profile`.
 */
export function unsupportedAac(what: string): VoiceNoteError {
	return new VoiceNoteError(
		'unsupported',
		`The audio is AAC in a form that cannot be read: ${what}.`,
		'Convert the file to AAC-LC, MP3 or WAV first.',
	);
}

/** The error of a bit reader at the end of a frame. */
export function frameEndsEarly(): VoiceNoteError {
	return corruptAac('a frame ends too early');
}
