/** Coefficients of a second-order section, normalised to a0 = 1. */
export interface Biquad {
	b0: number;
	b1: number;
	b2: number;
	a1: number;
	a2: number;
}

/*
 * ITU-R BS.1770 gives the two filters as coefficients for 48 kHz only. These are the parameters of the analogue
 * filters behind them, from which the bilinear transform gives the coefficients of the standard at 48 kHz and the same
 * curve at every other rate.
 */
/** The high shelf that stands for the acoustic effect of the head. */
const SHELF = { frequency: 1681.974450955533, gainDb: 3.999843853973347, q: 0.7071752369554196 };
/** How the shelf's gain is shared out to its middle term; 0.5 would be the textbook shelf. */
const SHELF_MIDDLE_EXPONENT = 0.4996667741545416;
/** The high-pass that stands for the low sensitivity to bass (RLB curve). */
const HIGH_PASS = { frequency: 38.13547087602444, q: 0.5003270373238773 };

/** The first stage of the K-weighting at a sampling rate in Hz (BS.1770, table 1). */
export function shelfFilter(sampleRate: number): Biquad {
	const k = Math.tan((Math.PI * SHELF.frequency) / sampleRate);
	const high = 10 ** (SHELF.gainDb / 20);
	const middle = high ** SHELF_MIDDLE_EXPONENT;
	const a0 = 1 + k / SHELF.q + k * k;
	return {
		b0: (high + (middle * k) / SHELF.q + k * k) / a0,
		b1: (2 * (k * k - high)) / a0,
		b2: (high - (middle * k) / SHELF.q + k * k) / a0,
		a1: (2 * (k * k - 1)) / a0,
		a2: (1 - k / SHELF.q + k * k) / a0,
	};
}

/** The second stage of the K-weighting at a sampling rate in Hz (BS.1770, table 2). */
export function highPassFilter(sampleRate: number): Biquad {
	const k = Math.tan((Math.PI * HIGH_PASS.frequency) / sampleRate);
	const a0 = 1 + k / HIGH_PASS.q + k * k;
	return { b0: 1, b1: -2, b2: 1, a1: (2 * (k * k - 1)) / a0, a2: (1 - k / HIGH_PASS.q + k * k) / a0 };
}

/** Runs samples through the K-weighting and adds up their energy. */
export class KWeightedEnergy {
	private readonly shelf: Biquad;
	private readonly highPass: Biquad;
	/** Delay lines of the two filters (transposed direct form II). */
	private readonly state = new Float64Array(4);

	/** @param sampleRate Of the samples, in Hz. */
	constructor(sampleRate: number) {
		this.shelf = shelfFilter(sampleRate);
		this.highPass = highPassFilter(sampleRate);
	}

	/** Sum of the squares of the weighted samples from `start` up to, not including, `end`. */
	sum(samples: Float32Array, start: number, end: number): number {
		const { b0, b1, b2, a1, a2 } = this.shelf;
		const { a1: highPassA1, a2: highPassA2 } = this.highPass;
		let [shelf1, shelf2, high1, high2] = this.state;
		let energy = 0;
		for (let i = start; i < end; i++) {
			const input = samples[i];
			const shelved = b0 * input + shelf1;
			shelf1 = b1 * input - a1 * shelved + shelf2;
			shelf2 = b2 * input - a2 * shelved;
			const weighted = shelved + high1;
			high1 = -2 * shelved - highPassA1 * weighted + high2;
			high2 = shelved - highPassA2 * weighted;
			energy += weighted * weighted;
		}
		this.state.set([shelf1, shelf2, high1, high2]);
		return energy;
	}
}
