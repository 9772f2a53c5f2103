/** ALAC's entropy coding: adaptive Golomb-Rice codes with runs of zeros (Apple's reference, `ag_dec.c`). */
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
