/** Subframes of FLAC: one channel of one block (RFC 9639, section 9.2). */
/** The coded residual of FLAC: partitions of Rice codes (RFC 9639, section 9.2.7). */
/** Linear prediction of FLAC (RFC 9639, sections 9.2.5 and 9.2.6). */
import type { BitReader } from '../../bits/bitReader';
import { corruptFrame } from './frameHeader';
import { peekWord } from '../../bits/bitReader';

/** How the samples of a subframe are coded: one of four ways. */
type SubframeCoding =
	| { kind: 'constant' }
	| { kind: 'verbatim' }
	/** Predicted by a polynomial of this order. */
	| { kind: 'fixed'; order: number }
	/** Predicted by coefficients of its own, so many of them. */
	| { kind: 'linear'; order: number };

/** Types as they are written, in six bits (section 9.2.1). */
const TYPE_CONSTANT = 0;
const TYPE_VERBATIM = 1;
const TYPE_FIXED = 8;
const MAX_FIXED_ORDER = 4;
const TYPE_LINEAR = 32;

/** Coefficients of the fixed predictors by their order (section 9.2.5). */
const FIXED_COEFFICIENTS = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]].map((row) => Float64Array.from(row));

/** A precision of coefficients that is not used (section 9.2.6). */
const FORBIDDEN_PRECISION = 16;

/**
 * Decodes a subframe.
 *
 * @param bits bits per sample of this channel; the side channel has one more than the stream
 * @param samples takes the samples; doubles, since sums of predictions leave 32 bits
 * @param frames number of samples
 * @throws {VoiceNoteError} `corrupt`
 */
export function readSubframe(reader: BitReader, bits: number, samples: Float64Array, frames: number): void {
	if (reader.readFlag()) throw corruptFrame('has a damaged channel');
	const coding = codingOf(reader.read(6));
	const wastedBits = reader.readFlag() ? reader.readUnary() + 1 : 0;
	const codedBits = bits - wastedBits;
	if (codedBits <= 0) throw corruptFrame('has a channel without bits');
	if (!coding) throw corruptFrame('has a channel of a reserved type');
	readSamples(reader, coding, codedBits, samples, frames);
	if (wastedBits === 0) return;
	const factor = 2 ** wastedBits;
	for (let i = 0; i < frames; i++) samples[i] *= factor;
}

/** The coding that a type stands for; undefined for the reserved ones. */
function codingOf(type: number): SubframeCoding | undefined {
	if (type === TYPE_CONSTANT) return { kind: 'constant' };
	if (type === TYPE_VERBATIM) return { kind: 'verbatim' };
	if (type >= TYPE_LINEAR) return { kind: 'linear', order: type - TYPE_LINEAR + 1 };
	const isFixed = type >= TYPE_FIXED && type <= TYPE_FIXED + MAX_FIXED_ORDER;
	return isFixed ? { kind: 'fixed', order: type - TYPE_FIXED } : undefined;
}

function readSamples(
	reader: BitReader,
	coding: SubframeCoding,
	bits: number,
	samples: Float64Array,
	frames: number,
): void {
	switch (coding.kind) {
		case 'constant':
			samples.fill(readWide(reader, bits), 0, frames);
			break;
		case 'verbatim':
			for (let i = 0; i < frames; i++) samples[i] = readWide(reader, bits);
			break;
		case 'fixed':
			readWarmUp(reader, coding.order, bits, samples, frames);
			readResiduals(reader, coding.order, samples, frames);
			addPredictions(FIXED_COEFFICIENTS[coding.order], 0, samples, frames);
			break;
		case 'linear':
			readLinear(reader, coding.order, bits, samples, frames);
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

/** The first samples, from which the others are predicted. */
function readWarmUp(reader: BitReader, order: number, bits: number, samples: Float64Array, frames: number): void {
	if (order > frames) throw corruptFrame('is shorter than its predictor');
	for (let i = 0; i < order; i++) samples[i] = readWide(reader, bits);
}

/** A signed number of up to 33 bits, which the difference of two channels of 32 takes. */
function readWide(reader: BitReader, bits: number): number {
	if (bits <= 32) return reader.readSigned(bits);
	const high = reader.readSigned(bits - 32);
	return high * 2 ** 32 + reader.read(32);
}

/** Bytes that the fast path of `readRices` looks at. */
const LOOKAHEAD_BYTES = 5;

/** Bits of a partition's Rice parameter by the coding method (section 9.2.7.1); other methods are reserved. */
const PARAMETER_BITS = [4, 5];

/**
 * Reads the residuals of a subframe.
 *
 * @param order the predictor's order: so many samples are there already
 * @param samples takes the residuals from `order` on
 * @throws {VoiceNoteError} `corrupt`
 */
function readResiduals(reader: BitReader, order: number, samples: Float64Array, frames: number): void {
	const method = reader.read(2);
	if (method >= PARAMETER_BITS.length) throw corruptFrame('uses a reserved coding');
	const parameterBits = PARAMETER_BITS[method];
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

/**
 * Reads Rice codes of one parameter and unfolds their signs (section 9.2.7.3), which is where the time goes: codes of
 * up to 32 bits are taken out of one look ahead.
 *
 * @param samples takes the numbers from index `from` up to `to`
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

function readRice(reader: BitReader, parameter: number): number {
	const quotient = reader.readUnary();
	// Not shifted: quotients of damaged data would leave the 32 bits.
	const folded = quotient * 2 ** parameter + reader.read(parameter);
	return folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
}

/** Longest predictor of files in FLAC's streamable subset at up to 48 kHz (section 7), which is what encoders write. */
const USUAL_ORDER = 12;

/**
 * Adds the predictions to the residuals: each sample is predicted from as many before it as there are coefficients.
 *
 * @param coefficients the nearest sample's first
 * @param shift by how many bits a prediction is moved down
 * @param samples the first samples as they are, then residuals, which become samples. Doubles hold the sums exactly.
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
 * Holds twelve coefficients and the last twelve samples in variables, which takes half the time of reading them from
 * arrays. The sample just found comes last in each sum, as the next prediction waits for it.
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
