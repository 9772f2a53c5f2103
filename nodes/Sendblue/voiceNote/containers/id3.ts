const HEADER_BYTES = 10;
const FOOTER_FLAG = 0x10;
/** More tags than any real file has; the walk over a row of empty ones ends here. */
const MAX_TAGS = 100;

/** Whether the bytes begin with an ID3v2 tag. */
export function hasId3(bytes: Uint8Array): boolean {
	return isTagAt(bytes, 0);
}

/**
 * Where the audio behind ID3v2 tags begins (ID3v2.4, section 3.1): 0 where there is none. Tags may follow each other.
 */
export function skipId3(bytes: Uint8Array): number {
	let position = 0;
	for (let count = 0; count < MAX_TAGS && isTagAt(bytes, position); count++) {
		const sizeBytes = bytes.subarray(position + 6, position + HEADER_BYTES);
		// A "synchsafe" integer: seven bits to a byte.
		const size = sizeBytes.reduce((sum, byte) => sum * 128 + byte, 0);
		const footer = (bytes[position + 5] & FOOTER_FLAG) !== 0 ? HEADER_BYTES : 0;
		position += HEADER_BYTES + size + footer;
	}
	return Math.min(position, bytes.length);
}

function isTagAt(bytes: Uint8Array, position: number): boolean {
	return (
		position + HEADER_BYTES <= bytes.length &&
		bytes[position] === 0x49 && // "I"
		bytes[position + 1] === 0x44 && // "D"
		bytes[position + 2] === 0x33 && // "3"
		bytes[position + 3] < 0xff &&
		bytes.subarray(position + 6, position + HEADER_BYTES).every((byte) => byte < 0x80)
	);
}
