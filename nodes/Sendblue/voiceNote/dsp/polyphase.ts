import { SampleMemory } from '../pcm/pcmSource';
import { createSincKernel, type Kernel, SlidingWindow } from './firFilter';
import type { MonoStage } from './stage';

/** Gives 81 dB of stop-band attenuation. */
const KAISER_BETA = 8;
/** Half length of the kernel × width of its transition band (as a fraction of Nyquist), for that attenuation. */
const HALF_WIDTH_TRANSITION = 4.65;
/** Position of the −6 dB point in the transition band, from its upper end: chosen for −0.1 dB at the lower end. */
const CUTOFF_PLACE = 0.56;

/** Width of the transition band as a fraction of the lower Nyquist frequency: 10 to 12 kHz for 24 kHz audio. */
const TRANSITION_DOWN = 1 / 6;
/** If the rate goes up, the kernel is short and can be steeper: a telephone recording at 8 kHz keeps its 3.4 kHz. */
const TRANSITION_UP = 1 / 10;

/** Phases in the table of the interpolating filter: linear interpolation between them errs by less than −100 dB. */
const INTERPOLATED_PHASES = 512;

/** A low-pass filter for a change of rate; distances are in input samples. */
export interface LowPass {
	kernel: Kernel;
	/** Half length of the kernel in input samples, rounded up. */
	halfWidth: number;
}

/** The filter that keeps what both rates can represent. */
export function designLowPass(inputRate: number, outputRate: number): LowPass {
	const lowerNyquist = Math.min(1, outputRate / inputRate);
	const transition = outputRate < inputRate ? TRANSITION_DOWN : TRANSITION_UP;
	const halfWidth = Math.ceil(HALF_WIDTH_TRANSITION / (transition * lowerNyquist));
	const cutoff = lowerNyquist * (1 - CUTOFF_PLACE * transition);
	return { kernel: createSincKernel(cutoff, halfWidth, KAISER_BETA), halfWidth };
}

/**
 * Writes the taps for an output that is `fraction` of a sample after an input sample. They are in the order of the
 * input, and scaled to a sum of 1, so that a constant signal stays constant at every phase.
 */
export function writeTaps(table: Float32Array, offset: number, { kernel, halfWidth }: LowPass, fraction: number): void {
	const count = 2 * halfWidth;
	let sum = 0;
	for (let k = 0; k < count; k++) {
		const tap = kernel(k - halfWidth + 1 - fraction);
		table[offset + k] = tap;
		sum += tap;
	}
	for (let k = 0; k < count; k++) table[offset + k] /= sum;
}

/** Periods that are computed together. */
const PERIODS = 4;

/**
 * Resampling by upFactor ÷ downFactor with one set of taps for every phase.
 *
 * The phases repeat after `upFactor` outputs, or `downFactor` inputs: one period. Four periods are computed at once,
 * since their outputs share the taps and the inner loop spends its time on reading memory.
 */
export class PolyphaseFilter implements MonoStage {
	private readonly tapsPerPhase: number;
	/** Taps of the outputs of one period, one output after the other. */
	private readonly taps: Float32Array;
	/** First input sample of each output of one period. */
	private readonly starts: Int32Array;
	private readonly window: SlidingWindow;
	private readonly memory = new SampleMemory();

	constructor(
		private readonly upFactor: number,
		private readonly downFactor: number,
		lowPass: LowPass,
	) {
		this.tapsPerPhase = 2 * lowPass.halfWidth;
		this.taps = new Float32Array(upFactor * this.tapsPerPhase);
		this.starts = new Int32Array(upFactor);
		for (let i = 0; i < upFactor; i++) {
			const position = i * downFactor;
			this.starts[i] = Math.floor(position / upFactor);
			writeTaps(this.taps, i * this.tapsPerPhase, lowPass, (position % upFactor) / upFactor);
		}
		this.window = new SlidingWindow(lowPass.halfWidth - 1);
	}

	push(block: Float32Array): Float32Array {
		this.window.append(block);
		const groupInputs = PERIODS * this.downFactor;
		const groupOutputs = PERIODS * this.upFactor;
		const groups = Math.max(0, Math.floor((this.window.length - this.tapsPerPhase + 1) / groupInputs));
		const output = this.memory.take(groups * groupOutputs);
		for (let group = 0; group < groups; group++) {
			this.filterGroup(group * groupInputs, output, group * groupOutputs);
		}
		this.window.discard(groups * groupInputs);
		return output;
	}

	flush(): Float32Array {
		return this.push(new Float32Array(this.tapsPerPhase + PERIODS * this.downFactor));
	}

	/** Computes four periods of output from the input at `inputStart`. */
	private filterGroup(inputStart: number, output: Float32Array, outputStart: number): void {
		const { taps, starts, tapsPerPhase, upFactor, downFactor } = this;
		const { data } = this.window;
		let tap = 0;
		for (let i = 0; i < upFactor; i++) {
			const end = tap + tapsPerPhase;
			let first = inputStart + starts[i];
			let second = first + downFactor;
			let third = second + downFactor;
			let fourth = third + downFactor;
			let firstSum = 0;
			let secondSum = 0;
			let thirdSum = 0;
			let fourthSum = 0;
			for (; tap < end; tap += 2, first += 2, second += 2, third += 2, fourth += 2) {
				const even = taps[tap];
				const odd = taps[tap + 1];
				firstSum += data[first] * even + data[first + 1] * odd;
				secondSum += data[second] * even + data[second + 1] * odd;
				thirdSum += data[third] * even + data[third + 1] * odd;
				fourthSum += data[fourth] * even + data[fourth + 1] * odd;
			}
			const place = outputStart + i;
			output[place] = firstSum;
			output[place + upFactor] = secondSum;
			output[place + 2 * upFactor] = thirdSum;
			output[place + 3 * upFactor] = fourthSum;
		}
	}
}

/** Resampling by any ratio: taps are interpolated between the two nearest of a fixed number of phases. */
export class InterpolatingFilter implements MonoStage {
	private readonly tapsPerPhase: number;
	/** Taps of the phases 0 … 512; the last phase is the first of the next input sample. */
	private readonly taps: Float32Array;
	private readonly window: SlidingWindow;
	private readonly memory = new SampleMemory();
	/** Position of the next output in the window, in units of 1 ÷ upFactor input samples: a whole number, so exact. */
	private position = 0;

	constructor(
		private readonly upFactor: number,
		private readonly downFactor: number,
		lowPass: LowPass,
	) {
		this.tapsPerPhase = 2 * lowPass.halfWidth;
		this.taps = new Float32Array((INTERPOLATED_PHASES + 1) * this.tapsPerPhase);
		for (let phase = 0; phase <= INTERPOLATED_PHASES; phase++) {
			writeTaps(this.taps, phase * this.tapsPerPhase, lowPass, phase / INTERPOLATED_PHASES);
		}
		this.window = new SlidingWindow(lowPass.halfWidth - 1);
	}

	push(block: Float32Array): Float32Array {
		this.window.append(block);
		const { upFactor, downFactor } = this;
		const reachable = (this.window.length - this.tapsPerPhase + 1) * upFactor;
		const count = Math.max(0, Math.ceil((reachable - this.position) / downFactor));
		const output = this.memory.take(count);
		for (let n = 0; n < count; n++) {
			const start = Math.floor(this.position / upFactor);
			output[n] = this.filterAt(start, this.position / upFactor - start);
			this.position += downFactor;
		}
		const passed = Math.min(Math.floor(this.position / upFactor), this.window.length);
		this.window.discard(passed);
		this.position -= passed * upFactor;
		return output;
	}

	flush(): Float32Array {
		return this.push(new Float32Array(this.tapsPerPhase + Math.ceil(this.downFactor / this.upFactor)));
	}

	private filterAt(start: number, fraction: number): number {
		const { taps, tapsPerPhase } = this;
		const { data } = this.window;
		const phase = Math.floor(fraction * INTERPOLATED_PHASES);
		const blend = fraction * INTERPOLATED_PHASES - phase;
		let lower = 0;
		let upper = 0;
		let lowerTap = phase * tapsPerPhase;
		let upperTap = lowerTap + tapsPerPhase;
		const end = start + tapsPerPhase;
		for (let i = start; i < end; i++, lowerTap++, upperTap++) {
			const sample = data[i];
			lower += sample * taps[lowerTap];
			upper += sample * taps[upperTap];
		}
		return lower + blend * (upper - lower);
	}
}
