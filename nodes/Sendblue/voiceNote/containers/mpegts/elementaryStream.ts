import type { WorkSlices } from '../../workSlices';
import { transportPackets } from './transportPackets';
import type { TransportLayout } from './transportPackets';

/** One stream out of a transport stream, in one piece. */
export interface ElementaryStream {
	bytes: Uint8Array;
	/** Whether packets of it are encrypted, which are left out. */
	scrambled: boolean;
}

/** A PES packet: start code, stream number, length; flags; then the size of further fields (2.4.3.6). */
const PES_HEADER_BYTES = 9;
const PES_FIELDS_SIZE_OFFSET = 8;

/** Puts the payload of one stream together. It is smaller than the file, which holds it with the headers. */
export async function elementaryStream(
	bytes: Uint8Array,
	layout: TransportLayout,
	pid: number,
	slices: WorkSlices,
): Promise<ElementaryStream> {
	let size = 0;
	let scrambled = false;
	for await (const part of streamParts(bytes, layout, pid, slices, () => (scrambled = true))) size += part.length;
	const whole = new Uint8Array(size);
	let position = 0;
	for await (const part of streamParts(bytes, layout, pid, slices)) {
		whole.set(part, position);
		position += part.length;
	}
	return { bytes: whole, scrambled };
}

async function* streamParts(
	bytes: Uint8Array,
	layout: TransportLayout,
	pid: number,
	slices: WorkSlices,
	onScrambled: () => void = () => undefined,
): AsyncGenerator<Uint8Array> {
	let begun = false;
	for (const packet of transportPackets(bytes, layout)) {
		if (slices.due) await slices.rest();
		if (packet.pid !== pid) continue;
		if (packet.scrambled) {
			onScrambled();
			continue;
		}
		begun = begun || packet.startsUnit;
		if (begun) yield packet.startsUnit ? withoutPesHeader(packet.payload) : packet.payload;
	}
}

function withoutPesHeader(payload: Uint8Array): Uint8Array {
	const fieldBytes = payload[PES_FIELDS_SIZE_OFFSET] ?? 0;
	return payload.subarray(Math.min(PES_HEADER_BYTES + fieldBytes, payload.length));
}
