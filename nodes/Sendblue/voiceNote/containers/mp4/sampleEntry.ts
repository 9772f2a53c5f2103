/**
 * What a track's sample description says about its audio (ISO/IEC 14496-12, 12.2.3; QuickTime's sound descriptions).
 */

import type { Box } from './boxes';
import { boxesIn, boxIn, contentsOf, FULL_BOX_BYTES } from './boxes';
import { formatOfCode, PCM_CODINGS, pcmFormat } from '../../codecs/pcm/sampleFormat';
import type { SampleFormat } from '../../codecs/pcm/sampleFormat';

/** The description of an audio track's samples. */
export interface SampleEntry {
	/** Four-character code of the codec: `mp4a`, `alac`, `sowt` … */
	format: string;
	channels: number;
	/** Hz; 0 if it is left to the codec private data. */
	sampleRate: number;
	/** Bits per sample of PCM. */
	bits: number;
	/** QuickTime's flags of linear PCM (`lpcm`). */
	pcmFlags?: number;
	/** QuickTime ADPCM comes in packets: sample frames per packet, and bytes per packet for all channels. */
	packets?: { frames: number; bytes: number };
	/** The boxes after the fields, which have the codec private data. */
	extensions: Box;
}

/**
 * Bytes of the fields before the boxes, by version: reserved, data reference, version, revision, vendor, channels,
 * bits, compression, packet size, rate, and what later versions add.
 */
const VERSION_0_BYTES = 28;
const VERSION_1_BYTES = 44;
const VERSION_2_BYTES = 64;
/** `stsd`: version and flags, number of entries. */
const DESCRIPTION_HEADER_BYTES = FULL_BOX_BYTES + 4;

/** The first entry of an `stsd` box; undefined if it is damaged. */
export function readSampleEntry(bytes: Uint8Array, stsd: Box): SampleEntry | undefined {
	const [entry] = boxesIn(bytes, stsd.start + DESCRIPTION_HEADER_BYTES, stsd.end);
	if (!entry) return undefined;
	const view = contentsOf(bytes, entry);
	if (view.byteLength < VERSION_0_BYTES) return undefined;
	const isQuickTime = contentsOf(bytes, stsd).getUint8(0) === 0;
	const version = isQuickTime ? view.getUint16(8) : 0;
	const common = { format: entry.type, channels: view.getUint16(16), bits: view.getUint16(18) };
	const sampleRate = view.getUint32(24) / 65_536;
	const extensionsFrom = (offset: number): Box => ({ ...entry, start: Math.min(entry.start + offset, entry.end) });
	if (version === 1 && view.byteLength >= VERSION_1_BYTES) {
		const packets = { frames: view.getUint32(28), bytes: view.getUint32(36) };
		return { ...common, sampleRate, packets, extensions: extensionsFrom(VERSION_1_BYTES) };
	}
	if (version === 2 && view.byteLength >= VERSION_2_BYTES) {
		return {
			format: entry.type,
			sampleRate: view.getFloat64(32),
			channels: view.getUint32(40),
			bits: view.getUint32(48),
			pcmFlags: view.getUint32(52),
			extensions: extensionsFrom(VERSION_2_BYTES),
		};
	}
	return { ...common, sampleRate, extensions: extensionsFrom(VERSION_0_BYTES) };
}

/** A box of the description, which QuickTime may put inside `wave`. */
export function extensionOf(bytes: Uint8Array, { extensions }: SampleEntry, type: string): Box | undefined {
	const direct = boxIn(bytes, extensions.start, extensions.end, type);
	if (direct) return direct;
	const wave = boxIn(bytes, extensions.start, extensions.end, 'wave');
	return wave && boxIn(bytes, wave.start, wave.end, type);
}

/** Flags of `lpcm` (Apple, CoreAudioTypes.h). */
const IS_FLOAT = 1;
const IS_BIG_ENDIAN = 2;
const IS_SIGNED = 4;

/** The sample format of a track; undefined if it is compressed. */
export function pcmSampleFormat(bytes: Uint8Array, entry: SampleEntry): SampleFormat | undefined {
	const { format, bits, pcmFlags = 0 } = entry;
	if (format === 'lpcm') {
		const encoding = (pcmFlags & IS_FLOAT) !== 0 ? 'float' : (pcmFlags & IS_SIGNED) !== 0 ? 'int' : 'uint';
		return pcmFormat(encoding, bits, (pcmFlags & IS_BIG_ENDIAN) === 0);
	}
	const stated = statedByteOrder(bytes, entry);
	// `raw ` always has 8 bits, and 8-bit `NONE` is unsigned like `raw `.
	const isUnsigned = format === 'raw ' || (format === 'NONE' && (stated?.bits || bits) === 8);
	const found = isUnsigned ? PCM_CODINGS.u8 : formatOfCode(format, stated?.bits || bits);
	return found && { ...found, littleEndian: stated?.littleEndian ?? found.littleEndian };
}

/** QuickTime's `enda` box, and `pcmC` of ISO/IEC 23003-5. */
function statedByteOrder(bytes: Uint8Array, entry: SampleEntry): { littleEndian: boolean; bits?: number } | undefined {
	const enda = extensionOf(bytes, entry, 'enda');
	if (enda && enda.end - enda.start >= 2) return { littleEndian: contentsOf(bytes, enda).getUint16(0) === 1 };
	const config = extensionOf(bytes, entry, 'pcmC');
	if (!config || config.end - config.start < FULL_BOX_BYTES + 2) return undefined;
	const view = contentsOf(bytes, config);
	return { littleEndian: (view.getUint8(FULL_BOX_BYTES) & 1) === 1, bits: view.getUint8(FULL_BOX_BYTES + 1) };
}

/**
 * What an elementary stream descriptor (ISO/IEC 14496-1, 7.2.6) says about its codec. `esds` boxes and AAC in CAF have
 * one.
 */
export interface DecoderConfig {
	/** objectTypeIndication, the codec (ISO/IEC 14496-1, table 5, and the registration authority mp4ra.org). */
	objectType: number;
	/** DecoderSpecificInfo: for AAC an AudioSpecificConfig. */
	specificInfo?: Uint8Array;
}

const ES_DESCRIPTOR = 0x03;
const DECODER_CONFIG_DESCRIPTOR = 0x04;
const DECODER_SPECIFIC_INFO = 0x05;

/** Flags of an ES descriptor. */
const STREAM_DEPENDENCE = 0x80;
const URL = 0x40;
const OCR_STREAM = 0x20;

/** objectTypeIndication, stream type, buffer size, maximum and average bitrate. */
const DECODER_CONFIG_BYTES = 13;

interface Descriptor {
	tag: number;
	start: number;
	end: number;
}

/** Whether bytes start as an elementary stream descriptor does. */
export function isElementaryStreamDescriptor(bytes: Uint8Array): boolean {
	return bytes[0] === ES_DESCRIPTOR;
}

/** Reads an elementary stream descriptor; undefined if it is damaged. */
export function readDecoderConfig(bytes: Uint8Array): DecoderConfig | undefined {
	const stream = descriptorAt(bytes, 0, bytes.length, ES_DESCRIPTOR);
	if (!stream || stream.start + 3 > stream.end) return undefined;
	const flags = bytes[stream.start + 2];
	let position = stream.start + 3;
	if ((flags & STREAM_DEPENDENCE) !== 0) position += 2;
	if ((flags & URL) !== 0) position += 1 + (bytes[position] ?? 0);
	if ((flags & OCR_STREAM) !== 0) position += 2;
	const config = descriptorAt(bytes, position, stream.end, DECODER_CONFIG_DESCRIPTOR);
	if (!config || config.start + DECODER_CONFIG_BYTES > config.end) return undefined;
	const info = descriptorAt(bytes, config.start + DECODER_CONFIG_BYTES, config.end, DECODER_SPECIFIC_INFO);
	return { objectType: bytes[config.start], specificInfo: info && bytes.subarray(info.start, info.end) };
}

/** The next descriptor of a kind; others before it are skipped. */
function descriptorAt(bytes: Uint8Array, from: number, end: number, tag: number): Descriptor | undefined {
	let position = from;
	while (position < end) {
		const found = bytes[position++];
		// The size has 7 bits per byte in up to four bytes; the high bit says that another byte follows.
		let size = 0;
		for (let count = 0; count < 4 && position < end; count++) {
			const byte = bytes[position++];
			size = size * 128 + (byte & 0x7f);
			if ((byte & 0x80) === 0) break;
		}
		const descriptorEnd = Math.min(position + size, end);
		if (found === tag) return { tag, start: position, end: descriptorEnd };
		position = descriptorEnd;
	}
	return undefined;
}
