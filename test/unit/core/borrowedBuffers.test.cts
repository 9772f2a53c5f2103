import type { PcmBlock, PcmSource } from '../../../nodes/Sendblue/voiceNote/pcm/pcmSource';
import { createOpusDecoder } from '../../../nodes/Sendblue/voiceNote/codecs/opus/opusCodec';
import { limitDuration } from '../../../nodes/Sendblue/voiceNote/pipeline/limitDuration';
import { monoStream } from '../../../nodes/Sendblue/voiceNote/pipeline/monoStream';
import type { MonoStream } from '../../../nodes/Sendblue/voiceNote/pipeline/monoStream';
import { shapeSound } from '../../../nodes/Sendblue/voiceNote/pipeline/shapeSound';
import { splitParts } from '../../../nodes/Sendblue/voiceNote/pipeline/encodeOpus';
import { chainStages } from '../../../nodes/Sendblue/voiceNote/dsp/stage';
import type { MonoStage } from '../../../nodes/Sendblue/voiceNote/dsp/stage';
import { chainedSource } from '../../../nodes/Sendblue/voiceNote/pipeline/reconcile';
import { trimFrames } from '../../../nodes/Sendblue/voiceNote/pcm/trimFrames';
import { SampleMemory } from '../../../nodes/Sendblue/voiceNote/pcm/pcmSource';
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
function* borrowedBlocks(channels: number): Generator<PcmBlock> {
	for (const block of freshBlocks(channels)) {
		yield block;
		for (const samples of block) samples.fill(0.123);
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

/** Blocks of one channel, as they reach what comes behind the resampler. */
async function* streamOf(blocks: Blocks): AsyncGenerator<Float32Array> {
	for (const [samples] of blocks(1)) yield samples;
}

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
	['cut', (blocks) => limitDuration(streamOf(blocks), { seconds: 0.9, onExceed: 'cut' }, RATE, () => undefined)],
	['split', (blocks) => partsOf(streamOf(blocks))],
	[
		'levelled and trimmed, with silence in front',
		(blocks) =>
			shapeSound(() => streamOf(blocks), { normaliseLoudness: true, trimSilence: true, leadingSilenceMs: 200 }, RATE),
	],
];

test.each(ways)('%s: nothing is read after it was taken back', async (_, way) => {
	const expected = await collected(await way(freshBlocks));
	expect(expected.length).toBeGreaterThan(5_000);
	expect(await collected(await way(borrowedBlocks))).toEqual(expected);
});

test('stages one after the other: what one holds back at the end is not lost to the next', () => {
	/** Holds its last block back, and gives all in the same memory. */
	const holding = (): MonoStage => {
		const memory = new SampleMemory();
		let held = new Float32Array(0);
		const borrow = (samples: Float32Array): Float32Array => {
			const borrowed = memory.take(samples.length);
			borrowed.set(samples);
			return borrowed;
		};
		return {
			push(block) {
				const given = borrow(held);
				held = block.slice();
				return given;
			},
			flush: () => borrow(held),
		};
	};
	const chain = chainStages(holding(), holding());
	const given = [1, 2, 3].map((value) => chain.push(Float32Array.of(value)).slice());
	expect([...concat(...given, chain.flush())]).toEqual([1, 2, 3]);
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
