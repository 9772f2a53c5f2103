import type { BitReader } from '../../bits/bitReader';
import { peekBits } from '../../bits/bitReader';
import { corruptAac } from './aacErrors';
import type { ChannelStream } from './channelStream';
import {
	LENGTH_BITS,
	lookUp,
	PAIR_BITS,
	QUAD_BITS,
	SIGNED_PAIR_OFFSET,
	SIGNED_QUAD_OFFSET,
	SPECTRUM_LOOKUPS,
} from './huffman';
import { ESCAPE_CODEBOOK, ZERO_CODEBOOK } from './huffmanTables';

const LENGTH_MASK = (1 << LENGTH_BITS) - 1;
const QUAD_MASK = (1 << QUAD_BITS) - 1;
const PAIR_MASK = (1 << PAIR_BITS) - 1;

/** A value of this size in the escape codebook is followed by an escape sequence. */
const ESCAPE_VALUE = 16;
/** The longest prefix of an escape sequence; it stands for values up to 8191 (ISO/IEC 14496-3, 4.6.3.3). */
const MAX_ESCAPE_PREFIX = 8;

/**
 * Decodes a run of coefficients with one codebook.
 *
 * @returns The position in bits behind the run.
 */
type RunDecoder = (
	bytes: Uint8Array,
	position: number,
	end: number,
	lookup: Int32Array,
	out: Int16Array,
	from: number,
	to: number,
) => number;

/**
 * Reads spectral_data() (ISO/IEC 14496-3, Table 4.56) into the quantised coefficients.
 *
 * @throws {VoiceNoteError} `corrupt` where the packet ends before, or an escape is too large.
 */
export function readSpectralData(reader: BitReader, { info, codebooks, quantized }: ChannelStream): void {
	const { offsets } = info.bands;
	let position = reader.position;
	let groupStart = 0;
	let band = 0;
	for (let group = 0; group < info.groups; group++) {
		const windows = info.groupLengths[group];
		let sfb = 0;
		while (sfb < info.maxSfb) {
			const codebook = codebooks[band];
			const firstSfb = sfb;
			while (sfb < info.maxSfb && codebooks[band] === codebook) {
				sfb++;
				band++;
			}
			if (codebook === ZERO_CODEBOOK || codebook > ESCAPE_CODEBOOK) continue;
			const from = groupStart + offsets[firstSfb] * windows;
			const to = groupStart + offsets[sfb] * windows;
			const lookup = SPECTRUM_LOOKUPS[codebook];
			position = RUN_DECODERS[codebook](reader.bytes, position, reader.end, lookup, quantized, from, to);
		}
		groupStart += offsets[info.bands.count] * windows;
	}
	reader.position = position;
}

const decodeSignedQuads: RunDecoder = (bytes, start, end, lookup, out, from, to) => {
	let position = start;
	for (let i = from; i < to; i += 4) {
		const entry = lookUp(lookup, peekBits(bytes, position));
		position += entry & LENGTH_MASK;
		if (position > end) throw spectrumTooLong();
		const packed = entry >> LENGTH_BITS;
		out[i] = (packed & QUAD_MASK) - SIGNED_QUAD_OFFSET;
		out[i + 1] = ((packed >> QUAD_BITS) & QUAD_MASK) - SIGNED_QUAD_OFFSET;
		out[i + 2] = ((packed >> (2 * QUAD_BITS)) & QUAD_MASK) - SIGNED_QUAD_OFFSET;
		out[i + 3] = (packed >> (3 * QUAD_BITS)) - SIGNED_QUAD_OFFSET;
	}
	return position;
};

const decodeUnsignedQuads: RunDecoder = (bytes, start, end, lookup, out, from, to) => {
	let position = start;
	for (let i = from; i < to; i += 4) {
		const word = peekBits(bytes, position);
		const entry = lookUp(lookup, word);
		const length = entry & LENGTH_MASK;
		const packed = entry >> LENGTH_BITS;
		// One sign bit follows for each coefficient that is not zero: `signs` has the next one on top.
		let signs = word << length;
		let signCount = 0;
		for (let k = 0; k < 4; k++) {
			const magnitude = (packed >> (k * QUAD_BITS)) & QUAD_MASK;
			const sign = signs >> 31;
			out[i + k] = (magnitude ^ sign) - sign;
			const signed = -magnitude >>> 31;
			signs <<= signed;
			signCount += signed;
		}
		position += length + signCount;
		if (position > end) throw spectrumTooLong();
	}
	return position;
};

const decodeSignedPairs: RunDecoder = (bytes, start, end, lookup, out, from, to) => {
	let position = start;
	for (let i = from; i < to; i += 2) {
		const entry = lookUp(lookup, peekBits(bytes, position));
		position += entry & LENGTH_MASK;
		if (position > end) throw spectrumTooLong();
		const packed = entry >> LENGTH_BITS;
		out[i] = (packed & PAIR_MASK) - SIGNED_PAIR_OFFSET;
		out[i + 1] = (packed >> PAIR_BITS) - SIGNED_PAIR_OFFSET;
	}
	return position;
};

const decodeUnsignedPairs: RunDecoder = (bytes, start, end, lookup, out, from, to) => {
	let position = start;
	for (let i = from; i < to; i += 2) {
		const word = peekBits(bytes, position);
		const entry = lookUp(lookup, word);
		const length = entry & LENGTH_MASK;
		const packed = entry >> LENGTH_BITS;
		const first = packed & PAIR_MASK;
		const second = packed >> PAIR_BITS;
		const firstSigned = -first >>> 31;
		const firstSign = (word << length) >> 31;
		const secondSign = (word << (length + firstSigned)) >> 31;
		out[i] = (first ^ firstSign) - firstSign;
		out[i + 1] = (second ^ secondSign) - secondSign;
		position += length + firstSigned + (-second >>> 31);
		if (position > end) throw spectrumTooLong();
	}
	return position;
};

const decodeEscapedPairs: RunDecoder = (bytes, start, end, lookup, out, from, to) => {
	let position = start;
	for (let i = from; i < to; i += 2) {
		position = decodeUnsignedPairs(bytes, position, end, lookup, out, i, i + 2);
		for (let k = i; k < i + 2; k++) {
			if (Math.abs(out[k]) !== ESCAPE_VALUE) continue;
			const word = peekBits(bytes, position);
			const prefix = Math.clz32(~word);
			if (prefix > MAX_ESCAPE_PREFIX) throw corruptAac('an escaped coefficient is too large');
			const bits = prefix + 4;
			const magnitude = (1 << bits) | ((word << (prefix + 1)) >>> (32 - bits));
			out[k] = out[k] < 0 ? -magnitude : magnitude;
			position += prefix + 1 + bits;
			if (position > end) throw spectrumTooLong();
		}
	}
	return position;
};

/** The decoder for each codebook 1 to 11; place 0 is never called. */
const RUN_DECODERS: readonly RunDecoder[] = [
	decodeSignedQuads,
	decodeSignedQuads,
	decodeSignedQuads,
	decodeUnsignedQuads,
	decodeUnsignedQuads,
	decodeSignedPairs,
	decodeSignedPairs,
	decodeUnsignedPairs,
	decodeUnsignedPairs,
	decodeUnsignedPairs,
	decodeUnsignedPairs,
	decodeEscapedPairs,
];

function spectrumTooLong() {
	return corruptAac('a spectrum is longer than its frame');
}
