/** Delays sound by a fixed number of samples. */
export class SampleDelay {
	private readonly held: Float32Array[];

	constructor(
		channels: number,
		private readonly samples: number,
	) {
		this.held = Array.from({ length: channels }, () => new Float32Array(samples));
	}

	/** Delays a block of at least as many samples, in place. */
	apply(block: readonly Float32Array[]): void {
		block.forEach((samples, channel) => {
			const last = samples.slice(-this.samples);
			samples.copyWithin(this.samples, 0);
			samples.set(this.held[channel]);
			this.held[channel] = last;
		});
	}

	/** Adds what is still held back to a block that takes the delay upon itself. */
	release(block: readonly Float32Array[]): void {
		block.forEach((samples, channel) => {
			this.held[channel].forEach((sample, i) => (samples[i] += sample));
		});
	}
}
