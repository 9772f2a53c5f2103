import { joinBlocks } from '../dsp/stage';

/** Shorter blocks are joined: a step of the conversion costs the same for few samples as for many. */
const ENOUGH_SAMPLES = 4_096;

/** Joins the short blocks that many decoders give, packet by packet, to larger ones. */
export class BlockGatherer {
	private held: Float32Array[] = [];

	private heldSamples = 0;

	/** Takes a block, and gives all that is held once it is enough. */
	push(block: Float32Array): Float32Array | undefined {
		this.held.push(block);
		this.heldSamples += block.length;
		return this.heldSamples < ENOUGH_SAMPLES ? undefined : this.flush();
	}

	/** Gives what is held. */
	flush(): Float32Array {
		const block = joinBlocks(this.held);
		this.held = [];
		this.heldSamples = 0;
		return block;
	}
}
