/** Numbers by seed (mulberry32): the same seed gives the same file on every machine. */
export class Random {
	#state;

	constructor(seed) {
		this.#state = seed >>> 0;
	}

	/** A number from 0 up to, but not, 1. */
	next() {
		this.#state = (this.#state + 0x6d2b79f5) >>> 0;
		let mixed = this.#state;
		mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	}

	/** A whole number from `low` to `high`, both included. */
	between(low, high) {
		return low + Math.floor(this.next() * (high - low + 1));
	}

	pick(list) {
		return list[this.between(0, list.length - 1)];
	}

	chance(probability) {
		return this.next() < probability;
	}

	/** Bytes without any pattern. */
	bytes(length) {
		return Buffer.from(Array.from({ length }, () => this.between(0, 255)));
	}
}
