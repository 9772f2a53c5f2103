import {
	createSampleReader,
	type SampleEncoding,
	type SampleFormat,
} from '../../../nodes/Sendblue/voiceNote/codecs/pcm/sampleFormat';
import { VoiceNoteError } from '../../../nodes/Sendblue/voiceNote/errors';

function format(encoding: SampleEncoding, bits: number, littleEndian = true): SampleFormat {
	return { encoding, bits, littleEndian, bytesPerSample: Math.ceil(bits / 8) };
}

function read(bytes: number[], sampleFormat: SampleFormat, channels = 1): number[][] {
	const frames = bytes.length / (sampleFormat.bytesPerSample * channels);
	return createSampleReader(sampleFormat, channels)(Uint8Array.from(bytes), 0, frames).map((samples) => [...samples]);
}

describe('integer samples', () => {
	test('8 bits, unsigned and signed', () => {
		expect(read([0x00, 0x80, 0xff, 0xc0], format('uint', 8))).toEqual([[-1, 0, 127 / 128, 0.5]]);
		expect(read([0x80, 0x00, 0x7f, 0x40], format('int', 8))).toEqual([[-1, 0, 127 / 128, 0.5]]);
	});

	test('16 bits in both byte orders', () => {
		const expected = [[-1, 32767 / 32768, 1 / 32768, -1 / 32768]];
		expect(read([0x00, 0x80, 0xff, 0x7f, 0x01, 0x00, 0xff, 0xff], format('int', 16))).toEqual(expected);
		expect(read([0x80, 0x00, 0x7f, 0xff, 0x00, 0x01, 0xff, 0xff], format('int', 16, false))).toEqual(expected);
	});

	test('24 bits in both byte orders, exact to the last bit', () => {
		const expected = [[-1, 8388607 / 8388608, 1 / 8388608, 0x123456 / 8388608]];
		const bigEndian = [0x80, 0, 0, 0x7f, 0xff, 0xff, 0, 0, 1, 0x12, 0x34, 0x56];
		const littleEndian = [0, 0, 0x80, 0xff, 0xff, 0x7f, 1, 0, 0, 0x56, 0x34, 0x12];
		expect(read(littleEndian, format('int', 24))).toEqual(expected);
		expect(read(bigEndian, format('int', 24, false))).toEqual(expected);
	});

	test('32 bits in both byte orders', () => {
		const expected = [[-1, 0.5, 2 ** -23]];
		expect(read([0, 0, 0, 0x80, 0, 0, 0, 0x40, 0, 1, 0, 0], format('int', 32))).toEqual(expected);
		expect(read([0x80, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 1, 0], format('int', 32, false))).toEqual(expected);
	});

	test('20 bits in 3 bytes are the upper ones', () => {
		const twenty: SampleFormat = { encoding: 'int', bits: 20, littleEndian: true, bytesPerSample: 3 };
		expect(read([0xf0, 0xff, 0x7f, 0x10, 0, 0], twenty)).toEqual([[524287 / 524288, 1 / 524288]]);
	});
});

describe('floating point', () => {
	function floatBytes(values: number[], bits: 32 | 64, littleEndian: boolean): number[] {
		const view = new DataView(new ArrayBuffer((values.length * bits) / 8));
		values.forEach((value, i) => {
			if (bits === 32) view.setFloat32(4 * i, value, littleEndian);
			else view.setFloat64(8 * i, value, littleEndian);
		});
		return [...new Uint8Array(view.buffer)];
	}

	test.each([
		[32, true],
		[32, false],
		[64, true],
		[64, false],
	] as const)('%i bits, little-endian %s; what is no sound is made harmless', (bits, littleEndian) => {
		const bytes = floatBytes([0.25, -1.5, NaN, Infinity, -Infinity, 1e30], bits, littleEndian);
		expect(read(bytes, format('float', bits, littleEndian))).toEqual([[0.25, -1.5, 0, 16, -16, 16]]);
	});
});

describe('G.711', () => {
	test('µ-law', () => {
		const [samples] = read([0xff, 0x7f, 0x80, 0x00, 0xfe, 0xf0], format('mulaw', 8));
		expect(samples.map((sample) => sample * 32768)).toEqual([0, -0, 32124, -32124, 8, 120]);
	});

	test('A-law', () => {
		const [samples] = read([0xd5, 0x55, 0xaa, 0x2a, 0xd4, 0x80], format('alaw', 8));
		expect(samples.map((sample) => sample * 32768)).toEqual([8, -8, 32256, -32256, 24, 5504]);
	});
});

describe('layout', () => {
	test('interleaved channels come out one by one', () => {
		expect(read([0x00, 0x80, 0xc0, 0x40], format('uint', 8), 2)).toEqual([
			[-1, 0.5],
			[0, -0.5],
		]);
	});

	test('a range within a larger file, itself a view', () => {
		const file = Uint8Array.from([9, 9, 9, 0x00, 0x40, 0x00, 0xc0]).subarray(1);
		expect([...createSampleReader(format('int', 16), 1)(file, 2, 2)[0]]).toEqual([0.5, -0.5]);
	});

	test('a range beyond the end is refused', () => {
		const reader = createSampleReader(format('int', 16), 2);
		expect(() => reader(new Uint8Array(7), 0, 2)).toThrow(VoiceNoteError);
	});

	test.each([
		['float', 16],
		['float', 24],
		['uint', 16],
		['int', 40],
		['int', 0],
	] as const)('%s of %i bits is unsupported', (encoding, bits) => {
		expect(() => createSampleReader(format(encoding, bits), 1)).toThrow(
			expect.objectContaining({ code: 'unsupported' }),
		);
	});
});
