/** The packets of transport streams (ISO/IEC 13818-1, 2.4.3.2). */

/** Where the packets lie in the file. */
export interface TransportLayout {
	/** Offset of the first packet's sync byte. */
	start: number;
	/** Bytes from one packet to the next: 188, or 192 where a time stamp goes before each (M2TS). */
	stride: number;
}

/** A packet; `payload` is a view into the file. */
export interface TransportPacket {
	/** Where it begins, in bytes. */
	offset: number;
	pid: number;
	/** Whether a section or PES packet begins in it. */
	startsUnit: boolean;
	scrambled: boolean;
	payload: Uint8Array;
}

const PACKET_BYTES = 188;
const SYNC_BYTE = 0x47;
const HEADER_BYTES = 4;
const STRIDES = [188, 192, 204];
/** Sync bytes that must stand where they belong for a file to be taken for a transport stream. */
const CONFIRMING_PACKETS = 4;
/** Where the first packet may begin: behind the rest of one that was cut. */
const MAX_START = 1_024;

/** How the packets of a transport stream lie in a file; undefined where it is none. */
export function transportLayout(bytes: Uint8Array): TransportLayout | undefined {
	const limit = Math.min(MAX_START, bytes.length);
	for (let start = bytes.indexOf(SYNC_BYTE); start >= 0 && start < limit; start = bytes.indexOf(SYNC_BYTE, start + 1)) {
		const stride = STRIDES.find((candidate) => isConfirmed(bytes, start, candidate));
		if (stride !== undefined) return { start, stride };
	}
	return undefined;
}

function isConfirmed(bytes: Uint8Array, start: number, stride: number): boolean {
	// A file of fewer packets holds no audio to speak of.
	if (start + (CONFIRMING_PACKETS - 1) * stride >= bytes.length) return false;
	for (let count = 1; count < CONFIRMING_PACKETS; count++) {
		if (bytes[start + count * stride] !== SYNC_BYTE) return false;
	}
	return true;
}

/** The packets in order; where one is damaged, the next sync byte is looked for. */
export function* transportPackets(bytes: Uint8Array, { start, stride }: TransportLayout): Generator<TransportPacket> {
	let position = start;
	while (position + PACKET_BYTES <= bytes.length) {
		if (bytes[position] !== SYNC_BYTE) {
			position = nextPacket(bytes, position, stride);
			continue;
		}
		const packet = readPacket(bytes, position);
		if (packet) yield packet;
		position += stride;
	}
}

function nextPacket(bytes: Uint8Array, from: number, stride: number): number {
	for (let at = bytes.indexOf(SYNC_BYTE, from); at >= 0; at = bytes.indexOf(SYNC_BYTE, at + 1)) {
		if (at + stride >= bytes.length || bytes[at + stride] === SYNC_BYTE) return at;
	}
	return bytes.length;
}

function readPacket(bytes: Uint8Array, position: number): TransportPacket | undefined {
	const control = bytes[position + 3];
	const hasAdaptation = (control & 0x20) !== 0;
	const hasPayload = (control & 0x10) !== 0;
	const isDamaged = (bytes[position + 1] & 0x80) !== 0;
	const payloadStart = position + HEADER_BYTES + (hasAdaptation ? 1 + bytes[position + HEADER_BYTES] : 0);
	const end = position + PACKET_BYTES;
	if (!hasPayload || isDamaged || payloadStart >= end) return undefined;
	return {
		offset: position,
		pid: ((bytes[position + 1] & 0x1f) << 8) | bytes[position + 2],
		startsUnit: (bytes[position + 1] & 0x40) !== 0,
		scrambled: (control & 0xc0) !== 0,
		payload: bytes.subarray(payloadStart, end),
	};
}
