import type { PcmBlock, PcmSource } from '../../../nodes/Sendblue/voiceNote/audio';
import { createOpusDecoder } from '../../../nodes/Sendblue/voiceNote/codecs/opus/opusDecoder';
import { limitDuration } from '../../../nodes/Sendblue/voiceNote/conversion/limitDuration';
import { monoStream } from '../../../nodes/Sendblue/voiceNote/conversion/monoStream';
import type { MonoStream } from '../../../nodes/Sendblue/voiceNote/conversion/monoStream';
import { shapeSound } from '../../../nodes/Sendblue/voiceNote/conversion/shapeSound';
import { splitParts } from '../../../nodes/Sendblue/voiceNote/conversion/splitParts';
import { chainedSource } from '../../../nodes/Sendblue/voiceNote/pcmChain';
import { trimFrames } from '../../../nodes/Sendblue/voiceNote/pcmTrim';
import { WorkSlices } from '../../../nodes/Sendblue/voiceNote/workSlices';
import { concat, noise } from '../../support/quality/index.cts';

const RATE = 24_000;
const LENGTHS = [700, 12_000, 0, 5, 3_000, 4_096, 9_000];

function* freshBlocks(channels: number): Generator<PcmBlock> {
	for (const [index, length] of LENGTHS.entries()) {
		yield Array.from({ length: channels }, (_, channel) => noise(length / RATE, RATE, 0.4, 10 * index + channel));
	}
}

/** The same, but each block is overwritten once the next one is asked for, as a decoder may do. */
function* lentBlocks(channels: number): Generator<PcmBlock> {
	for (const block of freshBlocks(channels)) {
		yield block;
		for (const samples of block) samples.fill(NaN);
	}
}

type Blocks = typeof freshBlocks;

function sourceOf(blocks: Blocks, channels: number, sampleRate = RATE): PcmSource {
	return {
		sampleRate,
		channels,
		async *blocks() {
			yield* blocks(channels);
		},
	};
}

const mono = (source: PcmSource): MonoStream => monoStream(source, RATE, new WorkSlices());

async function collected(stream: AsyncIterable<Float32Array>): Promise<Float32Array> {
	const parts: Float32Array[] = [];
	for await (const block of stream) parts.push(block.slice());
	return concat(...parts);
}

async function* partsOf(stream: MonoStream): AsyncGenerator<Float32Array> {
	for await (const { samples } of splitParts(stream, 5_000, 1_000)) yield samples;
}

/** What is done with blocks on the way through the core, from whatever way of giving them. */
const ways: Array<[string, (blocks: Blocks) => AsyncIterable<Float32Array> | Promise<AsyncIterable<Float32Array>>]> = [
	['mono at the same rate', (blocks) => mono(sourceOf(blocks, 1))],
	['stereo from 44.1 kHz', (blocks) => mono(sourceOf(blocks, 2, 44_100))],
	['six channels from 96 kHz', (blocks) => mono(sourceOf(blocks, 6, 96_000))],
	['an awkward rate', (blocks) => mono(sourceOf(blocks, 2, 44_099))],
	['mono and stereo one after the other', (blocks) => mono(chainedSource([sourceOf(blocks, 1), sourceOf(blocks, 2)]))],
	[
		'trimmed at both ends',
		(blocks) => mono({ ...sourceOf(blocks, 2), blocks: () => trimFrames(blocks(2), { skip: 100, dropAtEnd: 9_500 }) }),
	],
	['cut', (blocks) => limitDuration(mono(sourceOf(blocks, 1)), { seconds: 0.9, onExceed: 'cut' }, RATE, () => undefined)],
	['split', (blocks) => partsOf(mono(sourceOf(blocks, 1)))],
	[
		'levelled and trimmed, with silence in front',
		(blocks) =>
			shapeSound(
				async () => mono(sourceOf(blocks, 1)),
				{ normaliseLoudness: true, trimSilence: true, leadingSilenceMs: 200 },
				RATE,
			),
	],
];

test.each(ways)('%s: nothing is read after it was taken back', async (_, way) => {
	const expected = await collected(await way(freshBlocks));
	expect(expected.length).toBeGreaterThan(5_000);
	expect(await collected(await way(lentBlocks))).toEqual(expected);
});

test('what an Opus decoder gave outlives that another one makes their memory grow', async () => {
	const one = await createOpusDecoder({ sampleRate: 24_000, channels: 1 });
	const samples = one.conceal(480);
	const others = await Promise.all(
		Array.from({ length: 40 }, async () => createOpusDecoder({ sampleRate: 48_000, channels: 2 })),
	);
	expect(samples).toHaveLength(480);
	for (const decoder of [one, ...others]) decoder.free();
});
