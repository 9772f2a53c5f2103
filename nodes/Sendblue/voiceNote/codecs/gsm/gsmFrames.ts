/** The bits of GSM 06.10 frames (ETSI EN 300 961, table 1.1), in the two ways files pack them. */

export const FRAME_SAMPLES = 160;
export const SUBFRAME_SAMPLES = 40;

/** Bits of the eight logarithmic area ratios, then of a subframe's fields. */
const AREA_RATIO_BITS = [6, 6, 5, 5, 4, 4, 3, 3];
const LAG_BITS = 7;
const GAIN_BITS = 2;
const GRID_BITS = 2;
const MAXIMUM_BITS = 6;
const PULSE_BITS = 3;
const PULSES = 13;
const SUBFRAMES = 4;
const FRAME_BITS = 260;

/** What the parameters of a frame say, as codes. */
export interface GsmFrame {
	/** Of the short-term predictor. */
	areaRatioCodes: number[];
	/** Four stretches of 40 samples. */
	subframes: Array<{
		/** Samples since the pitch period that is repeated. */
		lag: number;
		gain: number;
		/** Place of the first pulse, 0 … 3. */
		grid: number;
		/** Code of the largest pulse. */
		maximum: number;
		pulses: number[];
	}>;
}

/** How frames lie in their bytes. */
export interface GsmPacking {
	/** Bytes of a block, which cannot be parted. */
	readonly blockBytes: number;
	readonly framesPerBlock: number;
	/** Bits before the first frame. */
	readonly headerBits: number;
	/** Whether the first bit of a byte, and of a field, is the lowest. */
	readonly lowestFirst: boolean;
}

/** One frame in 33 bytes behind four bits of signature, as RTP, AIFF-C and QuickTime have it (RFC 3551, 4.5.8). */
export const GSM_IN_33_BYTES: GsmPacking = { blockBytes: 33, framesPerBlock: 1, headerBits: 4, lowestFirst: false };

/** Two frames in 65 bytes, as WAVE has it (format tag 0x31). */
export const GSM_IN_65_BYTES: GsmPacking = { blockBytes: 65, framesPerBlock: 2, headerBits: 0, lowestFirst: true };

/** The frames of a block. */
export function gsmFrames(block: Uint8Array, { framesPerBlock, headerBits, lowestFirst }: GsmPacking): GsmFrame[] {
	return Array.from({ length: framesPerBlock }, (_, frame) => {
		let position = headerBits + frame * FRAME_BITS;
		return readFrame((bits) => {
			position += bits;
			return fieldOf(block, position - bits, bits, lowestFirst);
		});
	});
}

function readFrame(field: (bits: number) => number): GsmFrame {
	return {
		areaRatioCodes: AREA_RATIO_BITS.map(field),
		subframes: Array.from({ length: SUBFRAMES }, () => ({
			lag: field(LAG_BITS),
			gain: field(GAIN_BITS),
			grid: field(GRID_BITS),
			maximum: field(MAXIMUM_BITS),
			pulses: Array.from({ length: PULSES }, () => field(PULSE_BITS)),
		})),
	};
}

/** A field, which lies in two bytes at most. */
function fieldOf(bytes: Uint8Array, position: number, bits: number, lowestFirst: boolean): number {
	const at = position >> 3;
	const place = position & 7;
	const mask = (1 << bits) - 1;
	const next = at + 1 < bytes.length ? bytes[at + 1] : 0;
	if (lowestFirst) return ((bytes[at] | (next << 8)) >> place) & mask;
	return (((bytes[at] << 8) | next) >> (16 - place - bits)) & mask;
}
