import type { PcmBlock } from './audio';

/** Which sample frames of a stream are to be heard. */
export interface FrameRange {
	/** Sample frames to drop at the start. */
	skip: number;
	/** Sample frames to keep after those; all where undefined. */
	keep?: number;
}

/** Passes on only the sample frames of a range, and stops pulling once it is full. */
export async function* trimFrames(
	blocks: AsyncIterable<PcmBlock> | Iterable<PcmBlock>,
	{ skip, keep = Infinity }: FrameRange,
): AsyncGenerator<PcmBlock> {
	let toSkip = Math.max(0, skip);
	let toKeep = keep;
	if (toKeep <= 0) return;
	for await (const block of blocks) {
		const frames = block[0].length;
		const start = Math.min(toSkip, frames);
		const end = Math.min(frames, start + toKeep);
		toSkip -= start;
		toKeep -= end - start;
		if (end > start) yield start === 0 && end === frames ? block : block.map((plane) => plane.subarray(start, end));
		if (toKeep <= 0) return;
	}
}
