import type { PcmBlock } from '../../audio';
import { VoiceNoteError } from '../../errors';
import { MPG123_NEED_MORE } from './mpg123Library';

/** Input that is taken at once, in bytes, and samples that come out at once: the sizes mpg123-decoder works with. */
const INPUT_BYTES = 65_536;
const OUTPUT_SAMPLES = 92_448;

/** A decoder of MPEG audio. */
export interface Mpg123Decoder {
	/**
	 * Decodes frames that stand one behind the other, or parts of them: what is not whole yet is kept for the next call.
	 * Damaged frames give nothing. A block is good until the next one is asked for.
	 *
	 * @param bytes at most 65,536 bytes
	 */
	decode(bytes: Uint8Array): Generator<PcmBlock>;
	/** Releases the decoder's memory; it must not be used afterwards. */
	free(): void;
}

/** Loads mpg123 and sets a decoder up that leaves the encoder's delay in, as it does not see the whole file. */
export async function createMpg123Decoder(channels: number): Promise<Mpg123Decoder> {
	const { loadMpg123 } = await import('../../vendor/mpg123');
	const memory = await loadMpg123();
	const { wasm } = memory;
	const input = memory.allocateTypedArray(INPUT_BYTES, Uint8Array);
	const output = memory.allocateTypedArray(OUTPUT_SAMPLES, Float32Array);
	const [handle, frames, sampleRate, error] = Array.from({ length: 4 }, () =>
		memory.allocateTypedArray(1, Uint32Array),
	);
	if (wasm.mpeg_frame_decoder_create(handle.ptr, 0) !== 0) {
		throw new VoiceNoteError('limit', 'The decoder of MPEG audio could not be set up');
	}
	const decoder = handle.buf[0];

	/** Decodes more of what was fed. */
	const read = (): number => {
		frames.buf[0] = 0;
		return wasm.mpeg_decoder_read(decoder, output.ptr, OUTPUT_SAMPLES, frames.ptr, sampleRate.ptr, error.ptr);
	};
	return {
		*decode(bytes) {
			input.buf.set(bytes);
			if (wasm.mpeg_decoder_feed(decoder, input.ptr, bytes.length) === MPG123_NEED_MORE) return;
			// Other results are the start of a stream, or damage, after which mpg123 goes on.
			for (let result = 0; result !== MPG123_NEED_MORE; ) {
				result = read();
				const count = frames.buf[0];
				if (count === 0) continue;
				yield Array.from({ length: channels }, (_, channel) =>
					output.buf.subarray(channel * count, (channel + 1) * count),
				);
			}
		},
		free() {
			wasm.mpeg_frame_decoder_destroy(decoder);
			wasm.free(decoder);
			memory.free();
		},
	};
}
