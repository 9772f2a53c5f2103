import { VoiceNoteError } from '../../errors';
import type { OpusEncoderHandle } from '../../vendor/libopus';
import { VOICE_NOTE_FRAMES_PER_PACKET, VOICE_NOTE_SAMPLE_RATE } from '../../containers/caf/writeVoiceNote';

/** How speech is encoded. */
export interface OpusEncoderSettings {
	/** Target bitrate in bits per second. */
	bitrate: number;
	/** 0 (fastest) to 10 (best). */
	complexity: number;
}

/** An Opus encoder for mono speech at 24 kHz in frames of 20 ms. */
export interface VoiceEncoder {
	/** Sample frames (at 24 kHz) by which the decoded audio lags: the priming frames of the file. */
	readonly lookahead: number;
	/** Encodes 480 samples into one packet. */
	encode(frame: Float32Array): Uint8Array;
	/** Releases the encoder's memory; it must not be used afterwards. */
	free(): void;
}

/** Loads libopus on first use and sets an encoder up. */
export async function createVoiceEncoder({ bitrate, complexity }: OpusEncoderSettings): Promise<VoiceEncoder> {
	const { Application, createEncoder, Signal } = await import('../../vendor/libopus');
	const encoder = await createEncoder({
		sampleRate: VOICE_NOTE_SAMPLE_RATE,
		channels: 1,
		frameSize: VOICE_NOTE_FRAMES_PER_PACKET,
		application: Application.Voip,
		signal: Signal.Voice,
		bitrate,
		complexity,
		vbr: true,
	});
	return {
		lookahead: encoder.getLookahead(),
		encode: (frame) => encodeFrame(encoder, frame),
		free: () => encoder.free(),
	};
}

function encodeFrame(encoder: OpusEncoderHandle, frame: Float32Array): Uint8Array {
	const packet = encoder.encodeFloat(frame);
	if (packet.length === 0) throw new VoiceNoteError('invalidOutput', 'The Opus encoder gave an empty packet');
	return packet;
}
