/**
 * One stage of mono processing: samples go in block by block and come out block by block.
 *
 * Blocks may have any length, and if they are divided never changes the result. A stage neither writes to the blocks
 * it is given nor keeps them. What it returns is a borrowed buffer: part of the block it was given, or memory that its
 * next call uses again.
 */
export interface MonoStage {
	/** Takes the next samples and returns those that are ready, possibly none. */
	push(block: Float32Array): Float32Array;
	/** Ends the stream and returns the samples held back. To be called once, after the last `push`. */
	flush(): Float32Array;
}

/** The empty block. */
export const NO_SAMPLES = new Float32Array(0);

/** Joins blocks into one. If only one of them is not empty, it is returned as it is. */
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

/** Puts stages one after the other; with none, the samples pass unchanged. */
export function chainStages(...stages: MonoStage[]): MonoStage {
	const pushFrom = (first: number, block: Float32Array): Float32Array => {
		let samples = block;
		for (let i = first; i < stages.length; i++) samples = stages[i].push(samples);
		return samples;
	};
	return {
		push: (block) => pushFrom(0, block),
		// Copied, since all of them pass the same last stage, which may use its memory again.
		flush: () => joinBlocks(stages.map((stage, i) => pushFrom(i + 1, stage.flush()).slice())),
	};
}
