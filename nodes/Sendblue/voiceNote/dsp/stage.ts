/**
 * One stage of mono processing, block by block.
 *
 * Blocks may have any length; how the input is divided never changes the result. A stage neither writes to its input
 * nor keeps it. Its result is a borrowed buffer: part of the input, or memory that the next call reuses.
 */
export interface MonoStage {
	/** Takes the next samples and returns those that are ready, possibly none. */
	push(block: Float32Array): Float32Array;
	/** Ends the stream and returns the samples held back. Call once, after the last `push`. */
	flush(): Float32Array;
}

/** The empty block. */
export const NO_SAMPLES = new Float32Array(0);

/** Joins blocks into one. If only one of them is not empty, that one is returned without copying. */
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

/** Chains stages; with none, the samples pass unchanged. */
export function chainStages(...stages: MonoStage[]): MonoStage {
	const pushFrom = (first: number, block: Float32Array): Float32Array => {
		let samples = block;
		for (let i = first; i < stages.length; i++) samples = stages[i].push(samples);
		return samples;
	};
	return {
		push: (block) => pushFrom(0, block),
		// Copied, since each of them comes out of the last stage, which may reuse its memory.
		flush: () => joinBlocks(stages.map((stage, i) => pushFrom(i + 1, stage.flush()).slice())),
	};
}
