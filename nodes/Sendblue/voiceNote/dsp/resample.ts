import { VoiceNoteError } from '../errors';
import { HalvingStage } from './halving';
import { InterpolatingFilter, PolyphaseFilter, designLowPass } from './polyphase';
import { NO_SAMPLES, chainStages, type MonoStage } from './stage';
import { VectorPolyphaseFilter } from './vectorPolyphase';

/** Sampling rates outside these limits (Hz) are not audio we know of. */
const LOWEST_RATE = 1000;
const HIGHEST_RATE = 768_000;

/** While the rate is at least this multiple of the output's, halving it first is cheaper than one long filter. */
const HALVING_RATIO = 3.5;

/** More filter phases than this are not tabulated but interpolated, which bounds the table for awkward ratios. */
const MOST_PHASES = 640;

function greatestCommonDivisor(a: number, b: number): number {
	return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function assertRate(rate: number): void {
	if (Number.isInteger(rate) && rate >= LOWEST_RATE && rate <= HIGHEST_RATE) return;
	throw new VoiceNoteError(
		'unsupported',
		`The audio has a sampling rate of ${rate} Hz, which cannot be converted`,
		`Use audio with a sampling rate between ${LOWEST_RATE} and ${HIGHEST_RATE} Hz.`,
	);
}

/** The filters that lead from one rate to the other, or none where the rates are equal. */
function planStages(inputRate: number, outputRate: number): MonoStage[] {
	if (inputRate === outputRate) return [];
	const stages: MonoStage[] = [];
	let rate = inputRate;
	while (rate >= HALVING_RATIO * outputRate && rate % 2 === 0) {
		stages.push(new HalvingStage(outputRate / rate));
		rate /= 2;
	}
	const divisor = greatestCommonDivisor(rate, outputRate);
	const upFactor = outputRate / divisor;
	const downFactor = rate / divisor;
	const lowPass = designLowPass(rate, outputRate);
	if (upFactor > MOST_PHASES) return [...stages, new InterpolatingFilter(upFactor, downFactor, lowPass)];
	const vectorFilter = VectorPolyphaseFilter.create(upFactor, downFactor, lowPass);
	return [...stages, vectorFilter ?? new PolyphaseFilter(upFactor, downFactor, lowPass)];
}

/**
 * Converts the sampling rate of mono audio with a linear-phase Kaiser-windowed sinc filter.
 *
 * The delay of the filter is compensated: output sample n stands at the input's time n × inputRate ÷ outputRate, and
 * the whole output is round(input length × outputRate ÷ inputRate) samples long. From the lower of the two Nyquist
 * frequencies on everything is at least 80 dB down; downwards the pass band reaches to 5/6 of it (-0.1 dB; 10 kHz for
 * 24 kHz audio), upwards to 9/10.
 */
export class Resampler implements MonoStage {
	private readonly stages: MonoStage;
	private readonly identity: boolean;
	private inputLength = 0;
	private outputLength = 0;

	/**
	 * @param inputRate Sampling rate of what is pushed, in Hz.
	 * @param outputRate Sampling rate of what is returned, in Hz.
	 * @throws {VoiceNoteError} `unsupported` where a rate is not a whole number of Hz from 1000 to 768000.
	 */
	constructor(
		private readonly inputRate: number,
		private readonly outputRate: number,
	) {
		assertRate(inputRate);
		assertRate(outputRate);
		const stages = planStages(inputRate, outputRate);
		this.identity = stages.length === 0;
		this.stages = chainStages(...stages);
	}

	push(block: Float32Array): Float32Array {
		if (this.identity) return block;
		this.inputLength += block.length;
		return this.count(this.stages.push(block));
	}

	flush(): Float32Array {
		if (this.identity) return NO_SAMPLES;
		const due = Math.round((this.inputLength * this.outputRate) / this.inputRate) - this.outputLength;
		return this.count(this.stages.flush().subarray(0, due));
	}

	private count(block: Float32Array): Float32Array {
		this.outputLength += block.length;
		return block;
	}
}
