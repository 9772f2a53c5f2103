import { SampleMemory } from '../pcm/pcmSource';
import { createSincKernel, SlidingWindow } from './firFilter';
import { VoiceNoteError } from '../errors';
import { InterpolatingFilter, PolyphaseFilter, designLowPass } from './polyphase';
import { NO_SAMPLES, chainStages, type MonoStage } from './stage';
import { VectorPolyphaseFilter } from './vectorPolyphase';

const KAISER_BETA = 9.5;
/** Half length of the kernel × width of its transition band (as a fraction of Nyquist), for 85 dB with this beta. */
const HALF_WIDTH_TRANSITION = 5.8;

/**
 * Halves the sample rate with a half-band filter. Every second tap is zero and the others come in equal pairs, so it
 * takes few multiplications. Output sample n is exactly at input sample 2n.
 */
class HalvingStage implements MonoStage {
	/** Largest distance of a tap from the center; odd, since taps at even distances are zero. */
	private readonly reach: number;
	/** Taps at the distances 1, 3, 5 … */
	private readonly taps: Float32Array;
	private readonly window: SlidingWindow;
	private readonly memory = new SampleMemory();

	/**
	 * @param passBand Upper edge of what has to pass unchanged, as a fraction of the input's Nyquist frequency (below
	 *   0.5). What would alias into it is at least 85 dB down. The band from there to the new Nyquist frequency is left
	 *   to a later filter.
	 */
	constructor(passBand: number) {
		const halfWidth = Math.ceil(HALF_WIDTH_TRANSITION / (1 - 2 * passBand));
		this.reach = halfWidth | 1;
		const kernel = createSincKernel(0.5, this.reach + 1, KAISER_BETA);
		this.taps = Float32Array.from({ length: (this.reach + 1) / 2 }, (_, i) => kernel(2 * i + 1));
		const gain = 2 * this.taps.reduce((sum, tap) => sum + tap, 0);
		for (let i = 0; i < this.taps.length; i++) this.taps[i] *= 0.5 / gain;
		this.window = new SlidingWindow(this.reach);
	}

	push(block: Float32Array): Float32Array {
		this.window.append(block);
		const { data, length } = this.window;
		const { taps, reach } = this;
		const output = this.memory.take(Math.max(0, (length - 2 * reach + 1) >> 1));
		for (let n = 0; n < output.length; n++) {
			const center = reach + 2 * n;
			let sum = 0.5 * data[center];
			for (let i = 0, before = center - 1, after = center + 1; i < taps.length; i++, before -= 2, after += 2) {
				sum += taps[i] * (data[before] + data[after]);
			}
			output[n] = sum;
		}
		this.window.discard(2 * output.length);
		return output;
	}

	flush(): Float32Array {
		return this.push(new Float32Array(this.reach));
	}
}

/** No audio that we know of has a sample rate outside these limits (Hz). */
const LOWEST_RATE = 1000;
const HIGHEST_RATE = 768_000;

/** If the rate is at least this multiple of the output's, halving it first is cheaper than one long filter. */
const HALVING_RATIO = 3.5;

/** With more filter phases than this, taps are interpolated. That limits the size of the table for awkward ratios. */
const MAX_PHASES = 640;

function greatestCommonDivisor(a: number, b: number): number {
	return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function assertRate(rate: number): void {
	if (Number.isInteger(rate) && rate >= LOWEST_RATE && rate <= HIGHEST_RATE) return;
	throw new VoiceNoteError(
		'unsupported',
		`The audio has a sample rate of ${rate} Hz, which cannot be converted`,
		`Use audio with a sample rate from ${LOWEST_RATE} to ${HIGHEST_RATE} Hz.`,
	);
}

/** The filters that convert one rate to the other; none if the rates are equal. */
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
	if (upFactor > MAX_PHASES) return [...stages, new InterpolatingFilter(upFactor, downFactor, lowPass)];
	const vectorFilter = VectorPolyphaseFilter.create(upFactor, downFactor, lowPass);
	return [...stages, vectorFilter ?? new PolyphaseFilter(upFactor, downFactor, lowPass)];
}

/**
 * Converts the sample rate of mono audio with a linear-phase filter, a Kaiser-windowed sinc.
 *
 * The delay of the filter is compensated: output sample n is at input position n × inputRate ÷ outputRate, and the
 * whole output is round(input length × outputRate ÷ inputRate) samples long. Everything above the lower of the two
 * Nyquist frequencies is at least 80 dB down. The pass band (−0.1 dB) reaches up to 5/6 of that frequency if the rate
 * goes down (10 kHz for 24 kHz audio), and up to 9/10 if it goes up.
 */
export class Resampler implements MonoStage {
	private readonly stages: MonoStage;
	private readonly identity: boolean;
	private inputLength = 0;
	private outputLength = 0;

	/**
	 * @param inputRate Sample rate of what is pushed, in Hz.
	 * @param outputRate Sample rate of what is returned, in Hz.
	 * @throws {VoiceNoteError} `unsupported` if a rate is not a whole number of Hz from 1000 to 768000
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
