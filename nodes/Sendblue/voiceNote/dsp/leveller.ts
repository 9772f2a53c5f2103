import { decibelsToAmplitude } from './decibels';
import { Limiter } from './limiter';
import { SPEECH_LOUDNESS, gainFor, type Loudness, type LoudnessTarget } from './loudness';
import { NO_SAMPLES, chainStages, type MonoStage } from './stage';

/** Multiplies every sample by the same factor. */
export class Gain implements MonoStage {
	private readonly factor: number;

	/** @param gainDb Gain in dB. */
	constructor(gainDb: number) {
		this.factor = decibelsToAmplitude(gainDb);
	}

	push(block: Float32Array): Float32Array {
		const output = new Float32Array(block.length);
		for (let i = 0; i < output.length; i++) output[i] = block[i] * this.factor;
		return output;
	}

	flush(): Float32Array {
		return NO_SAMPLES;
	}
}

/**
 * The stage that brings audio of known loudness to the target: the gain of `gainFor`, and the `Limiter` where that
 * would lift the true peak above the ceiling.
 *
 * @param loudness Of the whole audio, by a `LoudnessMeter` in a first pass.
 * @param sampleRate Of the samples that will be pushed, in Hz.
 */
export function createLeveller(
	loudness: Loudness,
	sampleRate: number,
	target: LoudnessTarget = SPEECH_LOUDNESS,
): MonoStage {
	const gainDb = gainFor(loudness, target);
	const gain = new Gain(gainDb);
	if (loudness.truePeakDbtp + gainDb <= target.truePeakDbtp) return gain;
	return chainStages(gain, new Limiter(sampleRate, target.truePeakDbtp));
}
