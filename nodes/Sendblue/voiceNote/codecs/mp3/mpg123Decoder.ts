import type { PcmBlock } from '../../pcm/pcmSource';
import { VoiceNoteError } from '../../errors';
import type { LibraryMemory } from '../../vendor/libraryMemory';
import type { Mpg123Library } from '../../vendor/mpg123';

/** Input that is taken at once, in bytes, and samples that come out at once: the sizes mpg123-decoder works with. */
const INPUT_BYTES = 65_536;
const OUTPUT_SAMPLES = 92_448;

/** What `mpeg_decoder_read` results in once all is decoded (mpg123.h, enum mpg123_errors). */
const MPG123_NEED_MORE = -10;

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

/**
 * The library that was used last, kept for the next decoder: with 16 MB of new memory for every file the collector would
 * go through the whole of n8n every few files.
 */
let idle: LibraryMemory<Mpg123Library> | undefined;

async function takeLibrary(): Promise<LibraryMemory<Mpg123Library>> {
	const { loadMpg123 } = await import('../../vendor/mpg123');
	const library = idle ?? (await loadMpg123());
	idle = undefined;
	return library;
}

/** Loads mpg123 on first use and sets a decoder up that leaves the encoder's delay in, as it does not see the whole file. */
export async function createMpg123Decoder(channels: number): Promise<Mpg123Decoder> {
	const memory = await takeLibrary();
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
	/** Whether no call was stopped in the middle, which leaves memory that nothing may be called with again. */
	let isSound = true;

	const call = (work: () => number): number => {
		isSound = false;
		const result = work();
		isSound = true;
		return result;
	};
	const feed = (bytes: number): number => call(() => wasm.mpeg_decoder_feed(decoder, input.ptr, bytes));
	/** Decodes more of what was fed. */
	const read = (): number => {
		frames.buf[0] = 0;
		return call(() =>
			wasm.mpeg_decoder_read(decoder, output.ptr, OUTPUT_SAMPLES, frames.ptr, sampleRate.ptr, error.ptr),
		);
	};
	return {
		*decode(bytes) {
			input.buf.set(bytes);
			if (feed(bytes.length) === MPG123_NEED_MORE) return;
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
			// One that stopped in the middle is left to the collector with all its memory.
			if (!isSound) return;
			wasm.mpeg_frame_decoder_destroy(decoder);
			memory.free();
			idle = memory;
		},
	};
}
