/** The four-character code at an offset, as container formats name their parts; shorter at the end of the bytes. */
export function fourCharacters(bytes: Uint8Array, offset: number): string {
	return String.fromCharCode(...bytes.subarray(offset, offset + 4));
}
