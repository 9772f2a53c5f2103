import { VoiceNoteError } from '../../errors';

/** Bytes that the fast path of `readRices` looks at. */
const LOOKAHEAD_BYTES = 5;

/** Reads bytes bit by bit, most significant bit first. */
export class FlacBitReader {
	private bytes = new Uint8Array(0);

	/** The byte that the next bit is in. */
	private at = 0;

	/** How many bits of that byte have been read, 0 to 7. */
	private bit = 0;

	/** Starts at a byte; the bits up to the end of `bytes` can be read. */
	load(bytes: Uint8Array, offset: number): void {
		this.bytes = bytes;
		this.at = offset;
		this.bit = 0;
	}

	/** Offset of the byte that the next bit is in. */
	get byteOffset(): number {
		return this.at;
	}

	/** Passes over the rest of a byte that was begun. */
	alignToByte(): void {
		if (this.bit > 0) this.advance(8 - this.bit);
	}

	/**
	 * Reads 0 to 32 bits as an unsigned number.
	 *
	 * @throws {VoiceNoteError} `corrupt` where the bytes end before.
	 */
	read(bits: number): number {
		if (bits === 0) return 0;
		const value = this.peek32() >>> (32 - bits);
		this.advance(bits);
		return value;
	}

	/** Reads 0 to 33 bits as a signed number. */
	readSigned(bits: number): number {
		if (bits === 0) return 0;
		if (bits > 32) {
			const high = this.readSigned(bits - 32);
			return high * 2 ** 32 + this.read(32);
		}
		const value = this.peek32() >> (32 - bits);
		this.advance(bits);
		return value;
	}

	/** Counts the zeros before the next one, and passes both. */
	readUnary(): number {
		let zeros = 0;
		for (;;) {
			const ahead = this.peek32();
			if (ahead !== 0) {
				const count = Math.clz32(ahead);
				this.advance(count + 1);
				return zeros + count;
			}
			this.advance(32);
			zeros += 32;
		}
	}

	/**
	 * Reads Rice codes of one parameter and unfolds their signs (RFC 9639, section 9.2.7.3), which is where the time
	 * goes: codes of up to 32 bits are taken out of one look ahead.
	 *
	 * @param samples takes the numbers from index `from` up to `to`
	 */
	readRices(parameter: number, samples: Float64Array, from: number, to: number): void {
		const { bytes } = this;
		const lastFast = bytes.length - LOOKAHEAD_BYTES;
		for (let i = from; i < to; i++) {
			const { at, bit } = this;
			if (at > lastFast) {
				samples[i] = this.readRice(parameter);
				continue;
			}
			const word =
				(((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) << bit) |
				(bytes[at + 4] >> (8 - bit));
			const quotient = Math.clz32(word);
			const bits = quotient + 1 + parameter;
			if (bits > 32) {
				samples[i] = this.readRice(parameter);
				continue;
			}
			const remainder = parameter === 0 ? 0 : (word << (quotient + 1)) >>> (32 - parameter);
			const folded = (quotient << parameter) | remainder;
			samples[i] = (folded >>> 1) ^ -(folded & 1);
			const position = bit + bits;
			this.at = at + (position >> 3);
			this.bit = position & 7;
		}
	}

	private readRice(parameter: number): number {
		const quotient = this.readUnary();
		// Not shifted: quotients of damaged data would leave the 32 bits.
		const folded = quotient * 2 ** parameter + this.read(parameter);
		return folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
	}

	/** The next 32 bits; zeros behind the end. */
	private peek32(): number {
		const { bytes, at, bit } = this;
		const word = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
		return (word << bit) | (bytes[at + 4] >> (8 - bit));
	}

	private advance(bits: number): void {
		const position = this.bit + bits;
		this.at += position >> 3;
		this.bit = position & 7;
		if (this.at > this.bytes.length || (this.at === this.bytes.length && this.bit > 0)) {
			throw new VoiceNoteError('corrupt', 'A frame of FLAC audio ends too early');
		}
	}
}
