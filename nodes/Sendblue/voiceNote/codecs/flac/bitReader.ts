import { VoiceNoteError } from '../../errors';

/** Reads bytes bit by bit, most significant bit first. */
export class FlacBitReader {
	private bytes = new Uint8Array(0);

	/** In bits. */
	private position = 0;

	private end = 0;

	/** Starts at a byte; the bits up to the end of `bytes` can be read. */
	load(bytes: Uint8Array, offset: number): void {
		this.bytes = bytes;
		this.position = 8 * offset;
		this.end = 8 * bytes.length;
	}

	/** Offset of the byte that the next bit is in. */
	get byteOffset(): number {
		return Math.floor(this.position / 8);
	}

	/** Passes over the rest of a byte that was begun. */
	alignToByte(): void {
		this.position = 8 * Math.ceil(this.position / 8);
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

	/** Reads a Rice code and unfolds its sign (RFC 9639, section 9.2.7.3). */
	readRice(parameter: number): number {
		const quotient = this.readUnary();
		// Not shifted: quotients of damaged data would leave the 32 bits.
		const folded = quotient * 2 ** parameter + this.read(parameter);
		return folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
	}

	/** The next 32 bits; zeros behind the end. */
	private peek32(): number {
		const at = Math.floor(this.position / 8);
		const shift = this.position % 8;
		const { bytes } = this;
		const word = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
		return shift === 0 ? word : (word << shift) | (bytes[at + 4] >>> (8 - shift));
	}

	private advance(bits: number): void {
		this.position += bits;
		if (this.position > this.end) throw new VoiceNoteError('corrupt', 'A frame of FLAC audio ends too early');
	}
}
