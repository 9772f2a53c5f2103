import { powerToDecibels } from './loudness';
import { joinBlocks, type MonoStage, NO_SAMPLES } from './stage';

/** The criteria for silence at the ends of a recording. */
export interface SilenceRule {
	/** Windows below this RMS level are silent; a whole number of dBFS. */
	thresholdDbfs: number;
	/** In a quiet recording the threshold is lower: this many dB below the loudest window. */
	belowLoudestDb: number;
	/** Length of the windows in seconds. */
	windowSeconds: number;
	/** How much silence is kept before the first loud window and after the last, in seconds. */
	paddingSeconds: number;
}

/** Chosen so that quiet ends of words are kept and room noise is trimmed. */
export const SPEECH_SILENCE: SilenceRule = {
	thresholdDbfs: -50,
	belowLoudestDb: 30,
	windowSeconds: 0.01,
	paddingSeconds: 0.1,
};

/** The part of a recording between its silent ends, in samples from `start` up to, not including, `end`. */
export interface AudibleRange {
	start: number;
	end: number;
	/** Whether all of it is silent, below the lowest level that is measured; the range is then the whole recording. */
	silent: boolean;
}

/** Levels are measured in steps of 1 dB from here up to 0 dBFS; anything lower is silence in every recording. */
const LOWEST_LEVEL_DBFS = -90;

/**
 * Finds the silent ends of mono audio. This is the first of two passes; the second is a `Trim`.
 *
 * The threshold depends on the loudest window, which is known only at the end. So the first and last window of every
 * level are recorded, which takes the same memory for any length. Pauses in between do not matter.
 */
export class SilenceDetector {
	private readonly firstWindows = new Float64Array(1 - LOWEST_LEVEL_DBFS).fill(Infinity);
	private readonly lastWindows = new Float64Array(1 - LOWEST_LEVEL_DBFS).fill(-Infinity);
	private loudestLevel = -1;
	private readonly windowLength: number;
	private windowNumber = 0;
	private windowFill = 0;
	private windowEnergy = 0;

	/** @param sampleRate Of the samples pushed, in Hz. */
	constructor(
		private readonly sampleRate: number,
		private readonly rule: SilenceRule = SPEECH_SILENCE,
	) {
		this.windowLength = Math.max(1, Math.round(rule.windowSeconds * sampleRate));
	}

	/** Takes the next samples. */
	push(block: Float32Array): void {
		for (let i = 0; i < block.length; i++) {
			this.windowEnergy += block[i] * block[i];
			if (++this.windowFill === this.windowLength) this.endWindow();
		}
	}

	/** Ends the detection. Call once, after the last `push`. */
	finish(): AudibleRange {
		const length = this.windowNumber * this.windowLength + this.windowFill;
		if (this.windowFill > 0) this.endWindow();
		if (this.loudestLevel < 0) return { start: 0, end: length, silent: true };

		const { thresholdDbfs, belowLoudestDb, paddingSeconds } = this.rule;
		const thresholdLevel = Math.round(thresholdDbfs - LOWEST_LEVEL_DBFS);
		const lowest = Math.max(0, Math.min(thresholdLevel, this.loudestLevel - belowLoudestDb));
		const first = Math.min(...this.firstWindows.subarray(lowest));
		const last = Math.max(...this.lastWindows.subarray(lowest));
		const padding = Math.round(paddingSeconds * this.sampleRate);
		return {
			start: Math.max(0, first * this.windowLength - padding),
			end: Math.min(length, (last + 1) * this.windowLength + padding),
			silent: false,
		};
	}

	private endWindow(): void {
		const dbfs = powerToDecibels(this.windowEnergy / this.windowFill);
		const level = Math.min(-LOWEST_LEVEL_DBFS, Math.floor(dbfs - LOWEST_LEVEL_DBFS));
		if (level >= 0) {
			this.firstWindows[level] = Math.min(this.firstWindows[level], this.windowNumber);
			this.lastWindows[level] = this.windowNumber;
			this.loudestLevel = Math.max(this.loudestLevel, level);
		}
		this.windowNumber++;
		this.windowFill = 0;
		this.windowEnergy = 0;
	}
}

/** Keeps the samples of a range and drops the others. */
export class Trim implements MonoStage {
	private position = 0;

	/**
	 * @param start First sample of the range.
	 * @param end First sample after the range; Infinity keeps all.
	 */
	constructor(
		private readonly start: number,
		private readonly end: number,
	) {}

	push(block: Float32Array): Float32Array {
		const from = Math.min(block.length, Math.max(0, this.start - this.position));
		const to = Math.max(from, Math.min(block.length, this.end - this.position));
		this.position += block.length;
		return block.subarray(from, to);
	}

	flush(): Float32Array {
		return NO_SAMPLES;
	}
}

/** Puts silence in front of the audio. */
export class LeadingSilence implements MonoStage {
	private pending: number;

	/** @param samples Length of the silence, in samples. */
	constructor(samples: number) {
		this.pending = samples;
	}

	push(block: Float32Array): Float32Array {
		return this.pending === 0 ? block : joinBlocks([this.takeSilence(), block]);
	}

	flush(): Float32Array {
		return this.takeSilence();
	}

	private takeSilence(): Float32Array {
		const silence = this.pending === 0 ? NO_SAMPLES : new Float32Array(this.pending);
		this.pending = 0;
		return silence;
	}
}

/** Limits the length of audio. Longer audio fades out before the cut, so that it does not click. */
export class MaximumLength implements MonoStage {
	private readonly fadeStart: number;
	/** The last samples before the limit, held back until it is known whether more follow. */
	private readonly held: Float32Array;
	private position = 0;
	private isCut = false;

	/**
	 * @param samples The most samples that pass.
	 * @param fadeSamples Length of the fade before a cut, in samples.
	 */
	constructor(
		private readonly samples: number,
		fadeSamples: number,
	) {
		this.held = new Float32Array(Math.min(samples, fadeSamples));
		this.fadeStart = samples - this.held.length;
	}

	/** Whether the audio turned out to be longer than the limit. The rest is dropped, so no more input is needed. */
	get cut(): boolean {
		return this.isCut;
	}

	push(block: Float32Array): Float32Array {
		if (this.isCut || block.length === 0) return NO_SAMPLES;
		const passing = block.subarray(0, Math.max(0, this.fadeStart - this.position));
		const remaining = block.subarray(passing.length, Math.max(0, this.samples - this.position));
		this.held.set(remaining, Math.max(0, this.position - this.fadeStart));
		this.position += block.length;
		if (this.position <= this.samples) return passing;
		this.isCut = true;
		return joinBlocks([passing, this.fadedOut()]);
	}

	flush(): Float32Array {
		return this.isCut ? NO_SAMPLES : this.held.subarray(0, Math.max(0, this.position - this.fadeStart));
	}

	/** The samples held back, faded out along half a cosine. */
	private fadedOut(): Float32Array {
		const { length } = this.held;
		return this.held.map((sample, i) => sample * (0.5 + 0.5 * Math.cos((Math.PI * (i + 1)) / length)));
	}
}
