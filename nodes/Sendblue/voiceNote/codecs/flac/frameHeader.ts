/** Headers of FLAC frames (RFC 9639, section 9.1). */
/** The checksums of FLAC frames (RFC 9639, sections 9.1.8 and 9.3). */
import { VoiceNoteError } from '../../errors';
import type { FlacStreamInfo } from './streamInfo';

/** How the two channels of a frame are coded. */
export type StereoCoding = 'independent' | 'leftSide' | 'sideRight' | 'midSide';

/** What a frame's header says. */
export interface FlacFrameHeader {
	/** Hz. */
	sampleRate: number;
	/** Whether `number` counts sample frames; otherwise it counts blocks, which are all of one length but for the last. */
	countsSamples: boolean;
	/** How many of them lie in front of this frame. */
	number: number;
	/** Frames (samples per channel) in the block. */
	blockFrames: number;
	channels: number;
	stereo: StereoCoding;
	bitsPerSample: number;
	/** Size of the header in bytes, its checksum counted in. */
	headerBytes: number;
}

/** Two bytes of sync code and block strategy, two of sizes, one of number at least, the checksum. */
const MIN_HEADER_BYTES = 6;
/** Hz, by code; 0 where the stream's description says it. */
const SAMPLE_RATES = [0, 88_200, 176_400, 192_000, 8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000];
const BITS_PER_SAMPLE = [0, 8, 12, undefined, 16, 20, 24, 32];
const STEREO_CODINGS: readonly StereoCoding[] = ['leftSide', 'sideRight', 'midSide'];
const FIRST_STEREO_CODE = 8;

/**
 * Reads the header that begins at `start`; undefined where none does (by its checksum too).
 *
 * @param info of the stream, for what a header may leave to it
 */
export function parseFrameHeader(bytes: Uint8Array, start: number, info: FlacStreamInfo): FlacFrameHeader | undefined {
	if (start + MIN_HEADER_BYTES > bytes.length) return undefined;
	if (bytes[start] !== 0xff || (bytes[start + 1] & 0xfe) !== 0xf8) return undefined;
	const countsSamples = (bytes[start + 1] & 1) !== 0;
	const sizeCode = bytes[start + 2] >> 4;
	const rateCode = bytes[start + 2] & 0x0f;
	const channelCode = bytes[start + 3] >> 4;
	const bitsPerSample = BITS_PER_SAMPLE[(bytes[start + 3] >> 1) & 0x07];
	if (sizeCode === 0 || rateCode === 15 || channelCode > 10 || bitsPerSample === undefined) return undefined;

	const numberBytes = codedNumberBytes(bytes[start + 4]);
	let position = start + 4 + numberBytes;
	let blockFrames = commonBlockFrames(sizeCode);
	if (sizeCode === 6) blockFrames = bytes[position++] + 1;
	if (sizeCode === 7) {
		blockFrames = ((bytes[position] << 8) | bytes[position + 1]) + 1;
		position += 2;
	}
	const ratePosition = position;
	if (rateCode === 12) position += 1;
	if (rateCode === 13 || rateCode === 14) position += 2;
	if (position >= bytes.length || crc8(bytes, start, position) !== bytes[position]) return undefined;
	return {
		sampleRate: rateOf(rateCode, (bytes[ratePosition] << 8) | bytes[ratePosition + 1]) || info.sampleRate,
		countsSamples,
		number: codedNumber(bytes, start + 4, numberBytes),
		blockFrames,
		channels: channelCode < FIRST_STEREO_CODE ? channelCode + 1 : 2,
		stereo: channelCode < FIRST_STEREO_CODE ? 'independent' : STEREO_CODINGS[channelCode - FIRST_STEREO_CODE],
		bitsPerSample: bitsPerSample || info.bitsPerSample,
		headerBytes: position + 1 - start,
	};
}

/** @param field the two bytes behind the block's size, of which some codes use one */
function rateOf(code: number, field: number): number {
	if (code === 12) return (field >> 8) * 1_000;
	if (code === 13) return field;
	return code === 14 ? field * 10 : SAMPLE_RATES[code];
}

function commonBlockFrames(sizeCode: number): number {
	if (sizeCode === 1) return 192;
	return sizeCode < 6 ? 144 * 2 ** sizeCode : 2 ** sizeCode;
}

/** Bytes of the frame's number, which is coded as UTF-8 codes characters. */
function codedNumberBytes(first: number): number {
	const ones = Math.clz32(~(first << 24));
	return ones === 0 ? 1 : ones;
}

function codedNumber(bytes: Uint8Array, start: number, count: number): number {
	if (count === 1) return bytes[start];
	let number = bytes[start] & (0x7f >> count);
	for (let index = 1; index < count; index++) number = number * 64 + (bytes[start + index] & 0x3f);
	return number;
}

/** The error for a frame that breaks the rules; `what` follows "A frame of FLAC audio". */
export function corruptFrame(what: string): VoiceNoteError {
	return new VoiceNoteError('corrupt', `A frame of FLAC audio ${what}`);
}

const CRC8_POLYNOMIAL = 0x07;
const CRC16_POLYNOMIAL = 0x8005;

const CRC8_TABLE = checksumTable(8, CRC8_POLYNOMIAL);
const CRC16_TABLE = checksumTable(16, CRC16_POLYNOMIAL);

function checksumTable(bits: number, polynomial: number): Uint16Array {
	const top = 2 ** (bits - 1);
	const mask = 2 ** bits - 1;
	return Uint16Array.from({ length: 256 }, (_, byte) => {
		let remainder = byte << (bits - 8);
		for (let bit = 0; bit < 8; bit++) {
			remainder = ((remainder & top) !== 0 ? (remainder << 1) ^ polynomial : remainder << 1) & mask;
		}
		return remainder;
	});
}

/** Checksum of a frame's header. */
function crc8(bytes: Uint8Array, start: number, end: number): number {
	let checksum = 0;
	for (let index = start; index < end; index++) checksum = CRC8_TABLE[checksum ^ bytes[index]];
	return checksum;
}

/** Checksum of a whole frame. */
export function crc16(bytes: Uint8Array, start: number, end: number): number {
	let checksum = 0;
	for (let index = start; index < end; index++) {
		checksum = ((checksum << 8) & 0xffff) ^ CRC16_TABLE[(checksum >> 8) ^ bytes[index]];
	}
	return checksum;
}
