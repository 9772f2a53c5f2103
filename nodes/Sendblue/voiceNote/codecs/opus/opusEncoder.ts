import { VOICE_NOTE_FRAMES_PER_PACKET, VOICE_NOTE_SAMPLE_RATE } from '../../containers/caf/writeVoiceNote';
import { VoiceNoteError } from '../../errors';
import { givenAddress, loadLibopus, releaseOnce, resultOf } from './libopus';

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

const FRAME_BYTES = VOICE_NOTE_FRAMES_PER_PACKET * Float32Array.BYTES_PER_ELEMENT;
/** RFC 6716, section 3.2.1: a frame has at most 1,275 bytes; before it stands the table of contents. */
const MAX_PACKET_BYTES = 1_276;

/** Loads libopus on first use and sets an encoder up. */
export async function createVoiceEncoder({ bitrate, complexity }: OpusEncoderSettings): Promise<VoiceEncoder> {
	const library = await loadLibopus();
	const encoder = givenAddress(library.createEncoder(VOICE_NOTE_SAMPLE_RATE, bitrate, complexity));
	const pcm = givenAddress(library.allocate(FRAME_BYTES));
	const packet = givenAddress(library.allocate(MAX_PACKET_BYTES));
	return {
		lookahead: library.lookahead(encoder),
		encode(frame) {
			new Float32Array(library.memory.buffer, pcm, VOICE_NOTE_FRAMES_PER_PACKET).set(frame);
			const bytes = resultOf(() =>
				library.encode(encoder, pcm, VOICE_NOTE_FRAMES_PER_PACKET, packet, MAX_PACKET_BYTES),
			);
			if (bytes <= 0) throw new VoiceNoteError('invalidOutput', `The Opus encoder gave no packet (${bytes})`);
			return new Uint8Array(library.memory.buffer, packet, bytes).slice();
		},
		free: releaseOnce(library, () => [encoder, pcm, packet]),
	};
}
