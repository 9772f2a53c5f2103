import type { VoiceNoteFacts } from './containers/caf/readVoiceNote';

/** What the user is told of a voice note: how it came about, and the facts that are shown, in their order. */
export function voiceNoteInfo<Method extends string>(method: Method, sourceFormat: string, facts: VoiceNoteFacts) {
	const { durationSeconds, bytes, bitrate, sampleRate, channels, framesPerPacket, packets } = facts;
	return { method, sourceFormat, durationSeconds, bytes, bitrate, sampleRate, channels, framesPerPacket, packets };
}
