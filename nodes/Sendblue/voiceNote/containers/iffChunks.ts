/** The chunk structure RIFF (WAV) and IFF (AIFF) share: a four-character id, a 32-bit size, the bytes. */
import { VoiceNoteError } from '../errors';
import { fourCharacters } from '../bits/fourCharacters';

/** Bytes of a chunk's id and size. */
export const CHUNK_HEADER_BYTES = 8;

/** More chunks than any real file has; the walk over a damaged one ends here. */
const MAX_CHUNKS = 10_000;

/** One chunk of a file. */
export interface Chunk {
	/** The four characters. */
	readonly id: string;
	/** Where its contents start. */
	readonly start: number;
	/** The size its header states, in bytes; may lie beyond the end of the file. */
	readonly size: number;
}

function looksLikeChunkId(bytes: Uint8Array, offset: number): boolean {
	return /^[\x20-\x7e]{4}$/.test(fourCharacters(bytes, offset));
}

/**
 * Walks the chunks from `start` to the end of the file or to what can be no chunk.
 *
 * Chunks of odd size are followed by a pad byte, which some writers forget: where an id only makes sense without
 * it, there is none.
 *
 * @throws {VoiceNoteError} `corrupt` where a file has more than 10,000 chunks.
 */
export function* readChunks(bytes: Uint8Array, start: number, littleEndian: boolean): Generator<Chunk> {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	let at = start;
	for (let count = 0; at + CHUNK_HEADER_BYTES <= bytes.length && looksLikeChunkId(bytes, at); count++) {
		if (count === MAX_CHUNKS) throw new VoiceNoteError('corrupt', 'The file is made of far too many chunks');
		const size = view.getUint32(at + 4, littleEndian);
		yield { id: fourCharacters(bytes, at), start: at + CHUNK_HEADER_BYTES, size };

		const end = at + CHUNK_HEADER_BYTES + size;
		const padForgotten = !looksLikeChunkId(bytes, end + 1) && looksLikeChunkId(bytes, end);
		at = size % 2 === 0 || padForgotten ? end : end + 1;
	}
}

/** Whether the bytes from `start` are nothing but chunks that end exactly with the file. */
function isRowOfChunks(bytes: Uint8Array, start: number, littleEndian: boolean): boolean {
	let end = start;
	for (const chunk of readChunks(bytes, start, littleEndian)) end = chunk.start + chunk.size + (chunk.size % 2);
	return end > start && end === bytes.length;
}

/** Where a chunk's audio ends up: how much of it is there. */
export interface AudioExtent {
	/** Bytes of audio present. */
	readonly length: number;
	/** Whether more was announced. */
	readonly truncated: boolean;
	/** Whether its header leaves its length open. */
	readonly open: boolean;
}

/**
 * Sizes a writer leaves when it cannot seek back (a pipe, a stream of text-to-speech): about the largest number of 31
 * or 32 bits, in some programs rounded (sox: 0x7f000000) or with the header's bytes added (arecord: 0x80000000).
 */
function isStreamingSize(size: number): boolean {
	return (size >= 0x7f000000 && size <= 0x80000100) || (size >= 0xff000000 && size <= 0xffffffff);
}

/**
 * How much audio a data chunk holds.
 *
 * A size of 0 or of "as large as can be" stands for "until the end of the file".
 *
 * @param start Where the audio starts.
 * @param stated The size the header states, in bytes.
 */
export function audioExtent(bytes: Uint8Array, start: number, stated: number, littleEndian: boolean): AudioExtent {
	const present = Math.max(0, bytes.length - start);
	const streaming = isStreamingSize(stated) || (stated === 0 && !isRowOfChunks(bytes, start, littleEndian));
	if (streaming) return { length: stated === 0 ? present : Math.min(present, stated), truncated: false, open: true };
	return { length: Math.min(present, stated), truncated: stated > present, open: false };
}
