import { imaAdpcm, quickTimeIma } from '../../../nodes/Sendblue/voiceNote/codecs/adpcm/imaAdpcm';
import { msAdpcm } from '../../../nodes/Sendblue/voiceNote/codecs/adpcm/msAdpcm';
import { blockSource, framesInBlocks, type BlockCodec } from '../../../nodes/Sendblue/voiceNote/codecs/pcm/blockSource';

/** Decodes blocks one after another and gives the samples on the 16-bit scale. */
function decode(codec: BlockCodec, ...blocks: number[][]): number[][][] {
	const decoder = codec.createDecoder();
	return blocks.map((block) =>
		decoder(Uint8Array.from(block)).map((samples) => [...samples].map((sample) => sample * 32768)),
	);
}

describe('IMA ADPCM in WAVE', () => {
	// From silence the codes 15 and 7 move by −11 and +30, and zeros by an eighth of the shrinking step.
	const codes = [0x7f, 0, 0, 0];
	const samples = [0, -11, 19, 23, 26, 29, 32, 34, 36];

	test('mono', () => {
		expect(decode(imaAdpcm(8, 1), [0, 0, 0, 0, ...codes])).toEqual([[samples]]);
	});

	test('every block starts anew', () => {
		const block = [0, 0, 0, 0, ...codes];
		expect(decode(imaAdpcm(8, 1), block, block)).toEqual([[samples], [samples]]);
	});

	test('stereo takes turns of four bytes', () => {
		const headers = [0, 0, 0, 0, 0x00, 0x10, 0, 0];
		const silence = [0, 0, 0, 0];
		const [[left, right]] = decode(imaAdpcm(24, 2), [...headers, ...codes, ...silence, ...silence, ...codes]);
		expect(left.slice(0, 9)).toEqual(samples);
		expect(right.slice(0, 9)).toEqual(new Array(9).fill(4096));
		expect(right.slice(9, 11)).toEqual([4096 - 11, 4096 + 19]);
		expect(left).toHaveLength(17);
	});

	test('samples stay within 16 bits', () => {
		const [[loud]] = decode(imaAdpcm(8, 1), [0xff, 0x7f, 88, 0, 0x77, 0x77, 0xff, 0xff]);
		expect(loud.slice(0, 5)).toEqual(new Array(5).fill(32767));
		expect(loud[8]).toBe(-32768);
	});

	test('a block cut off gives what is whole', () => {
		const codec = imaAdpcm(16, 1);
		expect([0, 3, 4, 7, 8, 15, 16].map((length) => codec.framesIn(length))).toEqual([0, 0, 1, 1, 9, 17, 25]);
		expect(framesInBlocks(codec, 16 + 16 + 9)).toBe(25 + 25 + 9);
		expect(decode(codec, [0, 0, 0, 0, ...codes, 1, 2])).toEqual([[samples]]);
	});

	test('an impossible step index', () => {
		expect(() => decode(imaAdpcm(8, 1), [0, 0, 89, 0, 0, 0, 0, 0])).toThrow(
			expect.objectContaining({ code: 'corrupt' }),
		);
	});
});

describe("QuickTime's IMA ADPCM", () => {
	const packet = (header: number, firstCodes = 0) => [header >> 8, header & 0xff, firstCodes, ...new Array(31).fill(0)];

	test('a packet, and one that goes on from it', () => {
		const [[first], [second]] = decode(quickTimeIma(1), packet(0, 0x7f), packet(0));
		expect(first).toHaveLength(64);
		expect(first.slice(0, 4)).toEqual([-11, 19, 23, 26]);
		expect(first[63]).toBe(49);
		// The header has only the upper bits, 0: the running 49 agrees with them and stays.
		expect(second).toEqual(new Array(64).fill(49));
	});

	test('a header that disagrees is obeyed', () => {
		const [, [second]] = decode(quickTimeIma(1), packet(0, 0x7f), packet(0x0100));
		expect(second).toEqual(new Array(64).fill(256));
		const [, [negative]] = decode(quickTimeIma(1), packet(0, 0x7f), packet(0x8000));
		expect(negative).toEqual(new Array(64).fill(-32768));
	});

	test('channels take turns packet by packet', () => {
		const [[left, right]] = decode(quickTimeIma(2), [...packet(0x1000), ...packet(0x2000)]);
		expect(left).toEqual(new Array(64).fill(4096));
		expect(right).toEqual(new Array(64).fill(8192));
	});

	test('a packet cut off gives nothing, an impossible step index is refused', () => {
		expect(quickTimeIma(1).framesIn(33)).toBe(0);
		expect(decode(quickTimeIma(1), packet(0).slice(1))).toEqual([[[]]]);
		expect(() => decode(quickTimeIma(1), packet(89))).toThrow(expect.objectContaining({ code: 'corrupt' }));
	});
});

describe('MS ADPCM', () => {
	test('mono, with the line through the last two samples as the predictor', () => {
		// Predictor 1, delta 16, last 100, last but one 90; codes 1 and −1.
		const block = [1, 16, 0, 100, 0, 90, 0, 0x1f];
		expect(decode(msAdpcm(8, 1), block)).toEqual([[[90, 100, 126, 136]]]);
	});

	test('stereo: the left channel in the upper half of each byte', () => {
		// Predictor 2 is silence, so that a sample is its code times the delta.
		const block = [2, 2, 16, 0, 32, 0, 1, 0, 2, 0, 3, 0, 4, 0, 0x1e, 0xf2];
		expect(decode(msAdpcm(16, 2), block)).toEqual([
			[
				[3, 1, 16, -16],
				[4, 2, -64, 56],
			],
		]);
	});

	test('predictions are rounded towards zero', () => {
		// Predictor 3 weighs the last sample, −1, with three quarters.
		expect(decode(msAdpcm(8, 1), [3, 16, 0, 0xff, 0xff, 0, 0, 0])).toEqual([[[0, -1, 0, 0]]]);
	});

	test('the predictors of the header are used, unknown ones refused', () => {
		const doubling = [[512, 0]] as const;
		expect(decode(msAdpcm(8, 1, doubling), [0, 16, 0, 5, 0, 0, 0, 0])).toEqual([[[0, 5, 10, 20]]]);
		expect(() => decode(msAdpcm(8, 1), [7, 0, 0, 0, 0, 0, 0, 0])).toThrow(expect.objectContaining({ code: 'corrupt' }));
	});

	test('the step neither dies nor overflows', () => {
		const codes = new Array<number>(500).fill(0x88);
		const [[samples]] = decode(msAdpcm(507, 1), [0, 0xff, 0x7f, 0, 0, 0, 0, ...codes]);
		expect(samples.slice(2).every((sample) => sample === -32768)).toBe(true);
	});

	test('a block cut off gives what is whole', () => {
		const codec = msAdpcm(16, 2);
		expect([0, 13, 14, 15, 16].map((length) => codec.framesIn(length))).toEqual([0, 0, 2, 3, 4]);
	});
});

test('a source joins the blocks of each packet, and gives what is whole of the last', async () => {
	const shape = { channels: 1, sampleRate: 8000 };
	const packets = [new Uint8Array(100 * 34), new Uint8Array(200 * 34), new Uint8Array(100)];
	const lengths: number[] = [];
	for await (const [samples] of blockSource(() => packets, quickTimeIma(1), shape).blocks())
		lengths.push(samples.length);
	expect(lengths).toEqual([6400, 12800, 128]);
});
