/**
 * GSM 06.10 full rate (ETSI EN 300 961), which telephone systems record: 13 kb/s, 8 kHz, frames of 20 ms.
 *
 * The decoder is a model of the voice. Regular pulses excite a long-term predictor, which repeats the last pitch period
 * as the vocal cords do, and then a short-term predictor, which shapes the spectrum as the mouth does. All arithmetic
 * is that of the standard, in 16 bits with saturation, so the result is exact to the bit.
 */
import type { BlockCodec } from '../pcm/blockSource';

const FRAME_SAMPLES = 160;
const SUBFRAME_SAMPLES = 40;

/** Bits of the eight logarithmic area ratios of a frame, then of the fields of a subframe (table 1.1). */
const AREA_RATIO_BITS = [6, 6, 5, 5, 4, 4, 3, 3];
const LAG_BITS = 7;
const GAIN_BITS = 2;
const GRID_BITS = 2;
const MAXIMUM_BITS = 6;
const PULSE_BITS = 3;
const PULSES = 13;
const SUBFRAMES = 4;
const FRAME_BITS = 260;

/** The parameters of a frame, as codes. */
export interface GsmFrame {
	/** Logarithmic area ratios, from which the short-term predictor gets its coefficients. */
	areaRatioCodes: number[];
	/** Four times 40 samples. */
	subframes: Array<{
		/** Distance in samples to the pitch period that is repeated. */
		lag: number;
		/** Index of the long-term predictor's gain. */
		gain: number;
		/** Position of the first pulse, 0 … 3. */
		grid: number;
		/** Code of the largest pulse. */
		maximum: number;
		/** Codes of the 13 pulses, relative to the largest. */
		pulses: number[];
	}>;
}

/** How a file packs frames into bytes. */
export interface GsmPacking {
	/** Bytes of a block, which cannot be split. */
	readonly blockBytes: number;
	readonly framesPerBlock: number;
	/** Bits before the first frame. */
	readonly headerBits: number;
	/** Whether bytes and fields begin with their lowest bit. */
	readonly lowestFirst: boolean;
}

/** RTP, AIFF-C and QuickTime: one frame in 33 bytes, after a signature of 4 bits (RFC 3551, section 4.5.8). */
export const GSM_IN_33_BYTES: GsmPacking = { blockBytes: 33, framesPerBlock: 1, headerBits: 4, lowestFirst: false };

/** WAVE (format tag 0x31): two frames in 65 bytes. */
export const GSM_IN_65_BYTES: GsmPacking = { blockBytes: 65, framesPerBlock: 2, headerBits: 0, lowestFirst: true };

/** The frames of a block. */
function gsmFrames(block: Uint8Array, { framesPerBlock, headerBits, lowestFirst }: GsmPacking): GsmFrame[] {
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

/** Reads a field of at most 8 bits, which one or two bytes hold. */
function fieldOf(bytes: Uint8Array, position: number, bits: number, lowestFirst: boolean): number {
	const at = position >> 3;
	const place = position & 7;
	const mask = (1 << bits) - 1;
	const next = at + 1 < bytes.length ? bytes[at + 1] : 0;
	if (lowestFirst) return ((bytes[at] | (next << 8)) >> place) & mask;
	return (((bytes[at] << 8) | next) >> (16 - place - bits)) & mask;
}

/** GSM 06.10 in blocks. If the last block of a file is incomplete, it is left out. */
export function gsmBlocks(packing: GsmPacking): BlockCodec {
	const { blockBytes, framesPerBlock } = packing;
	const samplesPerBlock = framesPerBlock * FRAME_SAMPLES;
	return {
		blockBytes,
		framesIn: (byteLength) => (byteLength < blockBytes ? 0 : samplesPerBlock),
		createDecoder() {
			const decoder = new GsmDecoder();
			return (block) => {
				const samples = new Float32Array(block.length < blockBytes ? 0 : samplesPerBlock);
				if (samples.length === 0) return [samples];
				gsmFrames(block, packing).forEach((frame, i) => samples.set(decoder.decode(frame), i * FRAME_SAMPLES));
				return [samples];
			};
		},
	};
}

/** Number of coefficients of the short-term predictor. */
const ORDER = 8;

/** To decode logarithmic area ratios (tables 5.1 and 5.2): lowest code, offset, and inverse of the factor. */
const AREA_RATIO_MINIMA = [-32, -32, -16, -16, -8, -8, -4, -4];
const AREA_RATIO_OFFSETS = [0, 0, 2048, -2560, 94, -1792, -341, -1144];
const AREA_RATIO_FACTORS = [13107, 13107, 13107, 13107, 19223, 17476, 31454, 29708];

/** Gains of the long-term predictor, × 32768 (table 5.3). */
const LONG_TERM_GAINS = [3277, 11469, 21299, 32767];
/** Direct mantissas of the pulses' block maximum (table 5.6). */
const MANTISSAS = [18431, 20479, 22527, 24575, 26623, 28671, 30719, 32767];

/** Range of the long-term predictor's lag in samples; an encoder writes no other (section 5.2.11). */
const MIN_LAG = 40;
const MAX_LAG = 120;

/**
 * The samples at which the four mixes of the previous frame's coefficients and this frame's end (table 4.2, section
 * 5.2.9.1).
 */
const TRANSITIONS = [13, 27, 40, FRAME_SAMPLES];

/** Coefficient, × 32768, of the filter that undoes the encoder's pre-emphasis (section 5.3.5). */
const DE_EMPHASIS = 28180;
/** Samples have 13 bits, the upper ones of 16. */
const SAMPLE_MASK = ~0x7;
const FULL_SCALE = 32768;

function saturated(value: number): number {
	if (value > 32767) return 32767;
	return value < -32768 ? -32768 : value;
}

/** The rounded product of two fractions, all × 32768. Only −1 times −1 would need saturation, and it does not occur. */
function product(a: number, b: number): number {
	return (Math.imul(a, b) + 16384) >> 15;
}

/** Decodes one stream frame by frame. */
class GsmDecoder {
	/** Logarithmic area ratios of the last frame. */
	private areaRatios = new Int16Array(ORDER);

	/** The memory of the long-term predictor, followed by the subframe that is being decoded. */
	private readonly excitation = new Int16Array(MAX_LAG + SUBFRAME_SAMPLES);

	private lag = MIN_LAG;

	/** State of the short-term predictor, a lattice filter. */
	private readonly lattice = new Int16Array(ORDER + 1);

	private deEmphasis = 0;

	/** Decodes a frame to 160 samples at 8 kHz, nominal range −1 … 1. */
	decode(frame: GsmFrame): Float32Array {
		const samples = new Int16Array(FRAME_SAMPLES);
		frame.subframes.forEach((subframe, index) => {
			this.excite(subframe);
			samples.set(this.excitation.subarray(MAX_LAG), index * SUBFRAME_SAMPLES);
		});
		this.shape(samples, frame.areaRatioCodes);
		return this.withoutEmphasis(samples);
	}

	/** Adds the last pitch period to the regular pulses (sections 5.3.1 and 5.3.2). */
	private excite({ lag, gain, grid, maximum, pulses }: GsmFrame['subframes'][number]): void {
		const { excitation } = this;
		excitation.copyWithin(0, SUBFRAME_SAMPLES);
		if (lag >= MIN_LAG && lag <= MAX_LAG) this.lag = lag;
		const residual = pulsesOf(grid, maximum, pulses);
		for (let k = 0; k < SUBFRAME_SAMPLES; k++) {
			const repeated = product(LONG_TERM_GAINS[gain], excitation[MAX_LAG + k - this.lag]);
			excitation[MAX_LAG + k] = saturated(residual[k] + repeated);
		}
	}

	/**
	 * The short-term predictor, whose coefficients change from those of the previous frame in four steps (sections 5.2.8,
	 * 5.2.9 and 5.3.4).
	 */
	private shape(samples: Int16Array, codes: readonly number[]): void {
		const previous = this.areaRatios;
		const current = Int16Array.from(codes, decodedAreaRatio);
		const mixes = [
			(p: number, c: number) => saturated(saturated((p >> 2) + (c >> 2)) + (p >> 1)),
			(p: number, c: number) => saturated((p >> 1) + (c >> 1)),
			(p: number, c: number) => saturated(saturated((p >> 2) + (c >> 2)) + (c >> 1)),
			(_: number, c: number) => c,
		];
		let from = 0;
		mixes.forEach((mix, step) => {
			const reflections = current.map((ratio, i) => reflectionOf(mix(previous[i], ratio)));
			this.filter(samples, from, TRANSITIONS[step], reflections);
			from = TRANSITIONS[step];
		});
		this.areaRatios = current;
	}

	private filter(samples: Int16Array, from: number, to: number, reflections: Int16Array): void {
		const { lattice } = this;
		for (let k = from; k < to; k++) {
			let sample = samples[k];
			for (let i = ORDER - 1; i >= 0; i--) {
				sample = saturated(sample - product(reflections[i], lattice[i]));
				lattice[i + 1] = saturated(lattice[i] + product(reflections[i], sample));
			}
			lattice[0] = sample;
			samples[k] = sample;
		}
	}

	private withoutEmphasis(samples: Int16Array): Float32Array {
		const audio = new Float32Array(FRAME_SAMPLES);
		for (let k = 0; k < FRAME_SAMPLES; k++) {
			this.deEmphasis = saturated(samples[k] + product(this.deEmphasis, DE_EMPHASIS));
			audio[k] = (saturated(2 * this.deEmphasis) & SAMPLE_MASK) / FULL_SCALE;
		}
		return audio;
	}
}

/** The logarithmic area ratio of a code (section 5.2.8). */
function decodedAreaRatio(code: number, index: number): number {
	const scaled = saturated(((code + AREA_RATIO_MINIMA[index]) << 10) - 2 * AREA_RATIO_OFFSETS[index]);
	return saturated(2 * product(AREA_RATIO_FACTORS[index], scaled));
}

/**
 * The reflection coefficient of a logarithmic area ratio: the curve is made of three straight lines (section 5.2.9.2).
 */
function reflectionOf(areaRatio: number): number {
	const magnitude = Math.min(Math.abs(areaRatio), 32767);
	let reflection: number;
	if (magnitude < 11059) reflection = magnitude << 1;
	else if (magnitude < 20070) reflection = magnitude + 11059;
	else reflection = saturated((magnitude >> 2) + 26112);
	return areaRatio < 0 ? -reflection : reflection;
}

/**
 * Decodes the pulses of a subframe, and puts one on every third sample from the grid on (sections 5.2.15 to 5.2.17).
 */
function pulsesOf(grid: number, maximum: number, pulses: readonly number[]): Int16Array {
	let exponent = maximum > 15 ? (maximum >> 3) - 1 : 0;
	let mantissa = maximum - (exponent << 3);
	if (mantissa === 0) {
		exponent = -4;
		mantissa = 7;
	} else {
		for (; mantissa <= 7; exponent--) mantissa = (mantissa << 1) | 1;
		mantissa -= 8;
	}
	const shift = 6 - exponent;
	const rounding = shift === 0 ? 0 : 1 << (shift - 1);
	const residual = new Int16Array(SUBFRAME_SAMPLES);
	pulses.forEach((pulse, i) => {
		const scaled = product(MANTISSAS[mantissa], ((pulse << 1) - 7) << 12);
		residual[grid + 3 * i] = saturated(scaled + rounding) >> shift;
	});
	return residual;
}
