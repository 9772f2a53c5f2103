/**
 * How ALAC codes the samples of a channel: an adaptive filter predicts each of them (`dp_dec.c` of Apple's reference),
 * and adaptive Rice codes store what the prediction missed (`ag_dec.c`).
 */
import type { BitReader } from '../../bits/bitReader';
import { peekWord } from '../../bits/bitReader';
import { VoiceNoteError } from '../../errors';

/** The mean of the magnitudes has 9 fractional bits. */
const MEAN_SHIFT = 9;
/** Whenever the mean falls below this, which is a quarter, the length of a run of zeros follows. */
const RUN_THRESHOLD = 128;
/** A larger code sets the mean to this value. */
const MEAN_CLAMP = 0xffff;

/** How the Rice parameter of a run's length follows from the mean. */
const RUN_LEADING_ZEROS = 24;
const RUN_ROUNDING = 16;
const RUN_SHIFT = 6;
const RUN_ESCAPE_BITS = 16;
/** A run of this length may be followed by further zeros. */
const LONGEST_RUN = 65_535;

/** This many ones at the start of a code announce an escape: the number follows verbatim. */
const ESCAPE_PREFIX = 9;

/** What the Rice codes of one channel in one packet depend on. */
export interface RiceParameters {
	/** The mean to start with, × 512. */
	readonly initialMean: number;
	/** How fast the mean follows the signal, × 512. */
	readonly adaptation: number;
	/** The largest Rice parameter `k`. */
	readonly limit: number;
	/** Bits of a number that is stored verbatim. */
	readonly escapeBits: number;
}

/**
 * Reads `count` residuals. The Rice parameter of each follows from the mean magnitude of those before it.
 *
 * @throws {VoiceNoteError} `corrupt` if the packet ends too early or a run exceeds it
 */
export function readResiduals(reader: BitReader, rice: RiceParameters, residuals: Int32Array, count: number): void {
	const { adaptation, limit, escapeBits } = rice;
	const runDivisorMask = (1 << limit) - 1;
	let mean = rice.initialMean;
	/** 1 after a run: the next residual cannot be zero, so its code counts from one. */
	let afterRun = 0;

	for (let i = 0; i < count; ) {
		const k = Math.min(31 - Math.clz32((mean >>> MEAN_SHIFT) + 3), limit);
		const code = readRice(reader, (1 << k) - 1, k, escapeBits);
		const folded = code + afterRun;
		// Even codes are positive, odd ones negative.
		residuals[i++] = (folded & 1) === 0 ? folded >>> 1 : -((folded + 1) >>> 1);

		mean = (Math.imul(adaptation, folded) + mean - (Math.imul(adaptation, mean) >>> MEAN_SHIFT)) >>> 0;
		if (code > MEAN_CLAMP) mean = MEAN_CLAMP;
		afterRun = 0;

		if (mean < RUN_THRESHOLD && i < count) {
			const runK = Math.clz32(mean) - RUN_LEADING_ZEROS + ((mean + RUN_ROUNDING) >>> RUN_SHIFT);
			const run = readRice(reader, ((1 << runK) - 1) & runDivisorMask, runK, RUN_ESCAPE_BITS);
			if (i + run > count) {
				throw new VoiceNoteError('corrupt', 'A packet of Apple Lossless audio has more samples than it claims');
			}
			residuals.fill(0, i, i + run);
			i += run;
			afterRun = run < LONGEST_RUN ? 1 : 0;
			mean = 0;
		}
	}
}

/**
 * Reads one modified Rice code: a quotient in unary, then a remainder of `k` bits, the last of which is left out if the
 * others are zero. After nine ones comes the number itself, in `escapeBits`.
 *
 * @param divisor 2^k − 1, or less for the length of a run
 */
function readRice(reader: BitReader, divisor: number, k: number, escapeBits: number): number {
	const bits = peekWord(reader.bytes, reader.position);
	const quotient = Math.clz32(~bits);
	if (quotient >= ESCAPE_PREFIX) {
		reader.skip(ESCAPE_PREFIX);
		return reader.read(escapeBits);
	}
	// The quotient takes at most 9 bits and k is at most 23, so the code is within the 32 bits.
	const remainder = k === 1 ? 0 : (bits << (quotient + 1)) >>> (32 - k);
	// A remainder of 0 or 1 is stored without its last bit, and is 0.
	reader.skip(remainder < 2 ? quotient + k : quotient + 1 + k);
	return remainder < 2 ? quotient * divisor : quotient * divisor + remainder - 1;
}

/** The order that means differences instead of a filter. */
const ORDER_DIFFERENCES = 31;

/** How one channel of a packet is predicted. */
export interface Predictor {
	/** Whether the residuals of the filter were stored as differences, each from the previous one (mode 15). */
	readonly differencesFirst: boolean;
	/** How many bits to the right the weighted sum is shifted. */
	readonly shift: number;
	/** Weights of the filter, that of the newest sample first. They adapt while they are used. */
	readonly weights: Int16Array;
}

function undoDifferences(samples: Int32Array, count: number, unusedBits: number): void {
	for (let i = 1; i < count; i++) {
		samples[i] = ((samples[i] + samples[i - 1]) << unusedBits) >> unusedBits;
	}
}

/**
 * Moves the weights toward what would have predicted better, that of the oldest sample first, and stops as soon as the
 * change makes up for the residual.
 */
function adapt(samples: Int32Array, i: number, base: number, residual: number, predictor: Predictor): void {
	const { weights, shift } = predictor;
	const direction = residual > 0 ? 1 : -1;
	let remaining = residual;
	for (let tap = weights.length - 1; tap >= 0; tap--) {
		const difference = base - samples[i - 1 - tap];
		// Without branches, since a processor would mispredict half of them.
		const sign = Math.imul((difference >> 31) - (-difference >> 31), direction);
		weights[tap] -= sign;
		remaining -= Math.imul(weights.length - tap, Math.imul(sign, difference) >> shift);
		if (Math.imul(remaining, direction) <= 0) return;
	}
}

function undoFilter(samples: Int32Array, count: number, unusedBits: number, predictor: Predictor): void {
	const { weights, shift } = predictor;
	const order = weights.length;
	const rounding = shift === 0 ? 0 : 1 << (shift - 1);
	for (let i = order + 1; i < count; i++) {
		// The filter works on differences from the sample before the oldest one that it uses.
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
	// The first samples, which the filter needs in order to begin, are stored as differences.
	undoDifferences(samples, Math.min(count, order + 1), unusedBits);
	undoFilter(samples, count, unusedBits, predictor);
}
