/** Decibels, true peak and loudness, by ITU-R BS.1770-4, and the gain that follows from them. */
import { lazily } from '../lazily';
import { createSincKernel, SlidingWindow } from './firFilter';

/** The amplitude ratio of a level in dB. */
export function decibelsToAmplitude(decibels: number): number {
	return 10 ** (decibels / 20);
}

/** The level of an amplitude ratio in dB; -Infinity for 0. */
function amplitudeToDecibels(amplitude: number): number {
	return 20 * Math.log10(amplitude);
}

/** The level of a power (mean square) in dB; -Infinity for 0. */
export function powerToDecibels(power: number): number {
	return 10 * Math.log10(power);
}

/** ITU-R BS.1770, annex 2, asks for at least fourfold oversampling. */
const OVERSAMPLING = 4;
/** Input samples on each side of an interpolated point. */
const REACH = 12;
const TAPS = 2 * REACH;
const KAISER_BETA = 7;
const CUTOFF = 0.97;
/** Number of samples that are interpolated or skipped together, depending on the largest sample within their reach. */
const GROUP = 32;

/** Taps of the three points between two samples, at 1/4, 1/2 and 3/4; the sum of each is 1. */
const interpolators = lazily((): readonly Float32Array[] =>
	Array.from({ length: OVERSAMPLING - 1 }, (_, point) => {
		const kernel = createSincKernel(CUTOFF, REACH, KAISER_BETA);
		const fraction = (point + 1) / OVERSAMPLING;
		const taps = Float32Array.from({ length: TAPS }, (__, k) => kernel(k - REACH + 1 - fraction));
		const sum = taps.reduce((total, tap) => total + tap, 0);
		return taps.map((tap) => tap / sum);
	}),
);

/** An upper bound on the ratio of an interpolated value to the largest sample within reach. */
function largestOvershoot(points: readonly Float32Array[]): number {
	return Math.max(...points.map((taps) => taps.reduce((sum, tap) => sum + Math.abs(tap), 0)));
}

/** The delay of the peaks of `TruePeakFollower`, in samples. */
export const TRUE_PEAK_DELAY = REACH;

function largestMagnitude(data: Float32Array, start: number, end: number): number {
	let largest = 0;
	for (let i = start; i < end; i++) {
		const magnitude = Math.abs(data[i]);
		if (magnitude > largest) largest = magnitude;
	}
	return largest;
}

/** The largest magnitude of the sample at `index` and of the points between it and the next one. */
function truePeakAt(data: Float32Array, index: number, points: readonly Float32Array[]): number {
	let peak = Math.abs(data[index]);
	const start = index - REACH + 1;
	for (let point = 0; point < points.length; point++) {
		const taps = points[point];
		let value = 0;
		for (let k = 0; k < TAPS; k++) value += data[start + k] * taps[k];
		peak = Math.max(peak, Math.abs(value));
	}
	return peak;
}

/**
 * Follows the peaks of the continuous waveform, which can lie between samples (ITU-R BS.1770, annex 2). Samples too
 * small to hide a relevant peak between them are not interpolated.
 */
export class TruePeakFollower {
	private readonly window = new SlidingWindow(TAPS - 1);

	private readonly points = interpolators();

	private readonly overshoot = largestOvershoot(this.points);

	/**
	 * One peak for each sample pushed, but `TRUE_PEAK_DELAY` samples late; the first are those of the silence before the
	 * start.
	 *
	 * @param relevant peaks up to this magnitude do not matter to the caller, and may be reported too low
	 */
	push(block: Float32Array, relevant: number): Float32Array {
		this.window.append(block);
		const { data } = this.window;
		const peaks = new Float32Array(block.length);
		for (let start = 0; start < peaks.length; start += GROUP) {
			const end = Math.min(start + GROUP, peaks.length);
			const isLow = largestMagnitude(data, start, end + TAPS - 1) * this.overshoot <= relevant;
			if (isLow) continue;
			for (let i = start; i < end; i++) peaks[i] = truePeakAt(data, i + REACH - 1, this.points);
		}
		this.window.discard(block.length);
		return peaks;
	}
}

/** Coefficients of a second-order filter, normalized to a0 = 1. */
export interface Biquad {
	b0: number;
	b1: number;
	b2: number;
	a1: number;
	a2: number;
}

/*
 * ITU-R BS.1770 has the coefficients of the two filters for 48 kHz only. These are the parameters of the underlying
 * analog filters: the bilinear transform turns them into the standard's coefficients at 48 kHz, and into the same
 * curves at any other rate.
 */
/** The high shelf: the acoustic effect of the head. */
const SHELF = { frequency: 1681.974450955533, gainDb: 3.999843853973347, q: 0.7071752369554196 };
/** The middle term's share of the shelf's gain in dB; 0.5 would be the textbook shelf. */
const SHELF_MIDDLE_EXPONENT = 0.4996667741545416;
/** The high-pass: the ear's low sensitivity to bass (RLB curve). */
const HIGH_PASS = { frequency: 38.13547087602444, q: 0.5003270373238773 };

/** The first filter of K-weighting, for a sample rate in Hz (BS.1770, table 1). */
export function shelfFilter(sampleRate: number): Biquad {
	const k = Math.tan((Math.PI * SHELF.frequency) / sampleRate);
	const high = 10 ** (SHELF.gainDb / 20);
	const middle = high ** SHELF_MIDDLE_EXPONENT;
	const a0 = 1 + k / SHELF.q + k * k;
	return {
		b0: (high + (middle * k) / SHELF.q + k * k) / a0,
		b1: (2 * (k * k - high)) / a0,
		b2: (high - (middle * k) / SHELF.q + k * k) / a0,
		a1: (2 * (k * k - 1)) / a0,
		a2: (1 - k / SHELF.q + k * k) / a0,
	};
}

/** The second filter of K-weighting, for a sample rate in Hz (BS.1770, table 2). */
export function highPassFilter(sampleRate: number): Biquad {
	const k = Math.tan((Math.PI * HIGH_PASS.frequency) / sampleRate);
	const a0 = 1 + k / HIGH_PASS.q + k * k;
	return { b0: 1, b1: -2, b2: 1, a1: (2 * (k * k - 1)) / a0, a2: (1 - k / HIGH_PASS.q + k * k) / a0 };
}

/** Measures the energy of samples after K-weighting. */
class KWeightedEnergy {
	private readonly shelf: Biquad;
	private readonly highPass: Biquad;
	/** Delay lines of the two filters (transposed direct form II). */
	private readonly state = new Float64Array(4);

	/** @param sampleRate Of the samples, in Hz. */
	constructor(sampleRate: number) {
		this.shelf = shelfFilter(sampleRate);
		this.highPass = highPassFilter(sampleRate);
	}

	/** Sum of the squares of the weighted samples from `start` up to, not including, `end`. */
	sum(samples: Float32Array, start: number, end: number): number {
		const { b0, b1, b2, a1, a2 } = this.shelf;
		const { a1: highPassA1, a2: highPassA2 } = this.highPass;
		let [shelf1, shelf2, high1, high2] = this.state;
		let energy = 0;
		for (let i = start; i < end; i++) {
			const input = samples[i];
			const shelved = b0 * input + shelf1;
			shelf1 = b1 * input - a1 * shelved + shelf2;
			shelf2 = b2 * input - a2 * shelved;
			const weighted = shelved + high1;
			high1 = -2 * shelved - highPassA1 * weighted + high2;
			high2 = shelved - highPassA2 * weighted;
			energy += weighted * weighted;
		}
		this.state.set([shelf1, shelf2, high1, high2]);
		return energy;
	}
}

/** Blocks of 400 ms overlap by 75%, so one ends every 100 ms: a step. */
const STEPS_PER_SECOND = 10;
const STEPS_PER_BLOCK = 4;
/** The loudness of a block is its K-weighted power in dB plus this (BS.1770). */
const LOUDNESS_OFFSET = -0.691;
const ABSOLUTE_GATE_LUFS = -70;
const RELATIVE_GATE_LU = -10;

/** The histogram reaches from the absolute gate up to here; louder blocks count in its last bin. */
const HISTOGRAM_TOP_LUFS = 10;
const BINS_PER_LU = 100;

/** Below this the audio counts as silence and gets no gain. */
const SILENCE_DBTP = -70;

/** The results of the meter. */
export interface Loudness {
	/** Integrated loudness; undefined if no block of 400 ms passed the gates, as with shorter audio or silence. */
	integratedLufs?: number;
	/** True peak in dBTP, by fourfold oversampling; −Infinity for digital silence. */
	truePeakDbtp: number;
}

/** A histogram of the blocks by loudness, with the sums of their powers. It takes the same memory for any length. */
class GatedPower {
	private readonly powers = new Float64Array((HISTOGRAM_TOP_LUFS - ABSOLUTE_GATE_LUFS) * BINS_PER_LU);
	private readonly counts = new Float64Array(this.powers.length);

	add(power: number): void {
		const bin = this.binOf(powerToDecibels(power) + LOUDNESS_OFFSET);
		if (bin < 0) return;
		this.powers[bin] += power;
		this.counts[bin] += 1;
	}

	/** The loudness of the blocks that pass both gates. */
	integrated(): number | undefined {
		const ungated = this.meanLoudness(0);
		if (ungated === undefined) return undefined;
		return this.meanLoudness(Math.max(0, this.binOf(ungated + RELATIVE_GATE_LU)));
	}

	private binOf(lufs: number): number {
		return Math.min(this.powers.length - 1, Math.floor((lufs - ABSOLUTE_GATE_LUFS) * BINS_PER_LU));
	}

	private meanLoudness(firstBin: number): number | undefined {
		let power = 0;
		let count = 0;
		for (let bin = firstBin; bin < this.powers.length; bin++) {
			power += this.powers[bin];
			count += this.counts[bin];
		}
		return count === 0 ? undefined : powerToDecibels(power / count) + LOUDNESS_OFFSET;
	}
}

/** Measures the integrated loudness and the true peak of mono audio (ITU-R BS.1770-4). */
export class LoudnessMeter {
	private readonly weighted: KWeightedEnergy;
	private readonly gated = new GatedPower();
	private readonly follower = new TruePeakFollower();
	/** Energies of the latest steps, the oldest first; at most those of one block. */
	private recentSteps: number[] = [];
	private stepEnergy = 0;
	private stepNumber = 0;
	private position = 0;
	private peak = 0;

	/** @param sampleRate Of the samples pushed, in Hz. */
	constructor(private readonly sampleRate: number) {
		this.weighted = new KWeightedEnergy(sampleRate);
	}

	/** Takes the next samples. */
	push(block: Float32Array): void {
		this.followPeak(block);
		for (let start = 0; start < block.length; ) {
			const stepEnd = Math.round(((this.stepNumber + 1) * this.sampleRate) / STEPS_PER_SECOND);
			const end = Math.min(block.length, start + stepEnd - this.position);
			this.stepEnergy += this.weighted.sum(block, start, end);
			this.position += end - start;
			start = end;
			if (this.position === stepEnd) this.endStep();
		}
	}

	/** Ends the measurement. Call once, after the last `push`. */
	finish(): Loudness {
		this.followPeak(new Float32Array(TRUE_PEAK_DELAY));
		return { integratedLufs: this.gated.integrated(), truePeakDbtp: amplitudeToDecibels(this.peak) };
	}

	private followPeak(block: Float32Array): void {
		const peaks = this.follower.push(block, this.peak);
		for (let i = 0; i < peaks.length; i++) if (peaks[i] > this.peak) this.peak = peaks[i];
	}

	private endStep(): void {
		this.stepNumber++;
		this.recentSteps.push(this.stepEnergy);
		this.stepEnergy = 0;
		if (this.recentSteps.length < STEPS_PER_BLOCK) return;
		const energy = this.recentSteps.reduce((sum, step) => sum + step, 0);
		this.gated.add((energy * STEPS_PER_SECOND) / (STEPS_PER_BLOCK * this.sampleRate));
		this.recentSteps.shift();
	}
}

/** The target loudness. */
export interface LoudnessTarget {
	/** Integrated loudness in LUFS. */
	integratedLufs: number;
	/** Highest true peak in dBTP, which the `Limiter` keeps. */
	truePeakDbtp: number;
	/** The highest gain in dB, so that hiss does not become loud hiss. */
	maximumGainDb: number;
}

/** Usual for mono speech. The ceiling leaves room for what the Opus encoder adds to peaks. */
export const SPEECH_LOUDNESS: LoudnessTarget = { integratedLufs: -16, truePeakDbtp: -1.5, maximumGainDb: 30 };

/**
 * The gain that brings audio to the target, in dB; negative if the audio is too loud.
 *
 * It is at most `maximumGainDb`. It depends on the loudness alone: if it lifts peaks above the ceiling, a `Limiter` has
 * to follow. Audio without a loudness by BS.1770, such as any under 400 ms, has its true peak brought to the ceiling
 * instead. Silence gets no gain.
 */
export function gainFor(loudness: Loudness, target: LoudnessTarget = SPEECH_LOUDNESS): number {
	if (loudness.truePeakDbtp < SILENCE_DBTP) return 0;
	const wanted =
		loudness.integratedLufs === undefined
			? target.truePeakDbtp - loudness.truePeakDbtp
			: target.integratedLufs - loudness.integratedLufs;
	return Math.min(wanted, target.maximumGainDb);
}
