/**
 * libopus 1.5.2 (BSD-3-Clause) as WebAssembly with vector instructions, compiled by build/libopus from the source that
 * the package audify (MIT) brings along.
 */

/** The compiled module in Base64, put in by the build. */
declare const LIBOPUS_BASE64: string;

export const libopusModule = Buffer.from(LIBOPUS_BASE64, 'base64');
