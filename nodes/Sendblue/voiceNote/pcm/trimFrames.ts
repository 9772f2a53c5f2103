import type { PcmBlock } from './pcmSource';

/** The valid range of a stream, in sample frames. */
export interface FrameRange {
	/** Sample frames to drop at the start. */
	skip: number;
	/** Sample frames to keep after those; all if undefined. */
	keep?: number;
	/** Sample frames to drop at the end of the stream, whose length may be unknown; none if undefined. */
	dropAtEnd?: number;
}

/**
 * Passes on only the sample frames of a range, and stops pulling at its end. Blocks before the range become empty ones,
 * so that the caller can pause or cancel at each of them.
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

/** A part of a stream, in sample frames from its start. */
export interface FramePart {
	skip: number;
	keep: number;
}

/**
 * Passes on parts of a stream in the order of the list. Parts that come one after another in the stream as well are
 * taken in one pass. For a part that begins before the end of the previous one, the stream is opened again. Blocks
 * outside the parts become empty ones, so that the caller can pause or cancel at each of them.
 *
 * @param open opens the stream for a pass that takes these parts
 */
export async function* pickFrames(
	open: (parts: readonly FramePart[]) => AsyncIterable<PcmBlock>,
	parts: readonly FramePart[],
): AsyncGenerator<PcmBlock> {
	let index = 0;
	while (index < parts.length) {
		const inOnePass = risingFrom(parts, index);
		let position = 0;
		let current = 0;
		for await (const block of open(inOnePass)) {
			const blockEnd = position + block[0].length;
			let isOutside = true;
			while (current < inOnePass.length && inOnePass[current].skip < blockEnd) {
				const { skip, keep } = inOnePass[current];
				isOutside = false;
				yield slice(block, Math.max(0, skip - position), Math.min(skip + keep, blockEnd) - position);
				if (skip + keep > blockEnd) break;
				current++;
			}
			position = blockEnd;
			if (current === inOnePass.length) break;
			if (isOutside) yield slice(block, 0, 0);
		}
		index += inOnePass.length;
	}
}

/** The parts from an index on that one pass can take: each begins at or after the end of the previous one. */
function risingFrom(parts: readonly FramePart[], from: number): readonly FramePart[] {
	let end = from + 1;
	while (end < parts.length && parts[end].skip >= parts[end - 1].skip + parts[end - 1].keep) end++;
	return parts.slice(from, end);
}

/** Holds blocks back until it is known that enough follows them. */
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
