/**
 * High frequency generation (ISO/IEC 14496-3, 4.6.18.6): bands of the core are copied upward. Low bands are more tonal
 * than high ones, so inverse filtering takes some of the tonality away (4.6.18.6.2).
 */
import type { FrequencyBands } from './frequencyBands';
import { CORE_BANDS, MAX_NOISE_BANDS } from './frequencyBands';
import type { QmfSignals } from './qmf';
import type { ChannelData } from './channelData';

/** Slots of the previous frame that precede a frame's own in the low band (tHFGen). */
export const LOW_HISTORY = 8;
/** A slot of the high band is this many slots further on in the low band (tHFAdj). */
export const HIGH_OFFSET = 2;
/** Slots by which the output lags the analysis. */
const OUTPUT_DELAY = LOW_HISTORY - HIGH_OFFSET;

/** Makes the high band of one channel. Its arrays are reused, but nothing in them is carried over to the next frame. */
export class HfGenerator {
	private readonly predictions = new Float64Array(CORE_BANDS * PREDICTION_STRIDE);
	private readonly isPredicted = new Uint8Array(CORE_BANDS);

	/** @param slots QMF slots of a frame. */
	constructor(private readonly slots: number) {}

	/**
	 * Copies the patches. How much a band is filtered depends on its noise band.
	 *
	 * @param chirp Factors of the noise bands.
	 * @param used How many bands above the crossover are made.
	 * @param start,end The slots that are made.
	 */
	generate(
		low: QmfSignals,
		high: QmfSignals,
		{ crossover, noise, patches }: FrequencyBands,
		chirp: Float64Array,
		used: number,
		start: number,
		end: number,
	): void {
		this.isPredicted.fill(0);
		let band = 0;
		let noiseBand = 0;
		for (const patch of patches) {
			for (let x = 0; x < patch.count && band < used; x++, band++) {
				while (noiseBand + 2 < noise.length && crossover + band >= noise[noiseBand + 1]) noiseBand++;
				this.copyBand(low, patch.start + x, high, band, chirp[noiseBand], start, end);
			}
		}
		// If a narrow last patch was left out, nothing is copied to its bands.
		high.real.fill(0, band * high.stride, used * high.stride);
		high.imaginary.fill(0, band * high.stride, used * high.stride);
	}

	private copyBand(
		low: QmfSignals,
		source: number,
		high: QmfSignals,
		target: number,
		chirp: number,
		start: number,
		end: number,
	): void {
		const { real: lowRe, imaginary: lowIm } = low;
		const { real: highRe, imaginary: highIm } = high;
		let from = source * low.stride + HIGH_OFFSET + start;
		const first = target * high.stride + start;
		const last = target * high.stride + end;
		if (chirp === 0) {
			for (let to = first; to < last; to++, from++) {
				highRe[to] = lowRe[from];
				highIm[to] = lowIm[from];
			}
			return;
		}
		const { predictions } = this;
		const at = source * PREDICTION_STRIDE;
		if (this.isPredicted[source] === 0) {
			this.isPredicted[source] = 1;
			predict(low, source * low.stride, this.slots + OUTPUT_DELAY, predictions, at);
		}
		const a0r = predictions[at] * chirp;
		const a0i = predictions[at + 1] * chirp;
		const a1r = predictions[at + 2] * chirp * chirp;
		const a1i = predictions[at + 3] * chirp * chirp;
		let zr = lowRe[from - 2];
		let zi = lowIm[from - 2];
		let yr = lowRe[from - 1];
		let yi = lowIm[from - 1];
		for (let to = first; to < last; to++, from++) {
			const xr = lowRe[from];
			const xi = lowIm[from];
			highRe[to] = xr + a0r * yr - a0i * yi + a1r * zr - a1i * zi;
			highIm[to] = xi + a0r * yi + a0i * yr + a1r * zi + a1i * zr;
			zr = yr;
			zi = yi;
			yr = xr;
			yi = xi;
		}
	}
}

/** Coefficients whose squared magnitudes reach this are the result of rounding errors, and are not used. */
const MAX_COEFFICIENT_SQUARED = 16;
/** Keeps the determinant away from zero. */
const RELAXATION = 1 / (1 + 1e-6);

/** newBw (Table 4.148) by the mode of the previous frame and that of the current one: off, low, middle, high. */
const NEW_FACTORS: readonly (readonly number[])[] = [
	[0, 0.6, 0.9, 0.98],
	[0.6, 0.75, 0.9, 0.98],
	[0, 0.75, 0.9, 0.98],
	[0, 0.75, 0.9, 0.98],
];
/** The share of the new factor if it falls and if it rises; the rest is the old factor's. */
const FALLING_SHARE = 0.75;
const RISING_SHARE = 0.90625;
const MIN_FACTOR = 0.015625;

/** Numbers in a linear prediction: two coefficients, real and imaginary part. */
const PREDICTION_STRIDE = 4;

/** How much each noise band is filtered: it follows bs_invf_mode, smoothed over frames. */
export class ChirpFactors {
	/** By noise band. */
	readonly factors = new Float64Array(MAX_NOISE_BANDS);
	private readonly modes = new Uint8Array(MAX_NOISE_BANDS);

	/** Moves on by a frame. */
	update({ inverseFilters }: ChannelData, noiseBands: number): void {
		const { factors, modes } = this;
		for (let band = 0; band < noiseBands; band++) {
			const mode = inverseFilters[band];
			const target = NEW_FACTORS[modes[band]][mode];
			const share = target < factors[band] ? FALLING_SHARE : RISING_SHARE;
			const factor = share * target + (1 - share) * factors[band];
			factors[band] = factor < MIN_FACTOR ? 0 : factor;
			modes[band] = mode;
		}
	}
}

/**
 * Second-order linear prediction of a band, by the covariance method.
 *
 * @param from The first slot.
 * @param count Terms in each sum; there must be two more slots.
 * @param out Takes α0 and α1, from `at` on.
 */
function predict(
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
	// Those of x(n−1)x*(n−2) and |x(n−2)|² differ from them only at the ends.
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
	// NaN is not less than anything, so it does not pass.
	const isUsable = a0r * a0r + a0i * a0i < MAX_COEFFICIENT_SQUARED && a1r * a1r + a1i * a1i < MAX_COEFFICIENT_SQUARED;
	out[at] = isUsable ? a0r : 0;
	out[at + 1] = isUsable ? a0i : 0;
	out[at + 2] = isUsable ? a1r : 0;
	out[at + 3] = isUsable ? a1i : 0;
}
