/** EBML, the binary tree that WebM and Matroska are written in (RFC 8794). */
import { VoiceNoteError } from '../../errors';

/** An element; its data is the bytes of the file from `start` up to `end`. */
export interface EbmlElement {
	id: number;
	start: number;
	end: number;
	/** Whether the file ends before the element's declared end. */
	truncated: boolean;
}

/** Element IDs that are read (RFC 9559, section 5). */
export const EbmlId = {
	Ebml: 0x1a45dfa3,
	Void: 0xec,
	DocType: 0x4282,
	Segment: 0x18538067,
	Info: 0x1549a966,
	TimestampScale: 0x2ad7b1,
	Duration: 0x4489,
	Tracks: 0x1654ae6b,
	TrackEntry: 0xae,
	TrackNumber: 0xd7,
	TrackType: 0x83,
	CodecId: 0x86,
	CodecPrivate: 0x63a2,
	CodecDelay: 0x56aa,
	ContentEncodings: 0x6d80,
	ContentEncoding: 0x6240,
	ContentEncryption: 0x5035,
	ContentCompression: 0x5034,
	ContentCompAlgo: 0x4254,
	ContentCompSettings: 0x4255,
	Audio: 0xe1,
	SamplingFrequency: 0xb5,
	Channels: 0x9f,
	BitDepth: 0x6264,
	Cluster: 0x1f43b675,
	Timestamp: 0xe7,
	SimpleBlock: 0xa3,
	BlockGroup: 0xa0,
	Block: 0xa1,
	DiscardPadding: 0x75a2,
} as const;

/**
 * Elements that may have an unknown size, as live recorders write them; they end at the start of a sibling or parent.
 */
const MAY_BE_OPEN: ReadonlySet<number> = new Set([EbmlId.Segment, EbmlId.Cluster]);
/** CRC-32, which may be in any element. */
const CHECKSUM = 0xbf;
/** Elements at the level of the segment; the start of one ends an open cluster. */
const SEGMENT_LEVEL: ReadonlySet<number> = new Set([
	EbmlId.Cluster,
	EbmlId.Info,
	EbmlId.Tracks,
	0x114d9b74, // SeekHead
	0x1c53bb6b, // Cues
	0x1254c367, // Tags
	0x1043a770, // Chapters
	0x1941a469, // Attachments
]);

/** Whether an element may be in a segment. If files were joined, another header and segment may be too. */
export function isOfSegment(id: number): boolean {
	return SEGMENT_LEVEL.has(id) || id === EbmlId.Void || id === CHECKSUM || id === EbmlId.Ebml || id === EbmlId.Segment;
}

/** Elements at the level of the cluster. */
const CLUSTER_LEVEL: ReadonlySet<number> = new Set([
	EbmlId.Timestamp,
	0x5854, // SilentTracks
	0xa7, // Position
	0xab, // PrevSize
	0xaf, // EncryptedBlock
	EbmlId.SimpleBlock,
	EbmlId.BlockGroup,
]);

/** Whether an element may be in a cluster. */
export function isOfCluster(id: number): boolean {
	return CLUSTER_LEVEL.has(id) || id === EbmlId.Void || id === CHECKSUM;
}

/** More children than any element of a real file has; the scan of a damaged file ends here. */
const MAX_CHILDREN = 1_000_000;

/** An element's ID has up to four bytes. */
const MAX_ID_BYTES = 4;

/**
 * The children between two offsets. Stops at bytes that cannot be an element.
 *
 * @param most how many children may be there
 * @param onStop called with the offset of what cannot be an element
 * @throws {VoiceNoteError} `corrupt` if there are more.
 */
export function* ebmlChildren(
	bytes: Uint8Array,
	start: number,
	end: number,
	most = MAX_CHILDREN,
	onStop: (position: number) => void = () => undefined,
): Generator<EbmlElement> {
	let position = start;
	for (let count = 0; position < end; count++) {
		if (count === most) throw tooManyChildren();
		const id = readVint(bytes, position, end, true);
		const size = id && readVint(bytes, position + id.length, end, false);
		if (!id || !size) return onStop(position);
		const open = size.unknown && MAY_BE_OPEN.has(id.value);
		if (size.unknown && !open) return onStop(position);
		const dataStart = position + id.length + size.length;
		const declaredEnd = open ? endOfOpenElement(bytes, id.value, dataStart, end) : dataStart + size.value;
		const dataEnd = Math.min(declaredEnd, end);
		yield { id: id.value, start: dataStart, end: dataEnd, truncated: declaredEnd > end };
		position = dataEnd;
	}
}

function endOfOpenElement(bytes: Uint8Array, id: number, start: number, end: number): number {
	if (id === EbmlId.Segment) return end;
	let position = start;
	let isLast = false;
	for (let count = 0; position < end && count < MAX_CHILDREN; count++) {
		const child = readVint(bytes, position, end, true);
		if (!child || SEGMENT_LEVEL.has(child.value) || child.value === EbmlId.Ebml) return position;
		const size = readVint(bytes, position + child.length, end, false);
		if (!size || size.unknown) return position;
		const next: number = position + child.length + size.length + size.value;
		// A damaged ID or size must not cost the clusters that follow.
		if (!isLast && (next > end || !isOfCluster(child.value))) {
			const cluster = findCluster(bytes, position, end);
			if (cluster !== undefined) return cluster;
			// Bytes after the last block that are not an element are not part of the recording.
			if (!isOfCluster(child.value)) return position;
			isLast = true;
		}
		position = next;
	}
	return position;
}

/** The start of the next cluster, by its ID; undefined if there is none. */
export function findCluster(bytes: Uint8Array, from: number, end: number): number | undefined {
	for (let position = from; position + MAX_ID_BYTES <= end; position++) {
		if (bytes[position] === 0x1f && readVint(bytes, position, end, true)?.value === EbmlId.Cluster) return position;
	}
	return undefined;
}

function tooManyChildren(): VoiceNoteError {
	return new VoiceNoteError(
		'corrupt',
		'The WebM or Matroska file is damaged: it is made of far too many elements',
		'Export or record it again.',
	);
}

interface Vint {
	value: number;
	/** Bytes it takes. */
	length: number;
	/** Whether all value bits are set, which for a size means "unknown". */
	unknown: boolean;
}

/** A variable-size integer (RFC 8794, section 4); an element ID keeps its length marker. */
function readVint(bytes: Uint8Array, offset: number, end: number, keepMarker: boolean): Vint | undefined {
	if (offset >= end || bytes[offset] === 0) return undefined;
	const length = Math.clz32(bytes[offset]) - 23;
	if (offset + length > end || (keepMarker && length > MAX_ID_BYTES)) return undefined;
	const marker = 0x80 >> (length - 1);
	let value = keepMarker ? bytes[offset] : bytes[offset] & (marker - 1);
	let unknown = (bytes[offset] & (marker - 1)) === marker - 1;
	for (let index = 1; index < length; index++) {
		value = value * 256 + bytes[offset + index];
		unknown = unknown && bytes[offset + index] === 0xff;
	}
	return { value, length, unknown };
}

/** A size as lacing uses it inside a block; undefined if it runs past the end. */
export function readEbmlSize(bytes: Uint8Array, offset: number, end: number): Vint | undefined {
	return readVint(bytes, offset, end, false);
}

/** An unsigned integer element (RFC 8794, section 7.2). */
export function ebmlUnsigned(bytes: Uint8Array, { start, end }: EbmlElement): number {
	let value = 0;
	for (let position = start; position < end; position++) value = value * 256 + bytes[position];
	return value;
}

/** A signed integer element of up to eight bytes (RFC 8794, section 7.1). */
export function ebmlSigned(bytes: Uint8Array, element: EbmlElement): number {
	const unsigned = ebmlUnsigned(bytes, element);
	const bits = 8 * (element.end - element.start);
	return unsigned >= 2 ** (bits - 1) ? unsigned - 2 ** bits : unsigned;
}

/** A floating-point element of four or eight bytes (RFC 8794, section 7.3); 0 for any other size. */
export function ebmlFloat(bytes: Uint8Array, { start, end }: EbmlElement): number {
	const view = new DataView(bytes.buffer, bytes.byteOffset + start, end - start);
	if (view.byteLength === 4) return view.getFloat32(0);
	return view.byteLength === 8 ? view.getFloat64(0) : 0;
}

/** A string element of up to 64 bytes, without trailing zeros. */
export function ebmlString(bytes: Uint8Array, { start, end }: EbmlElement): string {
	return String.fromCharCode(...bytes.subarray(start, Math.min(end, start + 64))).replace(/\0+$/, '');
}
