import { VOICE_NOTE_FRAMES_PER_PACKET, VOICE_NOTE_SAMPLE_RATE } from '../../voiceNoteFormat';
import { VoiceNoteError } from '../../errors';
import { LibopusCodec, loadLibopus } from './libopus';
import { MAX_FRAME_BYTES } from './opusPacket';

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

const FRAME = VOICE_NOTE_FRAMES_PER_PACKET;
const FRAME_BYTES = FRAME * Float32Array.BYTES_PER_ELEMENT;
/** One frame, and before it the table of contents. */
const OUTPUT_BYTES = 1 + MAX_FRAME_BYTES;

/** Loads libopus on first use and sets an encoder up. */
export async function createVoiceEncoder({ bitrate, complexity }: OpusEncoderSettings): Promise<VoiceEncoder> {
	const stopped = new VoiceNoteError('invalidOutput', 'The Opus encoder stopped');
	const codec = new LibopusCodec(await loadLibopus(), stopped);
	const encoder = codec.take((library) => library.createEncoder(VOICE_NOTE_SAMPLE_RATE, bitrate, complexity));
	const pcm = codec.take((library) => library.allocate(FRAME_BYTES));
	const packet = codec.take((library) => library.allocate(OUTPUT_BYTES));
	return {
		lookahead: codec.call((library) => library.lookahead(encoder)),
		encode(frame) {
			const bytes = codec.call((library) => {
				codec.floats(pcm, FRAME).set(frame);
				return library.encode(encoder, pcm, FRAME, packet, OUTPUT_BYTES);
			});
			if (bytes <= 0) throw new VoiceNoteError('invalidOutput', `The Opus encoder gave no packet (${bytes})`);
			return codec.bytes(packet, bytes).slice();
		},
		free: () => codec.free(),
	};
}
