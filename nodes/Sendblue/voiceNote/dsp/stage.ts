/**
 * One step of mono processing: samples go in block by block and come out block by block.
 *
 * Blocks may have any length, and the cut between them never changes the result. A stage neither writes into the
 * blocks it is given nor keeps them. A block it returns may be (a part of) the block it was given, or lie in memory that
 * its next call uses again: it is good until then.
 */
export interface MonoStage {
	/** Takes the next samples and returns those that are ready, possibly none. */
	push(block: Float32Array): Float32Array;
	/** Ends the stream and returns what was held back. Call it once, after the last `push`. */
	flush(): Float32Array;
}

/** The empty block. */
export const NO_SAMPLES = new Float32Array(0);

/** Joins blocks to one; a lone block that is not empty is returned as it is. */
export function joinBlocks(blocks: readonly Float32Array[]): Float32Array {
	const filled = blocks.filter((block) => block.length > 0);
	if (filled.length === 0) return NO_SAMPLES;
	if (filled.length === 1) return filled[0];
	const joined = new Float32Array(filled.reduce((total, block) => total + block.length, 0));
	let offset = 0;
	for (const block of filled) {
		joined.set(block, offset);
		offset += block.length;
	}
	return joined;
}

/** Puts stages one after the other; without any, the samples pass as they are. */
export function chainStages(...stages: MonoStage[]): MonoStage {
	const pushFrom = (first: number, block: Float32Array): Float32Array => {
		let samples = block;
		for (let i = first; i < stages.length; i++) samples = stages[i].push(samples);
		return samples;
	};
	return {
		push: (block) => pushFrom(0, block),
		// All but the first go through the same last stage, which may use its memory again.
		flush: () => joinBlocks(stages.map((stage, i) => pushFrom(i + 1, stage.flush()).slice())),
	};
}
