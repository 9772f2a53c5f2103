import { VoiceNoteError } from '../../../nodes/Sendblue/voiceNote/errors';

/** The error that a conversion ends with; fails the test where it ends with another kind of error, or none. */
export async function voiceNoteErrorOf(attempt: () => unknown): Promise<VoiceNoteError> {
	try {
		await attempt();
	} catch (error) {
		if (error instanceof VoiceNoteError) return error;
		throw error;
	}
	throw new Error('It did not fail');
}
