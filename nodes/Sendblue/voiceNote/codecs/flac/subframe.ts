/** Subframes of FLAC: one channel of one block (RFC 9639, section 9.2). */
import { VoiceNoteError } from '../../errors';
import type { FlacBitReader } from './bitReader';
import { addPredictions } from './prediction';

const TYPE_CONSTANT = 0;
const TYPE_VERBATIM = 1;
const TYPE_FIXED = 8;
const MAX_FIXED_ORDER = 4;
const TYPE_LINEAR = 32;

/** Coefficients of the fixed predictors by their order (section 9.2.5). */
const FIXED_COEFFICIENTS = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]].map((row) => Float64Array.from(row));

/**
 * Decodes a subframe.
 *
 * @param bits bits per sample of this channel; the side channel has one more than the stream
 * @param samples takes the samples; doubles, since sums of predictions leave 32 bits
 * @param frames number of samples
 * @throws {VoiceNoteError} `corrupt`
 */
export function readSubframe(reader: FlacBitReader, bits: number, samples: Float64Array, frames: number): void {
	if (reader.read(1) !== 0) throw corrupt('has a damaged channel');
	const type = reader.read(6);
	const wastedBits = reader.read(1) === 1 ? reader.readUnary() + 1 : 0;
	const codedBits = bits - wastedBits;
	if (codedBits <= 0) throw corrupt('has a channel without bits');
	readSamples(reader, type, codedBits, samples, frames);
	if (wastedBits === 0) return;
	const factor = 2 ** wastedBits;
	for (let i = 0; i < frames; i++) samples[i] *= factor;
}

function readSamples(reader: FlacBitReader, type: number, bits: number, samples: Float64Array, frames: number): void {
	if (type === TYPE_CONSTANT) {
		samples.fill(reader.readSigned(bits), 0, frames);
	} else if (type === TYPE_VERBATIM) {
		for (let i = 0; i < frames; i++) samples[i] = reader.readSigned(bits);
	} else if (type >= TYPE_FIXED && type <= TYPE_FIXED + MAX_FIXED_ORDER) {
		const order = type - TYPE_FIXED;
		readWarmUp(reader, order, bits, samples, frames);
		readResiduals(reader, order, samples, frames);
		addPredictions(FIXED_COEFFICIENTS[order], 0, samples, frames);
	} else if (type >= TYPE_LINEAR) {
		readLinear(reader, type - TYPE_LINEAR + 1, bits, samples, frames);
	} else {
		throw corrupt('has a channel of a reserved type');
	}
}

function readLinear(reader: FlacBitReader, order: number, bits: number, samples: Float64Array, frames: number): void {
	readWarmUp(reader, order, bits, samples, frames);
	const precision = reader.read(4) + 1;
	const shift = reader.readSigned(5);
	if (precision === 16 || shift < 0) throw corrupt('has a damaged predictor');
	const coefficients = Float64Array.from({ length: order }, () => reader.readSigned(precision));
	readResiduals(reader, order, samples, frames);
	addPredictions(coefficients, shift, samples, frames);
}

function readWarmUp(reader: FlacBitReader, order: number, bits: number, samples: Float64Array, frames: number): void {
	if (order > frames) throw corrupt('is shorter than its predictor');
	for (let i = 0; i < order; i++) samples[i] = reader.readSigned(bits);
}

/** The coded residual (section 9.2.7), which is left in `samples` from `order` on. */
function readResiduals(reader: FlacBitReader, order: number, samples: Float64Array, frames: number): void {
	const method = reader.read(2);
	if (method > 1) throw corrupt('uses a reserved coding');
	const parameterBits = method === 0 ? 4 : 5;
	const escape = 2 ** parameterBits - 1;
	const partitions = 2 ** reader.read(4);
	const partitionFrames = frames / partitions;
	if (!Number.isInteger(partitionFrames) || partitionFrames < order) throw corrupt('has damaged partitions');
	let i = order;
	for (let partition = 1; partition <= partitions; partition++) {
		const end = partition * partitionFrames;
		const parameter = reader.read(parameterBits);
		if (parameter < escape) {
			reader.readRices(parameter, samples, i, end);
			i = end;
			continue;
		}
		const rawBits = reader.read(5);
		while (i < end) samples[i++] = reader.readSigned(rawBits);
	}
}

function corrupt(what: string): VoiceNoteError {
	return new VoiceNoteError('corrupt', `A frame of FLAC audio ${what}`);
}
