/**
 * libopus 1.5.2 (BSD-3-Clause) as WebAssembly, compiled by build/libopus from the source that the package audify (MIT)
 * brings along. Embedded at build time.
 */

/** The compiled module in Base64, put in by the build. */
declare const LIBOPUS_BASE64: string;

/** What is used of WebAssembly, which is declared for browsers alone. */
declare const WebAssembly: {
	Module: new (bytes: Uint8Array) => object;
	Instance: new (module: object) => { readonly exports: unknown };
};

/** What build/libopus/voiceCodec.c exports; addresses are in `memory`, and 0 is none. */
export interface LibopusInstance {
	/** `buffer` is another one after the memory has grown. */
	readonly memory: { readonly buffer: ArrayBuffer };
	allocate(bytes: number): number;
	release(address: number): void;
	createEncoder(sampleRate: number, bitrate: number, complexity: number): number;
	lookahead(encoder: number): number;
	encode(encoder: number, pcm: number, frames: number, packet: number, maxBytes: number): number;
	createDecoder(sampleRate: number, channels: number): number;
	decode(decoder: number, packet: number, bytes: number, pcm: number, maxFrames: number): number;
}

const libopusModule = new WebAssembly.Module(Buffer.from(LIBOPUS_BASE64, 'base64'));

/** Sets libopus up with memory of its own. */
export function instantiateLibopus(): LibopusInstance {
	return new WebAssembly.Instance(libopusModule).exports as LibopusInstance;
}
