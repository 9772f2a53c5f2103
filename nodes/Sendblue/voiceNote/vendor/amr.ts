/** opencore-amr (Apache-2.0) as WebAssembly, from the package @audio/decode-amr (Apache-2.0). Bundled at build time. */
export { decoder as createAmrDecoder } from '@audio/decode-amr';
