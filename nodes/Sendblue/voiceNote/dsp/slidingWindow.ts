/** A contiguous stretch of the most recent samples: new ones are added at the end, old ones leave at the start. */
export class SlidingWindow {
	/** The samples lie at 0 … `length` - 1; what is behind them has no meaning. Changes with `append`. */
	data: Float32Array;
	/** Number of samples held. */
	length: number;

	/** @param leadingZeros Zeros that stand before the first sample, for filters that look back. */
	constructor(leadingZeros = 0) {
		this.data = new Float32Array(leadingZeros + 1024);
		this.length = leadingZeros;
	}

	/** Adds samples at the end. */
	append(block: Float32Array): void {
		const length = this.length + block.length;
		if (length > this.data.length) {
			const larger = new Float32Array(length * 2);
			larger.set(this.data.subarray(0, this.length));
			this.data = larger;
		}
		this.data.set(block, this.length);
		this.length = length;
	}

	/** Drops `count` samples at the start, at most all. */
	discard(count: number): void {
		this.data.copyWithin(0, count, this.length);
		this.length = Math.max(0, this.length - count);
	}
}
