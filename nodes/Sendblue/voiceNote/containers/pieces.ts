/** Small units are handed on in pieces of about this many bytes: one by one they would drown in overhead. */
const PIECE_BYTES = 16_384;

/**
 * Cuts bytes into pieces of many whole units (frames of samples, blocks of ADPCM).
 *
 * @param unitBytes bytes that must not be parted; at the end a part of one is left over
 */
export function* piecesOf(bytes: Uint8Array, unitBytes: number): Generator<Uint8Array> {
	const pieceBytes = Math.max(1, Math.floor(PIECE_BYTES / unitBytes)) * unitBytes;
	for (let position = 0; position < bytes.length; position += pieceBytes) {
		yield bytes.subarray(position, Math.min(position + pieceBytes, bytes.length));
	}
}
