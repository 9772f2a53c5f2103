/**
 * Frames of Adaptive Multi-Rate audio in the format in which files store them (RFC 4867, section 5.3): a header byte
 * with the frame's type, then its bits in whole bytes.
 */

/** What files begin with, by which decoders tell the two kinds apart. */
export const AMR_NARROWBAND_MAGIC = '#!AMR\n';
export const AMR_WIDEBAND_MAGIC = '#!AMR-WB\n';

/** Sampling rates in Hz. */
export const AMR_NARROWBAND_RATE = 8_000;
export const AMR_WIDEBAND_RATE = 16_000;

/** Bytes of a frame with its header, by its type (3GPP TS 26.101 and 26.201). Types not defined hold nothing. */
const NARROWBAND_BYTES = [13, 14, 16, 18, 20, 21, 27, 32, 6, 6, 6, 6, 1, 1, 1, 1];
const WIDEBAND_BYTES = [18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 1, 1, 1, 1, 1, 1];

/**
 * The frames that lie in `bytes` from `start` on, one behind the other.
 *
 * @param onCut called where the last frame is not complete; it is left out
 */
export function* amrFrames(
	bytes: Uint8Array,
	start: number,
	wideband: boolean,
	onCut: () => void = () => undefined,
): Generator<Uint8Array> {
	const sizes = wideband ? WIDEBAND_BYTES : NARROWBAND_BYTES;
	let position = start;
	while (position < bytes.length) {
		const end = position + sizes[(bytes[position] >> 3) & 0x0f];
		if (end > bytes.length) return onCut();
		yield bytes.subarray(position, end);
		position = end;
	}
}
