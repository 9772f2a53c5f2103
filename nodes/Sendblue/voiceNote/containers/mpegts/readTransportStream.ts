/** MPEG transport streams (ISO/IEC 13818-1), which television, cameras and HLS use: their packets and tables. */
import { VoiceNoteError } from '../../errors';
import type { WorkSlices } from '../../workSlices';

/** Where the packets are in the file. */
export interface TransportLayout {
	/** Offset of the first packet's sync byte. */
	start: number;
	/** Bytes from one packet to the next: 188, 192 with a timestamp before each (M2TS), or 204 with error correction. */
	stride: number;
}

/** A packet; `payload` is a view into the file. */
export interface TransportPacket {
	/** Its start, in bytes. */
	offset: number;
	pid: number;
	/** Whether a section or PES packet begins in it. */
	startsUnit: boolean;
	scrambled: boolean;
	/** The continuity counter (4 bits): it counts the packets of a stream that have a payload (2.4.3.3). */
	counter: number;
	payload: Uint8Array;
}

const PACKET_BYTES = 188;
const SYNC_BYTE = 0x47;
const HEADER_BYTES = 4;
const STRIDES = [188, 192, 204];
/** A file is a transport stream if this many packets in a row have their sync bytes. */
const CONFIRMING_PACKETS = 4;
/** The first packet begins before this offset, in bytes; the rest of a cut one may precede it. */
const MAX_START = 1_024;

/** Finds the packets of a transport stream; undefined if the file is not one. */
export function transportLayout(bytes: Uint8Array): TransportLayout | undefined {
	const limit = Math.min(MAX_START, bytes.length);
	for (let start = bytes.indexOf(SYNC_BYTE); start >= 0 && start < limit; start = bytes.indexOf(SYNC_BYTE, start + 1)) {
		const stride = STRIDES.find((candidate) => isConfirmed(bytes, start, candidate));
		if (stride !== undefined) return { start, stride };
	}
	return undefined;
}

function isConfirmed(bytes: Uint8Array, start: number, stride: number): boolean {
	// Fewer packets than that hold no audio worth reading.
	if (start + (CONFIRMING_PACKETS - 1) * stride >= bytes.length) return false;
	for (let count = 1; count < CONFIRMING_PACKETS; count++) {
		if (bytes[start + count * stride] !== SYNC_BYTE) return false;
	}
	return true;
}

/** The packets in order; after damage, from the next sync byte on. */
export function* transportPackets(bytes: Uint8Array, { start, stride }: TransportLayout): Generator<TransportPacket> {
	let position = start;
	while (position + PACKET_BYTES <= bytes.length) {
		if (bytes[position] !== SYNC_BYTE) {
			position = nextPacket(bytes, position, stride);
			continue;
		}
		const packet = readPacket(bytes, position);
		if (packet) yield packet;
		position += stride;
	}
}

function nextPacket(bytes: Uint8Array, from: number, stride: number): number {
	for (let at = bytes.indexOf(SYNC_BYTE, from); at >= 0; at = bytes.indexOf(SYNC_BYTE, at + 1)) {
		if (at + stride >= bytes.length || bytes[at + stride] === SYNC_BYTE) return at;
	}
	return bytes.length;
}

function readPacket(bytes: Uint8Array, position: number): TransportPacket | undefined {
	const control = bytes[position + 3];
	const hasAdaptation = (control & 0x20) !== 0;
	const hasPayload = (control & 0x10) !== 0;
	const isDamaged = (bytes[position + 1] & 0x80) !== 0;
	const payloadStart = position + HEADER_BYTES + (hasAdaptation ? 1 + bytes[position + HEADER_BYTES] : 0);
	const end = position + PACKET_BYTES;
	if (!hasPayload || isDamaged || payloadStart >= end) return undefined;
	return {
		offset: position,
		pid: ((bytes[position + 1] & 0x1f) << 8) | bytes[position + 2],
		startsUnit: (bytes[position + 1] & 0x40) !== 0,
		scrambled: (control & 0xc0) !== 0,
		counter: control & 0x0f,
		payload: bytes.subarray(payloadStart, end),
	};
}

/** The codecs that stream types and descriptors name (ISO/IEC 13818-1, table 2-34; ATSC A/53; Blu-ray). */
export type TransportCodec = 'adts' | 'latm' | 'mp3' | 'ac-3' | 'ec-3' | 'dts' | 'opus' | 'other';

/** A stream of the first program. */
export interface TransportStream {
	pid: number;
	/** undefined for streams that are not audio. */
	codec?: TransportCodec;
}

const PROGRAM_ASSOCIATION_PID = 0;
const PROGRAM_ASSOCIATION_TABLE = 0;
const PROGRAM_MAP_TABLE = 2;
/** Private data: descriptors say what it is. */
const PRIVATE_STREAM_TYPE = 0x06;

const STREAM_TYPES: Readonly<Record<number, TransportCodec>> = {
	0x03: 'mp3',
	0x04: 'mp3',
	0x0f: 'adts',
	0x11: 'latm',
	0x81: 'ac-3',
	0x82: 'dts',
	0x85: 'dts',
	0x86: 'dts',
	0x87: 'ec-3',
};

/** Descriptors with the codec of private data (ETSI EN 300 468, table 12; the registration descriptor). */
const DESCRIPTOR_CODECS: Readonly<Record<number, TransportCodec>> = {
	0x6a: 'ac-3',
	0x7a: 'ec-3',
	0x7b: 'dts',
	0x7c: 'adts',
};
const REGISTRATION_DESCRIPTOR = 0x05;
const REGISTRATIONS: Readonly<Record<string, TransportCodec>> = {
	'AC-3': 'ac-3',
	EAC3: 'ec-3',
	DTS1: 'dts',
	DTS2: 'dts',
	DTS3: 'dts',
	Opus: 'opus',
};

/** A section's fields up to its length, and the checksum at its end. */
const SECTION_LENGTH_END = 3;
const CHECKSUM_BYTES = 4;
/** Fields of a table after the section's length. */
const TABLE_HEADER_BYTES = 5;

/** A part of the file throughout which the first program has the same streams. */
export interface ProgramPart {
	streams: TransportStream[];
	/** Start and end of its packets, in bytes. */
	start: number;
	end: number;
}

/**
 * Finds the streams of the first program: a single part, unless recordings were joined.
 *
 * @returns undefined if the tables that list them are missing
 * @throws {VoiceNoteError} `notAudio` if there is no program
 */
export async function readTransportStream(
	bytes: Uint8Array,
	layout: TransportLayout,
	slices: WorkSlices,
): Promise<ProgramPart[] | undefined> {
	const parts: ProgramPart[] = [];
	const association = new SectionReader(PROGRAM_ASSOCIATION_TABLE);
	let map = new SectionReader(PROGRAM_MAP_TABLE);
	let mapPid: number | undefined;
	let isEmpty = false;
	for (const packet of transportPackets(bytes, layout)) {
		if (slices.due) await slices.rest();
		if (packet.pid === PROGRAM_ASSOCIATION_PID) {
			const table = association.take(packet);
			const pid = table && firstProgram(table);
			isEmpty ||= table !== undefined && pid === undefined;
			if (pid === undefined || pid === mapPid) continue;
			mapPid = pid;
			map = new SectionReader(PROGRAM_MAP_TABLE);
		} else if (packet.pid === mapPid) {
			const table = map.take(packet);
			if (table) addPart(parts, streamsOf(table), packet.offset, bytes.length);
		}
	}
	if (parts.length > 0) return parts;
	if (mapPid === undefined && isEmpty) {
		throw new VoiceNoteError(
			'notAudio',
			'This is an MPEG transport stream without a program',
			'Choose a file with audio.',
		);
	}
	return undefined;
}

/** Begins a part if the streams change. The first part also has everything before its list of streams. */
function addPart(parts: ProgramPart[], streams: TransportStream[], offset: number, end: number): void {
	const last = parts.at(-1);
	if (last && sameStreams(last.streams, streams)) return;
	if (last) last.end = offset;
	parts.push({ streams, start: last ? offset : 0, end });
}

function sameStreams(a: TransportStream[], b: TransportStream[]): boolean {
	return a.length === b.length && a.every(({ pid, codec }, index) => pid === b[index].pid && codec === b[index].codec);
}

/** Assembles the sections of a table; tables are repeated constantly, and those we read fit in a few packets. */
class SectionReader {
	private gathered: number[] | undefined;

	constructor(private readonly tableId: number) {}

	/** The contents of a section that this packet completes. */
	take({ startsUnit, payload }: TransportPacket): Uint8Array | undefined {
		if (startsUnit) this.gathered = [...payload.subarray(1 + payload[0])];
		else this.gathered?.push(...payload);
		const { gathered } = this;
		if (!gathered || gathered.length < SECTION_LENGTH_END) return undefined;
		const length = ((gathered[1] & 0x0f) << 8) | gathered[2];
		if (gathered.length < SECTION_LENGTH_END + length) return undefined;
		this.gathered = undefined;
		if (gathered[0] !== this.tableId || length < TABLE_HEADER_BYTES + CHECKSUM_BYTES) return undefined;
		const start = SECTION_LENGTH_END + TABLE_HEADER_BYTES;
		return Uint8Array.from(gathered.slice(start, SECTION_LENGTH_END + length - CHECKSUM_BYTES));
	}
}

/** The PID of the first program's own table. */
function firstProgram(table: Uint8Array): number | undefined {
	for (let at = 0; at + 4 <= table.length; at += 4) {
		const program = (table[at] << 8) | table[at + 1];
		// Program 0 is the network's own table.
		if (program !== 0) return ((table[at + 2] & 0x1f) << 8) | table[at + 3];
	}
	return undefined;
}

function streamsOf(table: Uint8Array): TransportStream[] {
	const streams: TransportStream[] = [];
	let at = 4 + (((table[2] & 0x0f) << 8) | table[3]);
	while (at + 5 <= table.length) {
		const descriptorsEnd = at + 5 + (((table[at + 3] & 0x0f) << 8) | table[at + 4]);
		const pid = ((table[at + 1] & 0x1f) << 8) | table[at + 2];
		streams.push({ pid, codec: codecOf(table[at], table.subarray(at + 5, descriptorsEnd)) });
		at = descriptorsEnd;
	}
	return streams;
}

function codecOf(streamType: number, descriptors: Uint8Array): TransportCodec | undefined {
	if (streamType !== PRIVATE_STREAM_TYPE) return STREAM_TYPES[streamType];
	for (let at = 0; at + 2 <= descriptors.length; at += 2 + descriptors[at + 1]) {
		const tag = descriptors[at];
		const text = String.fromCharCode(...descriptors.subarray(at + 2, at + 6));
		const codec = tag === REGISTRATION_DESCRIPTOR ? REGISTRATIONS[text] : DESCRIPTOR_CODECS[tag];
		if (codec) return codec;
	}
	return undefined;
}
