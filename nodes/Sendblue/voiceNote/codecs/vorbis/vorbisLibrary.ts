/** The face of the compiled library, which its packages do not declare. */

/** libvorbis in memory; a pointer is an address in `HEAP`. */
export interface VorbisLibrary {
	readonly HEAP: ArrayBuffer;
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

/** A piece of the library's memory. */
export interface SharedArray<T> {
	/** Its address. */
	ptr: number;
	buf: T;
}

/** The library together with what its package adds to it. */
export interface VorbisMemory {
	readonly wasm: VorbisLibrary;
	/** Takes memory, which `free` gives back. */
	allocateTypedArray<T>(length: number, type: new (...parameters: never[]) => T): SharedArray<T>;
	free(): void;
}
