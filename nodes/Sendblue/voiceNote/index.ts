/** Audio in, Apple voice note out, and back. The one entry to this folder; it knows nothing of n8n or Sendblue. */
export { readVoiceNote } from './containers/caf/readVoiceNote';
export type { VoiceNoteFacts } from './containers/caf/readVoiceNote';
export type { RawPcmFormat, RawSampleFormat } from './containers/raw/rawPcm';
export type { Engine, FfmpegOutcome, RunFfmpeg } from './engine/ffmpegEngine';
export { VoiceNoteError } from './errors';
export type { VoiceNoteErrorCode } from './errors';
export { fromVoiceNote } from './fromVoiceNote';
export { MAX_INPUT_BYTES } from './limits';
export { toVoiceNote, toVoiceNotes } from './toVoiceNote';
export type {
	AudioFile,
	AudioFileInfo,
	AudioFileOptions,
	ConversionMethod,
	ExtractionMethod,
	MaximumDuration,
	VoiceNote,
	VoiceNoteInfo,
	VoiceNoteOptions,
} from './types';
export { voiceNoteInfo } from './voiceNoteInfo';
