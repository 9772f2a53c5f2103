/** The parts of the platform and of packages that are used and have no declarations elsewhere. */

/** The platform's `WebAssembly`, which TypeScript declares only for browsers. */
declare const WebAssembly: {
	Module: new (bytes: Uint8Array) => object;
	Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
	Instance: new (module: object, imports?: object) => { readonly exports: unknown };
};

declare module '*/EmscriptenWasm.js' {
	/** The compiled library. */
	const library: unknown;
	export default library;
}

declare module '*/WASMAudioDecoderCommon.js' {
	/** An allocation in a library's memory. */
	export interface SharedArray<T> {
		/** Its address. */
		ptr: number;
		buf: T;
	}

	/** A library with its own memory, which does not grow. */
	export interface LibraryMemory<Library> {
		readonly wasm: Library & { readonly HEAP: ArrayBuffer };
		/** Allocates memory, which `free` releases. */
		allocateTypedArray<T>(length: number, type: new (...parameters: never[]) => T): SharedArray<T>;
		free(): void;
	}

	/** Instantiates a compiled library with its own memory. */
	export default class WASMAudioDecoderCommon {
		instantiate<Library>(library: unknown): Promise<LibraryMemory<Library>>;
	}
}

declare module 'wasm-media-encoders/wasm/mp3' {
	/** The compiled encoder: a WebAssembly module, which the build turns into bytes. */
	const module: Uint8Array;
	export default module;
}
