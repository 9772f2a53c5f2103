import { BitReader } from '../../../nodes/Sendblue/voiceNote/bits/bitReader';
import { frameEndsEarly } from '../../../nodes/Sendblue/voiceNote/codecs/aac/audioSpecificConfig';
import { createChannelStream, readSpectralData } from '../../../nodes/Sendblue/voiceNote/codecs/aac/channelStream';
import {
	readScalefactorDifference,
	SCALEFACTOR_CODES,
	SPECTRUM_CODES,
} from '../../../nodes/Sendblue/voiceNote/codecs/aac/huffman';
import type { HuffmanCodes } from '../../../nodes/Sendblue/voiceNote/codecs/aac/huffman';
import { scalefactorBands } from '../../../nodes/Sendblue/voiceNote/codecs/aac/icsInfo';

import { BitWriter } from '../../support/bits.cts';
import { LARGEST_VALUE, writeSpectrum } from '../../support/aac/frameWriter.cts';

/** Number of indices in each spectrum codebook. */
const SIZES = [0, 81, 81, 81, 81, 81, 81, 64, 64, 169, 169, 289];

function indicesOf(codes: HuffmanCodes): number[] {
	return Object.values(codes).flat();
}

/** All tuples a codebook codes without escapes. */
function tuplesOf(codebook: number): number[][] {
	const largest = LARGEST_VALUE[codebook] - (codebook === 11 ? 1 : 0);
	const values = Array.from({ length: 2 * largest + 1 }, (_, i) => i - largest);
	const pairs = values.flatMap((first) => values.map((second) => [first, second]));
	if (codebook > 4) return pairs;
	return pairs.flatMap((first) => pairs.map((second) => [...first, ...second]));
}

/** Decodes as many coefficients as `values` has, in runs of one band of a long window. */
function roundTrip(codebook: number, values: number[]): number[] {
	const bands = scalefactorBands(44100, 1024);
	const stream = createChannelStream(bands, 1024);
	const reader = new BitReader(frameEndsEarly);
	const decoded: number[] = [];
	const sfb = 49;
	const all = [...values];
	while (all.length > 0) {
		const run = all.splice(0, 1024);
		const writer = new BitWriter();
		writeSpectrum(writer, codebook, [...run, ...Array<number>(1024 - run.length).fill(0)]);
		reader.load(writer.toBytes());
		stream.info.maxSfb = sfb;
		stream.codebooks.fill(codebook);
		readSpectralData(reader, stream);
		expect(reader.position).toBe(writer.length);
		decoded.push(...stream.quantized.subarray(0, run.length));
	}
	return decoded;
}

describe('Huffman codebooks', () => {
	test.each([SCALEFACTOR_CODES, ...SPECTRUM_CODES.slice(1)].map((codes, number) => ({ number, codes })))(
		'codebook $number is a complete prefix code of distinct indices',
		({ number, codes }) => {
			const size = number === 0 ? 121 : SIZES[number];
			expect(indicesOf(codes).sort((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, i) => i));
			const kraft = Object.entries(codes).reduce((sum, [bits, list]) => sum + list.length / 2 ** Number(bits), 0);
			expect(kraft).toBe(1);
		},
	);

	test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])('every tuple of spectrum codebook %i is read back', (codebook) => {
		const values = tuplesOf(codebook).flat();
		expect(roundTrip(codebook, values)).toEqual(values);
	});

	test('escaped coefficients are read back up to 8191', () => {
		const magnitudes = [16, 17, 31, 32, 63, 64, 1000, 4095, 4096, 8190, 8191];
		const values = magnitudes.flatMap((magnitude) => [magnitude, -magnitude, 3, -magnitude, magnitude, 0]);
		expect(roundTrip(11, values)).toEqual(values);
	});

	test('an escape beyond 8191 is refused', () => {
		const writer = new BitWriter();
		writeSpectrum(writer, 11, [16384, 0]);
		const reader = new BitReader(frameEndsEarly);
		reader.load(new Uint8Array([...writer.toBytes(), ...new Uint8Array(400)]));
		const stream = createChannelStream(scalefactorBands(44100, 1024), 1024);
		stream.info.maxSfb = 49;
		stream.codebooks.fill(11);
		expect(() => readSpectralData(reader, stream)).toThrow('an escaped coefficient is too large');
	});

	test('every difference of scalefactors is read back', () => {
		const words = new BitWriter();
		let code = 0;
		let previous = 0;
		const expected: number[] = [];
		for (const [bitsText, indices] of Object.entries(SCALEFACTOR_CODES)) {
			const bits = Number(bitsText);
			code *= 2 ** (bits - previous);
			previous = bits;
			for (const index of indices) {
				words.write(code++, bits);
				expected.push(index - 60);
			}
		}
		const reader = new BitReader(frameEndsEarly);
		reader.load(words.toBytes());
		expect(expected.map(() => readScalefactorDifference(reader))).toEqual(expected);
	});
});
