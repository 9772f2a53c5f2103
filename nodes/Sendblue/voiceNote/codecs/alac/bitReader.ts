/** Reads a packet bit by bit, most significant bit first. */
import { VoiceNoteError } from '../../errors';

/** Zero bytes kept behind the packet, so that looking ahead never leaves the array. */
const PADDING_BYTES = 16;

/** A Rice code's prefix of this many ones announces a number written out in full. */
const ESCAPE_PREFIX = 9;

/** The packet that `load` was last given, and the place in it. */
export class BitReader {
	private bytes = new Uint8Array(4096 + PADDING_BYTES);

	/** The current place in the packet, in bits; may be set to where it has been before. */
	position = 0;

	private end = 0;

	/** Starts at the first bit of a packet. */
	load(packet: Uint8Array): void {
		if (this.bytes.length < packet.length + PADDING_BYTES) {
			this.bytes = new Uint8Array(2 * packet.length + PADDING_BYTES);
		}
		this.bytes.set(packet);
		this.bytes.fill(0, packet.length, packet.length + PADDING_BYTES);
		this.position = 0;
		this.end = 8 * packet.length;
	}

	/** The 32 bits from the current position, without moving on. */
	private peek32(): number {
		const at = this.position >>> 3;
		const shift = this.position & 7;
		const bytes = this.bytes;
		const word = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
		return (word << shift) | (bytes[at + 4] >>> (8 - shift));
	}

	/**
	 * Moves on by a number of bits.
	 *
	 * @throws {VoiceNoteError} `corrupt` where the packet ends before.
	 */
	skip(bits: number): void {
		this.position += bits;
		if (this.position > this.end) {
			throw new VoiceNoteError('corrupt', 'A packet of Apple Lossless audio ends too early');
		}
	}

	/** Reads 1 to 32 bits as an unsigned number. */
	read(bits: number): number {
		const value = this.peek32() >>> (32 - bits);
		this.skip(bits);
		return value;
	}

	/** Reads 1 to 32 bits as a signed number. */
	readSigned(bits: number): number {
		const value = this.peek32() >> (32 - bits);
		this.skip(bits);
		return value;
	}

	/** Moves on to the next whole byte. */
	alignToByte(): void {
		this.skip(-this.position & 7);
	}

	/**
	 * Reads one modified Rice code: a unary quotient, then the remainder in `k` bits, of which the last is left out
	 * where the others are zero; behind nine ones the number itself in `escapeBits`.
	 *
	 * @param divisor 2^k − 1, or less in the code of a run's length.
	 */
	readRice(divisor: number, k: number, escapeBits: number): number {
		const bits = this.peek32();
		const quotient = Math.clz32(~bits);
		if (quotient >= ESCAPE_PREFIX) {
			this.skip(ESCAPE_PREFIX);
			return this.read(escapeBits);
		}
		if (k === 1) {
			this.skip(quotient + 1);
			return quotient;
		}
		// The prefix and its zero take at most 9 bits and k is at most 23: all within the 32 at hand.
		const remainder = (bits << (quotient + 1)) >>> (32 - k);
		if (remainder < 2) {
			this.skip(quotient + k);
			return quotient * divisor;
		}
		this.skip(quotient + 1 + k);
		return quotient * divisor + remainder - 1;
	}
}
