import type { BitReader } from '../../bits/bitReader';
import { peekBits } from '../../bits/bitReader';
import type { ChannelStream } from './channelStream';
import { readChannelStream } from './channelStream';
import { readScalefactorDifference } from './huffman';
import { ZERO_CODEBOOK } from './huffmanTables';
import { findSbrPayload, mayHoldSbr } from './sbr/extensionPayload';
import type { ScalefactorBands } from './scalefactorBands';

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
