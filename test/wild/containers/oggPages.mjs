/** Ogg (RFC 3533): pages written and read. */
import { cat, edited, text, u32le, u64le, u8 } from '../bytes.mjs';

export const FIRST = 2;
export const LAST = 4;

const TABLE = Array.from({ length: 256 }, (_, index) => {
	let value = index << 24;
	for (let bit = 0; bit < 8; bit++) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1;
	return value >>> 0;
});

function checksum(bytes) {
	let value = 0;
	for (const byte of bytes) value = ((value << 8) ^ TABLE[((value >>> 24) ^ byte) & 255]) >>> 0;
	return value;
}

/** The page with its checksum made anew. */
export const sealed = (page) =>
	edited(page, (copy) => {
		copy.writeUInt32LE(0, 22);
		copy.writeUInt32LE(checksum(copy), 22);
	});

/** A page of whole packets. */
export function page({ serial, sequence, flags = 0, position }, packets) {
	const lacing = packets.flatMap(({ length }) => [...new Array(Math.floor(length / 255)).fill(255), length % 255]);
	if (lacing.length > 255) throw new Error('Too much for a page');
	const header = cat(
		text('OggS'),
		u8(0, flags),
		u64le(position),
		u32le(serial),
		u32le(sequence),
		u32le(0),
		u8(lacing.length),
	);
	return sealed(cat(header, u8(...lacing), packets));
}

/** The pages of a file. */
function splitPages(bytes) {
	const pages = [];
	for (let at = 0; at + 27 <= bytes.length; ) {
		const segments = bytes[at + 26];
		let end = at + 27 + segments;
		for (let index = 0; index < segments; index++) end += bytes[at + 27 + index];
		pages.push(bytes.subarray(at, end));
		at = end;
	}
	return pages;
}

/** The packets of a file with one stream. */
export function readPackets(bytes) {
	const packets = [];
	let parts = [];
	for (const one of splitPages(bytes)) {
		let at = 27 + one[26];
		for (const size of one.subarray(27, at)) {
			parts.push(one.subarray(at, (at += size)));
			if (size === 255) continue;
			packets.push(Buffer.concat(parts));
			parts = [];
		}
	}
	return packets;
}
