import { designLowPass, PolyphaseFilter } from '../../../nodes/Sendblue/voiceNote/dsp/polyphase';
import type { MonoStage } from '../../../nodes/Sendblue/voiceNote/dsp/stage';
import { createVectorKernel } from '../../../nodes/Sendblue/voiceNote/dsp/simd';
import { VectorPolyphaseFilter } from '../../../nodes/Sendblue/voiceNote/dsp/vectorPolyphase';
import { concat, noise, splitUnevenly } from '../../support/quality/index.cts';

/** Input rate, up factor and down factor to 24 kHz. */
const RATIOS: Array<[number, number, number]> = [
	[44_100, 80, 147],
	[48_000, 1, 2],
	[32_000, 3, 4],
	[22_050, 160, 147],
	[16_000, 3, 2],
	[8_000, 3, 1],
	[11_025, 320, 147],
	[82_500, 16, 55],
];

function through(stage: MonoStage, blocks: Float32Array[]): Float32Array {
	return concat(...blocks.map((block) => stage.push(block).slice()), stage.flush());
}

function vectorFilter(rate: number, up: number, down: number): VectorPolyphaseFilter {
	const filter = VectorPolyphaseFilter.create(up, down, designLowPass(rate, 24_000));
	if (!filter) throw new Error('This processor has no vector instructions');
	return filter;
}

describe('polyphase filter with vector instructions', () => {
	test.each(RATIOS)('gives the same as the plain one from %d Hz', (rate, up, down) => {
		const input = noise(0.3, rate, 0.5, 5);
		const plain = through(new PolyphaseFilter(up, down, designLowPass(rate, 24_000)), [input]);
		const vectors = through(vectorFilter(rate, up, down), [input]);
		const expected = Math.floor(input.length * (24_000 / rate));
		expect(Math.min(plain.length, vectors.length)).toBeGreaterThanOrEqual(expected);
		let largest = 0;
		for (let i = 0; i < expected; i++) largest = Math.max(largest, Math.abs(plain[i] - vectors[i]));
		expect(largest).toBeLessThan(2e-6);
	});

	test.each(RATIOS)('gives the same however the input is cut, from %d Hz', (rate, up, down) => {
		const input = noise(0.5, rate, 0.5, 6);
		const whole = through(vectorFilter(rate, up, down), [input]);
		expect(through(vectorFilter(rate, up, down), splitUnevenly(input))).toEqual(whole);
	});

	test('works on many at once without mixing them up', () => {
		const inputs = [noise(0.2, 44_100, 0.5, 1), noise(0.2, 44_100, 0.5, 2)];
		const alone = inputs.map((input) => through(vectorFilter(44_100, 80, 147), [input]));
		const filters = inputs.map(() => vectorFilter(44_100, 80, 147));
		const outputs = inputs.map((): Float32Array[] => []);
		const cuts = inputs.map((input) => [input.subarray(0, 3_000), input.subarray(3_000)]);
		for (const half of [0, 1]) {
			for (const which of [0, 1]) outputs[which].push(filters[which].push(cuts[which][half]).slice());
		}
		for (const which of [0, 1]) expect(concat(...outputs[which], filters[which].flush())).toEqual(alone[which]);
	});
});

describe('the inner loop', () => {
	/** One output as it is defined: two sums of four lanes, in single precision, folded in this order. */
	function expectedOutput(samples: Float32Array, taps: Float32Array): number {
		const lanes = new Float32Array(8);
		for (let i = 0; i < taps.length; i++) {
			lanes[i % 8] = Math.fround(lanes[i % 8] + Math.fround(samples[i] * taps[i]));
		}
		const [a, b, c, d] = [0, 1, 2, 3].map((lane) => Math.fround(lanes[lane] + lanes[lane + 4]));
		return Math.fround(Math.fround(a + b) + Math.fround(c + d));
	}

	test.each([8, 16, 40, 104])('adds %d products up in one order, to the bit', (tapCount) => {
		const outputs = 67;
		const starts = Int32Array.from({ length: outputs }, (_, i) => (i * 13) % 500);
		const samples = noise(1, 1_000, 0.9, tapCount);
		const taps = noise(1, outputs * tapCount, 0.7, tapCount + 1);
		const [tapsEnd, startsEnd] = [4 * taps.length, 4 * taps.length + 4 * outputs];
		const outputEnd = startsEnd + 4 * outputs;
		const kernel = createVectorKernel(outputEnd + 4 * samples.length);
		if (!kernel) throw new Error('This processor has no vector instructions');
		const { buffer } = kernel.memory;
		new Float32Array(buffer, 0, taps.length).set(taps);
		new Int32Array(buffer, tapsEnd, outputs).set(starts.map((start) => 4 * start));
		new Float32Array(buffer, outputEnd, samples.length).set(samples);
		kernel.filter(outputEnd, 0, 4 * tapCount, tapsEnd, startsEnd, outputEnd);
		const expected = Array.from(starts, (start, i) =>
			expectedOutput(samples.subarray(start, start + tapCount), taps.subarray(i * tapCount, (i + 1) * tapCount)),
		);
		expect(Array.from(new Float32Array(buffer, startsEnd, outputs))).toEqual(expected);
	});
});
