/** ALAC's entropy coding: adaptive Golomb-Rice codes with runs of zeros (Apple's reference, `ag_dec.c`). */
/** ALAC's adaptive linear prediction (Apple's reference, `dp_dec.c`). */
import type { BitReader } from '../../bits/bitReader';
import { peekWord } from '../../bits/bitReader';
import { VoiceNoteError } from '../../errors';

/** The mean of the magnitudes is kept with 9 fractional bits. */
const MEAN_SHIFT = 9;
/** A mean below a quarter, on that scale: a run of zeros follows. */
const RUN_THRESHOLD = 128;
/** A magnitude above this sets the mean to it outright. */
const MEAN_CLAMP = 0xffff;

/** Of the parameter of a run's length, from the mean. */
const RUN_LEADING_ZEROS = 24;
const RUN_ROUNDING = 16;
const RUN_SHIFT = 6;
const RUN_ESCAPE_BITS = 16;
/** A run of this length may be followed by more zeros. */
const LONGEST_RUN = 65_535;

/** A Rice code's prefix of this many ones announces a number written out in full. */
const ESCAPE_PREFIX = 9;

/** The Rice parameters of one channel in one packet. */
export interface RiceParameters {
	/** The mean to start with, × 512. */
	readonly initialMean: number;
	/** How fast the mean follows, ÷ 512. */
	readonly adaptation: number;
	/** Limit of `k`. */
	readonly limit: number;
	/** Bits of a number that is written out. */
	readonly escapeBits: number;
}

/**
 * Decodes the first `count` prediction residuals into `residuals`.
 *
 * @throws {VoiceNoteError} `corrupt` where the packet ends too early or a run passes its end.
 */
export function readResiduals(reader: BitReader, rice: RiceParameters, residuals: Int32Array, count: number): void {
	const { adaptation, limit, escapeBits } = rice;
	const runDivisorMask = (1 << limit) - 1;
	let mean = rice.initialMean;
	/** Behind a run the next residual cannot be zero, so its code starts at one. */
	let behindRun = 0;

	for (let i = 0; i < count; ) {
		const k = Math.min(31 - Math.clz32((mean >>> MEAN_SHIFT) + 3), limit);
		const code = readRice(reader, (1 << k) - 1, k, escapeBits);
		const folded = code + behindRun;
		// Even codes are positive, odd ones negative.
		residuals[i++] = (folded & 1) === 0 ? folded >>> 1 : -((folded + 1) >>> 1);

		mean = (Math.imul(adaptation, folded) + mean - (Math.imul(adaptation, mean) >>> MEAN_SHIFT)) >>> 0;
		if (code > MEAN_CLAMP) mean = MEAN_CLAMP;
		behindRun = 0;

		if (mean < RUN_THRESHOLD && i < count) {
			const runK = Math.clz32(mean) - RUN_LEADING_ZEROS + ((mean + RUN_ROUNDING) >>> RUN_SHIFT);
			const run = readRice(reader, ((1 << runK) - 1) & runDivisorMask, runK, RUN_ESCAPE_BITS);
			if (i + run > count) {
				throw new VoiceNoteError('corrupt', 'A packet of Apple Lossless audio holds more samples than it states');
			}
			residuals.fill(0, i, i + run);
			i += run;
			behindRun = run < LONGEST_RUN ? 1 : 0;
			mean = 0;
		}
	}
}

/**
 * Reads one modified Rice code: a unary quotient, then the remainder in `k` bits, of which the last is left out
 * where the others are zero; behind nine ones the number itself in `escapeBits`.
 *
 * @param divisor 2^k − 1, or less in the code of a run's length.
 */
function readRice(reader: BitReader, divisor: number, k: number, escapeBits: number): number {
	const bits = peekWord(reader.bytes, reader.position);
	const quotient = Math.clz32(~bits);
	if (quotient >= ESCAPE_PREFIX) {
		reader.skip(ESCAPE_PREFIX);
		return reader.read(escapeBits);
	}
	// The prefix and its zero take at most 9 bits and k is at most 23: all within the 32 at hand.
	const remainder = k === 1 ? 0 : (bits << (quotient + 1)) >>> (32 - k);
	// A remainder of 0 or 1 is written without its last bit, and is 0.
	reader.skip(remainder < 2 ? quotient + k : quotient + 1 + k);
	return remainder < 2 ? quotient * divisor : quotient * divisor + remainder - 1;
}

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
