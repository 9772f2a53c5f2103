import type { BitReader } from '../../bits/bitReader';
import { corruptAac } from './audioSpecificConfig';
import {
	ESCAPE_CODEBOOK,
	INTENSITY_CODEBOOK,
	INTENSITY_CODEBOOK_2,
	LENGTH_BITS,
	lookUp,
	NOISE_CODEBOOK,
	PAIR_BITS,
	QUAD_BITS,
	readScalefactorDifference,
	RESERVED_CODEBOOK,
	SIGNED_PAIR_OFFSET,
	SIGNED_QUAD_OFFSET,
	spectrumLookups,
	ZERO_CODEBOOK,
} from './huffman';
import type { IcsInfo, ScalefactorBands } from './icsInfo';
import { createIcsInfo, EIGHT_SHORT_SEQUENCE, MAX_BANDS, readIcsInfo } from './icsInfo';
import type { Tns } from './spectrum';
import { createTns, readTns } from './spectrum';
import { peekBits } from '../../bits/bitReader';

/**
 * individual_channel_stream(): what a frame has for one channel, and the spectrum that it becomes. One object serves a
 * channel for the whole stream. Bands are numbered through all groups.
 */
export interface ChannelStream {
	info: IcsInfo;
	/** Codebook of each band. */
	codebooks: Uint8Array;
	/** Scalefactor, noise energy or intensity position of each band; its codebook says which. */
	scalefactors: Int16Array;
	/** Quantized coefficients by group, band and window; in bands without any, those of an earlier frame are left. */
	quantized: Int16Array;
	tns: Tns;
	/** Coefficients by window. */
	spectrum: Float32Array;
}

/** A channel that has read nothing yet. */
export function createChannelStream(bands: ScalefactorBands, frameLength: number): ChannelStream {
	return {
		info: createIcsInfo(bands),
		codebooks: new Uint8Array(MAX_BANDS),
		scalefactors: new Int16Array(MAX_BANDS),
		quantized: new Int16Array(frameLength),
		tns: createTns(),
		spectrum: new Float32Array(frameLength),
	};
}

/** Noise energies start from global_gain minus this (ISO/IEC 14496-3, 4.6.13.3). */
const NOISE_OFFSET = 90;
/** The first noise energy of a channel in a frame is stored as a 9-bit number with an offset, not as a Huffman code. */
const NOISE_PCM_BITS = 9;
const NOISE_PCM_OFFSET = 256;

/**
 * Reads individual_channel_stream() (ISO/IEC 14496-3, Table 4.50) up to the quantized coefficients.
 *
 * @param commonWindow Whether ics_info was already read, for both channels of a pair.
 * @throws {VoiceNoteError} `corrupt`, also for tools that AAC-LC does not have
 */
export function readChannelStream(
	reader: BitReader,
	stream: ChannelStream,
	bands: ScalefactorBands,
	commonWindow: boolean,
): void {
	const globalGain = reader.read(8);
	if (!commonWindow) readIcsInfo(reader, stream.info, bands);
	readSectionData(reader, stream);
	readScalefactors(reader, stream, globalGain);

	const short = stream.info.windowSequence === EIGHT_SHORT_SEQUENCE;
	const pulses = reader.readFlag() ? readPulses(reader) : undefined;
	if (pulses && short) throw corruptAac('a frame of short windows has pulses');
	readTns(reader, stream.tns, short);
	if (reader.readFlag()) throw corruptAac('a frame uses gain control (SSR), which its profile does not have');
	readSpectralData(reader, stream);
	if (pulses) applyPulses(pulses, stream);
}

/** section_data(): runs of bands with one codebook (Table 4.52). */
function readSectionData(reader: BitReader, { info, codebooks }: ChannelStream): void {
	const lengthBits = info.windowSequence === EIGHT_SHORT_SEQUENCE ? 3 : 5;
	const escape = (1 << lengthBits) - 1;
	for (let group = 0; group < info.groups; group++) {
		const firstBand = group * info.maxSfb;
		let sfb = 0;
		while (sfb < info.maxSfb) {
			const codebook = reader.read(4);
			if (codebook === RESERVED_CODEBOOK) throw corruptAac('a section has a reserved codebook');
			let length = 0;
			let increment;
			do {
				increment = reader.read(lengthBits);
				length += increment;
			} while (increment === escape);
			if (sfb + length > info.maxSfb) throw corruptAac('a section goes past the last band');
			codebooks.fill(codebook, firstBand + sfb, firstBand + sfb + length);
			sfb += length;
		}
	}
}

/**
 * scale_factor_data(): scalefactors, intensity positions and noise energies, each as the difference from the last one
 * of its kind (Table 4.53 and 4.6.2.3.2).
 */
function readScalefactors(reader: BitReader, stream: ChannelStream, globalGain: number): void {
	const { info, codebooks, scalefactors } = stream;
	const bandCount = info.groups * info.maxSfb;
	let scalefactor = globalGain;
	let intensityPosition = 0;
	let noiseEnergy = globalGain - NOISE_OFFSET;
	let firstNoise = true;
	for (let band = 0; band < bandCount; band++) {
		switch (codebooks[band]) {
			case ZERO_CODEBOOK:
				scalefactors[band] = 0;
				break;
			case INTENSITY_CODEBOOK:
			case INTENSITY_CODEBOOK_2:
				intensityPosition += readScalefactorDifference(reader);
				scalefactors[band] = intensityPosition;
				break;
			case NOISE_CODEBOOK:
				noiseEnergy += firstNoise ? reader.read(NOISE_PCM_BITS) - NOISE_PCM_OFFSET : readScalefactorDifference(reader);
				firstNoise = false;
				scalefactors[band] = noiseEnergy;
				break;
			default:
				scalefactor += readScalefactorDifference(reader);
				if (scalefactor < 0 || scalefactor > 255) throw corruptAac('a scalefactor is out of range');
				scalefactors[band] = scalefactor;
		}
	}
}

/** pulse_data(): up to four coefficients that are much larger than their neighbors and are stored separately. */
export interface Pulses {
	/** The first offset counts from the first coefficient of this band. */
	startSfb: number;
	/** Distance of each pulse from the previous one, in coefficients. */
	offsets: number[];
	/** What each pulse adds to the magnitude of its quantized coefficient. */
	amplitudes: number[];
}

/**
 * Reads pulse_data() (ISO/IEC 14496-3, Table 4.7).
 *
 * @throws {VoiceNoteError} `corrupt` if the packet ends too early
 */
function readPulses(reader: BitReader): Pulses {
	const count = reader.read(2) + 1;
	const pulses: Pulses = { startSfb: reader.read(6), offsets: [], amplitudes: [] };
	for (let i = 0; i < count; i++) {
		pulses.offsets.push(reader.read(5));
		pulses.amplitudes.push(reader.read(4));
	}
	return pulses;
}

/**
 * Adds the pulses to the quantized coefficients of a long window (ISO/IEC 14496-3, 4.6.3.3).
 *
 * @throws {VoiceNoteError} `corrupt` if a pulse is outside the window
 */
function applyPulses(pulses: Pulses, { info, quantized }: ChannelStream): void {
	const { bands } = info;
	if (pulses.startSfb >= bands.count) throw corruptAac('a pulse is outside the window');
	let place = bands.offsets[pulses.startSfb];
	pulses.offsets.forEach((offset, i) => {
		place += offset;
		if (place >= quantized.length) throw corruptAac('a pulse is outside the window');
		quantized[place] += quantized[place] > 0 ? pulses.amplitudes[i] : -pulses.amplitudes[i];
	});
}

const LENGTH_MASK = (1 << LENGTH_BITS) - 1;
const QUAD_MASK = (1 << QUAD_BITS) - 1;
const PAIR_MASK = (1 << PAIR_BITS) - 1;

/** In the escape codebook, a value of this size is followed by an escape sequence with the actual one. */
const ESCAPE_VALUE = 16;
/** The longest prefix of an escape sequence, for values up to 8191 (ISO/IEC 14496-3, 4.6.3.3). */
const MAX_ESCAPE_PREFIX = 8;

/**
 * Decodes coefficients `from` to `to` with one codebook.
 *
 * @returns the position, in bits, after them
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
 * Reads spectral_data() (ISO/IEC 14496-3, Table 4.56) into the quantized coefficients.
 *
 * @throws {VoiceNoteError} `corrupt` if the packet ends too early, or an escape sequence is too large
 */
export function readSpectralData(reader: BitReader, { info, codebooks, quantized }: ChannelStream): void {
	const { offsets } = info.bands;
	const lookups = spectrumLookups();
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
			const lookup = lookups[codebook];
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
		// A sign bit follows for each coefficient that is not zero. `signs` has the next one at its top.
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

/** The decoder for each codebook, 1 to 11; the one for 0 is never called. */
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
