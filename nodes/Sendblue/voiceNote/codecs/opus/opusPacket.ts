/**
 * The structure of an Opus packet (RFC 6716, section 3): a table-of-contents (TOC) byte, then one frame or several,
 * which all have the same length in time.
 */
import { VoiceNoteError } from '../../errors';

/** Opus counts time at 48 kHz, whatever the bandwidth of the audio (RFC 7845, section 4). */
export const OPUS_CLOCK_HZ = 48_000;

/** 20 ms at 48 kHz: the frame length of Apple's voice notes. */
export const VOICE_NOTE_FRAME_SAMPLES = 960;

/** 120 ms at 48 kHz: no packet lasts longer (RFC 6716, section 3.2.5, R5). */
export const MAX_PACKET_SAMPLES = 5_760;

/** No frame is larger than this (RFC 6716, section 3.2.1, R2). */
export const MAX_FRAME_BYTES = 1_275;

/** The TOC byte: configuration in the upper five bits, then stereo, then how many frames. */
const STEREO_BIT = 0x04;
const FRAME_COUNT_CODE_MASK = 0x03;
/** The values of the two bits that say how many frames a packet has (section 3.2). */
const ONE_FRAME = 0;
const TWO_OF_DIFFERENT_SIZE = 2;
/** A second byte says how many, whether they differ in size, and whether padding follows them. */
const ANY_NUMBER = 3;
const VBR_BIT = 0x80;
const PADDING_BIT = 0x40;
const FRAME_COUNT_MASK = 0x3f;
/** Frame sizes from here on take a second byte (section 3.2.1). */
const TWO_BYTE_SIZE = 252;

/** What the first byte of a packet says about every frame in it (RFC 6716, section 3.1). */
export interface OpusToc {
	/** Length of each frame, in samples at 48 kHz. */
	frameSamples: number;
	stereo: boolean;
	/** 0: one frame; 1: two of equal size; 2: two of different sizes; 3: any number. */
	frameCountCode: number;
}

/** Reads the table-of-contents byte. */
export function parseOpusToc(toc: number): OpusToc {
	return {
		frameSamples: frameSamples(toc >> 3),
		stereo: (toc & STEREO_BIT) !== 0,
		frameCountCode: toc & FRAME_COUNT_CODE_MASK,
	};
}

/**
 * Frame length by configuration, in samples at 48 kHz: SILK from 0, hybrid from 12, CELT from 16 (RFC 6716, table 2).
 */
function frameSamples(configuration: number): number {
	if (configuration < 12) return [480, 960, 1_920, 2_880][configuration & 3];
	if (configuration < 16) return [480, 960][configuration & 1];
	return [120, 240, 480, 960][configuration & 3];
}

/**
 * Length of a whole packet in samples at 48 kHz; 0 for an empty packet, which marks a lost one.
 *
 * @throws {VoiceNoteError} `corrupt` if the packet lasts longer than 120 ms, or its frame count is missing or 0
 */
export function opusPacketSamples(packet: Uint8Array): number {
	if (packet.length === 0) return 0;
	const { frameSamples: samples, frameCountCode } = parseOpusToc(packet[0]);
	const frames = frameCountCode === ONE_FRAME ? 1 : frameCountCode < ANY_NUMBER ? 2 : countedFrames(packet);
	if (samples * frames > MAX_PACKET_SAMPLES) throw malformed('it would last longer than 120 ms');
	return samples * frames;
}

/** @throws {VoiceNoteError} `corrupt` if the packet lasts longer than 120 ms or holds no frame */
function assertDuration(packet: Uint8Array): void {
	opusPacketSamples(packet);
}

function countedFrames(packet: Uint8Array): number {
	const count = packet.length > 1 ? packet[1] & FRAME_COUNT_MASK : 0;
	if (count === 0) throw malformed('it says that it holds no frame');
	return count;
}

/**
 * Splits a packet into packets of one frame each, without touching the coded audio. A packet of one frame is returned
 * as it is.
 *
 * @throws {VoiceNoteError} `corrupt` if the packet breaks a rule of RFC 6716, section 3.4
 */
export function splitOpusPacket(packet: Uint8Array): Uint8Array[] {
	const { frameCountCode } = parseOpusToc(packet[0]);
	// Nearly every packet is of this kind, and hours of audio hold hundreds of thousands.
	if (frameCountCode === ONE_FRAME && packet.length <= 1 + MAX_FRAME_BYTES) return [packet];
	assertDuration(packet);
	const { sizes, framesStart } = layoutOf(packet, 0, false);
	if (sizes.some((size) => size > MAX_FRAME_BYTES)) throw malformed('its frame is too large');
	if (sizes.length === 1) return [packet];
	const singleFrameToc = packet[0] & ~FRAME_COUNT_CODE_MASK;
	let position = framesStart;
	return sizes.map((size) => {
		const single = new Uint8Array(1 + size);
		single[0] = singleFrameToc;
		single.set(packet.subarray(position, position + size), 1);
		position += size;
		return single;
	});
}

/**
 * Splits a packet with several streams, as surround sound has them (RFC 7845, section 5.1.1), into an ordinary packet
 * per stream. In it, all streams but the last are self-delimited: they also state the size of their last frame, which
 * otherwise takes the rest of the packet (RFC 6716, appendix B).
 *
 * @throws {VoiceNoteError} `corrupt` if a stream runs past the end of the packet
 */
export function splitStreams(packet: Uint8Array, streams: number): Uint8Array[] {
	const parts: Uint8Array[] = [];
	let position = 0;
	while (parts.length < streams - 1) {
		const { delimiter, end } = layoutOf(packet, position, true);
		// An ordinary packet lacks the size that makes it self-delimited.
		const part = new Uint8Array(end - position - (delimiter.end - delimiter.start));
		part.set(packet.subarray(position, delimiter.start));
		part.set(packet.subarray(delimiter.end, end), delimiter.start - position);
		parts.push(part);
		position = end;
	}
	parts.push(packet.subarray(position));
	return parts;
}

/** The offsets of the parts of a packet, in bytes. */
interface PacketLayout {
	/** Size of each frame. */
	sizes: number[];
	/** Start of the first frame; the others follow. */
	framesStart: number;
	/** The field with the size of the last frame, which only self-delimited packets have; empty for others. */
	delimiter: { start: number; end: number };
	/** End of the packet, after its padding. */
	end: number;
}

/**
 * Reads the frame count, the padding and the sizes of a packet (RFC 6716, section 3.2 and appendix B).
 *
 * @param selfDelimited whether the packet has the size of its last frame; if not, it takes all of the bytes
 * @throws {VoiceNoteError} `corrupt` if what it claims does not fit into the bytes
 */
function layoutOf(packet: Uint8Array, start: number, selfDelimited: boolean): PacketLayout {
	let position = start;
	const nextByte = (): number => {
		if (position >= packet.length) throw malformed('it ends too early');
		return packet[position++];
	};
	/** The size of a frame: one byte, or two, the second of which counts fours. */
	const nextSize = (): number => {
		const first = nextByte();
		return first < TWO_BYTE_SIZE ? first : first + 4 * nextByte();
	};

	const code = nextByte() & FRAME_COUNT_CODE_MASK;
	const flags = code === ANY_NUMBER ? nextByte() : 0;
	const count = code === ONE_FRAME ? 1 : code === ANY_NUMBER ? flags & FRAME_COUNT_MASK : 2;
	let paddingBytes = 0;
	// 255 means 254 bytes of padding and one more byte of this count.
	for (let byte = (flags & PADDING_BIT) !== 0 ? 255 : 0; byte === 255; ) {
		byte = nextByte();
		paddingBytes += byte === 255 ? 254 : byte;
	}
	const differ = code === TWO_OF_DIFFERENT_SIZE || (flags & VBR_BIT) !== 0;
	const stated: number[] = [];
	while (differ && stated.length < count - 1) stated.push(nextSize());
	const statedBytes = stated.reduce((sum, size) => sum + size, 0);

	const delimiter = { start: position, end: position };
	let last: number;
	if (selfDelimited) {
		last = nextSize();
		delimiter.end = position;
	} else {
		const bytes = packet.length - paddingBytes - position - statedBytes;
		last = differ ? bytes : bytes / count;
		if (!(last >= 0)) throw malformed('its frames do not fit into it');
		if (!Number.isInteger(last)) throw malformed('its frames are not of equal size');
	}
	const sizes = differ ? [...stated, last] : new Array<number>(count).fill(last);
	const end = position + paddingBytes + (differ ? statedBytes + last : count * last);
	if (end > packet.length) throw malformed('its frames do not fit into it');
	return { sizes, framesStart: position, delimiter, end };
}

function malformed(reason: string): VoiceNoteError {
	return new VoiceNoteError('corrupt', `An Opus packet is malformed: ${reason}`);
}

/**
 * Counts the time of a stream's packets. A packet that is lost or malformed counts as long as the one before it, which
 * is what the decoder conceals it with.
 */
export class OpusClock {
	private last = VOICE_NOTE_FRAME_SAMPLES;

	/** Length of the next packet in samples at 48 kHz. */
	samplesOf(packet: Uint8Array): number {
		if (packet.length > 0) {
			try {
				this.last = opusPacketSamples(packet);
			} catch {
				// Malformed: it counts as being as long as the previous packet.
			}
		}
		return this.last;
	}
}
