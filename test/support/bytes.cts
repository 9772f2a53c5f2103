/** The bytes of a string of Latin-1 characters. */
export const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

/** The bytes of a string of hexadecimal digits; spaces are ignored. */
export const hex = (digits: string): Uint8Array => Uint8Array.from(Buffer.from(digits.replace(/\s+/g, ''), 'hex'));

/** Hexadecimal digits of bytes. */
export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Several byte sequences after each other; a string counts as Latin-1. */
export function joinBytes(...parts: Array<Uint8Array | number[] | string>): Uint8Array {
	return Uint8Array.from(
		Buffer.concat(parts.map((part) => (typeof part === 'string' ? latin1(part) : Uint8Array.from(part)))),
	);
}

/** An unsigned integer, most significant byte first. */
export function bigEndian(value: number | bigint, byteCount: number): Uint8Array {
	const bytes = new Uint8Array(byteCount);
	let rest = BigInt.asUintN(8 * byteCount, BigInt(value));
	for (let index = byteCount - 1; index >= 0; index--) {
		bytes[index] = Number(rest & 0xffn);
		rest >>= 8n;
	}
	return bytes;
}

/** An unsigned integer, least significant byte first. */
export const littleEndian = (value: number | bigint, byteCount: number): Uint8Array =>
	bigEndian(value, byteCount).reverse();

/** A copy with some bytes replaced, from an offset on. */
export function withBytes(bytes: Uint8Array, offset: number, replacement: Uint8Array | number[]): Uint8Array {
	const copy = Uint8Array.from(bytes);
	copy.set(replacement, offset);
	return copy;
}
