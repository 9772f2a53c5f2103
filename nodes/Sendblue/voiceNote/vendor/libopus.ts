/**
 * libopus 1.5.2 (BSD-3-Clause) as WebAssembly with vector instructions, compiled by build/libopus from the source in
 * the package audify (MIT).
 */

/** The compiled module in Base64, which the build inserts. */
declare const LIBOPUS_BASE64: string;

export const libopusModule = Buffer.from(LIBOPUS_BASE64, 'base64');
