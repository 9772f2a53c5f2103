import type { OggOpusAudio } from './oggOpusAudio';

const IDENTIFICATION_BYTES = 19;
const VERSION = 1;
/** Mono or stereo in one stream, without a mapping table (RFC 7845, section 5.1.1.1). */
const MAPPING_FAMILY = 0;
/** The gain is a signed fixed-point number with eight fractional bits. */
const GAIN_UNITS_PER_DB = 256;

/** What the comment header names as the writer. */
const VENDOR = 'voiceNote';

/** The identification header, "OpusHead" (RFC 7845, section 5.1). */
export function opusIdentificationHeader({
	channels,
	preSkip,
	outputGainDb,
	inputSampleRate,
}: Pick<OggOpusAudio, 'channels' | 'preSkip' | 'outputGainDb' | 'inputSampleRate'>): Uint8Array {
	const header = new Uint8Array(IDENTIFICATION_BYTES);
	const view = new DataView(header.buffer);
	characters(header, 0, 'OpusHead');
	header[8] = VERSION;
	header[9] = channels;
	view.setUint16(10, preSkip, true);
	view.setUint32(12, inputSampleRate, true);
	view.setInt16(16, Math.round(outputGainDb * GAIN_UNITS_PER_DB), true);
	header[18] = MAPPING_FAMILY;
	return header;
}

/** The comment header, "OpusTags" (RFC 7845, section 5.2), without comments. */
export function opusCommentHeader(): Uint8Array {
	const header = new Uint8Array(8 + 4 + VENDOR.length + 4);
	const view = new DataView(header.buffer);
	characters(header, 0, 'OpusTags');
	view.setUint32(8, VENDOR.length, true);
	characters(header, 12, VENDOR);
	view.setUint32(12 + VENDOR.length, 0, true); // number of comments
	return header;
}

function characters(target: Uint8Array, offset: number, text: string): void {
	for (let index = 0; index < text.length; index++) target[offset + index] = text.charCodeAt(index);
}
