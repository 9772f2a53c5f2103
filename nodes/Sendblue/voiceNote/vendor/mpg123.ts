/**
 * mpg123 (LGPL-2.1) as WebAssembly, out of the package mpg123-decoder (MIT). Only the library itself is taken, as the
 * package copies all audio several times. Bundled at build time.
 */
import WASMAudioDecoderCommon from '../../../../node_modules/@wasm-audio-decoders/common/src/WASMAudioDecoderCommon.js';
import library from '../../../../node_modules/mpg123-decoder/src/EmscriptenWasm.js';
import type { LibraryMemory } from './libraryMemory';

/** The face of mpg123 as it is compiled, which its package does not declare; a pointer is an address in its memory. */
export interface Mpg123Library {
	/** Writes the new decoder's handle; other results than 0 are errors. */
	mpeg_frame_decoder_create(handle: number, removesGaps: 0 | 1): number;
	/** Gives the decoder input, which is copied. */
	mpeg_decoder_feed(handle: number, input: number, inputLength: number): number;
	/** Decodes what was fed, as far as `outputLength` floats reach: the channels one behind the other. */
	mpeg_decoder_read(
		handle: number,
		output: number,
		outputLength: number,
		samplesDecoded: number,
		sampleRate: number,
		error: number,
	): number;
	/** Gives all memory of the decoder back. */
	mpeg_frame_decoder_destroy(handle: number): void;
}

/** Loads the library into memory of its own. */
export async function loadMpg123(): Promise<LibraryMemory<Mpg123Library>> {
	return (await new WASMAudioDecoderCommon().instantiate(library)) as LibraryMemory<Mpg123Library>;
}
