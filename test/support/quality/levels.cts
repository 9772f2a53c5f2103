/** Level in dB of an amplitude ratio. */
export const toDecibels = (amplitude: number): number => 20 * Math.log10(amplitude);

/** Sum of the products of two signals over the length of the shorter one. */
export function dotProduct(a: ArrayLike<number>, b: ArrayLike<number>): number {
	const length = Math.min(a.length, b.length);
	let sum = 0;
	for (let i = 0; i < length; i++) sum += a[i] * b[i];
	return sum;
}

/** Root mean square; 0 for no samples. */
export function rms(samples: ArrayLike<number>): number {
	return samples.length === 0 ? 0 : Math.sqrt(dotProduct(samples, samples) / samples.length);
}

/** Largest magnitude; 0 for no samples. */
export function peak(samples: ArrayLike<number>): number {
	let largest = 0;
	for (let i = 0; i < samples.length; i++) largest = Math.max(largest, Math.abs(samples[i]));
	return largest;
}

const FULL_SCALE = 0.999;
const CLIPPED_RUN = 3;

/** Number of places where at least three samples in a row are at full scale: what clipping looks like. */
export function countClips(samples: ArrayLike<number>): number {
	let clips = 0;
	let run = 0;
	for (let i = 0; i < samples.length; i++) {
		run = Math.abs(samples[i]) >= FULL_SCALE ? run + 1 : 0;
		if (run === CLIPPED_RUN) clips++;
	}
	return clips;
}

/** Amplitude and phase (radians, of a cosine that starts with the samples) of one frequency in a signal. */
export function measureTone(
	samples: Float32Array,
	frequency: number,
	sampleRate: number,
): { amplitude: number; phase: number; residualDb: number } {
	// Least squares for a·cos + b·sin, so that the result does not depend on whole periods.
	const step = (2 * Math.PI * frequency) / sampleRate;
	let cosCos = 0;
	let sinSin = 0;
	let cosSin = 0;
	let cosX = 0;
	let sinX = 0;
	for (let n = 0; n < samples.length; n++) {
		const cos = Math.cos(step * n);
		const sin = Math.sin(step * n);
		cosCos += cos * cos;
		sinSin += sin * sin;
		cosSin += cos * sin;
		cosX += cos * samples[n];
		sinX += sin * samples[n];
	}
	const determinant = cosCos * sinSin - cosSin * cosSin;
	const a = (cosX * sinSin - sinX * cosSin) / determinant;
	const b = (sinX * cosCos - cosX * cosSin) / determinant;
	const residual = samples.map((sample, n) => sample - a * Math.cos(step * n) - b * Math.sin(step * n));
	const amplitude = Math.hypot(a, b);
	return { amplitude, phase: Math.atan2(-b, a), residualDb: toDecibels((rms(residual) * Math.SQRT2) / amplitude) };
}
