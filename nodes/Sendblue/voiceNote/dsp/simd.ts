import { vectorKernelModule } from '../vendor/vectorKernel';

/** The kernel reads this many taps at a time, so their number must be a multiple of it. */
export const TAPS_PER_STEP = 8;

/** Inner loops in WebAssembly, which multiply four numbers at once (build/vectorKernel). */
export interface VectorKernel {
	/** Memory that the loops work in; addresses are byte offsets. */
	memory: { readonly buffer: ArrayBuffer };
	/**
	 * Computes a run of outputs. Each is the sum of the products of its taps and the input samples from its start on.
	 *
	 * @param input address of the samples
	 * @param taps address of the first output's taps; those of the others follow
	 * @param tapBytes bytes of the taps of one output
	 * @param starts address of the first sample of each output, as a 32-bit byte offset from `input`
	 * @param output address of the first output
	 * @param outputEnd address after the last output, greater than `output`
	 */
	filter(input: number, taps: number, tapBytes: number, starts: number, output: number, outputEnd: number): void;
	/**
	 * The QMF banks of HE-AAC: analysis, and synthesis of 64 or of 32 bands. `workspace` is the address of the memory that
	 * codecs/aac/sbr/vectorQmf.ts lays out for them, and `slots` is the number of slots in the frame.
	 */
	analyse(workspace: number, slots: number): void;
	synthesizeFull(workspace: number, slots: number): void;
	synthesizeHalf(workspace: number, slots: number): void;
}

const PAGE_BYTES = 65_536;

let compiled: object | 'unavailable' | undefined;

/** Processors without vector instructions refuse the module. */
function compiledModule(): object | 'unavailable' {
	try {
		return new WebAssembly.Module(vectorKernelModule);
	} catch {
		return 'unavailable';
	}
}

/**
 * A kernel with its own memory.
 *
 * @param bytes minimum size of the memory
 * @returns undefined if the processor has no vector instructions
 */
export function createVectorKernel(bytes: number): VectorKernel | undefined {
	compiled ??= compiledModule();
	if (compiled === 'unavailable') return undefined;
	const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE_BYTES) });
	const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
	return { memory, ...(exports as Omit<VectorKernel, 'memory'>) };
}
