/*
 * The complex QMF banks (ISO/IEC 14496-3, 4.6.18.4): 32 bands of the core in, 32 or 64 bands out. There are two of each, by
 * JavaScript and by vector instructions.
 */
/** SBR reckons with samples of 16 bits; ours lie between −1 and 1. */
export const FULL_SCALE = 32768;
/** Samples of the core that a slot takes in, and those before a frame that its window reaches back to. */
export const SLOT_SAMPLES = 32;
export const HISTORY_SAMPLES = 288;
/** The most slots of a frame. */
export const MAX_SLOTS = 32;

/** Signals of QMF bands: band k at slot i stands at k · stride + i. */
export interface QmfSignals {
	real: Float64Array;
	imaginary: Float64Array;
	stride: number;
}

export function createQmfSignals(bands: number, stride: number): QmfSignals {
	return { real: new Float64Array(bands * stride), imaginary: new Float64Array(bands * stride), stride };
}

export function clearQmfSignals({ real, imaginary }: QmfSignals): void {
	real.fill(0);
	imaginary.fill(0);
}

/** Divides the core's sound into 32 bands. */
export interface QmfAnalysis {
	/** Forgets the frames before. */
	clear(): void;
	/**
	 * Takes in a frame.
	 *
	 * @param bands Takes the slots, from `firstSlot` on.
	 */
	analyse(core: Float32Array, bands: QmfSignals, firstSlot: number): void;
}

/** Puts bands together to sound. */
export interface QmfSynthesis {
	/** How many bands it takes, which is also how many samples it makes of a slot. */
	readonly bands: number;
	/** Takes the bands of a frame: band k at slot i stands at MAX_SLOTS · k + i. It may be others' too: fill all of it. */
	readonly real: Float32Array;
	readonly imaginary: Float32Array;
	/** Forgets the frames before. */
	clear(): void;
	/** Turns the frame into samples. */
	synthesize(out: Float32Array): void;
}
