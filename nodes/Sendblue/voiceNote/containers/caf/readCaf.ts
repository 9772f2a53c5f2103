import { VoiceNoteError } from '../../errors';
import {
	AUDIO_DATA_CHUNK,
	CAF_CHUNK_HEADER_BYTES,
	CAF_FILE_HEADER_BYTES,
	CAF_MAGIC,
	CAF_VERSION,
	CHANNEL_LAYOUT_CHUNK,
	DESCRIPTION_BYTES,
	DESCRIPTION_CHUNK,
	EDIT_COUNT_BYTES,
	MAGIC_COOKIE_CHUNK,
	PACKET_TABLE_CHUNK,
	PACKET_TABLE_HEADER_BYTES,
	SIZE_TO_END_OF_FILE,
} from './cafFormat';
import type { CafDescription, CafFile, CafPacketTable } from './cafFormat';
import { fourCC } from '../../bits/fourCC';
import { goesOnUncounted, isPlaceholder } from '../iffChunks';

/** The most chunks that are read: real files have a dozen, and millions of empty ones would only cost time. */
const MAX_CHUNKS = 10_000;

/** Whether the bytes begin like a CAF file. */
export function isCaf(bytes: Uint8Array): boolean {
	return bytes.length >= CAF_FILE_HEADER_BYTES && fourCC(bytes, 0) === CAF_MAGIC;
}

/**
 * Reads a CAF file's chunks.
 *
 * @throws {VoiceNoteError} `corrupt` if a chunk that is needed is missing or contradicts itself.
 */
export function readCaf(bytes: Uint8Array): CafFile {
	if (!isCaf(bytes)) throw corrupt('it does not begin with "caff"');
	const view = viewOf(bytes);
	const version = view.getUint16(4);
	if (version !== CAF_VERSION) throw corrupt(`its version is ${version}, not ${CAF_VERSION}`);

	const chunks = new Map<string, CafChunk>();
	for (const chunk of walkChunks(bytes)) {
		if (!chunks.has(chunk.type)) chunks.set(chunk.type, chunk);
	}
	const descriptionChunk = chunks.get(DESCRIPTION_CHUNK);
	const dataChunk = chunks.get(AUDIO_DATA_CHUNK);
	if (!descriptionChunk) throw corrupt('it has no audio description');
	if (!dataChunk) throw corrupt('it has no audio data');
	if (dataChunk.bytes.length < EDIT_COUNT_BYTES) throw corrupt('its audio data is empty');

	const description = parseDescription(descriptionChunk.bytes);
	const packetTableChunk = chunks.get(PACKET_TABLE_CHUNK);
	const packetTable = packetTableChunk && parsePacketTable(packetTableChunk.bytes, description);
	return {
		description,
		packetTable,
		magicCookie: chunks.get(MAGIC_COOKIE_CHUNK)?.bytes,
		channelLayoutTag: parseLayoutTag(chunks.get(CHANNEL_LAYOUT_CHUNK)?.bytes),
		...audioData(bytes, dataChunk, description, packetTable),
	};
}

/** The audio data that is really there, whatever size the chunk claims. */
function audioData(
	bytes: Uint8Array,
	chunk: CafChunk,
	{ sampleRate, framesPerPacket, bytesPerPacket }: CafDescription,
	packetTable: CafPacketTable | undefined,
): Pick<CafFile, 'data' | 'truncated' | 'missingBytes'> {
	const start = chunk.start + EDIT_COUNT_BYTES;
	if (chunk.truncated) {
		const isOpen = isPlaceholder(chunk.declared, bytes.length - chunk.start, bytes.length);
		const missingBytes = isOpen ? undefined : chunk.start + chunk.declared - bytes.length;
		return { data: bytes.subarray(start), truncated: !isOpen, missingBytes };
	}
	const end = chunk.start + chunk.bytes.length;
	if (end === start && isHeaderAgain(bytes, end, start))
		return { data: betweenHeaders(bytes, start), truncated: false };
	// The audio may go on beyond the size that the chunk claims: as far as the packet table counts, or, if all packets
	// have one size, to the end of the file.
	const counted = packetTable?.packetSizes.reduce((sum, size) => sum + size, 0) ?? 0;
	if (start + counted > end) return { data: bytes.subarray(start, start + counted), truncated: false };
	const bytesPerSecond = framesPerPacket > 0 ? (sampleRate / framesPerPacket) * bytesPerPacket : 0;
	const goesOn = bytesPerSecond > 0 && goesOnUncounted(bytes, end, bytesPerSecond, false);
	return { data: bytes.subarray(start, goesOn ? bytes.length : end), truncated: false };
}

/**
 * Whether the header of the file is repeated at an offset. SoX goes back to rewrite the header, which fails on a pipe:
 * the file then has a header with empty data, the same header again, all samples, and the header once more.
 *
 * @param headerBytes from the start of the file to the start of its audio
 */
function isHeaderAgain(bytes: Uint8Array, offset: number, headerBytes: number): boolean {
	const fixedBytes = headerBytes - EDIT_COUNT_BYTES - CAF_CHUNK_HEADER_BYTES;
	if (offset < headerBytes || offset + headerBytes > bytes.length) return false;
	return bytes.subarray(0, fixedBytes).every((byte, index) => bytes[offset + index] === byte);
}

function betweenHeaders(bytes: Uint8Array, headerBytes: number): Uint8Array {
	const last = bytes.length - headerBytes;
	return bytes.subarray(
		2 * headerBytes,
		last > headerBytes && isHeaderAgain(bytes, last, headerBytes) ? last : undefined,
	);
}

interface CafChunk {
	type: string;
	/** Start of its contents, in bytes from the start of the file. */
	start: number;
	/** The size that its header claims, in bytes; −1 for the rest of the file. */
	declared: number;
	bytes: Uint8Array;
	truncated: boolean;
}

function* walkChunks(bytes: Uint8Array): Generator<CafChunk> {
	const view = viewOf(bytes);
	let position = CAF_FILE_HEADER_BYTES;
	let hasData = false;
	for (let count = 0; position + CAF_CHUNK_HEADER_BYTES <= bytes.length; count++) {
		if (count === MAX_CHUNKS) throw corrupt('it is made of far too many chunks');
		const type = fourCC(bytes, position);
		const declared = Number(view.getBigInt64(position + 4));
		const start = position + CAF_CHUNK_HEADER_BYTES;
		const open = declared === SIZE_TO_END_OF_FILE && type === AUDIO_DATA_CHUNK;
		if (declared < 0 && !open) {
			// The claimed size of the audio data was wrong: this is the rest of it, not a chunk.
			if (hasData) return;
			throw corrupt(`its chunk "${type}" has a negative size`);
		}
		hasData ||= type === AUDIO_DATA_CHUNK;
		const end = open ? bytes.length : start + declared;
		const contents = bytes.subarray(start, Math.min(end, bytes.length));
		yield { type, start, declared, bytes: contents, truncated: end > bytes.length };
		position = end;
	}
}

function parseDescription(chunk: Uint8Array): CafDescription {
	if (chunk.length < DESCRIPTION_BYTES) throw corrupt('its audio description is too short');
	const view = viewOf(chunk);
	return {
		sampleRate: view.getFloat64(0),
		formatId: fourCC(chunk, 8),
		formatFlags: view.getUint32(12),
		bytesPerPacket: view.getUint32(16),
		framesPerPacket: view.getUint32(20),
		channels: view.getUint32(24),
		bitsPerChannel: view.getUint32(28),
	};
}

function parsePacketTable(chunk: Uint8Array, description: CafDescription): CafPacketTable {
	if (chunk.length < PACKET_TABLE_HEADER_BYTES) throw corrupt('its packet table is too short');
	const view = viewOf(chunk);
	const packets = Number(view.getBigInt64(0));
	const sizesVary = description.bytesPerPacket === 0;
	const lengthsVary = description.framesPerPacket === 0;
	const numbersPerPacket = (sizesVary ? 1 : 0) + (lengthsVary ? 1 : 0);
	// Every number takes at least one byte, so a false count cannot make us allocate too much.
	if (packets < 0 || packets * numbersPerPacket > chunk.length - PACKET_TABLE_HEADER_BYTES) {
		throw corrupt('its packet table does not hold the packets it counts');
	}
	const tableLength = numbersPerPacket === 0 ? 0 : Math.max(packets, sizesIn(chunk, numbersPerPacket));
	const packetSizes = new Uint32Array(sizesVary ? tableLength : 0);
	const packetFrames = lengthsVary ? new Uint32Array(tableLength) : undefined;
	const numbers = variableLengthIntegers(chunk.subarray(PACKET_TABLE_HEADER_BYTES));
	for (let index = 0; index < tableLength; index++) {
		if (sizesVary) packetSizes[index] = numbers();
		if (packetFrames) packetFrames[index] = numbers();
	}
	return {
		validFrames: Number(view.getBigInt64(8)),
		primingFrames: view.getInt32(16),
		remainderFrames: view.getInt32(20),
		packetSizes,
		packetFrames,
	};
}

/** How many sizes the table really has, whatever number it claims; a size of 0 is padding at its end. */
function sizesIn(chunk: Uint8Array, numbersPerPacket: number): number {
	if (numbersPerPacket !== 1) return 0;
	let count = 0;
	let isZero = true;
	for (let position = PACKET_TABLE_HEADER_BYTES; position < chunk.length; position++) {
		const byte = chunk[position];
		isZero &&= (byte & 0x7f) === 0;
		if ((byte & 0x80) !== 0) continue;
		if (isZero) return count;
		count++;
		isZero = true;
	}
	return count;
}

/** Integers in groups of 7 bits, most significant first; the high bit says that another group follows. */
function variableLengthIntegers(bytes: Uint8Array): () => number {
	let position = 0;
	return () => {
		let value = 0;
		for (;;) {
			if (position >= bytes.length) throw corrupt('its packet table ends early');
			const byte = bytes[position++];
			value = value * 128 + (byte & 0x7f);
			if (value > 0xffff_ffff) throw corrupt('its packet table holds an absurd size');
			if ((byte & 0x80) === 0) return value;
		}
	};
}

function parseLayoutTag(chunk: Uint8Array | undefined): number | undefined {
	return chunk && chunk.length >= 4 ? viewOf(chunk).getUint32(0) : undefined;
}

function viewOf(bytes: Uint8Array): DataView {
	return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function corrupt(reason: string): VoiceNoteError {
	return new VoiceNoteError('corrupt', `The CAF file is damaged: ${reason}`, 'Export or record the audio again.');
}
