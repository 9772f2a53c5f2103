import { pageChecksum } from './oggPages';

const PAGE_HEADER_BYTES = 27;
const CHECKSUM_OFFSET = 22;
/** A packet is cut into segments of this size; a shorter one, of zero bytes if need be, ends it. */
const SEGMENT_BYTES = 255;
const MAX_SEGMENTS = 255;
const FIRST_PAGE = 0x02;
const LAST_PAGE = 0x04;

/** Any number does where a file holds one stream; a fixed one gives the same file for the same audio. */
const SERIAL_NUMBER = 1;

/** The facts of a page beside its packets. */
export interface PageFacts {
	/** Position of the last packet that ends on the page, in the codec's units. */
	granulePosition: number;
	/** Beginning of the stream. */
	first?: boolean;
	/** End of the stream. */
	last?: boolean;
}

/** Writes one logical stream page by page (RFC 3533, section 6). No packet is spread over pages. */
export class OggPageWriter {
	private bytes: Uint8Array;

	private length = 0;

	private sequence = 0;

	private segments: number[] = [];

	private packets: Uint8Array[] = [];

	/** @param packetBytes about how many bytes of packets will come */
	constructor(packetBytes: number) {
		this.bytes = new Uint8Array(packetBytes + (packetBytes >> 4) + 1_024);
	}

	/** Whether the packet fits on the current page; an empty page takes packets of up to 65,024 bytes. */
	hasRoomFor(packet: Uint8Array): boolean {
		return this.segments.length + segmentCount(packet) <= MAX_SEGMENTS;
	}

	/** Puts a packet, for which there must be room, on the current page. */
	add(packet: Uint8Array): void {
		for (let left = packet.length; left >= SEGMENT_BYTES; left -= SEGMENT_BYTES) this.segments.push(SEGMENT_BYTES);
		this.segments.push(packet.length % SEGMENT_BYTES);
		this.packets.push(packet);
	}

	/** Closes the current page. */
	endPage({ granulePosition, first = false, last = false }: PageFacts): void {
		const bodyBytes = this.segments.reduce((sum, size) => sum + size, 0);
		const start = this.length;
		const end = start + PAGE_HEADER_BYTES + this.segments.length + bodyBytes;
		this.reserve(end);

		const view = new DataView(this.bytes.buffer);
		view.setUint32(start, 0x4f67_6753); // "OggS"
		view.setUint8(start + 4, 0); // version
		view.setUint8(start + 5, (first ? FIRST_PAGE : 0) | (last ? LAST_PAGE : 0));
		view.setBigInt64(start + 6, BigInt(granulePosition), true);
		view.setUint32(start + 14, SERIAL_NUMBER, true);
		view.setUint32(start + 18, this.sequence++, true);
		view.setUint8(start + 26, this.segments.length);
		this.bytes.set(this.segments, start + PAGE_HEADER_BYTES);
		let position = start + PAGE_HEADER_BYTES + this.segments.length;
		for (const packet of this.packets) {
			this.bytes.set(packet, position);
			position += packet.length;
		}
		view.setUint32(start + CHECKSUM_OFFSET, pageChecksum(this.bytes, start, end), true);

		this.length = end;
		this.segments = [];
		this.packets = [];
	}

	/** The pages closed so far. */
	finish(): Uint8Array {
		return this.bytes.slice(0, this.length);
	}

	private reserve(size: number): void {
		if (size <= this.bytes.length) return;
		const larger = new Uint8Array(Math.max(this.bytes.length * 2, size));
		larger.set(this.bytes.subarray(0, this.length));
		this.bytes = larger;
	}
}

function segmentCount(packet: Uint8Array): number {
	return Math.floor(packet.length / SEGMENT_BYTES) + 1;
}
