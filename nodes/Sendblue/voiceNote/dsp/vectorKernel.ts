import { vectorKernelModule } from '../vendor/vectorKernel';

/** Size of the vectors that the taps are read in: their number must be a multiple of this. */
export const TAPS_PER_STEP = 8;

/** Inner loops as WebAssembly, which can multiply four numbers at once: build/vectorKernel. */
export interface VectorKernel {
	/** Memory with all that is worked on; addresses are bytes. */
	memory: { readonly buffer: ArrayBuffer };
	/**
	 * Computes a run of outputs, each the sum of the products of its taps and the input from its start on.
	 *
	 * @param input address of the samples
	 * @param taps address of the first output's taps; those of the others follow
	 * @param tapBytes bytes of the taps of one output
	 * @param starts address of the outputs' first samples, as byte offsets from `input` (32-bit)
	 * @param output address of the first output
	 * @param outputEnd address behind the last output, greater than `output`
	 */
	filter(input: number, taps: number, tapBytes: number, starts: number, output: number, outputEnd: number): void;
	/** The QMF banks of HE-AAC: analysis, and syntheses of 64 and of 32 bands; at the address of their workspace. */
	analyse(workspace: number, slots: number): void;
	synthesizeFull(workspace: number, slots: number): void;
	synthesizeHalf(workspace: number, slots: number): void;
}

const PAGE_BYTES = 65_536;

let compiled: object | 'unavailable' | undefined;

/** Compiled once; processors without vectors refuse it. */
function compiledModule(): object | 'unavailable' {
	try {
		return new WebAssembly.Module(vectorKernelModule);
	} catch {
		return 'unavailable';
	}
}

/**
 * A kernel with memory of its own.
 *
 * @param bytes least size of the memory
 * @returns undefined where the processor has no vector instructions
 */
export function createVectorKernel(bytes: number): VectorKernel | undefined {
	compiled ??= compiledModule();
	if (compiled === 'unavailable') return undefined;
	const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE_BYTES) });
	const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
	return { memory, ...(exports as Omit<VectorKernel, 'memory'>) };
}
