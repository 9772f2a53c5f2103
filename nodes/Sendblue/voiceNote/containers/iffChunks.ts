/** The chunk structure RIFF (WAV) and IFF (AIFF) share: a four-character id, a 32-bit size, the bytes. */
import { VoiceNoteError } from '../errors';
import { fourCC } from '../bits/fourCC';
import { fileBehind, isFileAt } from './fileStart';
import { isFilling } from './tags';

/** Bytes of a chunk's id and size. */
export const CHUNK_HEADER_BYTES = 8;

/** More chunks than any real file has; the walk over a damaged one ends here. */
const MAX_CHUNKS = 10_000;

const EXPORT_AGAIN = 'The file is damaged; export or download it again.';

/** One chunk of a file. */
export interface Chunk {
	/** The four-character id. */
	readonly id: string;
	/** Start of its contents, in bytes. */
	readonly start: number;
	/** The size that its header claims, in bytes; it may go beyond the file. */
	readonly size: number;
}

/** Chunks of real files. Of two places where the next chunk may begin, the one with such a name is right. */
const KNOWN_IDS: ReadonlySet<string> = new Set([
	...['fmt ', 'data', 'fact', 'LIST', 'ds64', 'JUNK', 'junk', 'PAD ', 'FLLR', 'bext', 'iXML', 'axml', 'chna', 'levl'],
	...['cue ', 'smpl', 'inst', 'acid', 'PEAK', 'peak', 'afsp', 'id3 ', 'ID3 ', '_PMX', 'wavl', 'slnt', 'plst', 'DISP'],
	...['umid', 'minf', 'elm1', 'regn', 'r64m', 'strc', 'RIFF', 'RF64', 'FORM', 'COMM', 'SSND', 'FVER', 'MARK', 'INST'],
	...['COMT', 'NAME', 'AUTH', '(c) ', 'ANNO', 'AESD', 'APPL', 'MIDI', 'CHAN', 'basc', 'trns', 'cate', 'C2PA'],
]);

/**
 * How much bytes look like the start of a chunk: not at all (0), by their letters (1), also by a size that fits into
 * the file (2), by a name that is known (3).
 */
function likeness(view: DataView, offset: number, littleEndian: boolean): 0 | 1 | 2 | 3 {
	const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
	const id = fourCC(bytes, offset);
	if (!/^[\x20-\x7e]{4}$/.test(id)) return 0;
	if (KNOWN_IDS.has(id)) return 3;
	const start = offset + CHUNK_HEADER_BYTES;
	const fits = start <= view.byteLength && start + view.getUint32(offset + 4, littleEndian) <= view.byteLength;
	return fits ? 2 : 1;
}

/**
 * The start of the next chunk. A pad byte follows chunks of odd size; some writers forget it, and others add one that
 * does not belong. The name of the next chunk shows where it begins.
 */
function nextChunk(view: DataView, end: number, isOdd: boolean, littleEndian: boolean): number {
	const [standard, other] = isOdd ? [end + 1, end] : [end, end + 1];
	const atStandard = likeness(view, standard, littleEndian);
	const atOther = likeness(view, other, littleEndian);
	// An extra byte is accepted only if a name confirms it.
	const isOther = isOdd ? atOther > atStandard : atStandard === 0 && atOther === 3;
	return isOther ? other : standard;
}

/**
 * Walks the chunks from `start` to the end of the file or to bytes that cannot be a chunk.
 *
 * @throws {VoiceNoteError} `corrupt` if a file has more than 10,000 chunks.
 */
export function* readChunks(bytes: Uint8Array, start: number, littleEndian: boolean): Generator<Chunk> {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	let at = start;
	for (let count = 0; at + CHUNK_HEADER_BYTES <= bytes.length && likeness(view, at, littleEndian) > 0; count++) {
		if (count === MAX_CHUNKS)
			throw new VoiceNoteError('corrupt', 'The file is made of far too many chunks', EXPORT_AGAIN);
		const size = view.getUint32(at + 4, littleEndian);
		yield { id: fourCC(bytes, at), start: at + CHUNK_HEADER_BYTES, size };
		at = nextChunk(view, at + CHUNK_HEADER_BYTES + size, size % 2 === 1, littleEndian);
	}
}

/** Whether the bytes from `start` are nothing but chunks that end exactly with the file. */
function isRowOfChunks(bytes: Uint8Array, start: number, littleEndian: boolean): boolean {
	let end = start;
	for (const chunk of readChunks(bytes, start, littleEndian)) end = chunk.start + chunk.size + (chunk.size % 2);
	return end > start && end === bytes.length;
}

/**
 * The end of the chunks from `start` on: where there is no further one, or a file of whatever format begins.
 *
 * @throws {VoiceNoteError} `corrupt` as `readChunks`
 */
export function endOfChunks(bytes: Uint8Array, start: number, littleEndian: boolean): number {
	let end = start;
	for (const chunk of readChunks(bytes, start, littleEndian)) {
		const at = chunk.start - CHUNK_HEADER_BYTES;
		if (at > start && isFileAt(bytes, at)) return at;
		end = chunk.start + chunk.size;
		const isPadded = chunk.size % 2 === 1 && fileBehind(bytes, end) === undefined;
		end += isPadded ? 1 : 0;
	}
	return Math.min(end, bytes.length);
}

/** The names of `KNOWN_IDS` as numbers, to look for them at every byte. */
const KNOWN_ID_NUMBERS: ReadonlySet<number> = new Set(
	[...KNOWN_IDS].map((id) => [...id].reduce((number, letter) => number * 256 + letter.charCodeAt(0), 0)),
);
/** Limits for the chunks after audio of open length: more bytes than a picture has, and more chunks than real files. */
const MAX_TRAILING_BYTES = 4 * 1_024 * 1_024;
const MAX_TRAILING_CHUNKS = 100;

/**
 * The end of audio whose length is open. Chunks may follow it that end exactly with the file: a streaming writer cannot
 * go back to fill in the size of the audio, but knows the sizes of the chunks after it.
 */
function openEnd(bytes: Uint8Array, start: number, littleEndian: boolean): number {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const from = Math.max(start, bytes.length - MAX_TRAILING_BYTES);
	for (let at = from; at + CHUNK_HEADER_BYTES <= bytes.length; at++) {
		if (KNOWN_ID_NUMBERS.has(view.getUint32(at)) && endsWithFile(view, at, littleEndian)) return at;
	}
	return bytes.length;
}

/** Whether chunks follow each other from an offset to the end of the file, with or without the last pad byte. */
function endsWithFile(view: DataView, start: number, littleEndian: boolean): boolean {
	let at = start;
	for (let count = 0; count < MAX_TRAILING_CHUNKS && at + CHUNK_HEADER_BYTES <= view.byteLength; count++) {
		if (likeness(view, at, littleEndian) === 0) return false;
		const end = at + CHUNK_HEADER_BYTES + view.getUint32(at + 4, littleEndian);
		if (end === view.byteLength) return true;
		at = end + ((end - at - CHUNK_HEADER_BYTES) % 2);
	}
	return at === view.byteLength;
}

/** How much of the audio of a chunk is present. */
export interface AudioExtent {
	/** Bytes of audio present. */
	readonly length: number;
	/** Whether more was announced, and how many bytes more. */
	readonly truncated: boolean;
	readonly missingBytes?: number;
	/** Whether the header leaves its length open. */
	readonly open: boolean;
}

/**
 * Sizes in this range are placeholders, since files that large are not read. Sizes of more than 32 bits are real: their
 * writers know them.
 */
const SMALLEST_PLACEHOLDER = 1_000_000_000;
const LARGEST_32_BIT = 2 ** 32;
/** Multiples of these are too round for a real size. If less than half of the size is present, it means "unknown". */
const ROUND_DECIMAL = 100_000_000;
const ROUND_BINARY = 2 ** 24;
/** Bytes of a header that some writers add to a round size, or subtract. */
const USUAL_HEADERS = [0, 8, 36, 44];

/**
 * Whether a size is a placeholder of a writer that could not seek back (a pipe, streamed text-to-speech): the
 * largest number of 31 or 32 bits, two billion, or another number that is too round; or the size of the whole file.
 *
 * @param stated the size that the header claims, in bytes
 * @param present bytes from the start of the audio to the end of the file
 */
export function isPlaceholder(stated: number, present: number, fileBytes: number): boolean {
	if (stated <= present || stated >= LARGEST_32_BIT) return false;
	if (stated >= SMALLEST_PLACEHOLDER || stated === fileBytes || stated === fileBytes - CHUNK_HEADER_BYTES) return true;
	const isRound = (size: number): boolean => size % ROUND_DECIMAL === 0 || size % ROUND_BINARY === 0;
	return stated > 2 * present && USUAL_HEADERS.some((header) => isRound(stated + header) || isRound(stated - header));
}

/**
 * How much audio a data chunk holds.
 *
 * A size of 0 or a placeholder stands for "until the end of the file", or until chunks that end with it.
 *
 * @param start Start of the audio.
 * @param stated The size that the header claims, in bytes.
 */
export function audioExtent(bytes: Uint8Array, start: number, stated: number, littleEndian: boolean): AudioExtent {
	const present = Math.max(0, bytes.length - start);
	const open =
		isPlaceholder(stated, present, bytes.length) || (stated === 0 && !isRowOfChunks(bytes, start, littleEndian));
	if (open) return { length: openEnd(bytes, start, littleEndian) - start, truncated: false, open };
	// Some writers include a header in the size; then no audio is missing.
	const isTooLarge = stated > present + COUNTED_HEADER_BYTES || (stated > present && present < MIN_BYTES_BESIDE_HEADER);
	const missingBytes = isTooLarge ? stated - present : undefined;
	return { length: Math.min(present, stated), truncated: isTooLarge, missingBytes, open };
}

/** Audio in chunks after the first one. */
export interface FurtherAudio {
	/** The pieces, in bytes. */
	readonly pieces: ReadonlyArray<{ readonly start: number; readonly end: number }>;
	/** Whether the last one announces more than the file holds, and how many bytes more. */
	readonly truncated: boolean;
	readonly missingBytes?: number;
	/** Start of the last one, if its header leaves its length open. */
	readonly openFrom?: number;
}

/**
 * The audio in the chunks after the first one; only the last of them may be open or cut short.
 *
 * @param id of the chunks with audio
 * @param headerBytes before the audio in each of them
 * @param first start and end of the contents of the first one
 * @throws {VoiceNoteError} `corrupt` as `readChunks`
 */
export function furtherAudio(
	bytes: Uint8Array,
	{ id, headerBytes }: { readonly id: string; readonly headerBytes: number },
	first: { readonly start: number; readonly end: number },
	littleEndian: boolean,
): FurtherAudio {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const next = nextChunk(view, first.end, (first.end - first.start) % 2 === 1, littleEndian);
	const stated: Array<{ start: number; size: number }> = [];
	for (const chunk of readChunks(bytes, next, littleEndian)) {
		if (chunk.id !== id) continue;
		stated.push({ start: chunk.start + headerBytes, size: Math.max(0, chunk.size - headerBytes) });
	}
	const last = stated.pop();
	if (last === undefined) return { pieces: [], truncated: false };
	const { length, truncated, missingBytes, open } = audioExtent(bytes, last.start, last.size, littleEndian);
	const pieces = [...stated, { start: last.start, size: length }];
	return {
		pieces: pieces.map(({ start, size }) => ({ start, end: start + size })),
		truncated,
		missingBytes,
		openFrom: open ? last.start : undefined,
	};
}

/** Bytes of a header that a size may include. With less audio than the minimum, any excess counts as missing. */
const COUNTED_HEADER_BYTES = 44;
const MIN_BYTES_BESIDE_HEADER = 1_000;

/** In seconds: anything shorter after the audio is not taken for more of it. */
const MIN_UNCOUNTED_SECONDS = 0.1;
/**
 * Whether the audio goes on after what the header counts, as when a recorder wrote its header after the first piece:
 * more than a moment follows, and it is neither chunks nor a tag, text, zeros or another byte repeated.
 *
 * @param from end of the counted audio
 */
export function goesOnUncounted(
	bytes: Uint8Array,
	from: number,
	bytesPerSecond: number,
	littleEndian: boolean,
): boolean {
	const rest = bytes.subarray(from);
	if (rest.length < MIN_UNCOUNTED_SECONDS * bytesPerSecond) return false;
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (likeness(view, from, littleEndian) > 1 || likeness(view, from + 1, littleEndian) > 1) return false;
	if (fileBehind(bytes, from) !== undefined) return false;
	return !isFilling(bytes, from) && rest.some((byte) => byte !== rest[0]);
}
