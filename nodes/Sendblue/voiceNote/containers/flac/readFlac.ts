/** Native FLAC files (RFC 9639, sections 6 to 8). */
import type { PcmBlock } from '../../pcm/pcmSource';
import { FlacDecoder } from '../../codecs/flac/flacDecoder';
import { parseFrameHeader } from '../../codecs/flac/frameHeader';
import type { FlacStreamInfo } from '../../codecs/flac/streamInfo';
import { parseStreamInfo } from '../../codecs/flac/streamInfo';
import { fourCharacters } from '../../bits/fourCharacters';
import { silentBlock } from '../../pcm/pcmSource';

/** A FLAC file. */
export interface FlacFile {
	info: FlacStreamInfo;
	/** Where the frames begin, in bytes. */
	audioStart: number;
}

const MAGIC = 'fLaC';
const MAGIC_BYTES = 4;
const BLOCK_HEADER_BYTES = 4;
const LAST_BLOCK_FLAG = 0x80;

/** Whether a FLAC stream begins at an offset. */
export function isFlacAt(bytes: Uint8Array, start: number): boolean {
	return fourCharacters(bytes, start) === MAGIC;
}

/**
 * Reads the metadata of a stream, as native files and Matroska hold it.
 *
 * @param start where `fLaC` stands
 * @throws {VoiceNoteError} `corrupt` where the stream's description is damaged.
 */
export function readFlac(bytes: Uint8Array, start: number): FlacFile {
	// STREAMINFO is always the first block.
	const info = parseStreamInfo(bytes.subarray(start + MAGIC_BYTES + BLOCK_HEADER_BYTES));
	let position = start + MAGIC_BYTES;
	let isLast = false;
	while (!isLast && position + BLOCK_HEADER_BYTES <= bytes.length) {
		isLast = (bytes[position] & LAST_BLOCK_FLAG) !== 0;
		const size = (bytes[position + 1] << 16) | (bytes[position + 2] << 8) | bytes[position + 3];
		position += BLOCK_HEADER_BYTES + size;
	}
	return { info, audioStart: Math.min(position, bytes.length) };
}

/** Frames that cannot be decoded, each as long as it may be to try; with more of them the rest is given up. */
const MAX_DAMAGED_FRAMES = 1_000;

/**
 * Decodes the frames of a file; what is damaged is passed over up to the next frame. An empty block stands for each
 * gap, so that who pulls can pause there too.
 *
 * @param onDamage called for each gap
 */
export function* flacBlocks(
	bytes: Uint8Array,
	{ info, audioStart }: FlacFile,
	onDamage: () => void,
): Generator<PcmBlock> {
	const decoder = new FlacDecoder(info);
	let position: number | undefined = audioStart;
	let gaps = 0;
	while (position !== undefined && position < bytes.length) {
		const decoded = tryDecode(decoder, bytes, position);
		if (decoded) {
			yield decoded.block;
			position = decoded.end;
			continue;
		}
		onDamage();
		if (++gaps > MAX_DAMAGED_FRAMES) return;
		yield silentBlock(info.channels, 0);
		position = nextFrame(bytes, position + 1, info);
	}
}

function tryDecode(decoder: FlacDecoder, bytes: Uint8Array, position: number) {
	try {
		return decoder.decodeAt(bytes, position);
	} catch {
		// Damage, a tag at the end, or the end of a file that was cut.
		return undefined;
	}
}

function nextFrame(bytes: Uint8Array, from: number, info: FlacStreamInfo): number | undefined {
	for (let position = bytes.indexOf(0xff, from); position >= 0; position = bytes.indexOf(0xff, position + 1)) {
		if (parseFrameHeader(bytes, position, info)) return position;
	}
	return undefined;
}
