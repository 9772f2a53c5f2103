/**
 * libvorbis (BSD-3-Clause) as WebAssembly, out of the package @wasm-audio-decoders/ogg-vorbis (MIT). Only the library
 * itself is taken: Ogg is read by our own code. Bundled at build time.
 */
import WASMAudioDecoderCommon from '../../../../node_modules/@wasm-audio-decoders/common/src/WASMAudioDecoderCommon.js';
import library from '../../../../node_modules/@wasm-audio-decoders/ogg-vorbis/src/EmscriptenWasm.js';

import type { LibraryMemory } from '../codecs/libraryMemory';
import type { VorbisLibrary } from '../codecs/vorbis/vorbisLibrary';

/** Loads the library into memory of its own. */
export async function loadVorbis(): Promise<LibraryMemory<VorbisLibrary>> {
	return (await new WASMAudioDecoderCommon().instantiate(library)) as LibraryMemory<VorbisLibrary>;
}
