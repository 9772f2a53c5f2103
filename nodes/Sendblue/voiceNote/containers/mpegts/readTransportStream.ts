/** MPEG transport streams (ISO/IEC 13818-1), as television, cameras and HLS have them. */
import { VoiceNoteError } from '../../errors';
import type { WorkSlices } from '../../workSlices';
import { transportPackets } from './transportPackets';
import type { TransportLayout } from './transportPackets';

/** The codecs that are told apart by their stream type (ISO/IEC 13818-1, table 2-34; ATSC A/53; Blu-ray). */
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
/** Private data: what it is stands in the descriptors. */
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

/** Descriptors that name the codec of private data (ETSI EN 300 468, table 12; the registration descriptor). */
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
/** Fields of a table behind the section's length. */
const TABLE_HEADER_BYTES = 5;

/**
 * Finds the streams of the first program.
 *
 * @throws {VoiceNoteError} `corrupt` where the tables that list them are missing.
 */
export async function readTransportStream(
	bytes: Uint8Array,
	layout: TransportLayout,
	slices: WorkSlices,
): Promise<TransportStream[]> {
	const section = async (pid: number, tableId: number): Promise<Uint8Array> =>
		await sectionOf(bytes, layout, pid, tableId, slices);
	const programMapPid = firstProgram(await section(PROGRAM_ASSOCIATION_PID, PROGRAM_ASSOCIATION_TABLE));
	return streamsOf(await section(programMapPid, PROGRAM_MAP_TABLE));
}

/** The first section of a table; tables are repeated all the time, and those we read fit in one packet or a few. */
async function sectionOf(
	bytes: Uint8Array,
	layout: TransportLayout,
	pid: number,
	tableId: number,
	slices: WorkSlices,
): Promise<Uint8Array> {
	let gathered: number[] | undefined;
	for (const packet of transportPackets(bytes, layout)) {
		if (slices.due) await slices.rest();
		if (packet.pid !== pid) continue;
		if (packet.startsUnit) gathered = [...packet.payload.subarray(1 + packet.payload[0])];
		else gathered?.push(...packet.payload);
		if (!gathered || gathered.length < SECTION_LENGTH_END) continue;
		const length = ((gathered[1] & 0x0f) << 8) | gathered[2];
		if (gathered.length < SECTION_LENGTH_END + length) continue;
		if (gathered[0] === tableId && length >= TABLE_HEADER_BYTES + CHECKSUM_BYTES) {
			const start = SECTION_LENGTH_END + TABLE_HEADER_BYTES;
			return Uint8Array.from(gathered.slice(start, SECTION_LENGTH_END + length - CHECKSUM_BYTES));
		}
		gathered = undefined;
	}
	throw new VoiceNoteError(
		'corrupt',
		'The MPEG transport stream does not list what it holds',
		'The file is cut off or damaged; export or download it again.',
	);
}

function firstProgram(table: Uint8Array): number {
	for (let at = 0; at + 4 <= table.length; at += 4) {
		const program = (table[at] << 8) | table[at + 1];
		// Program 0 is the network's own table.
		if (program !== 0) return ((table[at + 2] & 0x1f) << 8) | table[at + 3];
	}
	throw new VoiceNoteError(
		'notAudio',
		'This is an MPEG transport stream without a program',
		'Choose a file with audio.',
	);
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
