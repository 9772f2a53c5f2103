/**
 * MPEG audio in free format (ISO/IEC 11172-3, 2.4.2.3): the headers do not say how long the frames are, which all are of
 * one length.
 */

/** The longest frame there can be: the highest rates of layer II at 32 kHz, with room. */
const MAX_FRAME_BYTES = 4_096;
/** Shorter than any frame with sound in it. */
const MIN_FRAME_BYTES = 24;
const CONFIRMING_FRAMES = 8;
/** Coded audio has few bytes of zeros or ones alone. */
const MOST_SIGNS = 0.25;

/**
 * Whether frames of free format begin within a stretch of bytes: headers that agree, at equal distances but for the byte
 * of padding, more of them than raw samples hold by chance.
 */
export function isFreeFormat(bytes: Uint8Array, from: number, limit: number): boolean {
	const end = Math.min(bytes.length, from + limit);
	for (let at = bytes.indexOf(0xff, from); at >= 0 && at < end; at = bytes.indexOf(0xff, at + 1)) {
		if (isHeader(bytes, at) && isRepeated(bytes, at)) return true;
	}
	return false;
}

function isHeader(bytes: Uint8Array, at: number): boolean {
	const [, flags, rates] = bytes.subarray(at, at + 3);
	if (rates === undefined || (flags & 0xe0) !== 0xe0) return false;
	const isReserved = (flags & 0x18) === 0x08 || (flags & 0x06) === 0 || (rates & 0x0c) === 0x0c;
	return !isReserved && rates >> 4 === 0;
}

/** Everything but padding, mode extension and the like. */
function agrees(bytes: Uint8Array, first: number, other: number): boolean {
	return (
		bytes[other] === 0xff &&
		bytes[other + 1] === bytes[first + 1] &&
		(bytes[other + 2] & 0xfc) === (bytes[first + 2] & 0xfc) &&
		(bytes[other + 3] & 0xc0) === (bytes[first + 3] & 0xc0)
	);
}

function isRepeated(bytes: Uint8Array, at: number): boolean {
	for (let length = MIN_FRAME_BYTES; length <= MAX_FRAME_BYTES; length++) {
		if (agrees(bytes, at, at + length) && isRow(bytes, at, length)) return true;
	}
	return false;
}

/** Whether header follows upon header; a periodic signal repeats itself too, but as a whole. */
function isRow(bytes: Uint8Array, first: number, length: number): boolean {
	let position = first;
	let isPeriodic = true;
	for (let count = 1; count < CONFIRMING_FRAMES; count++) {
		const next = [0, -1, 1].map((padding) => position + length + padding).find((at) => agrees(bytes, first, at));
		if (next === undefined) return false;
		for (let index = 4; index < MIN_FRAME_BYTES; index++) {
			isPeriodic = isPeriodic && bytes[next + index] === bytes[first + index];
		}
		position = next;
	}
	return !isPeriodic && !isQuietPcm(bytes.subarray(first, position));
}

/** In samples of 16 bits that are not loud each second byte is all zeros or all ones. */
function isQuietPcm(bytes: Uint8Array): boolean {
	const signs = bytes.reduce((count, byte) => count + (byte === 0 || byte === 0xff ? 1 : 0), 0);
	return signs > MOST_SIGNS * bytes.length;
}
