import { QMF_BANDS } from './frequencyBands';

/** h_smooth (ISO/IEC 14496-3, 4.6.18.7.6): the weights of the four slots before, the oldest first, and of this one. */
const WEIGHTS = [0.03183050093751, 0.11516383427084, 0.21816949906249, 0.30150283239582, 0.33333333333333];
const PAST_SLOTS = WEIGHTS.length - 1;

/** Values of QMF bands in the last slots, which new ones are smoothed with. */
export class GainHistory {
	private readonly rows = Array.from({ length: PAST_SLOTS }, () => new Float64Array(QMF_BANDS));
	private readonly smoothed = new Float64Array(QMF_BANDS);
	/** The row of the oldest slot. */
	private oldest = 0;

	/** Takes the values as those of all slots before. */
	fillWith(values: Float64Array): void {
		for (const row of this.rows) row.set(values);
	}

	/** Remembers the same values for so many slots. */
	push(values: Float64Array, slots: number): void {
		for (let i = Math.min(slots, PAST_SLOTS); i > 0; i--) {
			this.rows[this.oldest].set(values);
			this.oldest = (this.oldest + 1) % PAST_SLOTS;
		}
	}

	/**
	 * The values of one slot, smoothed.
	 *
	 * @param used How many bands are wanted.
	 * @returns good until the next call
	 */
	smooth(values: Float64Array, used: number): Float64Array {
		const { rows, smoothed, oldest } = this;
		for (let m = 0; m < used; m++) smoothed[m] = WEIGHTS[PAST_SLOTS] * values[m];
		for (let age = 0; age < PAST_SLOTS; age++) {
			const row = rows[(oldest + age) % PAST_SLOTS];
			for (let m = 0; m < used; m++) smoothed[m] += WEIGHTS[age] * row[m];
		}
		this.push(values, 1);
		return smoothed;
	}
}
