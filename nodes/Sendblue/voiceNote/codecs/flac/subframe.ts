/** Subframes of FLAC: one channel of one block (RFC 9639, section 9.2). */
import type { BitReader } from '../../bits/bitReader';
import { corruptFrame } from './frameHeader';
import { addPredictions } from './prediction';
import { readResiduals } from './residuals';

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
