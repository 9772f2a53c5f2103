/*
 * High frequency generation (ISO/IEC 14496-3, 4.6.18.6): bands of the core are copied upwards.
 */
import type { FrequencyBands } from './frequencyBands';
import { CORE_BANDS } from './frequencyBands';
import { PREDICTION_STRIDE, predict } from './inverseFilter';
import type { QmfSignals } from './qmf';

/** Slots of the frame before that stand in front of a frame's own in the low band (tHFGen). */
export const LOW_HISTORY = 8;
/** By so many slots a slot of the low band stands behind the same of the high band (tHFAdj). */
export const HIGH_OFFSET = 2;
/** So many slots later than the analysis comes the output. */
const OUTPUT_DELAY = LOW_HISTORY - HIGH_OFFSET;

/** Makes the high band of one channel; keeps nothing but memory from one frame to the next. */
export class HfGenerator {
	private readonly predictions = new Float64Array(CORE_BANDS * PREDICTION_STRIDE);
	private readonly isPredicted = new Uint8Array(CORE_BANDS);

	/** @param slots QMF slots of a frame. */
	constructor(private readonly slots: number) {}

	/**
	 * Copies the patches, each band inversely filtered as much as its noise band says.
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
		// Where a narrow last patch was left out nothing is copied to.
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
