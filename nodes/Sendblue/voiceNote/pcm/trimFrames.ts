import type { PcmBlock } from './pcmSource';

/** Which sample frames of a stream are to be heard. */
export interface FrameRange {
	/** Sample frames to drop at the start. */
	skip: number;
	/** Sample frames to keep after those; all where undefined. */
	keep?: number;
	/** Sample frames to drop at the end of the stream, wherever that is; none where undefined. */
	dropAtEnd?: number;
}

/**
 * Passes on only the sample frames of a range, and stops pulling once it is full. Blocks outside of the range are passed
 * on empty, so that who pulls can pause or cancel at each of them.
 */
export async function* trimFrames(
	blocks: AsyncIterable<PcmBlock> | Iterable<PcmBlock>,
	{ skip, keep = Infinity, dropAtEnd = 0 }: FrameRange,
): AsyncGenerator<PcmBlock> {
	let toSkip = Math.max(0, skip);
	let toKeep = keep;
	if (toKeep <= 0) return;
	for await (const block of dropAtEnd > 0 ? withoutEnd(blocks, dropAtEnd) : blocks) {
		const frames = block[0].length;
		const start = Math.min(toSkip, frames);
		const end = Math.min(frames, start + toKeep);
		toSkip -= start;
		toKeep -= end - start;
		yield start === 0 && end === frames ? block : slice(block, start, end);
		if (toKeep <= 0) return;
	}
}

/** Holds the last blocks back until it is known that enough follows them. */
async function* withoutEnd(
	blocks: AsyncIterable<PcmBlock> | Iterable<PcmBlock>,
	count: number,
): AsyncGenerator<PcmBlock> {
	const held: PcmBlock[] = [];
	let heldFrames = 0;
	for await (const block of blocks) {
		held.push(block.map((samples) => samples.slice()));
		heldFrames += block[0].length;
		while (heldFrames - held[0][0].length >= count) {
			const ready = held[0];
			held.shift();
			heldFrames -= ready[0].length;
			yield ready;
		}
	}
	let left = heldFrames - count;
	for (const block of held) {
		if (left <= 0) return;
		yield slice(block, 0, left);
		left -= block[0].length;
	}
}

function slice(block: PcmBlock, start: number, end: number): PcmBlock {
	return block.map((samples) => samples.subarray(start, end));
}
