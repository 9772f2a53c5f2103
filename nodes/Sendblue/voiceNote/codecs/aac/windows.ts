/** Values of window_shape. */
export const SINE_SHAPE = 0;
export const KBD_SHAPE = 1;

/** α of the Kaiser-Bessel derived window, for long and short windows (ISO/IEC 14496-3, 4.6.11.3.2). */
const KBD_ALPHA_LONG = 4;
const KBD_ALPHA_SHORT = 6;

/** The rising half of each window, by window_shape; the falling half is its mirror image. */
export interface Slopes {
	/** Of a long window, `frameLength` values. */
	long: readonly Float32Array[];
	/** Of a short window, `frameLength / 8` values. */
	short: readonly Float32Array[];
	/** Of a long window that meets a short one: zeros, the short slope in the middle, ones. */
	longToShort: readonly Float32Array[];
}

/** The slopes for a frame length of 1024 or 960. */
export function createSlopes(frameLength: number): Slopes {
	const shortLength = frameLength / 8;
	const long = [sineSlope(frameLength), kbdSlope(frameLength, KBD_ALPHA_LONG)];
	const short = [sineSlope(shortLength), kbdSlope(shortLength, KBD_ALPHA_SHORT)];
	const longToShort = short.map((slope) => {
		const flat = (frameLength - shortLength) / 2;
		const joined = new Float32Array(frameLength).fill(1, flat + shortLength);
		joined.set(slope, flat);
		return joined;
	});
	return { long, short, longToShort };
}

function sineSlope(length: number): Float32Array {
	return Float32Array.from({ length }, (_, n) => Math.sin((Math.PI * (n + 0.5)) / (2 * length)));
}

function kbdSlope(length: number, alpha: number): Float32Array {
	const kaiser = Array.from({ length: length + 1 }, (_, n) =>
		besselI0(Math.PI * alpha * Math.sqrt(1 - ((2 * n) / length - 1) ** 2)),
	);
	const total = kaiser.reduce((sum, value) => sum + value, 0);
	let sum = 0;
	return Float32Array.from({ length }, (_, n) => {
		sum += kaiser[n];
		return Math.sqrt(sum / total);
	});
}

/** The modified Bessel function of the first kind and order 0, by its power series. */
function besselI0(x: number): number {
	const quarter = (x * x) / 4;
	let sum = 1;
	let term = 1;
	for (let k = 1; term > sum * Number.EPSILON; k++) {
		term *= quarter / (k * k);
		sum += term;
	}
	return sum;
}
