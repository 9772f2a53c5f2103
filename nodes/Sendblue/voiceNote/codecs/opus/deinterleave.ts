import type { PcmBlock } from '../../pcm/pcmSource';
import { PcmMemory } from '../../pcm/sampleMemory';

/**
 * Makes the function that parts interleaved samples by channel, each multiplied with the gain. What it returns is good
 * until the next call, or until the samples given are outdated.
 *
 * @param gain factor, 1 for none
 */
export function createDeinterleaver(channels: number, gain: number): (samples: Float32Array) => PcmBlock {
	const memory = new PcmMemory(channels);
	return (samples) => {
		if (channels === 1 && gain === 1) return [samples];
		const frames = samples.length / channels;
		const block = memory.take(frames);
		block.forEach((plane, channel) => {
			for (let frame = 0; frame < frames; frame++) plane[frame] = samples[frame * channels + channel] * gain;
		});
		return block;
	};
}
