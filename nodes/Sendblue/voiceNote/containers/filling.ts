/** What stands behind the end of audio and is none: zeros, text, tags. */
import { fourCharacters } from '../bits/fourCharacters';

/** How the tags begin that are put behind files. */
const TAGS = ['ID3', 'TAG', 'APETAGEX', 'LYRICS'];
const LONGEST_TAG = 8;

/** Whether the bytes from an offset on are no audio, whatever the format: nothing is lost by leaving them out. */
export function isFilling(bytes: Uint8Array, start: number, end = bytes.length): boolean {
	return isTag(bytes, start, end) || isZeroOrText(bytes, start, end);
}

function isTag(bytes: Uint8Array, start: number, end: number): boolean {
	if (!/^[A-Z]/.test(fourCharacters(bytes, start))) return false;
	const letters = String.fromCharCode(...bytes.subarray(start, Math.min(end, start + LONGEST_TAG)));
	return TAGS.some((tag) => letters.startsWith(tag));
}

function isZeroOrText(bytes: Uint8Array, start: number, end: number): boolean {
	for (let position = start; position < end; position++) {
		const byte = bytes[position];
		const isText = (byte >= 0x20 && byte <= 0x7e) || byte === 0x09 || byte === 0x0a || byte === 0x0d;
		if (byte !== 0 && !isText) return false;
	}
	return true;
}
