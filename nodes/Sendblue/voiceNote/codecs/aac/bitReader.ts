import { corruptAac } from './aacErrors';

/** Zero bytes kept behind the data, so that the longest code word can be peeked at its very end. */
const PADDING = 16;

/**
 * Reads bits, most significant first, out of a copy of one packet.
 *
 * `bytes` and `position` are open to the spectral decoder, which keeps them in local variables through its
 * inner loops; everything else goes through the methods, which never pass the end of the packet.
 */
export class BitReader {
	/** The packet, followed by zero bytes. */
	bytes = new Uint8Array(1024 + PADDING);
	/** The next bit to read. */
	position = 0;
	/** Length of the packet in bits. */
	end = 0;

	/** Starts on a new packet; the memory grows to the largest packet seen. */
	load(packet: Uint8Array): void {
		if (packet.length + PADDING > this.bytes.length) {
			this.bytes = new Uint8Array(packet.length * 2 + PADDING);
		}
		this.bytes.set(packet);
		this.bytes.fill(0, packet.length, packet.length + PADDING);
		this.position = 0;
		this.end = packet.length * 8;
	}

	/** Number of bits left in the packet. */
	get bitsLeft(): number {
		return this.end - this.position;
	}

	/**
	 * Reads an unsigned number of 1 to 24 bits.
	 *
	 * @throws {VoiceNoteError} `corrupt` where the packet ends before.
	 */
	read(bits: number): number {
		const value = peekBits(this.bytes, this.position) >>> (32 - bits);
		this.skip(bits);
		return value;
	}

	/**
	 * Reads one bit as a flag.
	 *
	 * @throws {VoiceNoteError} `corrupt` where the packet has ended.
	 */
	readFlag(): boolean {
		return this.read(1) === 1;
	}

	/**
	 * Passes over any number of bits.
	 *
	 * @throws {VoiceNoteError} `corrupt` where the packet ends before.
	 */
	skip(bits: number): void {
		if (this.position + bits > this.end) throw corruptAac('a frame ends too early');
		this.position += bits;
	}

	/** Moves to the next byte boundary, counted from the start of the packet. */
	alignToByte(): void {
		this.position = Math.min((this.position + 7) & ~7, this.end);
	}
}

/**
 * The bits from `position` on, aligned to the top of a 32-bit integer; at least the upper 25 are valid.
 * The caller makes sure that `position` lies within the data or its padding.
 */
export function peekBits(bytes: Uint8Array, position: number): number {
	const index = position >> 3;
	const word = (bytes[index] << 24) | (bytes[index + 1] << 16) | (bytes[index + 2] << 8) | bytes[index + 3];
	return word << (position & 7);
}
