/**
 * Audio in, Apple voice note out, and back. The only entry point of this folder, which knows nothing about n8n or
 * Sendblue.
 */
export { readVoiceNote, voiceNoteInfo } from './containers/caf/readVoiceNote';
export { whyNotAudio } from './containers/probe';
export type { VoiceNoteFacts } from './containers/caf/readVoiceNote';
export { VoiceNoteError } from './errors';
export type { VoiceNoteErrorCode } from './errors';
export { fromVoiceNote } from './fromVoiceNote';
export { MAX_INPUT_BYTES } from './limits';
export { sourceFormatOf } from './pipeline/openAudio';
export { toVoiceNote, toVoiceNotes } from './toVoiceNote';
export type {
	AudioFile,
	AudioFileInfo,
	AudioFileOptions,
	ConversionMethod,
	Engine,
	ExtractionMethod,
	FfmpegOutcome,
	MaximumDuration,
	RawPcmFormat,
	RawSampleFormat,
	RunFfmpeg,
	VoiceNote,
	VoiceNoteInfo,
	VoiceNoteOptions,
} from './types';
