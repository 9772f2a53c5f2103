/** Zero bytes after a packet, so that a look-ahead at its end stays within the array. */
const PADDING_BYTES = 16;

/** The bytes that a look-ahead of 32 bits can touch. */
const LOOKAHEAD_BYTES = 5;

/**
 * Reads bits, most significant first.
 *
 * `bytes` and `position` are public for decoders whose inner loops keep them in local variables. The methods never read
 * past the end.
 */
export class BitReader {
	/** The bytes that are read, with zeros after a packet. */
	bytes: Uint8Array = new Uint8Array(0);
	/** The next bit to read. */
	position = 0;
	/** Position at which reading ends, in bits. */
	end = 0;

	/** Memory that packets are copied to; it grows to the size of the largest. */
	private packetMemory = new Uint8Array(1_024 + PADDING_BYTES);

	/** @param endsEarly Makes the error for reading more than there is. */
	constructor(private readonly endsEarly: () => Error) {}

	/** Starts reading a copy of a packet, followed by zeros for look-ahead. */
	load(packet: Uint8Array): void {
		if (packet.length + PADDING_BYTES > this.packetMemory.length) {
			this.packetMemory = new Uint8Array(packet.length * 2 + PADDING_BYTES);
		}
		this.packetMemory.set(packet);
		this.packetMemory.fill(0, packet.length, packet.length + PADDING_BYTES);
		this.start(this.packetMemory, packet.length);
	}

	/**
	 * Starts reading at an offset of a larger array, which is not copied: for frames whose size is known only once they
	 * are read.
	 */
	loadFrom(bytes: Uint8Array, offset: number): void {
		const rest = bytes.subarray(offset);
		this.start(rest, rest.length);
	}

	private start(bytes: Uint8Array, length: number): void {
		this.bytes = bytes;
		this.position = 0;
		this.end = length * 8;
	}

	/** Bits left. */
	get bitsLeft(): number {
		return this.end - this.position;
	}

	/** Offset of the byte that has the next bit. */
	get byteOffset(): number {
		return this.position >>> 3;
	}

	/** The next 32 bits as a signed integer, without moving on; zeros after the end. */
	peek32(): number {
		const { bytes, position } = this;
		const isInside = (position >>> 3) + LOOKAHEAD_BYTES <= bytes.length;
		return isInside ? peekWord(bytes, position) : peekAtEnd(bytes, position);
	}

	/**
	 * Reads an unsigned number of 0 to 32 bits.
	 *
	 * @throws what `endsEarly` makes, if fewer bits are left
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
	 * @throws what `endsEarly` makes, if fewer bits are left
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
	 * @throws what `endsEarly` makes, if no bit is left
	 */
	readFlag(): boolean {
		return this.read(1) === 1;
	}

	/**
	 * Counts the zeros before the next 1 bit, and moves past it.
	 *
	 * @throws what `endsEarly` makes, if no 1 bit is left
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
	 * Skips any number of bits.
	 *
	 * @throws what `endsEarly` makes, if fewer bits are left
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

/**
 * The 32 bits from `position` on. The caller makes sure that the bytes, or the zeros after a packet, reach that far.
 */
export function peekWord(bytes: Uint8Array, position: number): number {
	const at = position >>> 3;
	const shift = position & 7;
	const word = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
	return (word << shift) | (bytes[at + 4] >> (8 - shift));
}

/**
 * The bits from `position` on, aligned to the top of a 32-bit integer; at least the upper 25 are valid. The caller
 * makes sure that `position` is within a packet or its zeros.
 */
export function peekBits(bytes: Uint8Array, position: number): number {
	const index = position >> 3;
	const word = (bytes[index] << 24) | (bytes[index + 1] << 16) | (bytes[index + 2] << 8) | bytes[index + 3];
	return word << (position & 7);
}
