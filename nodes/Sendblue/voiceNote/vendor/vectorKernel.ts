/** Inner loops as WebAssembly, of the resampling filter and of HE-AAC's QMF banks, compiled by build/vectorKernel from our own C with the Clang of npm. */

/** The compiled module in Base64, put in by the build. */
declare const VECTOR_KERNEL_BASE64: string;

export const vectorKernelModule = Buffer.from(VECTOR_KERNEL_BASE64, 'base64');
