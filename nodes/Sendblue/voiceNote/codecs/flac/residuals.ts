/** The coded residual of FLAC: partitions of Rice codes (RFC 9639, section 9.2.7). */
import type { BitReader } from '../../bits/bitReader';
import { peekWord } from '../../bits/bitReader';
import { corruptFrame } from './frameHeader';

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
export function readResiduals(reader: BitReader, order: number, samples: Float64Array, frames: number): void {
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
