/** The four-character code at an offset; shorter at the end of the bytes. */
export function fourCC(bytes: Uint8Array, offset: number): string {
	if (offset + 4 > bytes.length) return String.fromCharCode(...bytes.subarray(offset, offset + 4));
	return String.fromCharCode(bytes[offset], bytes[offset + 1], bytes[offset + 2], bytes[offset + 3]);
}
