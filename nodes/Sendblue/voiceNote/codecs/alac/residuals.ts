/** ALAC's entropy coding: adaptive Golomb-Rice codes with runs of zeros (Apple's reference, `ag_dec.c`). */
import { VoiceNoteError } from '../../errors';
import type { BitReader } from './bitReader';

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
		const code = reader.readRice((1 << k) - 1, k, escapeBits);
		const folded = code + behindRun;
		// Even codes are positive, odd ones negative.
		residuals[i++] = (folded & 1) === 0 ? folded >>> 1 : -((folded + 1) >>> 1);

		mean = (Math.imul(adaptation, folded) + mean - (Math.imul(adaptation, mean) >>> MEAN_SHIFT)) >>> 0;
		if (code > MEAN_CLAMP) mean = MEAN_CLAMP;
		behindRun = 0;

		if (mean < RUN_THRESHOLD && i < count) {
			const runK = Math.clz32(mean) - RUN_LEADING_ZEROS + ((mean + RUN_ROUNDING) >>> RUN_SHIFT);
			const run = reader.readRice(((1 << runK) - 1) & runDivisorMask, runK, RUN_ESCAPE_BITS);
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
