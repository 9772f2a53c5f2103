import { SampleMemory } from '../pcm/pcmSource';
import type { LowPass } from './polyphase';
import { writeTaps } from './polyphase';
import type { MonoStage } from './stage';
import { createVectorKernel, TAPS_PER_STEP, type VectorKernel } from './simd';

/** The fewest outputs per run of the kernel; a shorter period of the ratio is laid out several times. */
const FEWEST_OUTPUTS = 64;
/** The most input samples that enter the window at a time. */
const STRETCH = 8_192;

/** Memory laid out for one ratio, with the taps in place. */
interface Workspace {
	ratio: string;
	kernel: VectorKernel;
	/** Outputs and inputs of one run of the kernel. */
	outputs: number;
	inputs: number;
	/** Input samples that one output depends on. */
	reach: number;
	/** Bytes of the taps of one output, with the zeros that fill the last vector. */
	tapBytes: number;
	taps: Float32Array;
	/** Offset in bytes of the first input sample of each output. */
	starts: Int32Array;
	output: Float32Array;
	window: Float32Array;
}

/**
 * The workspace of the last conversion, kept for the next: most have the same ratio, and every WebAssembly memory takes
 * a lot of address space until it is garbage-collected.
 */
let idle: Workspace | undefined;

/** @returns undefined if the processor has no vector instructions */
function createWorkspace(upFactor: number, downFactor: number, lowPass: LowPass): Workspace | undefined {
	const repeats = Math.ceil(FEWEST_OUTPUTS / upFactor);
	const outputs = repeats * upFactor;
	const inputs = repeats * downFactor;
	const reach = 2 * lowPass.halfWidth;
	const taps = Math.ceil(reach / TAPS_PER_STEP) * TAPS_PER_STEP;
	const tapsEnd = 4 * outputs * taps;
	const startsEnd = tapsEnd + 4 * outputs;
	const outputEnd = startsEnd + 4 * outputs;
	const windowSamples = reach + inputs + STRETCH + taps;
	const kernel = createVectorKernel(outputEnd + 4 * windowSamples);
	if (!kernel) return undefined;
	const { buffer } = kernel.memory;
	const workspace: Workspace = {
		ratio: `${upFactor}/${downFactor}`,
		kernel,
		outputs,
		inputs,
		reach,
		tapBytes: 4 * taps,
		taps: new Float32Array(buffer, 0, outputs * taps),
		starts: new Int32Array(buffer, tapsEnd, outputs),
		output: new Float32Array(buffer, startsEnd, outputs),
		window: new Float32Array(buffer, outputEnd, windowSamples),
	};
	for (let i = 0; i < outputs; i++) {
		const position = i * downFactor;
		workspace.starts[i] = 4 * Math.floor(position / upFactor);
		writeTaps(workspace.taps, i * taps, lowPass, (position % upFactor) / upFactor);
	}
	return workspace;
}

function takeWorkspace(upFactor: number, downFactor: number, lowPass: LowPass): Workspace | undefined {
	if (idle?.ratio !== `${upFactor}/${downFactor}`) return createWorkspace(upFactor, downFactor, lowPass);
	const workspace = idle;
	idle = undefined;
	workspace.window.fill(0);
	return workspace;
}

/** What `PolyphaseFilter` does, with vector instructions: five times as fast. */
export class VectorPolyphaseFilter implements MonoStage {
	/** Samples held in the window, from its start. */
	private held: number;

	private readonly memory = new SampleMemory();

	private constructor(private readonly workspace: Workspace) {
		// The first outputs look back on silence before the first sample.
		this.held = workspace.reach / 2 - 1;
	}

	/**
	 * @param lowPass what `designLowPass` returns for the two rates
	 * @returns undefined if the processor has no vector instructions
	 */
	static create(upFactor: number, downFactor: number, lowPass: LowPass): VectorPolyphaseFilter | undefined {
		const workspace = takeWorkspace(upFactor, downFactor, lowPass);
		return workspace && new VectorPolyphaseFilter(workspace);
	}

	push(block: Float32Array): Float32Array {
		const output = this.memory.take(this.runsIn(this.held + block.length) * this.workspace.outputs);
		let filled = 0;
		for (let start = 0; start < block.length; start += STRETCH) {
			const stretch = block.subarray(start, start + STRETCH);
			this.workspace.window.set(stretch, this.held);
			this.held += stretch.length;
			filled = this.filterHeld(output, filled);
		}
		return output;
	}

	flush(): Float32Array {
		const end = this.push(new Float32Array(this.workspace.reach + this.workspace.inputs));
		idle = this.workspace;
		return end;
	}

	/** Runs of the kernel that this many samples allow. */
	private runsIn(samples: number): number {
		return Math.max(0, Math.floor((samples - this.workspace.reach + 1) / this.workspace.inputs));
	}

	/** Computes all outputs that the window allows, and drops the samples that are no longer needed. */
	private filterHeld(target: Float32Array, from: number): number {
		const { kernel, taps, tapBytes, starts, output, outputs, inputs, window } = this.workspace;
		const runs = this.runsIn(this.held);
		const outputEnd = output.byteOffset + output.byteLength;
		let input = window.byteOffset;
		let filled = from;
		for (let run = 0; run < runs; run++) {
			kernel.filter(input, taps.byteOffset, tapBytes, starts.byteOffset, output.byteOffset, outputEnd);
			target.set(output, filled);
			filled += outputs;
			input += 4 * inputs;
		}
		window.copyWithin(0, runs * inputs, this.held);
		this.held -= runs * inputs;
		return filled;
	}
}
