import type { PcmBlock } from '../pcm/pcmSource';
import { VoiceNoteError } from '../errors';
import { SampleMemory } from '../pcm/sampleMemory';

/** A loudspeaker position. `Ls`/`Rs` are the side or the only surround channels, `Lb`/`Rb` the rear ones. */
export type ChannelLabel = 'L' | 'R' | 'C' | 'LFE' | 'Ls' | 'Rs' | 'Lb' | 'Rb' | 'Cs';

/** Channel orders by the number of channels, as the formats define them. */
type ChannelOrders = Readonly<Record<number, readonly ChannelLabel[]>>;

/** WAVE and FLAC (RFC 9639, section 9.1.3), and most decoders whatever the file. */
export const WAVE_CHANNEL_ORDERS: ChannelOrders = {
	1: ['C'],
	2: ['L', 'R'],
	3: ['L', 'R', 'C'],
	4: ['L', 'R', 'Lb', 'Rb'],
	5: ['L', 'R', 'C', 'Ls', 'Rs'],
	6: ['L', 'R', 'C', 'LFE', 'Ls', 'Rs'],
	7: ['L', 'R', 'C', 'LFE', 'Cs', 'Ls', 'Rs'],
	8: ['L', 'R', 'C', 'LFE', 'Lb', 'Rb', 'Ls', 'Rs'],
};

/** Vorbis I, section 4.3.9, and Opus channel mapping family 1 (RFC 7845, section 5.1.1.2). */
export const VORBIS_CHANNEL_ORDERS: ChannelOrders = {
	1: ['C'],
	2: ['L', 'R'],
	3: ['L', 'C', 'R'],
	4: ['L', 'R', 'Lb', 'Rb'],
	5: ['L', 'C', 'R', 'Ls', 'Rs'],
	6: ['L', 'C', 'R', 'Ls', 'Rs', 'LFE'],
	7: ['L', 'C', 'R', 'Ls', 'Rs', 'Cs', 'LFE'],
	8: ['L', 'C', 'R', 'Ls', 'Rs', 'Lb', 'Rb', 'LFE'],
};

/** AAC as coded (ISO/IEC 14496-3, table 1.19, channel configurations 1 to 7). */
export const AAC_CHANNEL_ORDERS: ChannelOrders = {
	1: ['C'],
	2: ['L', 'R'],
	3: ['C', 'L', 'R'],
	4: ['C', 'L', 'R', 'Cs'],
	5: ['C', 'L', 'R', 'Ls', 'Rs'],
	6: ['C', 'L', 'R', 'Ls', 'Rs', 'LFE'],
	8: ['C', 'L', 'R', 'Ls', 'Rs', 'Lb', 'Rb', 'LFE'],
};

/** Weights of the mix to one channel by ITU-R BS.775-4, annex 4; the low-frequency effects are left out. */
const MONO_WEIGHTS = new Map<string, number>([
	['L', Math.SQRT1_2],
	['R', Math.SQRT1_2],
	['C', 1],
	['Ls', 0.5],
	['Rs', 0.5],
	['Lb', 0.5],
	['Rb', 0.5],
	['Cs', 0.5],
	['LFE', 0],
]);

/** Weights of the channels, with the sum 1: full scale on every channel gives full scale, never more. */
function channelWeights(layout: number | readonly string[]): number[] {
	if (typeof layout === 'number') return new Array<number>(layout).fill(1 / layout);
	const weights = layout.map((label) => MONO_WEIGHTS.get(label) ?? NaN);
	const sum = weights.reduce((total, weight) => total + weight, 0);
	if (!(sum > 0)) return channelWeights(layout.length);
	return weights.map((weight) => weight / sum);
}

/** True if a sample is not a number or infinite, as float WAV files can hold. */
function hasNonFinite(samples: Float32Array): boolean {
	let sum = 0;
	for (let i = 0; i < samples.length; i++) sum += samples[i] * 0;
	return sum !== 0;
}

/** The samples with silence in place of those that are not finite: one of them would spoil every filter behind. */
function withoutNonFinite(samples: Float32Array): Float32Array {
	return hasNonFinite(samples) ? samples.map((sample) => (Number.isFinite(sample) ? sample : 0)) : samples;
}

function averageOfTwo([left, right]: PcmBlock, mono: Float32Array): void {
	for (let i = 0; i < mono.length; i++) mono[i] = 0.5 * left[i] + 0.5 * right[i];
}

function weightedSum(block: PcmBlock, weights: readonly number[], mono: Float32Array): void {
	mono.fill(0);
	block.forEach((channel, c) => {
		const weight = weights[c];
		if (weight === 0) return;
		for (let i = 0; i < mono.length; i++) mono[i] += weight * channel[i];
	});
}

/**
 * Makes the function that mixes blocks to mono. The block of a mono source is returned as it is, not copied; any other
 * result is good until the next call.
 *
 * Stereo is averaged, so that the loudness does not depend on the decoder and nothing can clip. Known layouts of more
 * channels are mixed with the weights of ITU-R BS.775 scaled to the sum 1, others are averaged. Samples that are not
 * finite numbers become silence.
 *
 * @param layout The channels' labels in their order (see the `…_CHANNEL_ORDERS`), or only their number; labels that
 *   are not a `ChannelLabel` make the layout an unknown one.
 * @throws {VoiceNoteError} `unsupported` for a layout without channels; the function returned throws `corrupt` for a
 *   block with another number of channels or with channels of unequal length.
 */
export function createDownmix(layout: number | readonly string[]): (block: PcmBlock) => Float32Array {
	const weights = channelWeights(layout);
	if (weights.length === 0) throw new VoiceNoteError('unsupported', 'The audio has no channels');
	const isEvenPair = weights.length === 2 && weights[0] === weights[1];
	const memory = new SampleMemory();
	return (block) => {
		if (block.length !== weights.length || block.some((channel) => channel.length !== block[0].length)) {
			throw new VoiceNoteError('corrupt', 'The number of audio channels changes within the file');
		}
		if (block.length === 1) return withoutNonFinite(block[0]);
		const mono = memory.take(block[0].length);
		if (isEvenPair) averageOfTwo(block, mono);
		else weightedSum(block, weights, mono);
		return withoutNonFinite(mono);
	};
}
