import { fft, fftOfReal, powerOfTwoFrom } from './fft.cts';

/** Longest stretch that is compared, in seconds. */
const LONGEST_SECONDS = 20;

/**
 * Delay of `decoded` against `reference` in samples (positive: `decoded` is late), by the largest magnitude of the
 * cross-correlation of their first 20 seconds.
 */
export function findLag(reference: Float32Array, decoded: Float32Array, sampleRate: number): number {
	const length = Math.min(reference.length, decoded.length, LONGEST_SECONDS * sampleRate);
	if (length === 0) return 0;
	const size = powerOfTwoFrom(2 * length);
	const x = fftOfReal(reference.subarray(0, length), size);
	const y = fftOfReal(decoded.subarray(0, length), size);
	// conj(X) · Y, conjugated once more so that the forward transform inverts it.
	const re = x.re.map((value, i) => value * y.re[i] + x.im[i] * y.im[i]);
	const im = x.re.map((value, i) => x.im[i] * y.re[i] - value * y.im[i]);
	const correlation = fft({ re, im }).re;
	let best = 0;
	for (let lag = -(length - 1); lag < length; lag++) {
		if (Math.abs(correlation[(lag + size) % size]) > Math.abs(correlation[(best + size) % size])) best = lag;
	}
	return best;
}

/** The overlapping parts of both signals, of equal length, if `decoded` is `lag` samples late. */
export function overlap(
	reference: Float32Array,
	decoded: Float32Array,
	lag: number,
): { reference: Float32Array; decoded: Float32Array } {
	const from = reference.subarray(Math.max(0, -lag));
	const to = decoded.subarray(Math.max(0, lag));
	const length = Math.min(from.length, to.length);
	return { reference: from.subarray(0, length), decoded: to.subarray(0, length) };
}
