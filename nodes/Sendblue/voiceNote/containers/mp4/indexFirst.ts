/** Moves the index of an MP4 file before its samples, for readers that cannot seek. */
import { fourCC } from '../../bits/fourCC';
import type { Box } from './boxes';
import { boxAt, boxesIn, boxIn } from './boxes';

const HEADER_BYTES = 8;
/** `stco` and `co64` begin with version, flags and the number of offsets. */
const TABLE_HEADER_BYTES = 8;

/**
 * The same file with its index before the samples, as a program that reads from a pipe needs it.
 *
 * @returns the bytes themselves if the index is already first, or missing
 */
export function withIndexFirst(bytes: Uint8Array): Uint8Array {
	const moov = boxIn(bytes, 0, bytes.length, 'moov');
	const mdat = boxIn(bytes, 0, bytes.length, 'mdat');
	if (!moov || !mdat || moov.truncated || moov.start < mdat.start) return bytes;
	const ftyp = boxIn(bytes, 0, bytes.length, 'ftyp');
	const insertAt = ftyp && ftyp.end <= mdat.start ? ftyp.end : 0;
	const index = bytes.slice(startOf(bytes, moov), moov.end);
	const indexStart = moov.end - index.length;
	shiftOffsets(index, index.length, insertAt, indexStart);
	const whole = new Uint8Array(bytes.length);
	whole.set(bytes.subarray(0, insertAt));
	whole.set(index, insertAt);
	whole.set(bytes.subarray(insertAt, indexStart), insertAt + index.length);
	whole.set(bytes.subarray(moov.end), moov.end);
	return whole;
}

/** The start of a box; its header has 8 bytes, or 16 if its size is large. */
function startOf(bytes: Uint8Array, { start, type }: Box): number {
	const isShort = fourCC(bytes, start - HEADER_BYTES + 4) === type;
	return isShort ? start - HEADER_BYTES : start - 2 * HEADER_BYTES;
}

/** Adds `by` to the chunk offsets in an index that point between two positions of the file. */
function shiftOffsets(index: Uint8Array, by: number, from: number, to: number): void {
	const view = new DataView(index.buffer, index.byteOffset, index.byteLength);
	const [moov] = boxesIn(index, 0, index.length);
	for (const trak of boxesIn(index, moov.start, moov.end)) {
		const stbl = trak.type === 'trak' ? boxAt(index, trak, 'mdia', 'minf', 'stbl') : undefined;
		for (const table of stbl ? boxesIn(index, stbl.start, stbl.end) : []) {
			if (table.type !== 'stco' && table.type !== 'co64') continue;
			const isLarge = table.type === 'co64';
			for (let at = table.start + TABLE_HEADER_BYTES; at + (isLarge ? 8 : 4) <= table.end; at += isLarge ? 8 : 4) {
				const offset = isLarge ? Number(view.getBigUint64(at)) : view.getUint32(at);
				if (offset < from || offset >= to) continue;
				if (isLarge) view.setBigUint64(at, BigInt(offset + by));
				else view.setUint32(at, offset + by);
			}
		}
	}
}
