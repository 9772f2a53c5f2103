/*
 * Inverse filtering (ISO/IEC 14496-3, 4.6.18.6.2): how much of a copied band's tonality is taken away.
 */
import type { ChannelData } from './channelData';
import { MAX_NOISE_BANDS } from './frequencyBands';
import type { QmfSignals } from './qmf';

/** Coefficients of a larger size come of rounding. */
const MAX_COEFFICIENT_SQUARED = 16;
/** Keeps the determinant from zero. */
const RELAXATION = 1 / (1 + 1e-6);

/** newBw (Table 4.148) by the mode before and the mode now: off, low, middle, high. */
const NEW_FACTORS: readonly (readonly number[])[] = [
	[0, 0.6, 0.9, 0.98],
	[0.6, 0.75, 0.9, 0.98],
	[0, 0.75, 0.9, 0.98],
	[0, 0.75, 0.9, 0.98],
];
/** The share of the new factor where it falls, and where it rises; the rest is the old one's. */
const FALLING_SHARE = 0.75;
const RISING_SHARE = 0.90625;
const LEAST_FACTOR = 0.015625;

/** Places of a linear prediction: both coefficients, real and imaginary part. */
export const PREDICTION_STRIDE = 4;

/** Follows bs_invf_mode of every noise band. */
export class ChirpFactors {
	/** Of each noise band. */
	readonly factors = new Float64Array(MAX_NOISE_BANDS);
	private readonly modes = new Uint8Array(MAX_NOISE_BANDS);

	/** Goes on by a frame. */
	update({ inverseFilters }: ChannelData, noiseBands: number): void {
		const { factors, modes } = this;
		for (let band = 0; band < noiseBands; band++) {
			const mode = inverseFilters[band];
			const target = NEW_FACTORS[modes[band]][mode];
			const share = target < factors[band] ? FALLING_SHARE : RISING_SHARE;
			const factor = share * target + (1 - share) * factors[band];
			factors[band] = factor < LEAST_FACTOR ? 0 : factor;
			modes[band] = mode;
		}
	}
}

/**
 * Second order linear prediction of a band by the covariance method.
 *
 * @param from The first of the slots.
 * @param count Terms of each sum; there must be two more slots.
 * @param out Takes α0 and α1 from `at` on.
 */
export function predict(
	{ real: re, imaginary: im }: QmfSignals,
	from: number,
	count: number,
	out: Float64Array,
	at: number,
): void {
	// Sums of x(n)x*(n−1), x(n)x*(n−2) and |x(n−1)|² for n from 2.
	let r01 = 0;
	let i01 = 0;
	let r02 = 0;
	let i02 = 0;
	let p1 = 0;
	let zr = re[from];
	let zi = im[from];
	let yr = re[from + 1];
	let yi = im[from + 1];
	for (let n = from + 2; n < from + 2 + count; n++) {
		const xr = re[n];
		const xi = im[n];
		r01 += xr * yr + xi * yi;
		i01 += xi * yr - xr * yi;
		r02 += xr * zr + xi * zi;
		i02 += xi * zr - xr * zi;
		p1 += yr * yr + yi * yi;
		zr = yr;
		zi = yi;
		yr = xr;
		yi = xi;
	}
	// Those of x(n−1)x*(n−2) and |x(n−2)|² differ from them at their ends alone.
	const ar = re[from];
	const ai = im[from];
	const br = re[from + 1];
	const bi = im[from + 1];
	const r12 = r01 - (yr * zr + yi * zi) + (br * ar + bi * ai);
	const i12 = i01 - (yi * zr - yr * zi) + (bi * ar - br * ai);
	const p2 = p1 - (zr * zr + zi * zi) + (ar * ar + ai * ai);
	const determinant = p2 * p1 - (r12 * r12 + i12 * i12) * RELAXATION;
	let a1r = 0;
	let a1i = 0;
	if (determinant !== 0) {
		a1r = (r01 * r12 - i01 * i12 - r02 * p1) / determinant;
		a1i = (r01 * i12 + i01 * r12 - i02 * p1) / determinant;
	}
	let a0r = 0;
	let a0i = 0;
	if (p1 !== 0) {
		a0r = -(r01 + a1r * r12 + a1i * i12) / p1;
		a0i = -(i01 + a1i * r12 - a1r * i12) / p1;
	}
	// Written so that NaN does not pass.
	const isUsable = a0r * a0r + a0i * a0i < MAX_COEFFICIENT_SQUARED && a1r * a1r + a1i * a1i < MAX_COEFFICIENT_SQUARED;
	out[at] = isUsable ? a0r : 0;
	out[at + 1] = isUsable ? a0i : 0;
	out[at + 2] = isUsable ? a1r : 0;
	out[at + 3] = isUsable ? a1i : 0;
}
