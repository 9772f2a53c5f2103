/** The stages that bring audio to its target loudness: a gain, and a limiter for peaks that the gain lifts too high. */
import {
	decibelsToAmplitude,
	gainFor,
	type Loudness,
	type LoudnessTarget,
	SPEECH_LOUDNESS,
	TRUE_PEAK_DELAY,
	TruePeakFollower,
} from './loudness';
import { NO_SAMPLES, chainStages, type MonoStage } from './stage';

/** How long before a peak the gain starts to fall: short enough not to be heard, long enough not to click. */
const LOOK_AHEAD_SECONDS = 0.005;
/** The time constant of the gain's recovery. */
const RELEASE_SECONDS = 0.08;

/** A sliding minimum. It keeps a queue of the values that can still become the smallest. */
class SlidingMinimum {
	private readonly values: Float64Array;
	private readonly indices: Float64Array;
	private head = 0;
	private count = 0;
	private index = 0;

	/** @param size How many values count as the latest. */
	constructor(private readonly size: number) {
		this.values = new Float64Array(size);
		this.indices = new Float64Array(size);
	}

	/** Adds a value and returns the smallest of the latest `size` ones. */
	push(value: number): number {
		const { size, values, indices } = this;
		if (this.count > 0 && indices[this.head] <= this.index - size) {
			this.head = (this.head + 1) % size;
			this.count--;
		}
		while (this.count > 0 && values[(this.head + this.count - 1) % size] >= value) this.count--;
		const tail = (this.head + this.count) % size;
		values[tail] = value;
		indices[tail] = this.index;
		this.count++;
		this.index++;
		return values[this.head];
	}
}

/**
 * Keeps the true peak of mono audio under a ceiling by lowering the gain smoothly around the peaks.
 *
 * For every sample it finds the gain that the peak there allows, takes the minimum of the next 5 ms, lets it recover
 * slowly, and averages that over 5 ms. At a peak every value in the average is already low enough, so the gain is too.
 * The delay is compensated, so the output has as many samples as the input. Far from any peak, samples pass unchanged.
 */
export class Limiter implements MonoStage {
	private readonly ceiling: number;
	private readonly lookAhead: number;
	private readonly release: number;
	private readonly follower = new TruePeakFollower();
	private readonly minimum: SlidingMinimum;
	/** The latest gains, which are averaged; a ring buffer. */
	private readonly gains: Float64Array;
	private gainsNext = 0;
	private gainSum: number;
	private recovering = 1;
	/** Input that waits for its gain; a ring buffer. */
	private readonly waiting: Float32Array;
	private waitingNext = 0;
	/** Samples of the delay that have not been dropped yet. */
	private delayLeft: number;

	/**
	 * @param sampleRate Of the samples, in Hz.
	 * @param ceilingDbtp Highest true peak in dBTP.
	 */
	constructor(sampleRate: number, ceilingDbtp: number) {
		this.ceiling = decibelsToAmplitude(ceilingDbtp);
		this.lookAhead = Math.max(1, Math.round(LOOK_AHEAD_SECONDS * sampleRate));
		this.release = 1 - Math.exp(-1 / (RELEASE_SECONDS * sampleRate));
		this.minimum = new SlidingMinimum(this.lookAhead);
		this.gains = new Float64Array(this.lookAhead).fill(1);
		this.gainSum = this.lookAhead;
		this.delayLeft = TRUE_PEAK_DELAY + this.lookAhead - 1;
		this.waiting = new Float32Array(this.delayLeft);
	}

	push(block: Float32Array): Float32Array {
		const peaks = this.follower.push(block, this.ceiling);
		const output = new Float32Array(block.length);
		for (let i = 0; i < block.length; i++) {
			const gain = this.smoothGain(peaks[i] > this.ceiling ? this.ceiling / peaks[i] : 1);
			output[i] = this.waiting[this.waitingNext] * gain;
			this.waiting[this.waitingNext] = block[i];
			this.waitingNext = this.waitingNext + 1 === this.waiting.length ? 0 : this.waitingNext + 1;
		}
		const dropped = Math.min(this.delayLeft, output.length);
		this.delayLeft -= dropped;
		return output.subarray(dropped);
	}

	flush(): Float32Array {
		return this.push(new Float32Array(this.waiting.length));
	}

	/** Takes the gain that the newest peak allows and returns the gain for the sample that comes out now. */
	private smoothGain(allowed: number): number {
		const lowest = this.minimum.push(allowed);
		const recovered = this.recovering + (1 - this.recovering) * this.release;
		this.recovering = Math.min(lowest, recovered);
		this.gainSum += this.recovering - this.gains[this.gainsNext];
		this.gains[this.gainsNext] = this.recovering;
		this.gainsNext = this.gainsNext + 1 === this.gains.length ? 0 : this.gainsNext + 1;
		return this.gainSum / this.gains.length;
	}
}

/** Multiplies all samples by one factor. */
export class Gain implements MonoStage {
	private readonly factor: number;

	/** @param gainDb Gain in dB. */
	constructor(gainDb: number) {
		this.factor = decibelsToAmplitude(gainDb);
	}

	push(block: Float32Array): Float32Array {
		const output = new Float32Array(block.length);
		for (let i = 0; i < output.length; i++) output[i] = block[i] * this.factor;
		return output;
	}

	flush(): Float32Array {
		return NO_SAMPLES;
	}
}

/**
 * The stage that brings audio of known loudness to the target: the gain of `gainFor`, and a `Limiter` if that would
 * lift the true peak above the ceiling.
 *
 * @param loudness Of the whole audio, measured by a `LoudnessMeter` in a first pass.
 * @param sampleRate Of the samples that will be pushed, in Hz.
 */
export function createLeveller(
	loudness: Loudness,
	sampleRate: number,
	target: LoudnessTarget = SPEECH_LOUDNESS,
): MonoStage {
	const gainDb = gainFor(loudness, target);
	const gain = new Gain(gainDb);
	if (loudness.truePeakDbtp + gainDb <= target.truePeakDbtp) return gain;
	return chainStages(gain, new Limiter(sampleRate, target.truePeakDbtp));
}
