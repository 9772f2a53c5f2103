/** Builds CAF files chunk by chunk (Apple Core Audio Format Specification 1.0). */
import { bigEndian, joinBytes } from '../bytes.cts';

/** A chunk with its header. */
export const cafChunk = (type: string, contents: Uint8Array, statedSize: number = contents.length): Uint8Array =>
	joinBytes(type, bigEndian(statedSize, 8), contents);

/** A file of chunks. */
export const cafOf = (...chunks: Uint8Array[]): Uint8Array => joinBytes('caff', [0, 1, 0, 0], ...chunks);

/** The fields of an Audio Description chunk. */
export interface DescriptionFields {
	sampleRate?: number;
	formatId?: string;
	formatFlags?: number;
	bytesPerPacket?: number;
	framesPerPacket?: number;
	channels?: number;
	bits?: number;
}

/** An Audio Description chunk. */
export function description(fields: DescriptionFields = {}): Uint8Array {
	const { sampleRate = 24_000, formatId = 'opus', formatFlags = 0, bytesPerPacket = 0 } = fields;
	const { framesPerPacket = 480, channels = 1, bits = 0 } = fields;
	const rate = new Uint8Array(8);
	new DataView(rate.buffer).setFloat64(0, sampleRate);
	const numbers = [formatFlags, bytesPerPacket, framesPerPacket, channels, bits].map((value) => bigEndian(value, 4));
	return cafChunk(
		'desc',
		joinBytes(rate, formatId.slice(0, 4), numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]),
	);
}

/** A variable-length integer. */
export function variableLength(value: number): number[] {
	const groups = [value & 0x7f];
	for (let rest = value >> 7; rest > 0; rest >>= 7) groups.unshift(0x80 | (rest & 0x7f));
	return groups;
}

/** The fields of a Packet Table chunk. */
export interface PacketTableFields {
	validFrames: number;
	primingFrames?: number;
	remainderFrames?: number;
	packets?: number;
	/** For each packet its size and, if packets differ in length, its frames. */
	table: number[];
}

/** A Packet Table chunk. */
export function packetTable(fields: PacketTableFields): Uint8Array {
	const { validFrames, primingFrames = 0, remainderFrames = 0, table, packets = table.length } = fields;
	return cafChunk(
		'pakt',
		joinBytes(
			bigEndian(packets, 8),
			bigEndian(validFrames, 8),
			bigEndian(primingFrames, 4),
			bigEndian(remainderFrames, 4),
			table.flatMap(variableLength),
		),
	);
}

/** An Audio Data chunk, if asked for with its size left open. */
export function audioData(packets: Uint8Array[], openSize = false): Uint8Array {
	const contents = joinBytes([0, 0, 0, 0], ...packets);
	return cafChunk('data', contents, openSize ? -1 : contents.length);
}
