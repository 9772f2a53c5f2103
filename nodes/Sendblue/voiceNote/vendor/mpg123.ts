/**
 * mpg123 (LGPL-2.1) as WebAssembly, out of the package mpg123-decoder (MIT). Only the library itself is taken, as the
 * package copies all audio several times. Bundled at build time.
 */
import WASMAudioDecoderCommon from '../../../../node_modules/@wasm-audio-decoders/common/src/WASMAudioDecoderCommon.js';
import library from '../../../../node_modules/mpg123-decoder/src/EmscriptenWasm.js';

import type { LibraryMemory } from '../codecs/libraryMemory';
import type { Mpg123Library } from '../codecs/mp3/mpg123Library';

/** Loads the library into memory of its own. */
export async function loadMpg123(): Promise<LibraryMemory<Mpg123Library>> {
	return (await new WASMAudioDecoderCommon().instantiate(library)) as LibraryMemory<Mpg123Library>;
}
