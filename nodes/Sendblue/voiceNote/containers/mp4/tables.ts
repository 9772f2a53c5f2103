/** The tables of a track's boxes: a number of entries, then entries of one size. */
import type { Box } from './boxes';
import { contentsOf, FULL_BOX_BYTES } from './boxes';

/** A table of entries of 32-bit numbers (or one of 64). */
export interface BoxTable {
	/** Entries that are really there, whatever the count says. */
	readonly length: number;
	/** A 32-bit number of an entry. */
	get(entry: number, field?: number): number;
	/** An entry of 64 bits. */
	getLarge(entry: number): number;
}

const COUNT_BYTES = 4;
const EMPTY: BoxTable = { length: 0, get: () => 0, getLarge: () => 0 };

/**
 * A table as `stts`, `stsc`, `stco`, `co64` and `stsz` hold it (ISO/IEC 14496-12, 8.6 and 8.7).
 *
 * @param entryBytes size of an entry
 * @param countOffset where the number of entries stands, from the box's contents on
 */
export function boxTable(
	bytes: Uint8Array,
	box: Box | undefined,
	entryBytes: number,
	countOffset = FULL_BOX_BYTES,
): BoxTable {
	const start = countOffset + COUNT_BYTES;
	if (!box || box.end - box.start < start) return EMPTY;
	const view = contentsOf(bytes, box);
	// Bounded by the box: a count that lies cannot make us read beyond it.
	const length = Math.min(view.getUint32(countOffset), Math.floor((view.byteLength - start) / entryBytes));
	return {
		length,
		get: (entry, field = 0) => view.getUint32(start + entry * entryBytes + 4 * field),
		getLarge: (entry) => Number(view.getBigUint64(start + entry * entryBytes)),
	};
}
