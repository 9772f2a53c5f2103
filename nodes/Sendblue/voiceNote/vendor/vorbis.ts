/**
 * libvorbis (BSD-3-Clause) as WebAssembly, from the package @wasm-audio-decoders/ogg-vorbis (MIT). Only the library
 * itself is used, since our own code reads Ogg. Bundled at build time.
 */
import WASMAudioDecoderCommon, {
	type LibraryMemory,
} from '../../../../node_modules/@wasm-audio-decoders/common/src/WASMAudioDecoderCommon.js';
import library from '../../../../node_modules/@wasm-audio-decoders/ogg-vorbis/src/EmscriptenWasm.js';

/** What the compiled libvorbis exports, which its package does not declare. Pointers are addresses in its memory. */
export interface VorbisLibrary {
	create_decoder(
		input: number,
		inputLength: number,
		output: number,
		channels: number,
		sampleRate: number,
		samplesDecoded: number,
		errors: number,
		errorsLength: number,
		maxErrors: number,
	): number;
	send_setup(decoder: number, isFirst: boolean): void;
	init_dsp(decoder: number): void;
	decode_packets(decoder: number): void;
	destroy_decoder(decoder: number): void;
}

/** Loads the library into memory of its own. */
export async function loadVorbis(): Promise<LibraryMemory<VorbisLibrary>> {
	return await new WASMAudioDecoderCommon().instantiate<VorbisLibrary>(library);
}
