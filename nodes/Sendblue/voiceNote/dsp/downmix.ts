import type { PcmBlock } from '../pcm/pcmSource';
import { VoiceNoteError } from '../errors';
import { SampleMemory } from '../pcm/pcmSource';
import type { Speaker } from '../pcm/speakers';

/**
 * Weights of a mix to mono (ITU-R BS.775-4, annex 4). The standard has no speakers between center and sides; here they
 * count like those in front. Speakers above, which it also lacks, count like surround. Low-frequency effects are left
 * out.
 */
const MONO_WEIGHTS: Readonly<Record<Speaker, number>> = {
	C: 1,
	L: Math.SQRT1_2,
	R: Math.SQRT1_2,
	Lc: Math.SQRT1_2,
	Rc: Math.SQRT1_2,
	Ls: 0.5,
	Rs: 0.5,
	Lb: 0.5,
	Rb: 0.5,
	Cs: 0.5,
	Ts: 0.5,
	Lvh: 0.5,
	Cvh: 0.5,
	Rvh: 0.5,
	Lvb: 0.5,
	Cvb: 0.5,
	Rvb: 0.5,
	LFE: 0,
};

/** Weights of the channels. Their sum is 1, so the mix never exceeds full scale. */
function channelWeights(layout: number | readonly Speaker[]): number[] {
	if (typeof layout === 'number') return new Array<number>(layout).fill(1 / layout);
	const weights = layout.map((speaker) => MONO_WEIGHTS[speaker]);
	const sum = weights.reduce((total, weight) => total + weight, 0);
	// If there is nothing but low-frequency effects, they are the audio.
	if (sum === 0) return channelWeights(layout.length);
	return weights.map((weight) => weight / sum);
}

/** Whether any sample is NaN or infinite, as samples of float WAV files can be. */
function hasNonFinite(samples: Float32Array): boolean {
	let sum = 0;
	for (let i = 0; i < samples.length; i++) sum += samples[i] * 0;
	return sum !== 0;
}

/** The samples, with zeros in place of those that are not finite: one alone would spoil every filter that follows. */
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
 * Makes a function that mixes blocks to mono. A mono block is returned unchanged; any other result is a borrowed
 * buffer.
 *
 * Stereo is averaged, so that the loudness does not depend on the decoder and nothing can clip. More channels are mixed
 * with the weights of ITU-R BS.775, scaled to a sum of 1, or averaged if only their number is known. Samples that are
 * not finite become silence.
 *
 * @param layout The speakers of the channels in their order, or the number of channels.
 * @throws {VoiceNoteError} `unsupported` for a layout without channels; the returned function throws `corrupt` for a
 *   block with another number of channels or with channels of unequal length
 */
export function createDownmix(layout: number | readonly Speaker[]): (block: PcmBlock) => Float32Array {
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
