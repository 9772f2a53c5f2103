/** The descriptors of MPEG-4 systems (ISO/IEC 14496-1, 7.2.6), which `esds` boxes and AAC's CAF cookie hold. */

/** What an elementary stream descriptor says of its codec. */
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

/** Reads an elementary stream descriptor; undefined where it is damaged. */
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

/** The next descriptor of a kind; others before it are passed over. */
function descriptorAt(bytes: Uint8Array, from: number, end: number, tag: number): Descriptor | undefined {
	let position = from;
	while (position < end) {
		const found = bytes[position++];
		// The size has seven bits to a byte, at most four of them; the high bit says that another follows.
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
