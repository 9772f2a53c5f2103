/** Small writers of numbers, for the muxers. */
export const cat = (...parts) => Buffer.concat(parts.flat(Infinity));
export const text = (characters) => Buffer.from(characters, 'latin1');

function written(length, write) {
	const bytes = Buffer.alloc(length);
	write(bytes);
	return bytes;
}

export const u8 = (...values) => Buffer.from(values.map((value) => value & 255));
export const u16be = (value) => written(2, (bytes) => bytes.writeUInt16BE(value & 0xffff));
export const u16le = (value) => written(2, (bytes) => bytes.writeUInt16LE(value & 0xffff));
export const u24be = (value) => written(3, (bytes) => bytes.writeUIntBE(value & 0xffffff, 0, 3));
export const u32be = (value) => written(4, (bytes) => bytes.writeUInt32BE(value >>> 0));
export const u32le = (value) => written(4, (bytes) => bytes.writeUInt32LE(value >>> 0));
export const u64be = (value) => written(8, (bytes) => bytes.writeBigInt64BE(BigInt.asIntN(64, BigInt(value))));
export const u64le = (value) => written(8, (bytes) => bytes.writeBigInt64LE(BigInt.asIntN(64, BigInt(value))));
export const f64be = (value) => written(8, (bytes) => bytes.writeDoubleBE(value));

/** A copy in which `change` may write. */
export function edited(bytes, change) {
	const copy = Buffer.from(bytes);
	change(copy);
	return copy;
}

/** Bits, most significant first. */
export class BitWriter {
	#bytes = [];
	#current = 0;
	#used = 0;

	put(value, count) {
		for (let bit = count - 1; bit >= 0; bit--) {
			this.#current = (this.#current << 1) | (Math.floor(value / 2 ** bit) & 1);
			if (++this.#used === 8) {
				this.#bytes.push(this.#current);
				this.#current = 0;
				this.#used = 0;
			}
		}
		return this;
	}

	/** The bytes so far, the last filled up with zeros. */
	bytes() {
		return Buffer.from(this.#used ? [...this.#bytes, this.#current << (8 - this.#used)] : this.#bytes);
	}
}
