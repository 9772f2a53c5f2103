import { splitParts } from '../../../nodes/Sendblue/voiceNote/pipeline/encodeOpus';
import { createRandom } from '../../support/random.cts';

/** The parts of the numbers 0, 1, 2 … that come in blocks of random length. */
async function partsOf(
	total: number,
	partSamples: number,
	shortest: number,
	random: () => number,
): Promise<number[][]> {
	async function* stream(): AsyncGenerator<Float32Array> {
		for (let start = 0; start < total; ) {
			const length = Math.min(total - start, Math.floor(random() * 30));
			yield Float32Array.from({ length }, (_, i) => start + i);
			start += length;
		}
	}
	const parts: number[][] = [[]];
	for await (const { samples, endsPart } of splitParts(stream(), partSamples, shortest)) {
		parts[parts.length - 1].push(...samples);
		if (endsPart) parts.push([]);
	}
	return parts;
}

test.each([
	[100, Infinity, [100]],
	[100, 100, [100]],
	[101, 100, [91, 10]],
	[110, 100, [100, 10]],
	[205, 100, [100, 95, 10]],
	[3, 1, [1, 1, 1]],
	[15, 12, [9, 6]],
	[0, 100, [0]],
])('%d samples in parts of %d', async (total, partSamples, lengths) => {
	const parts = await partsOf(total, partSamples, 10, createRandom(5));
	expect(parts.map(({ length }) => length)).toEqual(lengths);
});

test('every sample comes once and in order, no part is too long and the last not too short', async () => {
	const random = createRandom(6);
	for (let round = 0; round < 300; round++) {
		const total = 1 + Math.floor(random() * 400);
		const partSamples = 1 + Math.floor(random() * 90);
		const parts = await partsOf(total, partSamples, 20, random);
		expect(parts.flat()).toEqual(Array.from({ length: total }, (_, i) => i));
		expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(partSamples);
		const shortest = parts.length === 1 ? 1 : Math.max(1, Math.min(20, Math.floor(partSamples / 2)));
		expect(Math.min(...parts.map(({ length }) => length))).toBeGreaterThanOrEqual(shortest);
	}
});
