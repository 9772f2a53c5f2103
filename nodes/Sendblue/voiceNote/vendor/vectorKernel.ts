/**
 * Inner loops of the resampler and of HE-AAC's QMF banks as WebAssembly, compiled by build/vectorKernel from our own C.
 */

/** The compiled module in Base64, which the build inserts. */
declare const VECTOR_KERNEL_BASE64: string;

export const vectorKernelModule = Buffer.from(VECTOR_KERNEL_BASE64, 'base64');
