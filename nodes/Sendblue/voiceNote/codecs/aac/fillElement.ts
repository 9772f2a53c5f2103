/**
 * fill_element() (ISO/IEC 14496-3, Table 4.11): bytes that are not audio, in which HE-AAC stores spectral band
 * replication.
 */
import { type BitReader, peekBits } from '../../bits/bitReader';

/**
 * Reads a fill element.
 *
 * @returns the payload of spectral band replication; undefined if there is none
 * @throws {VoiceNoteError} `corrupt` if the packet ends too early
 */
export function readFill(reader: BitReader): Uint8Array | undefined {
	let count = reader.read(4);
	if (count === 15) count += reader.read(8) - 1;
	const start = reader.position;
	reader.skip(count * 8);
	if (count === 0 || !mayHoldSbr(peekBits(reader.bytes, start) >>> 24)) return undefined;
	reader.position = start;
	const bytes = Uint8Array.from({ length: count }, () => reader.read(8));
	return findSbrPayload(bytes);
}

/** extension_type: the kinds of payload in a fill element (Table 4.121). */
const EXT_DATA_ELEMENT = 2;
const EXT_DYNAMIC_RANGE = 11;
const EXT_SBR_DATA = 13;
const EXT_SBR_DATA_CRC = 14;

/** Flags of dynamic_range_info(), after the type in its first byte. */
const PCE_TAG_PRESENT = 8;
const EXCLUDED_CHANNELS_PRESENT = 4;
const BANDS_PRESENT = 2;
const REFERENCE_LEVEL_PRESENT = 1;

/** Whether there may be spectral band replication in a fill element with this first byte. */
function mayHoldSbr(firstByte: number): boolean {
	return [EXT_DATA_ELEMENT, EXT_DYNAMIC_RANGE, EXT_SBR_DATA, EXT_SBR_DATA_CRC].includes(firstByte >> 4);
}

/**
 * Finds spectral band replication among the payloads of a fill element; it may come after others.
 *
 * @returns the payload from its type to the end of the element; undefined if there is none
 */
function findSbrPayload(bytes: Uint8Array): Uint8Array | undefined {
	for (let at = 0; at < bytes.length; ) {
		switch (bytes[at] >> 4) {
			case EXT_SBR_DATA:
			case EXT_SBR_DATA_CRC:
				return bytes.subarray(at);
			case EXT_DYNAMIC_RANGE:
				at += dynamicRangeLength(bytes, at);
				break;
			case EXT_DATA_ELEMENT:
				at += dataElementLength(bytes, at);
				break;
			default:
				// Fill bytes take all that is left.
				return undefined;
		}
	}
	return undefined;
}

/** Length of dynamic_range_info() in bytes, including its type (Table 4.58). */
function dynamicRangeLength(bytes: Uint8Array, start: number): number {
	const flags = bytes[start];
	let at = start + 1;
	let bands = 1;
	if ((flags & PCE_TAG_PRESENT) !== 0) at++;
	if ((flags & EXCLUDED_CHANNELS_PRESENT) !== 0) {
		// Seven channels per byte, whose lowest bit says whether another byte follows.
		while ((bytes[at] & 1) === 1) at++;
		at++;
	}
	if ((flags & BANDS_PRESENT) !== 0) {
		bands += bytes[at] >> 4;
		at += 1 + bands;
	}
	if ((flags & REFERENCE_LEVEL_PRESENT) !== 0) at++;
	return at + bands - start;
}

/**
 * Length of a data element in bytes, including its type. The length of its contents comes first: the sum of all bytes
 * up to the first that is not 255.
 */
function dataElementLength(bytes: Uint8Array, start: number): number {
	let at = start + 1;
	let length = 0;
	while (bytes[at] === 255) length += bytes[at++];
	length += bytes[at] ?? 0;
	return at + 1 + length - start;
}
