import { powerToDecibels } from './decibels';
import { joinBlocks, type MonoStage, NO_SAMPLES } from './stage';

/** What counts as silence at the ends of a recording. */
export interface SilenceRule {
	/** Windows below this RMS level (whole dBFS) are silent. */
	thresholdDbfs: number;
	/** In a quiet recording the threshold goes down to this distance (dB) from the loudest window. */
	belowLoudestDb: number;
	/** Length of the windows in seconds. */
	windowSeconds: number;
	/** What is kept before the first and after the last loud window, in seconds. */
	paddingSeconds: number;
}

/** Quiet word endings stay, room noise goes. */
export const SPEECH_SILENCE: SilenceRule = {
	thresholdDbfs: -50,
	belowLoudestDb: 30,
	windowSeconds: 0.01,
	paddingSeconds: 0.1,
};

/** The part of a recording between its silent ends, in samples: `start` included, `end` not. */
export interface AudibleRange {
	start: number;
	end: number;
	/** No window is louder than the lowest level looked at; the range is then the whole recording. */
	silent: boolean;
}

/** Levels are told apart in steps of 1 dB from here up to 0 dBFS; anything lower is silence in every recording. */
const LOWEST_LEVEL_DBFS = -90;

/**
 * Finds the silent ends of mono audio; the first of two passes, the second being a `Trim`.
 *
 * For every level the first and the last window that reach it are noted. So the threshold can follow the loudest
 * window, which is known only at the end, and memory stays the same for any length; pauses inside play no part.
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

	/** Ends the detection; call it once, after the last `push`. */
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

/** Keeps the samples of a range and drops those before and after it. */
export class Trim implements MonoStage {
	private position = 0;

	/**
	 * @param start First sample kept.
	 * @param end First sample behind the range; Infinity keeps all.
	 */
	constructor(
		private readonly start: number,
		private readonly end: number,
	) {}

	/** True as soon as all samples of the range have passed, so that the source need not be read on. */
	get finished(): boolean {
		return this.position >= this.end;
	}

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

	/** @param samples Length of the silence. */
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

/** Lets at most a given length through; audio that is longer fades out at the cut, so that it does not click. */
export class MaximumLength implements MonoStage {
	private readonly fadeStart: number;
	/** The last samples under the limit, kept until it is known whether more follow. */
	private readonly held: Float32Array;
	private position = 0;
	private isCut = false;

	/**
	 * @param samples Most samples let through.
	 * @param fadeSamples Length of the fade before a cut.
	 */
	constructor(
		private readonly samples: number,
		fadeSamples: number,
	) {
		this.held = new Float32Array(Math.min(samples, fadeSamples));
		this.fadeStart = samples - this.held.length;
	}

	/** True once the audio has turned out to be longer; what follows is dropped, so the source need not be read on. */
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

	/** The held samples under a falling half cosine. */
	private fadedOut(): Float32Array {
		const { length } = this.held;
		return this.held.map((sample, i) => sample * (0.5 + 0.5 * Math.cos((Math.PI * (i + 1)) / length)));
	}
}
