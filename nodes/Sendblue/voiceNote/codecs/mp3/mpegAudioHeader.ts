/**
 * The header of an MPEG audio frame (ISO/IEC 11172-3, section 2.4.2.3, and 13818-3): layers I to III, with the low
 * sample rates of MPEG-2 and 2.5.
 */

/** What the header of a frame says. */
export interface MpegAudioHeader {
	/** 1, 2 or 2.5. */
	version: 1 | 2 | 2.5;
	layer: 1 | 2 | 3;
	/** Hz. */
	sampleRate: number;
	channels: 1 | 2;
	/** Size of the whole frame in bytes. */
	frameBytes: number;
	/** Samples per channel in the frame. */
	frameSamples: number;
}

export const MPEG_AUDIO_HEADER_BYTES = 4;

const SAMPLE_RATES = [44_100, 48_000, 32_000];

/** kb/s by bitrate index 1 to 14. */
const BITRATES_V1_LAYER1 = [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448];
const BITRATES_V1_LAYER2 = [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384];
const BITRATES_V1_LAYER3 = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const BITRATES_V2_LAYER1 = [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256];
const BITRATES_V2_LAYER2_AND_3 = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

const SINGLE_CHANNEL_MODE = 3;

/** Reads the header at an offset; undefined if there cannot be one. Free-format frames are not read. */
export function parseMpegAudioHeader(bytes: Uint8Array, offset: number): MpegAudioHeader | undefined {
	if (offset + MPEG_AUDIO_HEADER_BYTES > bytes.length) return undefined;
	const flags = bytes[offset + 1];
	if (bytes[offset] !== 0xff || (flags & 0xe0) !== 0xe0) return undefined;
	const rates = bytes[offset + 2];
	const mode = bytes[offset + 3];
	const versionBits = (flags >> 3) & 3;
	const layerBits = (flags >> 1) & 3;
	const bitrateIndex = rates >> 4;
	const sampleRateIndex = (rates >> 2) & 3;
	const reserved = versionBits === 1 || layerBits === 0 || sampleRateIndex === 3;
	if (reserved || bitrateIndex === 0 || bitrateIndex === 15) return undefined;

	const version = versionBits === 3 ? 1 : versionBits === 2 ? 2 : 2.5;
	const layer = (4 - layerBits) as 1 | 2 | 3;
	const sampleRate = SAMPLE_RATES[sampleRateIndex] / (version === 1 ? 1 : version === 2 ? 2 : 4);
	const bitrate = bitratesOf(version, layer)[bitrateIndex - 1] * 1_000;
	const padding = (rates >> 1) & 1;
	const frameSamples = layer === 1 ? 384 : layer === 3 && version !== 1 ? 576 : 1_152;
	const slotBytes = layer === 1 ? 4 : 1;
	const slots = Math.floor((frameSamples / 8 / slotBytes) * (bitrate / sampleRate)) + padding;
	return {
		version,
		layer,
		sampleRate,
		channels: mode >> 6 === SINGLE_CHANNEL_MODE ? 1 : 2,
		frameBytes: slots * slotBytes,
		frameSamples,
	};
}

function bitratesOf(version: number, layer: number): number[] {
	if (version !== 1) return layer === 1 ? BITRATES_V2_LAYER1 : BITRATES_V2_LAYER2_AND_3;
	return [BITRATES_V1_LAYER1, BITRATES_V1_LAYER2, BITRATES_V1_LAYER3][layer - 1];
}
