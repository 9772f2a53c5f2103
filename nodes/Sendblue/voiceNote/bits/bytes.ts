/** Whether two pieces hold the same bytes. */
export function areEqual(a: Uint8Array, b: Uint8Array): boolean {
	return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** Pieces one after the other; a single piece is returned as it is, without a copy. */
export function inOnePiece(pieces: readonly Uint8Array[]): Uint8Array {
	if (pieces.length === 1) return pieces[0];
	const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
	let position = 0;
	for (const piece of pieces) {
		whole.set(piece, position);
		position += piece.length;
	}
	return whole;
}

/** Whether the bytes from an offset on are those of a text in Latin-1. */
export function holdsText(bytes: Uint8Array, text: string, offset = 0): boolean {
	if (offset + text.length > bytes.length) return false;
	for (let index = 0; index < text.length; index++) {
		if (bytes[offset + index] !== text.charCodeAt(index)) return false;
	}
	return true;
}
