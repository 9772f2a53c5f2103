import type { BitReader } from '../../bits/bitReader';
import { peekBits } from '../../bits/bitReader';
import type { HuffmanCodes } from './huffmanTables';
import { SCALEFACTOR_CODES, SPECTRUM_CODES } from './huffmanTables';

/** Bits looked up at once; longer codes take a second look-up. */
const PRIMARY_BITS = 8;

/** Low bits of a table entry that hold the length of the code; the symbol stands above them. */
export const LENGTH_BITS = 5;

/** Whether sign bits follow the codes of each spectrum codebook, and the largest value its codes reach. */
const UNSIGNED = [false, false, false, true, true, false, false, true, true, true, true, true];
const LARGEST_ABSOLUTE_VALUE = [0, 1, 1, 2, 2, 4, 4, 7, 7, 12, 12, 16];

/** Codebooks from this one on code two coefficients at a time, those before four. */
const FIRST_PAIR_CODEBOOK = 5;

/**
 * Bits per coefficient in a packed tuple, for dimension 4 and 2. The first coefficient stands lowest;
 * signed ones are stored with an offset of half the range.
 */
export const QUAD_BITS = 2;
export const PAIR_BITS = 5;

/** The part of every look-up table that takes the first bits of a code. */
const PRIMARY_TABLE = { place: 0, width: PRIMARY_BITS };

/** Offset added to the signed coefficients of a packed tuple. */
export const SIGNED_QUAD_OFFSET = 1;
export const SIGNED_PAIR_OFFSET = 4;

/**
 * A look-up table for each spectrum codebook at its number 1 to 11; the symbols are packed tuples. Place 0 is a
 * stand-in that is never read.
 */
export const SPECTRUM_LOOKUPS: readonly Int32Array[] = SPECTRUM_CODES.map((codes, number) =>
	buildLookup(codes, tuplePacker(number)),
);

const scalefactorLookup = buildLookup(SCALEFACTOR_CODES, (index) => index);

/** Index of the scalefactor code for "no difference". */
const SCALEFACTOR_CENTRE = 60;

/**
 * Reads a difference of scalefactors, noise energies or intensity positions, −60 … 60.
 *
 * @throws {VoiceNoteError} `corrupt` where the packet ends before.
 */
export function readScalefactorDifference(reader: BitReader): number {
	const entry = lookUp(scalefactorLookup, peekBits(reader.bytes, reader.position));
	reader.skip(entry & ((1 << LENGTH_BITS) - 1));
	return (entry >> LENGTH_BITS) - SCALEFACTOR_CENTRE;
}

/** Finds the entry for the code at the top of `word`, which needs as many valid bits as the longest code. */
export function lookUp(table: Int32Array, word: number): number {
	const entry = table[word >>> (32 - PRIMARY_BITS)];
	if (entry >= 0) return entry;
	const link = -entry;
	const bits = link & ((1 << LENGTH_BITS) - 1);
	return table[(link >> LENGTH_BITS) + ((word << PRIMARY_BITS) >>> (32 - bits))];
}

/** A code word: its bits, their number, and what it stands for. */
export interface CodeWord {
	code: number;
	length: number;
	/** Not negative. */
	symbol: number;
}

/** A canonical codebook as a table for `lookUp`. */
export function buildLookup(codes: HuffmanCodes, symbolOf: (index: number) => number): Int32Array {
	const words: CodeWord[] = [];
	let code = 0;
	let previousLength = 0;
	for (const [lengthText, indices] of Object.entries(codes)) {
		const length = Number(lengthText);
		code <<= length - previousLength;
		previousLength = length;
		for (const index of indices) words.push({ code: code++, length, symbol: symbolOf(index) });
	}
	return tabulate(words);
}

/**
 * Turns a codebook into a table for `lookUp`: first 2^PRIMARY_BITS entries for the first bits of
 * the code, then one sub-table for each prefix of longer codes. An entry is symbol and length, or,
 * negated, place and width in bits of a sub-table.
 *
 * @param entries All words of the code, in ascending order of their lengths.
 */
export function tabulate(entries: readonly CodeWord[]): Int32Array {
	// Lengths ascend, so the last width set for a prefix is that of its longest code.
	const subTables = new Map<number, { place: number; width: number }>();
	for (const entry of entries) {
		const width = entry.length - PRIMARY_BITS;
		if (width > 0) subTables.set(entry.code >> width, { place: 0, width });
	}
	let size = 1 << PRIMARY_BITS;
	for (const subTable of subTables.values()) {
		subTable.place = size;
		size += 1 << subTable.width;
	}

	const table = new Int32Array(size);
	for (const [prefix, { place, width }] of subTables) table[prefix] = -((place << LENGTH_BITS) | width);
	for (const entry of entries) {
		const excess = Math.max(entry.length - PRIMARY_BITS, 0);
		const { place, width } = (excess > 0 && subTables.get(entry.code >> excess)) || PRIMARY_TABLE;
		const tailBits = excess > 0 ? excess : entry.length;
		const tail = entry.code & ((1 << tailBits) - 1);
		const first = place + (tail << (width - tailBits));
		const last = place + ((tail + 1) << (width - tailBits));
		table.fill((entry.symbol << LENGTH_BITS) | entry.length, first, last);
	}
	return table;
}

/**
 * Splits a codebook index into its coefficients (ISO/IEC 14496-3, 4.6.3.3) and packs them into one number.
 */
function tuplePacker(number: number): (index: number) => number {
	const largest = LARGEST_ABSOLUTE_VALUE[number];
	const base = UNSIGNED[number] ? largest + 1 : 2 * largest + 1;
	const dimension = number < FIRST_PAIR_CODEBOOK ? 4 : 2;
	const bits = dimension === 4 ? QUAD_BITS : PAIR_BITS;
	return (index) => {
		let packed = 0;
		let rest = index;
		// The last coefficient is the lowest digit of the index, and the highest of the packed tuple.
		for (let place = dimension - 1; place >= 0; place--) {
			packed |= (rest % base) << (place * bits);
			rest = Math.floor(rest / base);
		}
		return packed;
	};
}
