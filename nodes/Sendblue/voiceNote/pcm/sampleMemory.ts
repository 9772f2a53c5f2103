import type { PcmBlock } from './pcmSource';

/**
 * Memory for samples that is used for one block after the other, which spares the collector hours of audio: what `take`
 * gave before is outdated by the next call.
 */
export class SampleMemory {
	private samples = new Float32Array(0);

	/** So many samples, which still hold what was written there before. */
	take(count: number): Float32Array {
		if (count > this.samples.length) this.samples = new Float32Array(count);
		return this.samples.subarray(0, count);
	}
}

/** The same for decoded audio of several channels. */
export class PcmMemory {
	private readonly channels: SampleMemory[];

	constructor(channels: number) {
		this.channels = Array.from({ length: channels }, () => new SampleMemory());
	}

	/** A block of so many sample frames, which still hold what was written there before. */
	take(frames: number): PcmBlock {
		return this.channels.map((channel) => channel.take(frames));
	}
}
