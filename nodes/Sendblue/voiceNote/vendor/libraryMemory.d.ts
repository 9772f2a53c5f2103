/** The face that @wasm-audio-decoders gives every compiled library, which it does not declare. */

/** A piece of a library's memory. */
export interface SharedArray<T> {
	/** Its address. */
	ptr: number;
	buf: T;
}

/** A library in memory of its own, which does not grow. */
export interface LibraryMemory<Library> {
	readonly wasm: Library & { readonly HEAP: ArrayBuffer };
	/** Takes memory, which `free` gives back. */
	allocateTypedArray<T>(length: number, type: new (...parameters: never[]) => T): SharedArray<T>;
	free(): void;
}
