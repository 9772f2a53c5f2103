/** extension_type (ISO/IEC 14496-3, Table 4.121). */
const EXT_DATA_ELEMENT = 2;
const EXT_DYNAMIC_RANGE = 11;
const EXT_SBR_DATA = 13;
const EXT_SBR_DATA_CRC = 14;

/** Flags of dynamic_range_info(), behind the type in its first byte. */
const PCE_TAG_PRESENT = 8;
const EXCLUDED_CHANNELS_PRESENT = 4;
const BANDS_PRESENT = 2;
const REFERENCE_LEVEL_PRESENT = 1;

/** Whether the payloads of a fill element, by its first byte, may hold one of SBR. */
export function mayHoldSbr(firstByte: number): boolean {
	return [EXT_DATA_ELEMENT, EXT_DYNAMIC_RANGE, EXT_SBR_DATA, EXT_SBR_DATA_CRC].includes(firstByte >> 4);
}

/**
 * Finds spectral band replication among the extension payloads of a fill element; it may stand behind others.
 *
 * @returns the payload from its type to the end of the element; undefined where there is none
 */
export function findSbrPayload(bytes: Uint8Array): Uint8Array | undefined {
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
				// Filling takes all that is left.
				return undefined;
		}
	}
	return undefined;
}

/** Bytes of dynamic_range_info() with its type (Table 4.52). */
function dynamicRangeLength(bytes: Uint8Array, start: number): number {
	const flags = bytes[start];
	let at = start + 1;
	let bands = 1;
	if ((flags & PCE_TAG_PRESENT) !== 0) at++;
	if ((flags & EXCLUDED_CHANNELS_PRESENT) !== 0) {
		// Seven channels to a byte, whose last bit says that another one follows.
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

/** Bytes of a data element with its type: those of its length, the last of which is not 255, and what they count. */
function dataElementLength(bytes: Uint8Array, start: number): number {
	let at = start + 1;
	let length = 0;
	while (bytes[at] === 255) length += bytes[at++];
	length += bytes[at] ?? 0;
	return at + 1 + length - start;
}
