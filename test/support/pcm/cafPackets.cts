/** Takes the packets out of CAF files, as far as the tests of packet decoders need it. */

/** A stream of packets. */
export interface PacketStream {
	/** The codec's magic cookie. */
	cookie: Uint8Array;
	packets: Uint8Array[];
	/** Frames of audio, without the codec's priming and padding. */
	frames: number;
	primingFrames: number;
}

/** Reads a variable-length number: 7 bits per byte, all but the last with the upper bit set. */
function readVariableLength(bytes: Uint8Array, offset: number): [value: number, next: number] {
	let value = 0;
	let at = offset;
	for (;;) {
		const byte = bytes[at++];
		value = value * 128 + (byte & 0x7f);
		if ((byte & 0x80) === 0) return [value, at];
	}
}

/** Reads a CAF file with a packet table of variable sizes. */
export function readCafPackets(file: Uint8Array): PacketStream {
	const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
	const chunks = new Map<string, Uint8Array>();
	for (let at = 8; at + 12 <= file.length; ) {
		const id = Buffer.from(file.subarray(at, at + 4)).toString('latin1');
		const size = Number(view.getBigInt64(at + 4));
		const end = size < 0 ? file.length : at + 12 + size;
		chunks.set(id, file.subarray(at + 12, end));
		at = end;
	}
	const table = chunks.get('pakt') as Uint8Array;
	const data = (chunks.get('data') as Uint8Array).subarray(4);
	const tableView = new DataView(table.buffer, table.byteOffset, table.byteLength);
	const count = Number(tableView.getBigInt64(0));
	const packets: Uint8Array[] = [];
	let at = 24;
	let start = 0;
	for (let i = 0; i < count; i++) {
		const [size, next] = readVariableLength(table, at);
		packets.push(data.subarray(start, start + size));
		at = next;
		start += size;
	}
	return {
		cookie: chunks.get('kuki') as Uint8Array,
		packets,
		frames: Number(tableView.getBigInt64(8)),
		primingFrames: tableView.getInt32(16),
	};
}
