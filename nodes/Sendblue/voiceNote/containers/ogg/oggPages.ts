/** The pages of an Ogg file (RFC 3533, section 6), and the packets in them. */
import { areEqual, inOnePiece } from '../../bits/bytes';
import { lazily } from '../../lazily';
import { LatestPieces } from '../latestPieces';

/** One page; `body` is a view into the file. */
export interface OggPage {
	/** Start of the page in the file, in bytes. */
	offset: number;
	/** Number of the logical stream the page belongs to. */
	serial: number;
	/** Number of the page within its stream; a gap means that pages are lost. */
	sequence: number;
	/** Whether the first packet on the page began on an earlier page. */
	continued: boolean;
	/** Whether the page begins its stream. */
	first: boolean;
	/** Whether the page ends its stream. */
	last: boolean;
	/** Granule position: the end, in the codec's units, of the last packet that ends on this page; −1 if none does. */
	granulePosition: number;
	/** The lacing values: sizes of the segments of `body` in bytes. */
	segmentSizes: Uint8Array;
	body: Uint8Array;
}

const CAPTURE_PATTERN = [0x4f, 0x67, 0x67, 0x53]; // "OggS"
const PAGE_HEADER_BYTES = 27;
const VERSION_OFFSET = 4;
const CHECKSUM_OFFSET = 22;
const SEGMENT_COUNT_OFFSET = 26;
/** Work limit for files full of false page headers: the bytes checked in vain, as a multiple of the file's size. */
const MAX_VAIN_RATIO = 2;

/** Whether the bytes begin as an Ogg page does. */
export function isOgg(bytes: Uint8Array): boolean {
	return bytes.length >= PAGE_HEADER_BYTES && CAPTURE_PATTERN.every((value, index) => bytes[index] === value);
}

/**
 * The intact pages of a file, in order. Damage, which the checksum reveals, is skipped up to the next page.
 *
 * @param onDamage called once for each run of bytes that is not an intact page, with its offset
 * @param checked whether checksums are checked; false for a file whose writer did not compute them
 */
export function* oggPages(
	bytes: Uint8Array,
	onDamage: (offset: number) => void = () => undefined,
	checked = true,
): Generator<OggPage> {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	let position = 0;
	let inDamage = false;
	let vainBytes = 0;
	while (position + PAGE_HEADER_BYTES <= bytes.length && vainBytes <= MAX_VAIN_RATIO * bytes.length) {
		const end = endOfPage(bytes, position);
		const isIntact =
			end !== undefined &&
			(!checked || pageChecksum(bytes, position, end) === view.getUint32(position + CHECKSUM_OFFSET, true));
		if (!isIntact) {
			if (end !== undefined) vainBytes += end - position;
			if (!inDamage) onDamage(position);
			inDamage = true;
			position = nextCapturePattern(bytes, position + 1);
			continue;
		}
		inDamage = false;
		yield oggPageAt(bytes, position);
		position = end;
	}
	if (position < bytes.length && !inDamage) onDamage(position);
}

/**
 * Reads a page that {@link oggPages} has found.
 *
 * @param offset where the page starts, in bytes
 */
export function oggPageAt(bytes: Uint8Array, offset: number): OggPage {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const flags = bytes[offset + 5];
	const bodyStart = startOfBody(bytes, offset);
	return {
		offset,
		serial: view.getUint32(offset + 14, true),
		sequence: view.getUint32(offset + 18, true),
		continued: (flags & 1) !== 0,
		first: (flags & 2) !== 0,
		last: (flags & 4) !== 0,
		granulePosition: Number(view.getBigInt64(offset + 6, true)),
		segmentSizes: bytes.subarray(offset + PAGE_HEADER_BYTES, bodyStart),
		body: bytes.subarray(bodyStart, endOfBody(bytes, offset)),
	};
}

function startOfBody(bytes: Uint8Array, pageStart: number): number {
	return pageStart + PAGE_HEADER_BYTES + bytes[pageStart + SEGMENT_COUNT_OFFSET];
}

function endOfBody(bytes: Uint8Array, pageStart: number): number {
	const bodyStart = startOfBody(bytes, pageStart);
	let end = bodyStart;
	for (let index = pageStart + PAGE_HEADER_BYTES; index < bodyStart; index++) end += bytes[index];
	return end;
}

/** Whether the bytes from `start` on are a page that is cut off by the end of the file. */
export function isCutPage(bytes: Uint8Array, start: number): boolean {
	const rest = bytes.length - start;
	const isPage = rest > 0 && CAPTURE_PATTERN.every((value, index) => index >= rest || bytes[start + index] === value);
	if (!isPage) return false;
	return rest < PAGE_HEADER_BYTES || startOfBody(bytes, start) > bytes.length || endOfBody(bytes, start) > bytes.length;
}

/** The end of the page that begins at `start`; undefined if no complete page begins there. */
function endOfPage(bytes: Uint8Array, start: number): number | undefined {
	if (!CAPTURE_PATTERN.every((value, index) => bytes[start + index] === value)) return undefined;
	if (bytes[start + VERSION_OFFSET] !== 0) return undefined;
	if (startOfBody(bytes, start) > bytes.length) return undefined;
	const end = endOfBody(bytes, start);
	return end > bytes.length ? undefined : end;
}

function nextCapturePattern(bytes: Uint8Array, from: number): number {
	const [first, second, third, fourth] = CAPTURE_PATTERN;
	for (let position = from; position + 4 <= bytes.length; position++) {
		if (
			bytes[position] === first &&
			bytes[position + 1] === second &&
			bytes[position + 2] === third &&
			bytes[position + 3] === fourth
		) {
			return position;
		}
	}
	return bytes.length;
}

/**
 * CRC-32 with the generator polynomial 0x04C11DB7, not reflected, without inversion (RFC 3533, section 6, field 7).
 * Eight tables, so that eight bytes are folded in at a time.
 */
const checksumTables = lazily((): Int32Array[] => {
	const tables = Array.from({ length: 8 }, () => new Int32Array(256));
	for (let byte = 0; byte < 256; byte++) {
		let remainder = byte << 24;
		for (let bit = 0; bit < 8; bit++) {
			remainder = remainder < 0 ? (remainder << 1) ^ 0x04c1_1db7 : remainder << 1;
		}
		tables[0][byte] = remainder;
	}
	for (let table = 1; table < 8; table++) {
		for (let byte = 0; byte < 256; byte++) {
			const previous = tables[table - 1][byte];
			tables[table][byte] = (previous << 8) ^ tables[0][previous >>> 24];
		}
	}
	return tables;
});

/** The checksum of a page, computed with its checksum field as zero. */
export function pageChecksum(bytes: Uint8Array, start: number, end: number): number {
	const field = start + CHECKSUM_OFFSET;
	const [firstTable] = checksumTables();
	let checksum = checksumOf(bytes, start, field, 0);
	for (let index = 0; index < 4; index++) {
		checksum = (checksum << 8) ^ firstTable[checksum >>> 24];
	}
	return checksumOf(bytes, field + 4, end, checksum) >>> 0;
}

function checksumOf(bytes: Uint8Array, start: number, end: number, initial: number): number {
	const [t0, t1, t2, t3, t4, t5, t6, t7] = checksumTables();
	let checksum = initial;
	let position = start;
	for (; position + 8 <= end; position += 8) {
		checksum =
			t7[(checksum >>> 24) ^ bytes[position]] ^
			t6[((checksum >>> 16) & 0xff) ^ bytes[position + 1]] ^
			t5[((checksum >>> 8) & 0xff) ^ bytes[position + 2]] ^
			t4[(checksum & 0xff) ^ bytes[position + 3]] ^
			t3[bytes[position + 4]] ^
			t2[bytes[position + 5]] ^
			t1[bytes[position + 6]] ^
			t0[bytes[position + 7]];
	}
	for (; position < end; position++) checksum = (checksum << 8) ^ t0[(checksum >>> 24) ^ bytes[position]];
	return checksum;
}

/** A packet with what a codec needs to know about its page. */
export interface OggPacket {
	bytes: Uint8Array;
	/** The granule position of the page, if this is the last packet that ends on it. */
	granulePosition?: number;
	/** Whether the page numbers show that pages are missing between the packet before and this one. */
	afterGap: boolean;
}

/** Far more than a packet of any codec we read; it limits the memory that a false header can ask for. */
const MAX_GATHERED_BYTES = 16 * 1_024 * 1_024;

/**
 * Puts the packets of a logical stream together from its pages (RFC 3533, section 5). A packet whose beginning or
 * end is missing is left out.
 */
export function* oggPackets(pages: Iterable<OggPage>): Generator<OggPacket> {
	/** What earlier pages hold of the packet that goes on. */
	let parts: Uint8Array[] = [];
	let partBytes = 0;
	let begun = false;
	let previous: OggPage | undefined;
	let afterGap = false;
	/** The latest pages by their numbers. */
	const latest = new LatestPieces<OggPage>();
	for (const page of pages) {
		const before = latest.get(page.sequence);
		if (before && isRepeated(page, before)) continue;
		latest.add(page.sequence, page);
		const follows = previous !== undefined && page.sequence === (previous.sequence + 1) >>> 0;
		if (!follows) begun = false;
		// Lost pages leave a gap in the numbers; numbers that start over and new serial numbers are the writer's doing.
		if (previous && page.serial === previous.serial && page.sequence > previous.sequence + 1) afterGap = true;
		previous = page;
		if (!page.continued || !begun) {
			parts = [];
			partBytes = 0;
		}
		// The rest of a packet whose beginning is lost is skipped.
		let skipping = page.continued && !begun;
		const lastEnding = lastPacketEnd(page.segmentSizes);
		let start = 0;
		let end = 0;
		for (let segment = 0; segment < page.segmentSizes.length; segment++) {
			const size = page.segmentSizes[segment];
			end += size;
			begun = size === 255;
			if (begun) continue;
			if (!skipping) {
				const onPage = page.body.subarray(start, end);
				const isLastEnd = segment === lastEnding;
				yield {
					bytes: parts.length === 0 ? onPage : inOnePiece([...parts, onPage]),
					granulePosition: isLastEnd && page.granulePosition >= 0 ? page.granulePosition : undefined,
					afterGap,
				};
				afterGap = false;
			}
			skipping = false;
			if (parts.length > 0) parts = [];
			partBytes = 0;
			start = end;
		}
		if (begun && !skipping && partBytes + end - start <= MAX_GATHERED_BYTES) {
			parts.push(page.body.subarray(start, end));
			partBytes += end - start;
		}
		if (skipping) begun = false;
	}
}

/** Whether a page was written twice: its number, granule position and contents are the same. */
function isRepeated(page: OggPage, before: OggPage): boolean {
	const isSame =
		page.serial === before.serial &&
		page.sequence === before.sequence &&
		page.granulePosition === before.granulePosition;
	return isSame && areEqual(page.body, before.body);
}

/** Index of the segment that ends the last packet of the page; −1 if none ends on it. */
function lastPacketEnd(segmentSizes: Uint8Array): number {
	for (let segment = segmentSizes.length - 1; segment >= 0; segment--) {
		if (segmentSizes[segment] < 255) return segment;
	}
	return -1;
}
