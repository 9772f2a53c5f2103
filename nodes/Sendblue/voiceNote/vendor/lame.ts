/**
 * LAME 3.100 (LGPL-2.0-or-later) as WebAssembly, out of the package wasm-media-encoders (MIT). Only the module itself is
 * taken: the package's code around it is for browsers, and keeps memory for each encoder. Bundled at build time.
 */
export { default as lameModule } from 'wasm-media-encoders/wasm/mp3';
