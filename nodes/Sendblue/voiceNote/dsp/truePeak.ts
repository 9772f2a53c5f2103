import { lazily } from '../lazily';
import { createSincKernel, SlidingWindow } from './firFilter';

/** ITU-R BS.1770, annex 2, asks for at least fourfold oversampling. */
const OVERSAMPLING = 4;
/** Input samples on each side of an interpolated point. */
const REACH = 12;
const TAPS = 2 * REACH;
const KAISER_BETA = 7;
const CUTOFF = 0.97;
/** Samples that are checked together, by the largest of them. */
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

/** The factor by which no interpolated value exceeds the largest sample within reach. */
function largestOvershoot(points: readonly Float32Array[]): number {
	return Math.max(...points.map((taps) => taps.reduce((sum, tap) => sum + Math.abs(tap), 0)));
}

/** Samples by which the peaks of `TruePeakFollower` come late. */
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
 * Follows the peaks of the continuous waveform, which can be between the samples (ITU-R BS.1770, annex 2). Nothing is
 * interpolated among samples so small that no point between them can matter.
 */
export class TruePeakFollower {
	private readonly window = new SlidingWindow(TAPS - 1);

	private readonly points = interpolators();

	private readonly overshoot = largestOvershoot(this.points);

	/**
	 * The peaks at as many samples as are pushed, `TRUE_PEAK_DELAY` samples late; the first are those of the silence
	 * before the start.
	 *
	 * @param relevant Peaks up to this magnitude do not matter to the caller, and may come out too low.
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
