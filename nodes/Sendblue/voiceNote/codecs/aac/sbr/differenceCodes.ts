import type { BitReader } from '../../../bits/bitReader';
import { peekBits } from '../../../bits/bitReader';
import type { CodeWord } from '../huffman';
import { buildLookup, LENGTH_BITS, lookUp, tabulate } from '../huffman';
import type { HuffmanCodes } from '../huffmanTables';
import type { OrderedCodes } from './codebooks';
import * as codebooks from './codebooks';

/** Added to differences in look-up tables, whose symbols are not negative. */
const OFFSET = 64;

/** A codebook of differences, ready to be read with. */
export type DifferenceCode = Int32Array;

/** The two codebooks of one kind of value. */
export interface DifferenceCodes {
	/** Differences to the envelope before. */
	time: DifferenceCode;
	/** Differences to the band below. */
	frequency: DifferenceCode;
}

/** All codebooks, named as in `codebooks.ts`. */
export interface SbrCodes {
	/** Of envelopes, by bs_amp_res: steps of 1.5 dB, and of 3 dB. */
	level: readonly DifferenceCodes[];
	/** The same for the second channel of a coupled pair. */
	balance: readonly DifferenceCodes[];
	noise: DifferenceCodes;
	noiseBalance: DifferenceCodes;
	/** Of parametric stereo: in default steps, and in fine ones. */
	levelDifference: readonly DifferenceCodes[];
	coherence: DifferenceCodes;
}

let codes: SbrCodes | undefined;

/** The codebooks; built once they are needed, as most audio does without. */
export function sbrCodes(): SbrCodes {
	codes ??= {
		level: [
			{ time: canonical(codebooks.LEVEL_TIME_1_5_DB), frequency: canonical(codebooks.LEVEL_FREQUENCY_1_5_DB) },
			{ time: canonical(codebooks.LEVEL_TIME_3_DB), frequency: canonical(codebooks.LEVEL_FREQUENCY_3_DB) },
		],
		balance: [
			{ time: canonical(codebooks.BALANCE_TIME_1_5_DB), frequency: canonical(codebooks.BALANCE_FREQUENCY_1_5_DB) },
			{ time: canonical(codebooks.BALANCE_TIME_3_DB), frequency: canonical(codebooks.BALANCE_FREQUENCY_3_DB) },
		],
		noise: { time: canonical(codebooks.NOISE_TIME), frequency: canonical(codebooks.LEVEL_FREQUENCY_3_DB) },
		noiseBalance: {
			time: canonical(codebooks.NOISE_BALANCE_TIME),
			frequency: canonical(codebooks.BALANCE_FREQUENCY_3_DB),
		},
		levelDifference: [
			{ time: canonical(codebooks.IID_TIME), frequency: canonical(codebooks.IID_FREQUENCY) },
			{ time: ordered(codebooks.IID_FINE_TIME), frequency: ordered(codebooks.IID_FINE_FREQUENCY) },
		],
		coherence: { time: canonical(codebooks.ICC_TIME), frequency: canonical(codebooks.ICC_FREQUENCY) },
	};
	return codes;
}

/**
 * Reads one difference.
 *
 * @throws {VoiceNoteError} `corrupt` where the payload ends before.
 */
export function readDifference(reader: BitReader, code: DifferenceCode): number {
	const entry = lookUp(code, peekBits(reader.bytes, reader.position));
	reader.skip(entry & ((1 << LENGTH_BITS) - 1));
	return (entry >> LENGTH_BITS) - OFFSET;
}

function canonical(book: HuffmanCodes): DifferenceCode {
	return buildLookup(book, (difference) => difference + OFFSET);
}

/** As the words fill all there is of bit sequences, each begins where the one before ends. */
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
