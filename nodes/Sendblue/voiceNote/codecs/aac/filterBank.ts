import { Dct4 } from '../../dsp/fft';
import { besselI0 } from '../../dsp/firFilter';
import type { ChannelStream } from './channelStream';
import type { IcsInfo } from './icsInfo';
import { EIGHT_SHORT_SEQUENCE, LONG_START_SEQUENCE, LONG_STOP_SEQUENCE, SHORT_WINDOWS } from './icsInfo';

/** window_shape of sine windows; 1 is for Kaiser-Bessel derived ones. */
const SINE_SHAPE = 0;

/** α of the Kaiser-Bessel derived windows, long and short (ISO/IEC 14496-3, 4.6.11.3.2). */
const KBD_ALPHA_LONG = 4;
const KBD_ALPHA_SHORT = 6;

/** The rising half of each window, by window_shape; the falling half is its mirror image. */
export interface Slopes {
	/** Of a long window, `frameLength` values. */
	long: readonly Float32Array[];
	/** Of a short window, `frameLength / 8` values. */
	short: readonly Float32Array[];
	/** Of a long window next to a short one: zeros, the short slope in the middle, ones. */
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

/** The spectrum is scaled for 16-bit samples; ours are from −1 to 1. */
const FULL_SCALE = 32768;

/** What a channel carries over from one frame to the next. */
export interface OverlapState {
	/** The windowed second half of the last frame. */
	samples: Float32Array;
	/** window_shape of the last frame, which is also the shape of the next rising slope. */
	windowShape: number;
}

/** The state before the first frame: silence. */
export function createOverlap(frameLength: number): OverlapState {
	return { samples: new Float32Array(frameLength), windowShape: SINE_SHAPE };
}

/**
 * The filter bank (ISO/IEC 14496-3, 4.6.11): inverse MDCT, windowing, and overlap with the previous frame. One filter
 * bank serves all channels of a stream.
 */
export class FilterBank {
	private readonly slopes: Slopes;
	private readonly long: Dct4;
	private readonly short: Dct4;
	/** The sum of the eight overlapping short windows, from the start of the first. */
	private readonly shortSum: Float64Array;

	/** @param frameLength Samples per frame: 1024 or 960. */
	constructor(private readonly frameLength: number) {
		const shortLength = frameLength / SHORT_WINDOWS;
		this.slopes = createSlopes(frameLength);
		this.long = new Dct4(frameLength, 1 / frameLength / FULL_SCALE);
		this.short = new Dct4(shortLength, 1 / shortLength / FULL_SCALE);
		this.shortSum = new Float64Array((SHORT_WINDOWS + 1) * shortLength);
	}

	/**
	 * Turns the spectrum of a frame into samples.
	 *
	 * @param out Receives `frameLength` samples.
	 */
	synthesize(
		spectrum: Float32Array,
		{ windowSequence, windowShape }: IcsInfo,
		overlap: OverlapState,
		out: Float32Array,
	): void {
		if (windowSequence === EIGHT_SHORT_SEQUENCE) {
			this.sumShortWindows(spectrum, overlap.windowShape, windowShape);
			this.overlapShort(overlap.samples, out);
		} else {
			const { long, longToShort } = this.slopes;
			const rising = (windowSequence === LONG_STOP_SEQUENCE ? longToShort : long)[overlap.windowShape];
			const falling = (windowSequence === LONG_START_SEQUENCE ? longToShort : long)[windowShape];
			this.long.transform(spectrum, 0);
			this.overlapLong(rising, falling, overlap.samples, out);
		}
		overlap.windowShape = windowShape;
	}

	/**
	 * Windows and overlaps a long window. The output of the inverse MDCT consists of the two halves of the transform's
	 * result and their mirror images: the upper half, the upper half reversed and negated, the lower half reversed and
	 * negated, the lower half negated.
	 */
	private overlapLong(rising: Float32Array, falling: Float32Array, overlap: Float32Array, out: Float32Array): void {
		const { output } = this.long;
		const half = this.frameLength / 2;
		const last = this.frameLength - 1;
		for (let n = 0; n < half; n++) {
			const upper = output[half + n];
			out[n] = overlap[n] + upper * rising[n];
			out[last - n] = overlap[last - n] - upper * rising[last - n];
		}
		for (let n = 0; n < half; n++) {
			const lower = -output[half - 1 - n];
			overlap[n] = lower * falling[last - n];
			overlap[last - n] = lower * falling[n];
		}
	}

	/** Windows and sums the eight short windows, mirrored as in `overlapLong`. */
	private sumShortWindows(spectrum: Float32Array, previousShape: number, shape: number): void {
		const { shortSum, short } = this;
		const length = this.frameLength / SHORT_WINDOWS;
		const half = length / 2;
		const last = length - 1;
		shortSum.fill(0);
		for (let window = 0; window < SHORT_WINDOWS; window++) {
			const start = window * length;
			const rising = this.slopes.short[window === 0 ? previousShape : shape];
			const falling = this.slopes.short[shape];
			short.transform(spectrum, start);
			const { output } = short;
			for (let n = 0; n < half; n++) {
				const upper = output[half + n];
				const lower = -output[half - 1 - n];
				shortSum[start + n] += upper * rising[n];
				shortSum[start + last - n] -= upper * rising[last - n];
				shortSum[start + length + n] = lower * falling[last - n];
				shortSum[start + length + last - n] = lower * falling[n];
			}
		}
	}

	/** Overlaps the sum of the short windows, which is centered on the border between two frames. */
	private overlapShort(overlap: Float32Array, out: Float32Array): void {
		const { shortSum, frameLength } = this;
		const first = (frameLength - frameLength / SHORT_WINDOWS) / 2;
		const split = frameLength - first;
		for (let n = 0; n < frameLength; n++) {
			out[n] = overlap[n] + (n >= first ? shortSum[n - first] : 0);
		}
		overlap.fill(0);
		for (let n = split; n < shortSum.length; n++) overlap[n - split] = shortSum[n];
	}
}

/**
 * Turns the spectra of a pair of channels into samples of their mean. If both have the same windows, as in nearly all
 * frames, the spectra are mixed instead of the samples, which saves one of two transforms.
 *
 * @param streams The pair; its spectra are overwritten.
 * @param overlaps What is carried over: the first for the mix or the left channel, the second for the right channel.
 * @param out Receives a frame of samples.
 */
export function synthesizeMix(
	filterBank: FilterBank,
	[left, right]: ChannelStream[],
	overlaps: OverlapState[],
	out: Float32Array,
): void {
	const [mixOverlap, rightOverlap] = overlaps;
	if (haveSameWindows(left, right) && mixOverlap.windowShape === rightOverlap.windowShape) {
		const spectrum = left.spectrum;
		for (let i = 0; i < spectrum.length; i++) spectrum[i] = (spectrum[i] + right.spectrum[i]) / 2;
		filterBank.synthesize(spectrum, left.info, mixOverlap, out);
		addTo(out, rightOverlap.samples);
		rightOverlap.samples.fill(0);
		rightOverlap.windowShape = mixOverlap.windowShape;
		return;
	}
	const rightSamples = new Float32Array(out.length);
	filterBank.synthesize(halved(left.spectrum), left.info, mixOverlap, out);
	filterBank.synthesize(halved(right.spectrum), right.info, rightOverlap, rightSamples);
	addTo(out, rightSamples);
}

/** Ends the mixing of a pair: both channels continue with what the mix carried over. */
export function splitMix([mixOverlap, rightOverlap]: OverlapState[]): void {
	addTo(mixOverlap.samples, rightOverlap.samples);
	rightOverlap.samples.set(mixOverlap.samples);
}

function haveSameWindows({ info: left }: ChannelStream, { info: right }: ChannelStream): boolean {
	return left.windowSequence === right.windowSequence && left.windowShape === right.windowShape;
}

function halved(spectrum: Float32Array): Float32Array {
	for (let i = 0; i < spectrum.length; i++) spectrum[i] /= 2;
	return spectrum;
}

function addTo(sum: Float32Array, samples: Float32Array): void {
	for (let i = 0; i < sum.length; i++) sum[i] += samples[i];
}
