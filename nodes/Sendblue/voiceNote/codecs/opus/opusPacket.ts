/**
 * The inside of an Opus packet: its table-of-contents byte and its frames (RFC 6716, section 3).
 */
import { VoiceNoteError } from '../../errors';

/** Opus counts time at 48 kHz, whatever the audio's bandwidth (RFC 7845, section 4). */
export const OPUS_CLOCK_HZ = 48_000;

/** 20 ms at the Opus clock: the frame length Apple's voice notes use. */
export const VOICE_NOTE_FRAME_SAMPLES = 960;

/** No packet lasts longer than 120 ms, here at the Opus clock (RFC 6716, section 3.2.5, R5). */
export const MAX_PACKET_SAMPLES = 5_760;

/** No frame is larger (RFC 6716, section 3.2.1, R2). */
export const MAX_FRAME_BYTES = 1_275;

const STEREO_BIT = 0x04;
const FRAME_COUNT_CODE_MASK = 0x03;
const VBR_BIT = 0x80;
const PADDING_BIT = 0x40;
const FRAME_COUNT_MASK = 0x3f;

/** What the first byte of a packet says of every frame in it (RFC 6716, section 3.1). */
export interface OpusToc {
	/** Length of one frame, in samples at 48 kHz. */
	frameSamples: number;
	stereo: boolean;
	/** 0: one frame; 1: two of equal size; 2: two of different size; 3: any number. */
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

/** Frame length of a configuration number, in samples at 48 kHz (RFC 6716, table 2). */
function frameSamples(configuration: number): number {
	if (configuration < 12) return [480, 960, 1_920, 2_880][configuration & 3];
	if (configuration < 16) return [480, 960][configuration & 1];
	return [120, 240, 480, 960][configuration & 3];
}

/**
 * Length of a whole packet in samples at 48 kHz; 0 for an empty packet, which stands for a lost one.
 *
 * @throws {VoiceNoteError} `corrupt` where the packet lasts longer than 120 ms or lacks its frame count.
 */
export function opusPacketSamples(packet: Uint8Array): number {
	if (packet.length === 0) return 0;
	const { frameSamples: samples, frameCountCode } = parseOpusToc(packet[0]);
	const frames = frameCountCode === 0 ? 1 : frameCountCode < 3 ? 2 : frameCountOf(packet);
	if (samples * frames > MAX_PACKET_SAMPLES) throw malformed('it would last longer than 120 ms');
	return samples * frames;
}

/**
 * Parts a packet into packets of one frame each, without touching the coded audio. A packet that holds one frame is
 * given back as it is.
 *
 * @throws {VoiceNoteError} `corrupt` where the packet breaks a rule of RFC 6716, section 3.4.
 */
export function splitOpusPacket(packet: Uint8Array): Uint8Array[] {
	const { frameCountCode } = parseOpusToc(packet[0]);
	if (frameCountCode === 0) {
		if (packet.length - 1 > MAX_FRAME_BYTES) throw malformed('its frame is too large');
		return [packet];
	}
	const frames = framesOf(packet);
	if (frames.length === 1) return [packet];
	const singleFrameToc = packet[0] & ~FRAME_COUNT_CODE_MASK;
	return frames.map((frame) => {
		const single = new Uint8Array(1 + frame.length);
		single[0] = singleFrameToc;
		single.set(frame, 1);
		return single;
	});
}

function frameCountOf(packet: Uint8Array): number {
	const count = packet.length > 1 ? packet[1] & FRAME_COUNT_MASK : 0;
	if (count === 0) throw malformed('it says that it holds no frame');
	return count;
}

function framesOf(packet: Uint8Array): Uint8Array[] {
	switch (packet[0] & FRAME_COUNT_CODE_MASK) {
		case 1:
			return equalFrames(packet, 1, packet.length, 2);
		case 2:
			return unequalFrames(packet, 1, packet.length, 2);
		default:
			return countedFrames(packet);
	}
}

/** Code 3: a frame count byte, then optional padding, then frames of equal or of given sizes. */
function countedFrames(packet: Uint8Array): Uint8Array[] {
	const count = opusPacketSamples(packet) / parseOpusToc(packet[0]).frameSamples;
	let position = 2;
	let end = packet.length;
	if ((packet[1] & PADDING_BIT) !== 0) {
		let lengthByte = 255;
		while (lengthByte === 255) {
			if (position >= end) throw malformed('its padding runs past its end');
			lengthByte = packet[position++];
			end -= lengthByte === 255 ? 254 : lengthByte;
		}
	}
	if (end < position) throw malformed('its padding is longer than itself');
	return (packet[1] & VBR_BIT) !== 0
		? unequalFrames(packet, position, end, count)
		: equalFrames(packet, position, end, count);
}

function equalFrames(packet: Uint8Array, start: number, end: number, count: number): Uint8Array[] {
	const size = (end - start) / count;
	if (!Number.isInteger(size) || size > MAX_FRAME_BYTES) throw malformed('its frames are not of equal size');
	return Array.from({ length: count }, (_, index) => packet.subarray(start + index * size, start + (index + 1) * size));
}

/** Frames of different sizes: all sizes but the last stand before the data (RFC 6716, section 3.2.1). */
function unequalFrames(packet: Uint8Array, start: number, end: number, count: number): Uint8Array[] {
	const sizes: number[] = [];
	let position = start;
	for (let index = 0; index < count - 1; index++) {
		if (position >= end) throw malformed('its frame sizes are missing');
		let size = packet[position++];
		if (size >= 252) {
			if (position >= end) throw malformed('its frame sizes are missing');
			size += packet[position++] * 4;
		}
		sizes.push(size);
	}
	const known = sizes.reduce((sum, size) => sum + size, 0);
	const last = end - position - known;
	if (last < 0 || last > MAX_FRAME_BYTES) throw malformed('its frames do not fit into it');
	sizes.push(last);
	return sizes.map((size) => {
		const frame = packet.subarray(position, position + size);
		position += size;
		return frame;
	});
}

function malformed(reason: string): VoiceNoteError {
	return new VoiceNoteError('corrupt', `An Opus packet is malformed: ${reason}`);
}
