/** Opus packets that hold several streams, as surround sound has them (RFC 6716, appendix B; RFC 7845, 5.1.1). */
import { VoiceNoteError } from '../../errors';

const FRAME_COUNT_CODE_MASK = 0x03;
const VBR_BIT = 0x80;
const PADDING_BIT = 0x40;
const FRAME_COUNT_MASK = 0x3f;
/** Sizes from here on take a second byte, which counts in fours. */
const TWO_BYTE_SIZE = 252;

/**
 * Parts a packet into one ordinary packet for each stream. All but the last are self-delimited: they state the size
 * of their last frame too.
 *
 * @throws {VoiceNoteError} `corrupt` where a stream runs past the packet's end.
 */
export function splitStreams(packet: Uint8Array, streams: number): Uint8Array[] {
	const parts: Uint8Array[] = [];
	let position = 0;
	while (parts.length < streams - 1) {
		const { bytes, end } = undelimited(packet, position);
		parts.push(bytes);
		position = end;
	}
	parts.push(packet.subarray(position));
	return parts;
}

/** Reads one self-delimited packet and leaves out the size that makes it one. */
function undelimited(packet: Uint8Array, start: number): { bytes: Uint8Array; end: number } {
	const reader = new SizeReader(packet, start + 1);
	const code = packet[start] & FRAME_COUNT_CODE_MASK;
	const { payloadBytes, sizeAt, sizeEnd } = code === 3 ? countedFrames(reader) : fewFrames(reader, code);
	const end = sizeEnd + payloadBytes;
	if (start >= packet.length || end > packet.length) throw malformed();
	const bytes = new Uint8Array(end - start - (sizeEnd - sizeAt));
	bytes.set(packet.subarray(start, sizeAt));
	bytes.set(packet.subarray(sizeEnd, end), sizeAt - start);
	return { bytes, end };
}

/** Where the additional size stands, and how many bytes follow it. */
interface Delimited {
	payloadBytes: number;
	sizeAt: number;
	sizeEnd: number;
}

/** One frame, two of one size, or two of which the first one's size is stated anyway. */
function fewFrames(reader: SizeReader, code: number): Delimited {
	const stated = code === 2 ? reader.size() : 0;
	const sizeAt = reader.position;
	const size = reader.size();
	return { payloadBytes: stated + (code === 1 ? 2 * size : size), sizeAt, sizeEnd: reader.position };
}

/** Any number of frames: a count, padding, and sizes where they differ. */
function countedFrames(reader: SizeReader): Delimited {
	const flags = reader.byte();
	const count = flags & FRAME_COUNT_MASK;
	let paddingBytes = 0;
	if ((flags & PADDING_BIT) !== 0) {
		let byte = 255;
		while (byte === 255) {
			byte = reader.byte();
			paddingBytes += byte === 255 ? 254 : byte;
		}
	}
	let stated = 0;
	const differ = (flags & VBR_BIT) !== 0;
	if (differ) for (let frame = 1; frame < count; frame++) stated += reader.size();
	const sizeAt = reader.position;
	const size = reader.size();
	const payloadBytes = paddingBytes + (differ ? stated + size : count * size);
	return { payloadBytes, sizeAt, sizeEnd: reader.position };
}

class SizeReader {
	constructor(
		private readonly packet: Uint8Array,
		public position: number,
	) {}

	byte(): number {
		if (this.position >= this.packet.length) throw malformed();
		return this.packet[this.position++];
	}

	/** A frame's size in one byte or two (RFC 6716, section 3.2.1). */
	size(): number {
		const first = this.byte();
		return first < TWO_BYTE_SIZE ? first : first + 4 * this.byte();
	}
}

function malformed(): VoiceNoteError {
	return new VoiceNoteError('corrupt', 'An Opus packet of several streams is malformed');
}
