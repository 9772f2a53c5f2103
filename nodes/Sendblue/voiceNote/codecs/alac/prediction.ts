/** ALAC's adaptive linear prediction (Apple's reference, `dp_dec.c`). */

/** The order that stands for plain differences instead of a filter. */
const ORDER_DIFFERENCES = 31;

/** How one channel of a packet is predicted. */
export interface Predictor {
	/** A first pass over the residuals takes differences of differences (mode 15). */
	readonly differencesFirst: boolean;
	/** Right shift of the weighted sum. */
	readonly shift: number;
	/** The filter's weights, the newest sample's first; they adapt while they are used. */
	readonly weights: Int16Array;
}

function undoDifferences(samples: Int32Array, count: number, unusedBits: number): void {
	for (let i = 1; i < count; i++) {
		samples[i] = ((samples[i] + samples[i - 1]) << unusedBits) >> unusedBits;
	}
}

/**
 * Moves the weights towards what would have predicted better, the oldest first, and stops as soon as the change
 * makes up for the residual.
 */
function adapt(samples: Int32Array, i: number, base: number, residual: number, predictor: Predictor): void {
	const { weights, shift } = predictor;
	const direction = residual > 0 ? 1 : -1;
	let left = residual;
	for (let tap = weights.length - 1; tap >= 0; tap--) {
		const difference = base - samples[i - 1 - tap];
		// Without branches: they would be mispredicted half of the time.
		const sign = Math.imul((difference >> 31) - (-difference >> 31), direction);
		weights[tap] -= sign;
		left -= Math.imul(weights.length - tap, Math.imul(sign, difference) >> shift);
		if (Math.imul(left, direction) <= 0) return;
	}
}

function undoFilter(samples: Int32Array, count: number, unusedBits: number, predictor: Predictor): void {
	const { weights, shift } = predictor;
	const order = weights.length;
	const rounding = shift === 0 ? 0 : 1 << (shift - 1);
	for (let i = order + 1; i < count; i++) {
		// The filter works on differences from the oldest sample it sees.
		const base = samples[i - order - 1];
		let sum = rounding;
		for (let tap = 0; tap < order; tap++) {
			sum = (sum + Math.imul(weights[tap], samples[i - 1 - tap] - base)) | 0;
		}
		const residual = samples[i];
		samples[i] = ((residual + base + (sum >> shift)) << unusedBits) >> unusedBits;
		if (residual !== 0) adapt(samples, i, base, residual, predictor);
	}
}

/**
 * Turns residuals into samples, in place.
 *
 * @param samples The residuals; the first `count` become samples.
 * @param bits Bits of a sample: sums wrap around at this width.
 */
export function undoPrediction(samples: Int32Array, count: number, bits: number, predictor: Predictor): void {
	const unusedBits = 32 - bits;
	const order = predictor.weights.length;
	if (predictor.differencesFirst) undoDifferences(samples, count, unusedBits);
	if (order === 0) return;
	if (order === ORDER_DIFFERENCES) {
		undoDifferences(samples, count, unusedBits);
		return;
	}
	// Until the filter has its samples, the ones before predict.
	undoDifferences(samples, Math.min(count, order + 1), unusedBits);
	undoFilter(samples, count, unusedBits, predictor);
}
