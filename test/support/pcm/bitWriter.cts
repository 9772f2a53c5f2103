/** Writes numbers bit by bit, most significant bit first. */
export class BitWriter {
	private bits = '';

	write(value: number, count: number): this {
		const unsigned = BigInt.asUintN(count, BigInt(value));
		this.bits += count === 0 ? '' : unsigned.toString(2).padStart(count, '0');
		return this;
	}

	/** The bytes so far, the last one filled up with zeros. */
	bytes(): Uint8Array {
		const padded = this.bits.padEnd(8 * Math.ceil(this.bits.length / 8), '0');
		return Uint8Array.from({ length: padded.length / 8 }, (_, i) => Number.parseInt(padded.slice(8 * i, 8 * i + 8), 2));
	}

	/** Fills up to a whole byte. */
	align(): this {
		this.bits = this.bits.padEnd(8 * Math.ceil(this.bits.length / 8), '0');
		return this;
	}
}
