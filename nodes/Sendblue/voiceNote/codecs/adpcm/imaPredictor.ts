/**
 * The IMA ADPCM predictor ("Recommended Practices for Enhancing Digital Audio Compatibility in Multimedia
 * Systems", Interactive Multimedia Association, 1992), which WAVE and QuickTime frame in different ways.
 */

/** The quantiser's 89 step sizes. */
const STEP_SIZES = Int32Array.from([
	7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107, 118,
	130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876, 963, 1060,
	1166, 1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358, 5894, 6484,
	7132, 7845, 8630, 9493, 10442, 11487, 12635, 13899, 15289, 16818, 18500, 20350, 22385, 24623, 27086, 29794, 32767,
]);

/** How a code moves the step index, by its three magnitude bits. */
const INDEX_CHANGES = Int32Array.from([-1, -1, -1, -1, 2, 4, 6, 8]);

const SIGN_BIT = 8;

/** The largest step index a header may state. */
export const MAX_STEP_INDEX = STEP_SIZES.length - 1;

/** One channel's predictor: follows the signal code by code on the 16-bit scale. */
export class ImaPredictor {
	/** The last sample, −32768 … 32767. */
	sample = 0;
	/** Index into the step sizes, 0 … `MAX_STEP_INDEX`. */
	stepIndex = 0;

	/**
	 * Takes one 4-bit code and returns the next sample.
	 *
	 * The difference is summed from truncated parts of the step, as the recommendation has it: a product rounded
	 * once would drift from the encoder by a few units.
	 */
	next(code: number): number {
		const step = STEP_SIZES[this.stepIndex];
		let difference = step >> 3;
		if ((code & 4) !== 0) difference += step;
		if ((code & 2) !== 0) difference += step >> 1;
		if ((code & 1) !== 0) difference += step >> 2;

		const sample = (code & SIGN_BIT) !== 0 ? this.sample - difference : this.sample + difference;
		this.sample = Math.max(-32768, Math.min(32767, sample));
		this.stepIndex = Math.max(0, Math.min(MAX_STEP_INDEX, this.stepIndex + INDEX_CHANGES[code & 7]));
		return this.sample;
	}
}
