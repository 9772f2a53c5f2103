import { NO_SAMPLES, joinBlocks, type MonoStage } from './stage';

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
