import type { BitReader } from '../../bits/bitReader';
import { peekBits } from '../../bits/bitReader';
import type { ChannelStream } from './channelStream';
import { readChannelStream } from './channelStream';
import { readScalefactorDifference, ZERO_CODEBOOK } from './huffman';
import type { ScalefactorBands } from './icsInfo';

/**
 * Passes over coupling_channel_element() behind its tag (ISO/IEC 14496-3, Table 4.8). What it would add to
 * other channels is left out: encoders of speech and music do not use it.
 *
 * @param spare Takes the element's own channel, which nobody hears.
 * @throws {VoiceNoteError} `corrupt`
 */
export function skipCouplingElement(reader: BitReader, spare: ChannelStream, bands: ScalefactorBands): void {
	const independentlySwitched = reader.readFlag();
	const coupledElements = reader.read(3) + 1;
	let gainLists = 0;
	for (let i = 0; i < coupledElements; i++) {
		gainLists++;
		const targetIsPair = reader.readFlag();
		reader.skip(4); // cc_target_tag_select
		const bothChannels = targetIsPair && reader.read(2) === 3; // cc_l, cc_r
		if (bothChannels) gainLists++;
	}
	reader.skip(1 + 1 + 2); // cc_domain, gain_element_sign, gain_element_scale
	readChannelStream(reader, spare, bands, false);
	const bandCount = spare.info.groups * spare.info.maxSfb;
	for (let list = 1; list < gainLists; list++) {
		const commonGain = independentlySwitched || reader.readFlag();
		if (commonGain) readScalefactorDifference(reader);
		for (let band = 0; band < bandCount && !commonGain; band++) {
			if (spare.codebooks[band] !== ZERO_CODEBOOK) readScalefactorDifference(reader);
		}
	}
}

/**
 * Passes over data_stream_element() (ISO/IEC 14496-3, Table 4.10).
 *
 * @throws {VoiceNoteError} `corrupt` where the packet ends before.
 */
export function skipDataStream(reader: BitReader): void {
	reader.skip(4); // element_instance_tag
	const aligned = reader.readFlag();
	let count = reader.read(8);
	if (count === 255) count += reader.read(8);
	if (aligned) reader.alignToByte();
	reader.skip(count * 8);
}

/**
 * Reads fill_element() (Table 4.11), which is also where the extension data of HE-AAC lies.
 *
 * @returns the payload of spectral band replication, where it holds one
 * @throws {VoiceNoteError} `corrupt` where the packet ends before.
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
function mayHoldSbr(firstByte: number): boolean {
	return [EXT_DATA_ELEMENT, EXT_DYNAMIC_RANGE, EXT_SBR_DATA, EXT_SBR_DATA_CRC].includes(firstByte >> 4);
}

/**
 * Finds spectral band replication among the extension payloads of a fill element; it may stand behind others.
 *
 * @returns the payload from its type to the end of the element; undefined where there is none
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
