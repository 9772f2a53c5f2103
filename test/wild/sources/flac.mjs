/** A small FLAC encoder: fixed predictor of the second order, Rice coding in one partition (RFC 9639). */
import { BitWriter, cat, u16be } from '../bytes.mjs';

const BLOCK = 1_152;
const RATE_CODES = { 8000: 4, 16000: 5, 22050: 6, 24000: 7, 32000: 8, 44100: 9, 48000: 10 };

export function encodeFlac(planes, rate, { variable = false } = {}) {
	const packets = [];
	const samples = [];
	const length = planes[0].length;
	for (let at = 0; at < length; at += BLOCK) {
		const count = Math.min(BLOCK, length - at);
		const channels = planes.map((plane) => plane.subarray(at, at + count));
		packets.push(flacFrame(channels, rate, variable ? at : at / BLOCK, variable));
		samples.push(count);
	}
	return { packets, samples, streamInfo: streamInfo(rate, planes.length, length) };
}

/** STREAMINFO without MD5; `total` 0 if the length is not known. */
function streamInfo(rate, channels, total) {
	const bits = new BitWriter().put(BLOCK, 16).put(BLOCK, 16).put(0, 24).put(0, 24);
	return cat(
		bits
			.put(rate, 20)
			.put(channels - 1, 3)
			.put(15, 5)
			.put(total, 36)
			.bytes(),
		Buffer.alloc(16),
	);
}

function flacFrame(planes, rate, number, variable) {
	const count = planes[0].length;
	const header = cat(
		new BitWriter()
			.put(0x3ffe, 14)
			.put(0, 1)
			.put(variable ? 1 : 0, 1)
			.put(7, 4)
			.put(RATE_CODES[rate], 4)
			.put(planes.length - 1, 4)
			.put(4, 3)
			.put(0, 1)
			.bytes(),
		codedNumber(number),
		u16be(count - 1),
	);
	const body = new BitWriter();
	for (const plane of planes) putSubframe(body, plane);
	const frame = cat(header, Buffer.from([crc(header, 0x07, 8)]), body.bytes());
	return cat(frame, u16be(crc(frame, 0x8005, 16)));
}

/** A number as UTF-8 codes it: the lead byte's ones tell how many bytes there are. */
function codedNumber(value) {
	if (value < 0x80) return Buffer.from([value]);
	const tail = [];
	let rest = value;
	while (rest >= 2 ** (6 - tail.length)) {
		tail.unshift(0x80 | (rest & 0x3f));
		rest = Math.floor(rest / 64);
	}
	return Buffer.from([(0xff << (7 - tail.length)) | rest, ...tail].map((byte) => byte & 255));
}

function putSubframe(bits, plane) {
	if (plane.length < 3) {
		bits.put(0, 1).put(1, 6).put(0, 1);
		for (const sample of plane) bits.put(sample & 0xffff, 16);
		return;
	}
	bits
		.put(0, 1)
		.put(10, 6)
		.put(0, 1)
		.put(plane[0] & 0xffff, 16)
		.put(plane[1] & 0xffff, 16);
	const residuals = Array.from({ length: plane.length - 2 }, (_, index) => {
		const value = plane[index + 2] - 2 * plane[index + 1] + plane[index];
		return value < 0 ? -2 * value - 1 : 2 * value;
	});
	const mean = residuals.reduce((total, value) => total + value, 0) / residuals.length;
	const parameter = Math.min(14, Math.max(0, Math.round(Math.log2(mean + 1))));
	bits.put(0, 2).put(0, 4).put(parameter, 4);
	for (const value of residuals) {
		const quotient = Math.floor(value / 2 ** parameter);
		bits.put(1, quotient + 1).put(value % 2 ** parameter, parameter);
	}
}

function crc(bytes, polynomial, width) {
	const top = 1 << (width - 1);
	const mask = 2 ** width - 1;
	let value = 0;
	for (const byte of bytes) {
		value ^= byte << (width - 8);
		for (let bit = 0; bit < 8; bit++) value = (value & top ? (value << 1) ^ polynomial : value << 1) & mask;
	}
	return value;
}
