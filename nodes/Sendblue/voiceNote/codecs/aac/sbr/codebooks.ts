import type { BitReader } from '../../../bits/bitReader';
import { peekBits } from '../../../bits/bitReader';
import type { CodeWord, HuffmanCodes } from '../huffman';
import { lazily } from '../../../lazily';
import { buildLookup, LENGTH_BITS, lookUp, tabulate } from '../huffman';

/**
 * The codebooks of SBR (ISO/IEC 14496-3, 4.A.6.1) and of parametric stereo (8.B.3). Values are coded as differences,
 * from the envelope before or from the band below, and the tables list the differences themselves. All but two
 * codebooks are canonical.
 */

/** Added to differences in look-up tables, whose symbols cannot be negative. */
const OFFSET = 64;

/** A codebook of differences as a look-up table. */
export type DifferenceCode = Int32Array;

/** The two codebooks of one kind of value. */
export interface DifferenceCodes {
	/** Differences from the envelope before. */
	time: DifferenceCode;
	/** Differences from the band below. */
	frequency: DifferenceCode;
}

/** All codebooks. */
export interface SbrCodes {
	/** Of envelopes, by bs_amp_res: steps of 1.5 dB, and of 3 dB. */
	level: readonly DifferenceCodes[];
	/** The same for the second channel of a coupled pair. */
	balance: readonly DifferenceCodes[];
	noise: DifferenceCodes;
	noiseBalance: DifferenceCodes;
	/** Of parametric stereo: in default steps and in fine steps. */
	levelDifference: readonly DifferenceCodes[];
	coherence: DifferenceCodes;
}

/** The codebooks, built when they are first needed: most audio does without. */
export const sbrCodes = lazily(
	(): SbrCodes => ({
		level: [
			{ time: canonical(LEVEL_TIME_1_5_DB), frequency: canonical(LEVEL_FREQUENCY_1_5_DB) },
			{ time: canonical(LEVEL_TIME_3_DB), frequency: canonical(LEVEL_FREQUENCY_3_DB) },
		],
		balance: [
			{ time: canonical(BALANCE_TIME_1_5_DB), frequency: canonical(BALANCE_FREQUENCY_1_5_DB) },
			{ time: canonical(BALANCE_TIME_3_DB), frequency: canonical(BALANCE_FREQUENCY_3_DB) },
		],
		noise: { time: canonical(NOISE_TIME), frequency: canonical(LEVEL_FREQUENCY_3_DB) },
		noiseBalance: {
			time: canonical(NOISE_BALANCE_TIME),
			frequency: canonical(BALANCE_FREQUENCY_3_DB),
		},
		levelDifference: [
			{ time: canonical(IID_TIME), frequency: canonical(IID_FREQUENCY) },
			{ time: ordered(IID_FINE_TIME), frequency: ordered(IID_FINE_FREQUENCY) },
		],
		coherence: { time: canonical(ICC_TIME), frequency: canonical(ICC_FREQUENCY) },
	}),
);

/**
 * Reads one difference.
 *
 * @throws {VoiceNoteError} `corrupt` if the payload ends before
 */
export function readDifference(reader: BitReader, code: DifferenceCode): number {
	const entry = lookUp(code, peekBits(reader.bytes, reader.position));
	reader.skip(entry & ((1 << LENGTH_BITS) - 1));
	return (entry >> LENGTH_BITS) - OFFSET;
}

function canonical(book: HuffmanCodes): DifferenceCode {
	return buildLookup(book, (difference) => difference + OFFSET);
}

/** Every sequence of bits begins with one of the words, so in ascending order each word follows from the one before. */
function ordered(book: OrderedCodes): DifferenceCode {
	const longest = Math.max(...book.map(([length]) => length));
	const words: CodeWord[] = [];
	let place = 0;
	for (const [length, difference] of book) {
		words.push({ code: place >> (longest - length), length, symbol: difference + OFFSET });
		place += 1 << (longest - length);
	}
	return tabulate(words.sort((a, b) => a.length - b.length));
}

/** Levels in steps of 1.5 dB, from the envelope before. */
export const LEVEL_TIME_1_5_DB: HuffmanCodes = {
	2: [0, -1],
	3: [1, -2],
	4: [2, -3],
	5: [3, -4],
	6: [4, -5],
	7: [5, -6],
	8: [6, -7],
	9: [7, -8],
	10: [-9, 8],
	11: [-10],
	12: [9, -11],
	13: [10, -12, -13],
	14: [11, -14, 12, -15],
	15: [-16, 13],
	16: [-19, -18, -17, 14, -24, -20, 16],
	17: [-26, -21, 15, -23],
	18: [-25, -22, -60, -59, -58, -57, -56, -55],
	19: [
		-54, -53, -52, -51, -50, -49, -48, -47, -46, -45, -44, -43, -42, -41, -40, -39, -38, -37, -36, -35, -34, -33, -32,
		-31, -30, -29, -28, -27, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39,
		40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60,
	],
};

/** Levels in steps of 1.5 dB, from the band below. */
export const LEVEL_FREQUENCY_1_5_DB: HuffmanCodes = {
	2: [0, -1],
	3: [1, -2],
	4: [-3, 2],
	5: [-4, 3],
	6: [-5, 4],
	7: [-6],
	8: [5, -7, 6],
	9: [-8, 7, -9],
	10: [8, -10],
	11: [9, -11, 10, 11],
	12: [-12, 12, -13, 13],
	13: [14, -14, -15, 15],
	14: [16, 17, -16],
	15: [-17, -18],
	16: [-19, 18, 19, -20, -21],
	17: [20, 21, -24, -23, -22, -26],
	18: [-28, 22, 23, 25, -41, -25, 26, 27, -30, -27, 24, 28, 44],
	19: [-51, -46, -44, -43, -37, -33, -31, -29, 30, 37, 42, 47, 48, -60, -59],
	20: [
		-58, -57, -56, -55, -54, -53, -52, -50, -49, -48, -47, -45, -42, -40, -39, -38, -36, -35, -34, -32, 29, 31, 32, 33,
		34, 35, 36, 38, 39, 40, 41, 43, 45, 46, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60,
	],
};

/** Levels in steps of 3 dB, from the envelope before. */
export const LEVEL_TIME_3_DB: HuffmanCodes = {
	1: [0],
	2: [-1],
	3: [1],
	4: [-2],
	5: [2],
	6: [-3],
	7: [3],
	8: [-4],
	9: [4],
	11: [-5, 5],
	12: [-6],
	13: [-7, 6],
	14: [-8, 7, -9, -10, 8],
	15: [9],
	16: [10, -13, -11, -12],
	17: [-14, 11],
	18: [12, -31, -30],
	19: [
		-29, -28, -27, -26, -25, -24, -23, -22, -21, -20, -19, -18, -17, -16, -15, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22,
		23, 24, 25, 26, 27, 28, 29, 30, 31,
	],
};

/** Levels in steps of 3 dB, and noise, from the band below. */
export const LEVEL_FREQUENCY_3_DB: HuffmanCodes = {
	1: [0],
	2: [-1],
	3: [1],
	4: [-2],
	5: [2],
	6: [-3],
	8: [3, -4],
	9: [4, -5],
	10: [5, -6],
	11: [6, -7],
	12: [7, -8],
	13: [8],
	14: [9, -9],
	15: [-10, 10, 11],
	16: [-11, -12, 12, 13],
	17: [-13, -15, 14, 15],
	18: [-14, 18, -18, -24, -19, 16, 17],
	19: [-22, -21, -16, 20, 21, 22, 25, -23, -20, 24],
	20: [-31, -30, -29, -28, -27, -26, -25, -17, 19, 23, 26, 27, 28, 29, 30, 31],
};

/** Balance in steps of 1.5 dB, from the envelope before. */
export const BALANCE_TIME_1_5_DB: HuffmanCodes = {
	1: [0],
	2: [1],
	3: [-1],
	4: [2],
	5: [-2],
	6: [3],
	7: [-3],
	8: [4],
	9: [-4],
	11: [-5, 5],
	12: [-6, 6],
	15: [7],
	16: [-7, 8, -24, -23, -22, -21, -20, -19, -18, -17, -16, -15, -14, -13, -12, -11, -10, -9, -8, 9, 10, 11, 12, 13, 14],
	17: [15, 16, 17, 18, 19, 20, 21, 22, 23, 24],
};

/** Balance in steps of 1.5 dB, from the band below. */
export const BALANCE_FREQUENCY_1_5_DB: HuffmanCodes = {
	1: [0],
	2: [-1],
	3: [1],
	4: [-2],
	5: [2],
	6: [3],
	7: [-3],
	8: [-4],
	9: [4],
	11: [-5, 5, -6],
	12: [6],
	14: [-7],
	15: [7],
	16: [8, -9],
	17: [-8],
	18: [
		-24, -23, -22, -21, -20, -19, -18, -17, -16, -15, -14, -13, -12, -11, -10, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18,
		19, 20, 21, 22,
	],
	19: [23, 24],
};

/** Balance in steps of 3 dB, from the envelope before. */
export const BALANCE_TIME_3_DB: HuffmanCodes = {
	1: [0],
	2: [1],
	3: [-1],
	4: [-2],
	5: [2],
	6: [3],
	7: [-3],
	8: [-4],
	9: [4],
	12: [-5],
	13: [-12, -11, -10, -9, -8, -7, -6, 5, 6, 7, 8, 9, 10],
	14: [11, 12],
};

/** Balance in steps of 3 dB, and of noise, from the band below. */
export const BALANCE_FREQUENCY_3_DB: HuffmanCodes = {
	1: [0],
	2: [-1],
	3: [1],
	4: [-2],
	5: [2],
	6: [3],
	7: [-3],
	8: [-4],
	9: [4],
	11: [-5],
	12: [5],
	13: [6, -12, -11, -10, -9, -8],
	14: [-7, -6, 7, 8, 9, 10, 11, 12],
};

/** Noise, from the noise before. */
export const NOISE_TIME: HuffmanCodes = {
	1: [0],
	2: [1],
	3: [-1],
	4: [-2],
	5: [2],
	6: [-3],
	8: [3, -4],
	10: [4],
	11: [-5],
	13: [
		5, 11, -31, -30, -29, -28, -27, -26, -25, -24, -23, -22, -21, -20, -19, -18, -17, -16, -15, -14, -13, -12, -11, -10,
		-9, -8, -7, -6, 6, 7, 8, 9, 10, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29,
	],
	14: [30, 31],
};

/** Balance of noise, from that before. */
export const NOISE_BALANCE_TIME: HuffmanCodes = {
	1: [0],
	2: [-1],
	3: [1],
	5: [-2],
	6: [2],
	8: [-12, -11, -10, -9, -8, -7, -6, -5, -4, -3, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
};

/** Level differences between the channels, from the envelope before. */
export const IID_TIME: HuffmanCodes = {
	1: [0],
	2: [-1],
	3: [1],
	4: [-2],
	5: [2],
	6: [-3],
	7: [3],
	8: [-4],
	9: [4],
	10: [-5],
	11: [5],
	12: [-6],
	13: [6],
	14: [7],
	15: [-7],
	17: [8, -8],
	19: [9, -14, -13, -12],
	20: [-11, -10, -9, 10, 11, 12, 13, 14],
};

/** Level differences between the channels, from the band below. */
export const IID_FREQUENCY: HuffmanCodes = {
	1: [0],
	3: [1, -1],
	4: [2, -2],
	5: [3, -3],
	6: [-4, 4, 5],
	7: [-5],
	8: [6],
	9: [-6],
	10: [-7],
	11: [7],
	13: [8, -8],
	14: [9, 10],
	15: [-9, 11],
	16: [-10],
	17: [-11, -14, -13, -12, 12],
	18: [13, 14],
};

/** Coherence of the channels, from the envelope before. */
export const ICC_TIME: HuffmanCodes = {
	1: [0],
	2: [1],
	3: [-1],
	4: [2],
	5: [-2],
	6: [3],
	7: [-3],
	8: [4],
	9: [-4],
	10: [5],
	11: [-5],
	12: [6],
	13: [-6],
	14: [-7, 7],
};

/** Coherence of the channels, from the band below. */
export const ICC_FREQUENCY: HuffmanCodes = {
	1: [0],
	2: [1],
	3: [-1],
	4: [2],
	5: [-2],
	6: [3],
	7: [-3],
	8: [4],
	9: [5],
	10: [-4],
	11: [6],
	12: [-5],
	13: [7],
	14: [-6, -7],
};

/**
 * A codebook that is not canonical: the length and the difference of each code word, in ascending order of their bits
 * from the first on. Every sequence of bits begins with one of the words, so that is enough to know them.
 */
export type OrderedCodes = ReadonlyArray<readonly [length: number, difference: number]>;

/** Level differences in fine steps, from the envelope before. */
// biome-ignore format: one row for several code words
export const IID_FINE_TIME: OrderedCodes = [
	[2, 1], [7, -4], [7, 4], [6, -3], [6, 3], [8, 5], [9, -6], [9, 6], [11, 9], [12, 11], [15, -21], [15, -20],
	[15, 18], [15, 19], [13, -13], [10, -7], [10, 7], [13, 13], [15, -19], [15, -18], [16, -26], [16, 26], [16, -28], [16, -27],
	[16, 29], [16, 30], [16, 27], [16, 28], [16, -30], [16, -29], [16, -25], [16, 25], [16, -24], [16, 24], [15, -17], [14, -15],
	[12, -10], [12, 10], [11, -8], [11, 8], [14, 15], [15, 17], [16, -23], [16, 23], [13, -12], [13, 12], [14, -14], [14, 14],
	[16, -22], [16, 22], [15, -16], [15, 16], [16, 20], [16, 21], [13, -11], [12, -9], [9, -5], [5, -2], [5, 2], [3, -1],
	[1, 0],
];

/** Level differences in fine steps, from the band below. */
// biome-ignore format: one row for several code words
export const IID_FINE_FREQUENCY: OrderedCodes = [
	[4, -2], [4, 2], [3, -1], [3, 1], [5, -3], [5, 3], [6, -4], [6, 4], [7, -5], [7, 5], [8, -6], [8, 6],
	[9, 7], [11, 10], [12, -11], [12, 11], [10, -8], [10, 8], [17, -21], [17, 21], [17, -19], [17, 19], [16, -17], [16, 17],
	[14, -14], [13, -12], [13, 12], [14, 14], [17, -18], [17, 18], [18, -26], [18, -25], [18, -28], [18, -27], [15, -15], [11, -9],
	[11, 9], [15, 15], [18, -22], [18, 22], [18, -24], [18, -23], [18, 25], [18, 26], [18, 23], [18, 24], [14, -13], [14, 13],
	[18, 29], [18, 30], [18, 27], [18, 28], [18, -30], [18, -29], [18, -20], [18, 20], [16, -16], [16, 16], [12, -10], [10, -7],
	[1, 0],
];
