/** Small units are passed on in pieces of about this many bytes; one at a time they would have too much overhead. */
const PIECE_BYTES = 16_384;

/**
 * Cuts bytes into pieces of many whole units (frames of samples, blocks of ADPCM).
 *
 * @param unitBytes bytes that must not be split; an incomplete unit at the end is left out
 */
export function* piecesOf(bytes: Uint8Array, unitBytes: number): Generator<Uint8Array> {
	const pieceBytes = Math.max(1, Math.floor(PIECE_BYTES / unitBytes)) * unitBytes;
	for (let position = 0; position < bytes.length; position += pieceBytes) {
		yield bytes.subarray(position, Math.min(position + pieceBytes, bytes.length));
	}
}

/** The largest packet that is kept, in bytes: an Opus frame has at most 1,275, and the rest can only be padding. */
export const LARGEST_KEPT_PACKET = 65_535;

const FIRST_BLOCK_BYTES = 16_384;

/** The share of the block that is reserved before the packets: usually more than a voice note's packet table needs. */
const HEAD_ROOM = 1 / 8;

/**
 * A block doubles up to this size, 4 MiB, and then grows by 64 MiB: memory that has not been written to costs nothing,
 * but outgrown blocks stay until they are collected.
 */
const LARGE_BLOCK_BYTES = 4 * 1_024 * 1_024;
const LARGE_STEP_BYTES = 64 * 1_024 * 1_024;

/**
 * Packets kept in one growing block of memory, so that hours of audio cost hardly more than their bytes. The block has
 * room before the packets for the head of a file, which is written last: so the file needs no second block.
 */
export class PacketBuffer {
	private block: Uint8Array = new Uint8Array(FIRST_BLOCK_BYTES);

	/** Start of the first packet in the block. */
	private start = FIRST_BLOCK_BYTES * HEAD_ROOM;

	private sizeTable = new Uint16Array(1_024);

	private byteCount = 0;

	private packetCount = 0;

	/** Number of packets. */
	get count(): number {
		return this.packetCount;
	}

	/** All packets, concatenated; a view that is valid until the next `append`. */
	get data(): Uint8Array {
		return this.block.subarray(this.start, this.start + this.byteCount);
	}

	/** Size of each packet in bytes; a view that is valid until the next `append`. */
	get sizes(): Uint16Array {
		return this.sizeTable.subarray(0, this.packetCount);
	}

	/** Copies a packet of at most `LARGEST_KEPT_PACKET` to the end. */
	append(packet: Uint8Array): void {
		const end = this.start + this.byteCount + packet.length;
		if (end > this.block.length) this.grow(end);
		if (this.packetCount === this.sizeTable.length) {
			const larger = new Uint16Array(this.sizeTable.length * 2);
			larger.set(this.sizeTable);
			this.sizeTable = larger;
		}
		this.block.set(packet, this.start + this.byteCount);
		this.byteCount += packet.length;
		this.sizeTable[this.packetCount++] = packet.length;
	}

	/** Drops all packets from the given number on. */
	truncate(count: number): void {
		while (this.packetCount > count) this.byteCount -= this.sizeTable[--this.packetCount];
	}

	/**
	 * Writes the head of a file before the packets.
	 *
	 * @returns head and packets in one; a view that is valid until the next `append` or `withHead`
	 */
	withHead(head: Uint8Array): Uint8Array {
		if (head.length > this.start) this.move(new Uint8Array(head.length + this.byteCount), head.length);
		const fileStart = this.start - head.length;
		this.block.set(head, fileStart);
		return this.block.subarray(fileStart, this.start + this.byteCount);
	}

	/** @param needed minimum size of the block in bytes, including its room for a head */
	private grow(needed: number): void {
		const { length } = this.block;
		const larger = length < LARGE_BLOCK_BYTES ? length * 2 : length + LARGE_STEP_BYTES;
		const size = Math.max(larger, needed + LARGEST_KEPT_PACKET);
		this.move(new Uint8Array(size), Math.floor(size * HEAD_ROOM));
	}

	private move(block: Uint8Array, start: number): void {
		block.set(this.data, start);
		this.block = block;
		this.start = start;
	}
}
