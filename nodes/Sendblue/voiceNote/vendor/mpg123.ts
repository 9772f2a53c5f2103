/** mpg123 (LGPL-2.1) as WebAssembly, by the package mpg123-decoder (MIT). Bundled at build time. */
export { MPEGDecoder } from 'mpg123-decoder';
