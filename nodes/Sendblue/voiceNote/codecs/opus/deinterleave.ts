import type { PcmBlock } from '../../audio';

/**
 * The channels of interleaved samples, each multiplied with the gain.
 *
 * @param gain factor, 1 for none
 */
export function deinterleave(samples: Float32Array, channels: number, gain: number): PcmBlock {
	if (channels === 1) return [gain === 1 ? samples : samples.map((sample) => sample * gain)];
	const frames = samples.length / channels;
	return Array.from({ length: channels }, (_, channel) => {
		const plane = new Float32Array(frames);
		for (let frame = 0; frame < frames; frame++) plane[frame] = samples[frame * channels + channel] * gain;
		return plane;
	});
}
