/** A copy of a block that its giver lends only until the next one. */
export function kept(block: readonly Float32Array[]): Float32Array[] {
	return block.map((samples) => samples.slice());
}
