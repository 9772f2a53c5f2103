/** The boxes that MP4 and QuickTime files are made of (ISO/IEC 14496-12, 4.2; Apple, "QuickTime File Format"). */
import { VoiceNoteError } from '../../errors';
import { fourCC } from '../../bits/fourCC';

/** One box; its contents are the bytes of the file from `start` up to `end`. */
export interface Box {
	/** Its four-character code. */
	type: string;
	start: number;
	end: number;
	/** Whether the file ends before the box does. */
	truncated: boolean;
}

/** Size and type. */
export const BOX_HEADER_BYTES = 8;
const LARGE_HEADER_BYTES = 16;
/** A size of 1: the real one follows in 64 bits. A size of 0: up to the end. */
const SIZE_IS_LARGE = 1;
const SIZE_TO_THE_END = 0;

/** More boxes in one place than any real file has; a walk over a damaged file ends here. */
const MAX_BOXES = 500_000;

/** Version and flags, with which a "full box" begins. */
export const FULL_BOX_BYTES = 4;

/**
 * The boxes between two offsets. Stops at bytes that cannot be a box.
 *
 * @throws {VoiceNoteError} `corrupt` if there are more than 500,000.
 */
export function* boxesIn(bytes: Uint8Array, start: number, end: number): Generator<Box> {
	const view = viewOf(bytes);
	let position = start;
	for (let count = 0; position + BOX_HEADER_BYTES <= end; count++) {
		if (count === MAX_BOXES) throw tooManyBoxes();
		let size = view.getUint32(position);
		let headerBytes = BOX_HEADER_BYTES;
		if (size === SIZE_IS_LARGE) {
			if (position + LARGE_HEADER_BYTES > end) return;
			size = Number(view.getBigUint64(position + BOX_HEADER_BYTES));
			headerBytes = LARGE_HEADER_BYTES;
		} else if (size === SIZE_TO_THE_END) {
			size = end - position;
		}
		if (size < headerBytes) return;
		const boxEnd = position + size;
		yield {
			type: fourCC(bytes, position + 4),
			start: position + headerBytes,
			end: Math.min(boxEnd, end),
			truncated: boxEnd > end,
		};
		position = boxEnd;
	}
}

/** The first box of a type between two offsets. */
export function boxIn(bytes: Uint8Array, start: number, end: number, type: string): Box | undefined {
	for (const box of boxesIn(bytes, start, end)) {
		if (box.type === type) return box;
	}
	return undefined;
}

/** The box that a path of types leads to: each is the first of its type inside the previous one. */
export function boxAt(bytes: Uint8Array, parent: Box, ...path: string[]): Box | undefined {
	let box: Box | undefined = parent;
	for (const type of path) box = box && boxIn(bytes, box.start, box.end, type);
	return box;
}

/** A view of a box's contents, which ends with them: reading beyond is a `RangeError`, so check the length first. */
export function contentsOf(bytes: Uint8Array, { start, end }: Pick<Box, 'start' | 'end'>): DataView {
	return new DataView(bytes.buffer, bytes.byteOffset + start, Math.max(0, end - start));
}

function tooManyBoxes(): VoiceNoteError {
	return new VoiceNoteError(
		'corrupt',
		'The MP4 file is damaged: it is made of far too many boxes',
		'Export or download it again.',
	);
}

function viewOf(bytes: Uint8Array): DataView {
	return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
