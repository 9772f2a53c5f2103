/** Zero bytes kept behind a packet, so that looking ahead at its very end stays within the array. */
const PADDING_BYTES = 16;

/** Bytes that a look ahead of 32 bits takes part of. */
const LOOKAHEAD_BYTES = 5;

/**
 * Reads bits, most significant first.
 *
 * `bytes` and `position` are open to decoders whose inner loops keep them in local variables; everything else goes
 * through the methods, which never pass the end.
 */
export class BitReader {
	/** What is read; behind a packet zero bytes. */
	bytes: Uint8Array = new Uint8Array(0);
	/** The next bit to read. */
	position = 0;
	/** Where reading ends, in bits. */
	end = 0;

	/** The memory that packets are copied to; it grows to the largest one. */
	private packetMemory = new Uint8Array(1_024 + PADDING_BYTES);

	/** @param endsEarly Makes the error that is thrown where more is read than there is. */
	constructor(private readonly endsEarly: () => Error) {}

	/** Starts on a copy of a packet, behind which zeros can be looked at. */
	load(packet: Uint8Array): void {
		if (packet.length + PADDING_BYTES > this.packetMemory.length) {
			this.packetMemory = new Uint8Array(packet.length * 2 + PADDING_BYTES);
		}
		this.packetMemory.set(packet);
		this.packetMemory.fill(0, packet.length, packet.length + PADDING_BYTES);
		this.start(this.packetMemory, packet.length);
	}

	/** Starts at a byte of a larger piece, which is not copied: for frames whose size is known once they are read. */
	loadFrom(bytes: Uint8Array, offset: number): void {
		const rest = bytes.subarray(offset);
		this.start(rest, rest.length);
	}

	private start(bytes: Uint8Array, length: number): void {
		this.bytes = bytes;
		this.position = 0;
		this.end = length * 8;
	}

	/** Number of bits left. */
	get bitsLeft(): number {
		return this.end - this.position;
	}

	/** Offset of the byte that the next bit is in, from the start. */
	get byteOffset(): number {
		return this.position >>> 3;
	}

	/** The 32 bits from the current position, without moving on; zeros behind the end. */
	peek32(): number {
		const { bytes, position } = this;
		const isInside = (position >>> 3) + LOOKAHEAD_BYTES <= bytes.length;
		return isInside ? peekWord(bytes, position) : peekAtEnd(bytes, position);
	}

	/**
	 * Reads an unsigned number of 0 to 32 bits.
	 *
	 * @throws The error of an early end.
	 */
	read(bits: number): number {
		if (bits === 0) return 0;
		const value = this.peek32() >>> (32 - bits);
		this.skip(bits);
		return value;
	}

	/**
	 * Reads a signed number of 0 to 32 bits, in two's complement.
	 *
	 * @throws The error of an early end.
	 */
	readSigned(bits: number): number {
		if (bits === 0) return 0;
		const value = this.peek32() >> (32 - bits);
		this.skip(bits);
		return value;
	}

	/**
	 * Reads one bit as a flag.
	 *
	 * @throws The error of an early end.
	 */
	readFlag(): boolean {
		return this.read(1) === 1;
	}

	/**
	 * Counts the zeros before the next one, and passes both.
	 *
	 * @throws The error of an early end.
	 */
	readUnary(): number {
		let zeros = 0;
		for (;;) {
			const ahead = this.peek32();
			if (ahead !== 0) {
				const count = Math.clz32(ahead);
				this.skip(count + 1);
				return zeros + count;
			}
			this.skip(32);
			zeros += 32;
		}
	}

	/**
	 * Passes over any number of bits.
	 *
	 * @throws The error of an early end.
	 */
	skip(bits: number): void {
		if (this.position + bits > this.end) throw this.endsEarly();
		this.position += bits;
	}

	/** Moves to the next byte boundary, counted from the start. */
	alignToByte(): void {
		this.position += -this.position & 7;
	}
}

function peekAtEnd(bytes: Uint8Array, position: number): number {
	const at = position >>> 3;
	const shift = position & 7;
	let word = 0;
	for (let index = at; index < at + 4; index++) word = (word << 8) | (bytes[index] ?? 0);
	return (word << shift) | ((bytes[at + 4] ?? 0) >> (8 - shift));
}

/** The 32 bits from `position` on. The caller makes sure that the bytes, or a packet's padding, reach that far. */
export function peekWord(bytes: Uint8Array, position: number): number {
	const at = position >>> 3;
	const shift = position & 7;
	const word = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
	return (word << shift) | (bytes[at + 4] >> (8 - shift));
}

/**
 * The bits from `position` on, aligned to the top of a 32-bit integer; at least the upper 25 are valid.
 * The caller makes sure that `position` lies within a packet or its padding.
 */
export function peekBits(bytes: Uint8Array, position: number): number {
	const index = position >> 3;
	const word = (bytes[index] << 24) | (bytes[index + 1] << 16) | (bytes[index + 2] << 8) | bytes[index + 3];
	return word << (position & 7);
}
