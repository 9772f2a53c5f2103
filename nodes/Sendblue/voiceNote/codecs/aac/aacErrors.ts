import { VoiceNoteError } from '../../errors';

/**
 * The error for AAC data that breaks the rules of its format.
 *
 * @param what The rule that is broken, as a clause: `a scalefactor is out of range`.
 */
export function corruptAac(what: string): VoiceNoteError {
	return new VoiceNoteError('corrupt', `The AAC audio is damaged: ${what}.`);
}

/**
 * The error for a form of AAC that is sound but not decoded here.
 *
 * @param what The form, as it follows "AAC": `Main profile`.
 */
export function unsupportedAac(what: string): VoiceNoteError {
	return new VoiceNoteError(
		'unsupported',
		`This is AAC in a form that is not read: ${what}.`,
		'Convert the file to AAC-LC, MP3 or WAV first.',
	);
}

/** The error of a bit reader that is asked for more than a frame holds. */
export function frameEndsEarly(): VoiceNoteError {
	return corruptAac('a frame ends too early');
}
