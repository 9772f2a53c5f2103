/**
 * G.711 companding (ITU-T G.711): the 256 codes of each law as linear samples.
 *
 * The ITU gives the laws on scales of 13 (A) and 14 (µ) bits; like every decoder in use we stretch both to
 * 16 bits, so that full scale is about −1 … 1.
 */

const SIGN_BIT = 0x80;
const SEGMENT_SHIFT = 4;
const SEGMENT_MASK = 0x70;
const MANTISSA_MASK = 0x0f;
const FULL_SCALE = 32768;

/** Added before µ-law encoding so that the segments fall on powers of two; on the 16-bit scale. */
const MULAW_BIAS = 0x84;
/** A-law codes travel with every even bit inverted. */
const ALAW_TOGGLE = 0x55;

function expandMulaw(code: number): number {
	const inverted = ~code & 0xff;
	const segment = (inverted & SEGMENT_MASK) >> SEGMENT_SHIFT;
	const magnitude = ((((inverted & MANTISSA_MASK) << 3) + MULAW_BIAS) << segment) - MULAW_BIAS;
	return (inverted & SIGN_BIT) !== 0 ? -magnitude : magnitude;
}

function expandAlaw(code: number): number {
	const toggled = code ^ ALAW_TOGGLE;
	const segment = (toggled & SEGMENT_MASK) >> SEGMENT_SHIFT;
	const mantissa = ((toggled & MANTISSA_MASK) << 4) + 8;
	const magnitude = segment === 0 ? mantissa : (mantissa + 0x100) << (segment - 1);
	// In A-law the set sign bit means positive.
	return (toggled & SIGN_BIT) !== 0 ? magnitude : -magnitude;
}

/** The 256 µ-law codes as samples in −1 … 1. */
export function mulawTable(): Float32Array {
	return Float32Array.from({ length: 256 }, (_, code) => expandMulaw(code) / FULL_SCALE);
}

/** The 256 A-law codes as samples in −1 … 1. */
export function alawTable(): Float32Array {
	return Float32Array.from({ length: 256 }, (_, code) => expandAlaw(code) / FULL_SCALE);
}
