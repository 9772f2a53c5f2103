/** What we import from packages that do not declare it. */

declare module '*/EmscriptenWasm.js' {
	/** The compiled library. */
	const library: unknown;
	export default library;
}

declare module '*/WASMAudioDecoderCommon.js' {
	/** Loads a compiled library into memory of its own. */
	export default class WASMAudioDecoderCommon {
		instantiate(library: unknown): Promise<unknown>;
	}
}

declare module 'wasm-media-encoders/wasm/mp3' {
	/** The compiled encoder: a WebAssembly module, which the build turns into bytes. */
	const module: Uint8Array;
	export default module;
}
