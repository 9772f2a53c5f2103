/** Writes bits, most significant first. */
export class BitWriter {
	private readonly bits: number[] = [];

	/** Number of bits written. */
	get length(): number {
		return this.bits.length;
	}

	/** Appends the lowest `count` bits of `value`; of a negative one those of its two's complement. */
	write(value: number, count: number): this {
		for (let bit = count - 1; bit >= 0; bit--) this.bits.push(Math.abs(Math.floor(value / 2 ** bit) % 2));
		return this;
	}

	/** Fills up to a byte boundary with zeros. */
	align(): this {
		while (this.bits.length % 8 > 0) this.bits.push(0);
		return this;
	}

	/** What was written, filled up to whole bytes. */
	toBytes(): Uint8Array {
		const bytes = new Uint8Array(Math.ceil(this.bits.length / 8));
		this.bits.forEach((bit, i) => {
			bytes[i >> 3] |= bit << (7 - (i & 7));
		});
		return bytes;
	}
}
