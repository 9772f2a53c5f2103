/**
 * Subframes: one channel of one FLAC frame (RFC 9639, section 9.2).
 *
 * A subframe codes its samples in one of four ways. Two of them predict each sample from those before it and store only
 * what the prediction missed: the residual, whose small numbers take little room in Rice codes.
 */
import type { BitReader } from '../../bits/bitReader';
import { peekWord } from '../../bits/bitReader';
import { corruptFrame } from './flacHeaders';

/** The four ways to code a subframe. */
type Subframe =
	/** One value for all samples: digital silence, mostly. */
	| { kind: 'constant' }
	/** The samples verbatim: noise that no predictor helps with. */
	| { kind: 'verbatim' }
	/** Predicted by one of five fixed polynomials, which need no coefficients in the file. */
	| { kind: 'fixed'; order: number }
	/** Predicted by as many coefficients as its order says, which the encoder chose for this subframe. */
	| { kind: 'linear'; order: number };

/** Coefficients of the fixed predictors, by order (section 9.2.5). */
const FIXED_COEFFICIENTS = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]].map((row) => Float64Array.from(row));

/** Bits that state the kind of a subframe (section 9.2.1). */
const KIND_BITS = 6;

/** The coefficient precision that the format forbids (section 9.2.6). */
const FORBIDDEN_PRECISION = 16;

/**
 * Decodes a subframe.
 *
 * @param bits bits per sample of this channel; a side channel has one more than the stream
 * @param samples takes the samples; doubles, since the sums of a prediction can leave 32 bits
 * @param frames number of samples
 * @throws {VoiceNoteError} `corrupt`
 */
export function readSubframe(reader: BitReader, bits: number, samples: Float64Array, frames: number): void {
	if (reader.readFlag()) throw corruptFrame('has a damaged channel');
	const subframe = subframeOf(reader.read(KIND_BITS));
	// Low bits that are zero in every sample of the subframe are not stored.
	const wastedBits = reader.readFlag() ? reader.readUnary() + 1 : 0;
	const codedBits = bits - wastedBits;
	if (codedBits <= 0) throw corruptFrame('has a channel without bits');
	if (!subframe) throw corruptFrame('has a channel of a reserved type');
	readSamples(reader, subframe, codedBits, samples, frames);
	if (wastedBits === 0) return;
	const factor = 2 ** wastedBits;
	for (let i = 0; i < frames; i++) samples[i] *= factor;
}

/** The kind of subframe by its code: 0, 1, 001xxx or 1xxxxx; undefined for reserved codes. */
function subframeOf(code: number): Subframe | undefined {
	if (code === 0b000000) return { kind: 'constant' };
	if (code === 0b000001) return { kind: 'verbatim' };
	// The order minus one, as a linear predictor has at least one coefficient.
	if ((code & 0b100000) !== 0) return { kind: 'linear', order: (code & 0b011111) + 1 };
	const order = code & 0b000111;
	const isFixed = (code & 0b111000) === 0b001000 && order < FIXED_COEFFICIENTS.length;
	return isFixed ? { kind: 'fixed', order } : undefined;
}

function readSamples(reader: BitReader, subframe: Subframe, bits: number, samples: Float64Array, frames: number): void {
	switch (subframe.kind) {
		case 'constant':
			samples.fill(readWide(reader, bits), 0, frames);
			break;
		case 'verbatim':
			for (let i = 0; i < frames; i++) samples[i] = readWide(reader, bits);
			break;
		case 'fixed':
			readWarmUp(reader, subframe.order, bits, samples, frames);
			readResiduals(reader, subframe.order, samples, frames);
			addPredictions(FIXED_COEFFICIENTS[subframe.order], 0, samples, frames);
			break;
		case 'linear':
			readLinear(reader, subframe.order, bits, samples, frames);
	}
}

function readLinear(reader: BitReader, order: number, bits: number, samples: Float64Array, frames: number): void {
	readWarmUp(reader, order, bits, samples, frames);
	const precision = reader.read(4) + 1;
	const shift = reader.readSigned(5);
	if (precision === FORBIDDEN_PRECISION || shift < 0) throw corruptFrame('has a damaged predictor');
	const coefficients = Float64Array.from({ length: order }, () => reader.readSigned(precision));
	readResiduals(reader, order, samples, frames);
	addPredictions(coefficients, shift, samples, frames);
}

/** The warm-up: a predictor of order n needs n samples before it can predict, so the first n are stored as they are. */
function readWarmUp(reader: BitReader, order: number, bits: number, samples: Float64Array, frames: number): void {
	if (order > frames) throw corruptFrame('is shorter than its predictor');
	for (let i = 0; i < order; i++) samples[i] = readWide(reader, bits);
}

/** A signed number of up to 33 bits: what the difference of two 32-bit channels needs. */
function readWide(reader: BitReader, bits: number): number {
	if (bits <= 32) return reader.readSigned(bits);
	const high = reader.readSigned(bits - 32);
	return high * 2 ** 32 + reader.read(32);
}

/** Bits of a partition's Rice parameter, by coding method (section 9.2.7.1); the other methods are reserved. */
const PARAMETER_BITS = [4, 5];

/**
 * Reads the residual of a subframe (section 9.2.7). It comes in partitions of equal length, the first of which is
 * shorter by the warm-up; each has its own Rice parameter, as the loudness of a residual changes over time.
 *
 * @param order the predictor's order: this many samples were read already
 * @param samples takes the residual from `order` on
 * @throws {VoiceNoteError} `corrupt`
 */
function readResiduals(reader: BitReader, order: number, samples: Float64Array, frames: number): void {
	const method = reader.read(2);
	if (method >= PARAMETER_BITS.length) throw corruptFrame('uses a reserved coding');
	const parameterBits = PARAMETER_BITS[method];
	// The highest parameter means that the numbers of this partition are stored verbatim.
	const escape = 2 ** parameterBits - 1;
	const partitions = 2 ** reader.read(4);
	const partitionFrames = frames / partitions;
	if (!Number.isInteger(partitionFrames) || partitionFrames < order) throw corruptFrame('has damaged partitions');
	let i = order;
	for (let partition = 1; partition <= partitions; partition++) {
		const end = partition * partitionFrames;
		const parameter = reader.read(parameterBits);
		if (parameter < escape) {
			readRices(reader, parameter, samples, i, end);
			i = end;
			continue;
		}
		const rawBits = reader.read(5);
		while (i < end) samples[i++] = reader.readSigned(rawBits);
	}
}

/** Bytes that the fast path of `readRices` reads at once: 32 bits from any bit on. */
const LOOKAHEAD_BYTES = 5;

/**
 * Reads Rice codes with the same parameter (section 9.2.7.3). This is the decoder's hottest loop, so codes of up to 32
 * bits are taken from a single 32-bit word.
 *
 * A Rice code is a quotient in unary, ended by a one, and a remainder of `parameter` bits. The number they make is
 * unsigned: 0, 1, 2, 3, 4 … stand for 0, −1, 1, −2, 2 …
 *
 * @param samples takes the numbers from index `from` up to, not including, `to`
 */
function readRices(reader: BitReader, parameter: number, samples: Float64Array, from: number, to: number): void {
	const { bytes } = reader;
	const lastFast = bytes.length - LOOKAHEAD_BYTES;
	let { position } = reader;
	for (let i = from; i < to; i++) {
		if (position >>> 3 <= lastFast) {
			const word = peekWord(bytes, position);
			const quotient = Math.clz32(word);
			const bits = quotient + 1 + parameter;
			if (bits <= 32) {
				const remainder = parameter === 0 ? 0 : (word << (quotient + 1)) >>> (32 - parameter);
				const folded = (quotient << parameter) | remainder;
				samples[i] = (folded >>> 1) ^ -(folded & 1);
				position += bits;
				continue;
			}
		}
		reader.position = position;
		samples[i] = readRice(reader, parameter);
		position = reader.position;
	}
	reader.position = position;
}

/** The slow path: a code that is longer than 32 bits or close to the end of the bytes. */
function readRice(reader: BitReader, parameter: number): number {
	const quotient = reader.readUnary();
	// Multiplied, not shifted: the quotients of damaged data can leave 32 bits.
	const folded = quotient * 2 ** parameter + reader.read(parameter);
	return folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
}

/**
 * The longest predictor of FLAC's streamable subset at up to 48 kHz (section 7), which encoders stay within by default.
 */
const USUAL_ORDER = 12;

/**
 * Adds its prediction to each residual (sections 9.2.5 and 9.2.6). A sample is predicted from as many samples before it
 * as there are coefficients.
 *
 * @param coefficients that of the nearest sample first
 * @param shift how many bits to the right a prediction is shifted; coefficients are fixed-point numbers
 * @param samples warm-up samples, then residuals, which become samples. Doubles hold the sums exactly.
 * @param frames number of samples
 */
function addPredictions(coefficients: Float64Array, shift: number, samples: Float64Array, frames: number): void {
	const order = coefficients.length;
	if (order === 0) return;
	const scale = 2 ** -shift;
	if (order > USUAL_ORDER) {
		addLongPredictions(coefficients, scale, samples, frames);
		return;
	}
	const padded = new Float64Array(USUAL_ORDER);
	padded.set(coefficients);
	addUsualPredictions(padded, order, scale, samples, frames);
}

/**
 * Keeps twelve coefficients and the last twelve samples in variables, which takes half the time of reading them from
 * arrays. The newest sample comes last in each sum, since the next prediction has to wait for it.
 */
function addUsualPredictions(
	[c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12]: Float64Array,
	order: number,
	scale: number,
	samples: Float64Array,
	frames: number,
): void {
	const before = (distance: number) => (distance <= order ? samples[order - distance] : 0);
	let [s1, s2, s3, s4, s5, s6] = [1, 2, 3, 4, 5, 6].map(before);
	let [s7, s8, s9, s10, s11, s12] = [7, 8, 9, 10, 11, 12].map(before);
	for (let i = order; i < frames; i++) {
		const far = c12 * s12 + c11 * s11 + (c10 * s10 + c9 * s9);
		const middle = c8 * s8 + c7 * s7 + (c6 * s6 + c5 * s5);
		const sample = samples[i] + Math.floor((far + middle + (c4 * s4 + c3 * s3 + c2 * s2) + c1 * s1) * scale);
		samples[i] = sample;
		s12 = s11;
		s11 = s10;
		s10 = s9;
		s9 = s8;
		s8 = s7;
		s7 = s6;
		s6 = s5;
		s5 = s4;
		s4 = s3;
		s3 = s2;
		s2 = s1;
		s1 = sample;
	}
}

function addLongPredictions(coefficients: Float64Array, scale: number, samples: Float64Array, frames: number): void {
	const order = coefficients.length;
	for (let i = order; i < frames; i++) {
		let sum = 0;
		for (let tap = 0; tap < order; tap++) sum += coefficients[tap] * samples[i - 1 - tap];
		samples[i] += Math.floor(sum * scale);
	}
}
