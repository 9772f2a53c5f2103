/** The largest packet that is kept; Opus frames of 20 ms have at most 1,275 bytes, the rest can only be padding. */
export const MAX_PACKET_BYTES = 65_535;

/** Packets kept in one growing block of memory, so that hours of audio cost hardly more than their bytes. */
export class PacketBuffer {
	private bytes = new Uint8Array(16_384);

	private sizeTable = new Uint16Array(1_024);

	private byteCount = 0;

	private packetCount = 0;

	/** Number of packets. */
	get count(): number {
		return this.packetCount;
	}

	/** All packets one after the other; a view that the next `append` may outdate. */
	get data(): Uint8Array {
		return this.bytes.subarray(0, this.byteCount);
	}

	/** Size of each packet in bytes; a view that the next `append` may outdate. */
	get sizes(): Uint16Array {
		return this.sizeTable.subarray(0, this.packetCount);
	}

	/** Copies a packet of at most `MAX_PACKET_BYTES` to the end. */
	append(packet: Uint8Array): void {
		if (this.byteCount + packet.length > this.bytes.length) {
			const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.byteCount + packet.length));
			larger.set(this.data);
			this.bytes = larger;
		}
		if (this.packetCount === this.sizeTable.length) {
			const larger = new Uint16Array(this.sizeTable.length * 2);
			larger.set(this.sizeTable);
			this.sizeTable = larger;
		}
		this.bytes.set(packet, this.byteCount);
		this.byteCount += packet.length;
		this.sizeTable[this.packetCount++] = packet.length;
	}

	/** Drops all packets from the given number on. */
	truncate(count: number): void {
		while (this.packetCount > count) this.byteCount -= this.sizeTable[--this.packetCount];
	}
}
