import { createDownmix } from '../dsp/downmix';
import { Resampler } from '../dsp/resample';
import type { PcmBlock, PcmSource } from '../pcm/pcmSource';

/**
 * Plays sources one after the other, at the highest of their sample rates. Where they differ in channels, mono is put on
 * both sides of stereo, and anything else is mixed to mono.
 */
export function chainedSource(sources: PcmSource[]): PcmSource {
	if (sources.length === 1) return sources[0];
	const sampleRate = Math.max(...sources.map((source) => source.sampleRate));
	const counts = sources.map((source) => source.channels);
	const most = Math.max(...counts);
	const channels = most <= 2 || counts.every((count) => count === most) ? most : 1;
	return {
		sampleRate,
		channels,
		layout: channels === most ? sources.find((source) => source.channels === most)?.layout : undefined,
		async *blocks() {
			for (const source of sources) {
				const blocks = withChannels(source, channels);
				yield* source.sampleRate === sampleRate ? blocks : resampled(blocks, source.sampleRate, sampleRate);
			}
		},
	};
}

async function* withChannels(source: PcmSource, channels: number): AsyncGenerator<PcmBlock> {
	const mix = source.channels > channels ? createDownmix(source.layout ?? source.channels) : undefined;
	for await (const block of source.blocks()) {
		if (mix) yield [mix(block)];
		else yield Array.from({ length: channels }, (_, channel) => block[channel % block.length]);
	}
}

async function* resampled(blocks: AsyncIterable<PcmBlock>, from: number, to: number): AsyncGenerator<PcmBlock> {
	let resamplers: Resampler[] | undefined;
	for await (const block of blocks) {
		resamplers ??= block.map(() => new Resampler(from, to));
		const each = resamplers;
		yield block.map((samples, channel) => each[channel].push(samples));
	}
	if (resamplers) yield resamplers.map((resampler) => resampler.flush());
}
