/**
 * mpg123 (LGPL-2.1) as WebAssembly, from the package mpg123-decoder (MIT). Only the library itself is used, since the
 * package copies all audio several times. Bundled at build time.
 */
import WASMAudioDecoderCommon, {
	type LibraryMemory,
} from '../../../../node_modules/@wasm-audio-decoders/common/src/WASMAudioDecoderCommon.js';
import library from '../../../../node_modules/mpg123-decoder/src/EmscriptenWasm.js';

/**
 * What the compiled mpg123 exports, which its package does not declare. Buffers and places for results are given as
 * byte addresses in its memory.
 */
export interface Mpg123Library {
	/** Writes the handle of a new decoder to an address; any result but 0 is an error. */
	mpeg_frame_decoder_create(handleAddress: number, removesGaps: 0 | 1): number;
	/** Gives the decoder input, which is copied. */
	mpeg_decoder_feed(handle: number, input: number, inputLength: number): number;
	/**
	 * Decodes what was fed, up to `outputLength` floats in all, one channel after the other. Writes the number of samples
	 * per channel and the sample rate in Hz.
	 */
	mpeg_decoder_read(
		handle: number,
		output: number,
		outputLength: number,
		samplesDecoded: number,
		sampleRate: number,
		error: number,
	): number;
	/** Releases all memory of the decoder. */
	mpeg_frame_decoder_destroy(handle: number): void;
}

/** Loads the library into memory of its own. */
export async function loadMpg123(): Promise<LibraryMemory<Mpg123Library>> {
	return await new WASMAudioDecoderCommon().instantiate<Mpg123Library>(library);
}
