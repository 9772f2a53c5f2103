import { withRemarks } from '../types';
import type { AudioFile, AudioFileInfo } from '../types';
import { VOICE_NOTE_SAMPLE_RATE } from '../voiceNoteFormat';
import type { Mp3File } from './encodeMp3';
import type { AudioInput } from './reconcile';

/** A finished file with its facts, and with the remarks on the audio it was made of. */
export function audioFile(
	bytes: Uint8Array,
	{ sourceFormat, remarks }: Pick<AudioInput, 'sourceFormat' | 'remarks'>,
	facts: Omit<AudioFileInfo, 'sourceFormat' | 'bytes'>,
): AudioFile {
	const { method, ...rest } = facts;
	const hints = remarks.sentences;
	return { bytes, info: withRemarks({ method, sourceFormat, bytes: bytes.length, ...rest }, hints), hints };
}

/** The same of an MP3 file that was made here. */
export function mp3AudioFile(
	{ bytes, samples }: Mp3File,
	audio: Pick<AudioInput, 'sourceFormat' | 'remarks'>,
): AudioFile {
	return audioFile(bytes, audio, {
		method: 'encoded',
		format: 'mp3',
		durationSeconds: samples / VOICE_NOTE_SAMPLE_RATE,
		sampleRate: VOICE_NOTE_SAMPLE_RATE,
		channels: 1,
	});
}
