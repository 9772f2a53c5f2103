import type { PcmSource } from '../pcm/pcmSource';
import { createDownmix } from '../dsp/downmix';
import { Resampler } from '../dsp/resample';
import type { MonoStage } from '../dsp/stage';
import type { WorkSlices } from '../workSlices';
import { BlockGatherer } from './gatherBlocks';

/** Mono samples in blocks of any length, each good until the next one is asked for. */
export type MonoStream = AsyncIterable<Float32Array>;

/**
 * Decodes, mixes down to mono and resamples, block by block.
 *
 * @param sampleRate of the result, in Hz
 */
export async function* monoStream(
	source: PcmSource,
	sampleRate: number,
	slices: WorkSlices,
): AsyncGenerator<Float32Array> {
	const downmix = createDownmix(source.layout ?? source.channels);
	const resampler = new Resampler(source.sampleRate, sampleRate);
	const gatherer = new BlockGatherer();
	for await (const block of source.blocks()) {
		for (const gathered of gatherer.push(downmix(block))) yield resampler.push(gathered);
		if (slices.due) await slices.rest();
	}
	yield resampler.push(gatherer.flush());
	yield resampler.flush();
}

/** Passes a stream through a processing stage. */
export async function* throughStage(stream: MonoStream, stage: MonoStage): AsyncGenerator<Float32Array> {
	for await (const block of stream) yield stage.push(block);
	yield stage.flush();
}
