/** The same as `libopus.ts`, for processors without vector instructions. */

/** The compiled module in Base64, which the build inserts. */
declare const SCALAR_LIBOPUS_BASE64: string;

export const scalarLibopusModule = Buffer.from(SCALAR_LIBOPUS_BASE64, 'base64');
