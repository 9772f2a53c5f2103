/*
 * A filter's inner loop as WebAssembly, which can multiply four numbers at once and JavaScript cannot: it takes a
 * fifth of the time. The module is small enough to be written by hand; the names are those of the WebAssembly
 * specification's text format, which gives their codes too.
 */

/** Size of the vectors that the taps are read in: their number must be a multiple of this. */
export const TAPS_PER_STEP = 8;

/** Computes a run of outputs, each the sum of the products of its taps and the input from its start on. */
export interface VectorKernel {
	/** Memory with all that the filter works on; addresses are bytes. */
	memory: { readonly buffer: ArrayBuffer };
	/**
	 * @param input address of the samples
	 * @param taps address of the first output's taps; those of the others follow
	 * @param tapBytes bytes of the taps of one output
	 * @param starts address of the outputs' first samples, as byte offsets from `input` (32-bit)
	 * @param output address of the first output
	 * @param outputEnd address behind the last output, greater than `output`
	 */
	filter(input: number, taps: number, tapBytes: number, starts: number, output: number, outputEnd: number): void;
}

const I32 = 0x7f;
const V128 = 0x7b;
const NO_RESULT = 0x40;

const LOOP = [0x03, NO_RESULT];
const END = 0x0b;
/** Back to the start of the innermost loop. */
const BR_IF = [0x0d, 0];
const I32_LT_U = 0x49;
const I32_ADD = 0x6a;
const F32_ADD = 0x92;
const I32_LOAD = [0x28, 2, 0];
const F32_STORE = [0x38, 2, 0];
const V128_ZERO = [0xfd, 0x0c, ...new Array<number>(16).fill(0)];
const F32X4_MUL = [0xfd, 0xe6, 0x01];
const F32X4_ADD = [0xfd, 0xe4, 0x01];
const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const increase = (local: number, by: number) => [...get(local), 0x41, by, I32_ADD, ...set(local)];
const loadVector = (local: number, offset: number) => [...get(local), 0xfd, 0x00, 2, offset];
const lane = (local: number, index: number) => [...get(local), 0xfd, 0x1f, index];

const [INPUT, TAPS, TAP_BYTES, STARTS, OUTPUT, OUTPUT_END, SAMPLES, TAPS_END, EVEN, ODD] = Array(10).keys();

/** sum += samples × taps, four of each, `offset` bytes further on */
const addProducts = (sum: number, offset: number) => [
	...[...get(sum), ...loadVector(SAMPLES, offset), ...loadVector(TAPS, offset)],
	...[...F32X4_MUL, ...F32X4_ADD, ...set(sum)],
];

const BODY = [
	...LOOP,
	...[...V128_ZERO, ...set(EVEN), ...V128_ZERO, ...set(ODD)],
	...[...get(INPUT), ...get(STARTS), ...I32_LOAD, I32_ADD, ...set(SAMPLES)],
	...[...get(TAPS), ...get(TAP_BYTES), I32_ADD, ...set(TAPS_END)],
	...LOOP,
	...[...addProducts(EVEN, 0), ...addProducts(ODD, 16)],
	...[...increase(SAMPLES, 32), ...increase(TAPS, 32)],
	...[...get(TAPS), ...get(TAPS_END), I32_LT_U, ...BR_IF],
	END,
	...[...get(EVEN), ...get(ODD), ...F32X4_ADD, ...set(EVEN)],
	...get(OUTPUT),
	...[...lane(EVEN, 0), ...lane(EVEN, 1), F32_ADD, ...lane(EVEN, 2), ...lane(EVEN, 3), F32_ADD, F32_ADD],
	...F32_STORE,
	...[...increase(STARTS, 4), ...increase(OUTPUT, 4)],
	...[...get(OUTPUT), ...get(OUTPUT_END), I32_LT_U, ...BR_IF],
	END,
];

/** A length in the variable-size coding of the format (LEB128); two bytes are enough here. */
const size = (bytes: number[]) => [(bytes.length & 0x7f) | 0x80, bytes.length >> 7];
const section = (id: number, content: number[]) => [id, ...size(content), ...content];
const name = (text: string) => [text.length, ...Array.from(text, (character) => character.charCodeAt(0))];

function moduleBytes(): Uint8Array {
	const locals = [2, 2, I32, 2, V128];
	const code = [...locals, ...BODY, END];
	return Uint8Array.from([
		...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
		...section(1, [1, 0x60, 6, I32, I32, I32, I32, I32, I32, 0]),
		...section(2, [1, ...name('m'), ...name('m'), 0x02, 0x00, 1]),
		...section(3, [1, 0]),
		...section(7, [1, ...name('filter'), 0x00, 0]),
		...section(10, [1, ...size(code), ...code]),
	]);
}

const PAGE_BYTES = 65_536;

let compiled: object | 'unavailable' | undefined;

/** Compiled once; processors without vectors refuse it. */
function compiledModule(): object | 'unavailable' {
	try {
		return new WebAssembly.Module(moduleBytes());
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
	const { exports } = new WebAssembly.Instance(compiled, { m: { m: memory } });
	return { memory, ...(exports as Pick<VectorKernel, 'filter'>) };
}
