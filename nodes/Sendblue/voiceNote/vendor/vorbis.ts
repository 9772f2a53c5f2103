/**
 * libvorbis (BSD-3-Clause) as WebAssembly, out of the package @wasm-audio-decoders/ogg-vorbis (MIT). Only the library
 * itself is taken: Ogg is read by our own code. Bundled at build time.
 */
import * as common from '@wasm-audio-decoders/common';
import VorbisWasm from '../../../../node_modules/@wasm-audio-decoders/ogg-vorbis/src/EmscriptenWasm.js';

import type { VorbisMemory } from '../codecs/vorbis/vorbisLibrary';

interface Common {
	WASMAudioDecoderCommon: new () => { instantiate(library: unknown): Promise<VorbisMemory> };
}

/** Loads the library into memory of its own. */
export async function loadVorbis(): Promise<VorbisMemory> {
	const { WASMAudioDecoderCommon } = common as unknown as Common;
	return await new WASMAudioDecoderCommon().instantiate(VorbisWasm);
}
