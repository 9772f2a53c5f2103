import { createRandom } from '../quality/random.cts';

/** Random choices that are the same in every run with the same seed. */
export class Random {
	/** 0 ≤ x < 1. */
	readonly next: () => number;

	constructor(seed: number) {
		this.next = createRandom(seed);
	}

	/** An integer from `low` to `high`, both included. */
	integer(low: number, high: number): number {
		return low + Math.floor(this.next() * (high - low + 1));
	}

	/** True with the given probability. */
	chance(probability: number): boolean {
		return this.next() < probability;
	}

	/** One of the items. */
	pick<T>(items: readonly T[]): T {
		return items[this.integer(0, items.length - 1)];
	}
}
