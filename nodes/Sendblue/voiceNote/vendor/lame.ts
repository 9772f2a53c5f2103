/**
 * LAME 3.100 (LGPL-2.0-or-later) as WebAssembly, from the package wasm-media-encoders (MIT). Only the module itself is
 * used: the package's own code is for browsers, and gives each encoder a memory of its own. Bundled at build time.
 */
export { default as lameModule } from 'wasm-media-encoders/wasm/mp3';
