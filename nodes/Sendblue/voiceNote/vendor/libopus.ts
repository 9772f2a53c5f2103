/** libopus 1.6 (BSD-3-Clause) as WebAssembly, by the package libopus-wasm (MIT). Bundled at build time. */
export { Application, createDecoder, createEncoder, Signal } from 'libopus-wasm';
export type { OpusDecoderHandle, OpusEncoderHandle } from 'libopus-wasm';
