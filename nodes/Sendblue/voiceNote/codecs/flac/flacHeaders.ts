/** The headers of FLAC: that of a stream and those of its frames (RFC 9639, sections 8.2, 9.1 and 9.3). */
import { VoiceNoteError } from '../../errors';
import { lazily } from '../../lazily';

/** What FLAC's STREAMINFO block says (RFC 9639, section 8.2). */
export interface FlacStreamInfo {
	/** Sample frames in the longest FLAC frame. */
	maxBlockFrames: number;
	/** Hz. */
	sampleRate: number;
	channels: number;
	bitsPerSample: number;
	/** Sample frames in the stream; undefined if its writer did not know. */
	totalFrames?: number;
}

/** Size of the block in bytes, without its header. */
export const STREAM_INFO_BYTES = 34;

/**
 * Reads a STREAMINFO block.
 *
 * @param bytes from the end of the block's header on
 * @throws {VoiceNoteError} `corrupt` if it is cut off or has no sample rate
 */
export function parseStreamInfo(bytes: Uint8Array): FlacStreamInfo {
	if (bytes.length < STREAM_INFO_BYTES) throw damaged('its header is cut off');
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	// 20 bits of sample rate, 3 of channels, 5 of bits per sample, 36 of total samples.
	const packed = view.getUint32(10);
	const sampleRate = packed >>> 12;
	if (sampleRate === 0) throw damaged('its sample rate is zero');
	const totalFrames = (packed & 0x0f) * 2 ** 32 + view.getUint32(14);
	return {
		maxBlockFrames: view.getUint16(2),
		sampleRate,
		channels: ((packed >>> 9) & 0x07) + 1,
		bitsPerSample: ((packed >>> 4) & 0x1f) + 1,
		totalFrames: totalFrames > 0 ? totalFrames : undefined,
	};
}

function damaged(reason: string): VoiceNoteError {
	return new VoiceNoteError('corrupt', `The FLAC audio is damaged: ${reason}`, 'Export or download it again.');
}

/** How the channels of a frame are coded: separately, or one of two as the difference, left − right. */
export type StereoCoding = 'independent' | 'leftSide' | 'sideRight' | 'midSide';

/** What the header of a frame says. */
export interface FlacFrameHeader {
	/** Hz. */
	sampleRate: number;
	/** Whether `number` counts sample frames. If not, it counts FLAC frames, all of the same length except the last. */
	countsSamples: boolean;
	/** How many of these come before this frame. */
	number: number;
	/** Sample frames in the frame. */
	blockFrames: number;
	channels: number;
	stereo: StereoCoding;
	bitsPerSample: number;
	/** Size of the header in bytes, with its checksum. */
	headerBytes: number;
}

/** Sync code and blocking strategy (2 bytes), codes of size and format (2), frame number (1 to 7), checksum (1). */
const MIN_HEADER_BYTES = 6;

/** Codes of a block size that the end of the header spells out, less one, in 1 or 2 bytes (section 9.1.1). */
const SIZE_IN_1_BYTE = 6;
const SIZE_IN_2_BYTES = 7;

/** Hz by code (section 9.1.2); 0 if STREAMINFO has it. */
const SAMPLE_RATES = [0, 88_200, 176_400, 192_000, 8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000];
/** Codes of a rate that the end of the header spells out: in kHz, in Hz, in tens of Hz. */
const RATE_IN_KHZ = 12;
const RATE_IN_HZ = 13;
const RATE_IN_10_HZ = 14;
const FORBIDDEN_RATE = 15;

/**
 * Channel codes below 8 are the number of independent channels less one; three joint codings follow (section 9.1.3).
 */
const FIRST_STEREO_CODE = 8;
const STEREO_CODINGS: readonly StereoCoding[] = ['leftSide', 'sideRight', 'midSide'];

/** By code (section 9.1.4); 0 if STREAMINFO has it, undefined if reserved. */
const BITS_PER_SAMPLE = [0, 8, 12, undefined, 16, 20, 24, 32];

/**
 * Reads the header that begins at `start`.
 *
 * @param info of the stream, for the fields that a header may leave out
 * @returns undefined if no header with a valid checksum begins there
 */
export function parseFrameHeader(bytes: Uint8Array, start: number, info: FlacStreamInfo): FlacFrameHeader | undefined {
	if (start + MIN_HEADER_BYTES > bytes.length) return undefined;
	if (bytes[start] !== 0xff || (bytes[start + 1] & 0xfe) !== 0xf8) return undefined;
	const countsSamples = (bytes[start + 1] & 1) !== 0;
	const sizeCode = bytes[start + 2] >> 4;
	const rateCode = bytes[start + 2] & 0x0f;
	const channelCode = bytes[start + 3] >> 4;
	const bitsPerSample = BITS_PER_SAMPLE[(bytes[start + 3] >> 1) & 0x07];
	const isReserved = sizeCode === 0 || channelCode >= FIRST_STEREO_CODE + STEREO_CODINGS.length;
	if (isReserved || rateCode === FORBIDDEN_RATE || bitsPerSample === undefined) return undefined;

	const numberBytes = codedNumberBytes(bytes[start + 4]);
	let position = start + 4 + numberBytes;
	let blockFrames = commonBlockFrames(sizeCode);
	if (sizeCode === SIZE_IN_1_BYTE) blockFrames = bytes[position++] + 1;
	if (sizeCode === SIZE_IN_2_BYTES) {
		blockFrames = ((bytes[position] << 8) | bytes[position + 1]) + 1;
		position += 2;
	}
	const ratePosition = position;
	if (rateCode === RATE_IN_KHZ) position += 1;
	if (rateCode === RATE_IN_HZ || rateCode === RATE_IN_10_HZ) position += 2;
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

/** @param field the two bytes after the block size; a rate in kHz uses only the first */
function rateOf(code: number, field: number): number {
	if (code === RATE_IN_KHZ) return (field >> 8) * 1_000;
	if (code === RATE_IN_HZ) return field;
	return code === RATE_IN_10_HZ ? field * 10 : SAMPLE_RATES[code];
}

/**
 * The block size, in sample frames, of a code that stands for one (section 9.1.1): 192, 576 to 4,608 by doubling, 256
 * to 32,768 by doubling.
 */
function commonBlockFrames(sizeCode: number): number {
	if (sizeCode === 1) return 192;
	return sizeCode < SIZE_IN_1_BYTE ? 144 * 2 ** sizeCode : 2 ** sizeCode;
}

/**
 * Bytes of the frame's number. It is coded the way UTF-8 codes a character: the leading ones of the first byte count
 * the bytes.
 */
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

/** x^8 + x^2 + x + 1 (section 9.1.8) and x^16 + x^15 + x^2 + 1 (section 9.3), without their highest term. */
const crc8Table = lazily(() => checksumTable(8, 0x07));
const crc16Table = lazily(() => checksumTable(16, 0x8005));

/** The checksum of each single byte, from which that of many bytes is made. */
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

/** The checksum of a header. */
function crc8(bytes: Uint8Array, start: number, end: number): number {
	const table = crc8Table();
	let checksum = 0;
	for (let index = start; index < end; index++) checksum = table[checksum ^ bytes[index]];
	return checksum;
}

/** The checksum of a whole frame. */
export function crc16(bytes: Uint8Array, start: number, end: number): number {
	const table = crc16Table();
	let checksum = 0;
	for (let index = start; index < end; index++) {
		checksum = ((checksum << 8) & 0xffff) ^ table[(checksum >> 8) ^ bytes[index]];
	}
	return checksum;
}
