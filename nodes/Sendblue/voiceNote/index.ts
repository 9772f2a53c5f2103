/** Audio in, Apple voice note out. The one entry to this folder; it knows nothing of n8n or Sendblue. */
export { readVoiceNote } from './containers/caf/readVoiceNote';
export type { VoiceNoteFacts } from './containers/caf/readVoiceNote';
export { VoiceNoteError } from './errors';
export type { VoiceNoteErrorCode } from './errors';
export { MAX_INPUT_BYTES } from './limits';
export { toVoiceNote } from './toVoiceNote';
export type { ConversionMethod, VoiceNote, VoiceNoteInfo, VoiceNoteOptions } from './types';
