/** What @wasm-audio-decoders makes of every compiled library; the package does not declare it. */

/** An allocation in a library's memory. */
export interface SharedArray<T> {
	/** Its address. */
	ptr: number;
	buf: T;
}

/** A library in memory of its own, which does not grow. */
export interface LibraryMemory<Library> {
	readonly wasm: Library & { readonly HEAP: ArrayBuffer };
	/** Allocates memory, which `free` releases. */
	allocateTypedArray<T>(length: number, type: new (...parameters: never[]) => T): SharedArray<T>;
	free(): void;
}
