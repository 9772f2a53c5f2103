/** Native FLAC files (RFC 9639, sections 6 to 8). */
import type { FlacStreamInfo } from '../../codecs/flac/streamInfo';
import { parseStreamInfo } from '../../codecs/flac/streamInfo';
import { fourCharacters } from '../../bits/fourCharacters';
import { skipId3 } from '../id3';
import type { Container, Demuxed, Track } from '../track';

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
function isFlacAt(bytes: Uint8Array, start: number): boolean {
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

/** Native FLAC, also behind a tag that does not belong there. */
export const flac: Container = {
	probe: (bytes) => isFlacAt(bytes, skipId3(bytes)),
	demux(bytes): Demuxed {
		const { info, audioStart } = readFlac(bytes, skipId3(bytes));
		const { totalFrames, sampleRate } = info;
		const track: Track = {
			codec: { name: 'flac', streamInfo: info, undelimited: true },
			claims: {
				skipSeconds: 0,
				keepSeconds: totalFrames === undefined ? undefined : totalFrames / sampleRate,
				isCount: totalFrames !== undefined,
			},
			packets: () => [bytes.subarray(audioStart)],
		};
		return { sourceFormat: 'flac', tracks: [track], findings: [] };
	},
};
