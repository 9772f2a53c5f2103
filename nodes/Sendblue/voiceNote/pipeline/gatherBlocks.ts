/** Enough that a step of the conversion costs little for each sample, and few enough for the processor's cache. */
const BLOCK_SAMPLES = 4_096;

/** Makes blocks of one length out of those that decoders give, which are very short or very long. */
export class BlockGatherer {
	private readonly block = new Float32Array(BLOCK_SAMPLES);

	private filled = 0;

	/** Takes samples, and gives the blocks that they fill; each is good until the next one is asked for. */
	*push(samples: Float32Array): Generator<Float32Array> {
		for (let position = 0; position < samples.length; ) {
			const taken = samples.subarray(position, position + BLOCK_SAMPLES - this.filled);
			this.block.set(taken, this.filled);
			this.filled += taken.length;
			position += taken.length;
			if (this.filled === BLOCK_SAMPLES) yield this.flush();
		}
	}

	/** Gives what is held. */
	flush(): Float32Array {
		const held = this.block.subarray(0, this.filled);
		this.filled = 0;
		return held;
	}
}
