/** Numbers in 0 … 1 that are the same for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

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
