/**
 * The frequency bands that follow from a header (ISO/IEC 14496-3, 4.6.18.3.2). All borders are QMF band numbers; a QMF
 * band is as wide as 1/64 of the core's sample rate.
 */
import type { SbrHeader } from './sbrPayload';
import { corruptAac } from '../audioSpecificConfig';

/** The borders of all bands, one more than there are bands, and the patches. */
export interface FrequencyBands {
	/** The first QMF band that is made; those below are the core's (k_x). */
	crossover: number;
	/** How many QMF bands are made (M). */
	width: number;
	/** Bands of envelopes of high resolution. */
	high: number[];
	/** Bands of envelopes of low resolution. */
	low: number[];
	/** Bands of noise and of inverse filtering. */
	noise: number[];
	/** Bands within which gains are limited together. */
	limiter: number[];
	/** Where the bands are copied from, from the crossover upward. */
	patches: Patch[];
}

/** QMF bands of the core, and of the whole band. */
export const CORE_BANDS = 32;
export const QMF_BANDS = 64;
/** The most noise bands. */
export const MAX_NOISE_BANDS = 5;

/** Offsets by bs_start_freq, a row for each group of rates (Table 4.105). */
const START_OFFSETS: readonly (readonly number[])[] = [
	[-8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7],
	[-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 9, 11, 13],
	[-5, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 9, 11, 13, 16],
	[-6, -4, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 9, 11, 13, 16],
	[-4, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 9, 11, 13, 16, 20],
	[-2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 9, 11, 13, 16, 20, 24],
];
/** The row by rate of SBR in Hz, which is twice the core's. */
const START_ROWS: Readonly<Record<number, number>> = {
	16000: 0,
	22050: 1,
	24000: 2,
	32000: 3,
	44100: 4,
	48000: 4,
	64000: 4,
	88200: 5,
	96000: 5,
};
const STOP_STEPS = 13;
/** bs_stop_freq for a stop at twice the start, and at three times. */
const STOP_AT_DOUBLE = 14;
const STOP_AT_TRIPLE = 15;
/** A range with a larger ratio of its ends is divided in two. */
const MAX_SINGLE_REGION = 2.2449;
/** The factor by which bs_alter_scale widens the bands of the upper region. */
const UPPER_REGION_WARP = 1.3;
/** By bs_freq_scale; 0 makes all bands equally wide. */
const BANDS_PER_OCTAVE = [0, 12, 10, 8];

/** Whether SBR exists for a core of this sample rate in Hz. */
export function hasSbrRate(coreRate: number): boolean {
	return START_ROWS[2 * coreRate] !== undefined;
}

/**
 * Works out all frequency bands of a header.
 *
 * @param sbrRate Twice the sample rate of the core, in Hz.
 * @throws {VoiceNoteError} `corrupt` for impossible bands
 */
export function deriveBands(header: SbrHeader, sbrRate: number): FrequencyBands {
	const start = startBand(header.startFreq, sbrRate);
	const stop = stopBand(header.stopFreq, start, sbrRate);
	if (stop <= start || stop - start > mostBands(sbrRate)) throw impossibleBands();
	const master = masterBorders(header, start, stop);
	if (header.xoverBand >= master.length - 1) throw impossibleBands();
	const high = master.slice(header.xoverBand);
	const low = lowResolution(high);
	const crossover = high[0];
	const end = high[high.length - 1];
	if (crossover > CORE_BANDS || end > QMF_BANDS) throw impossibleBands();
	const patches = patchesOf(master, start, crossover, end, sbrRate);
	return {
		crossover,
		width: end - crossover,
		high,
		low,
		noise: noiseBorders(low, header.noiseBands, stop),
		limiter: limiterBorders(low, patches, header.limiterBands),
		patches,
	};
}

/** k_0 */
function startBand(startFreq: number, sbrRate: number): number {
	const startHz = sbrRate < 32_000 ? 3_000 : sbrRate < 64_000 ? 4_000 : 5_000;
	return nearest((startHz * 128) / sbrRate) + START_OFFSETS[START_ROWS[sbrRate]][startFreq];
}

/** k_2 */
function stopBand(stopFreq: number, start: number, sbrRate: number): number {
	if (stopFreq === STOP_AT_TRIPLE) return Math.min(QMF_BANDS, 3 * start);
	if (stopFreq === STOP_AT_DOUBLE) return Math.min(QMF_BANDS, 2 * start);
	const stopHz = sbrRate < 32_000 ? 6_000 : sbrRate < 64_000 ? 8_000 : 10_000;
	const least = nearest((stopHz * 128) / sbrRate);
	const steps = geometricWidths(least, QMF_BANDS, STOP_STEPS).sort(ascending);
	return Math.min(QMF_BANDS, cumulate(least, steps)[stopFreq]);
}

function mostBands(sbrRate: number): number {
	if (sbrRate <= 32_000) return 48;
	return sbrRate < 48_000 ? 35 : 32;
}

/** f_master */
function masterBorders({ freqScale, alterScale }: SbrHeader, start: number, stop: number): number[] {
	if (freqScale === 0) return uniformBorders(start, stop, alterScale === 1 ? 2 : 1);
	return geometricBorders(start, stop, BANDS_PER_OCTAVE[freqScale], alterScale === 1 ? UPPER_REGION_WARP : 1);
}

function uniformBorders(start: number, stop: number, width: 1 | 2): number[] {
	const range = stop - start;
	const count = 2 * (width === 2 ? Math.floor((range + 2) / 4) : Math.floor(range / 2));
	const widths = new Array<number>(count).fill(width);
	let excess = range - count * width;
	// A surplus widens bands from the top; a deficit narrows bands from the bottom.
	for (let i = count - 1; excess > 0; i--, excess--) widths[i]++;
	for (let i = 0; excess < 0; i++, excess++) widths[i]--;
	return checkedBorders(start, widths);
}

function geometricBorders(start: number, stop: number, perOctave: number, warp: number): number[] {
	const isDivided = stop / start > MAX_SINGLE_REGION;
	const middle = isDivided ? 2 * start : stop;
	const lower = geometricWidths(start, middle, evenCount(perOctave * Math.log2(middle / start))).sort(ascending);
	const lowerBorders = checkedBorders(start, lower);
	if (!isDivided) return lowerBorders;
	const upperCount = evenCount((perOctave * Math.log2(stop / middle)) / warp);
	const upper = geometricWidths(middle, stop, upperCount).sort(ascending);
	levelOut(upper, lower[lower.length - 1]);
	return [...lowerBorders, ...checkedBorders(middle, upper).slice(1)];
}

function evenCount(bands: number): number {
	return 2 * nearest(bands / 2);
}

/** Bands in geometric progression. */
function geometricWidths(from: number, to: number, count: number): number[] {
	const border = (i: number) => nearest(from * (to / from) ** (i / count));
	return Array.from({ length: count }, (_, i) => border(i + 1) - border(i));
}

/**
 * Widens the narrowest band of the upper region to the widest of the lower one, at the expense of the upper region's
 * own widest band, and at most until these two are equal.
 */
function levelOut(upper: number[], widestBelow: number): void {
	if (upper.length === 0 || upper[0] >= widestBelow) return;
	const last = upper.length - 1;
	const change = Math.min(widestBelow - upper[0], (upper[last] - upper[0]) >> 1);
	upper[0] += change;
	upper[last] -= change;
	upper.sort(ascending);
}

function checkedBorders(first: number, widths: readonly number[]): number[] {
	if (widths.length === 0 || widths.some((width) => width <= 0)) throw impossibleBands();
	return cumulate(first, widths);
}

/** f_TableLow: every second border of the high resolution; if the number of bands is odd, the first band stays. */
function lowResolution(high: readonly number[]): number[] {
	const isOdd = (high.length - 1) % 2 === 1;
	return high.filter((_, i) => i === 0 || (isOdd ? i % 2 === 1 : i % 2 === 0));
}

/** f_TableNoise */
function noiseBorders(low: readonly number[], bandsPerOctave: number, stop: number): number[] {
	const count = Math.max(1, nearest(bandsPerOctave * Math.log2(stop / low[0])));
	if (count > MAX_NOISE_BANDS) throw impossibleBands();
	const borders = [low[0]];
	for (let k = 0, at = 0; k < count; k++) {
		at += Math.floor((low.length - 1 - at) / (count - k));
		borders.push(low[at]);
	}
	return borders;
}

/** Neighboring QMF bands of the core that are copied upward. */
export interface Patch {
	/** The first band to copy. */
	start: number;
	/** How many are copied. */
	count: number;
}

/** How far patches should reach at first: 16 kHz, times 128, as a QMF band is 1/128 of the SBR rate wide. */
const GOAL_RATE = 2.048e6;
/** One more than the standard's five, since a stream of its conformance suite needs six. */
const MAX_PATCHES = 6;
/** More iterations than any valid header takes. */
const MAX_TURNS = 20;
/** A last patch with fewer bands is left out. */
const MIN_LAST_PATCH = 3;

/** Limiter bands per octave by bs_limiter_bands; 0 is a single band for everything. */
const LIMITER_BANDS_PER_OCTAVE = [0, 1.2, 2, 3];
/** The smallest width of a limiter band, as a share of its nominal width. */
const MIN_LIMITER_SHARE = 0.49;

/**
 * Chooses where the high band is copied from (ISO/IEC 14496-3, 4.6.18.6.3). Even bands are copied to even bands, so
 * that none is upside down.
 *
 * @param master f_master
 * @param start Its first border, k_0; bands below can be copied.
 * @param crossover The first band that is made.
 * @param end The band after the last that is made.
 * @param sbrRate Twice the sample rate of the core, in Hz.
 * @throws {VoiceNoteError} `corrupt` if the rules find no patches
 */
function patchesOf(master: readonly number[], start: number, crossover: number, end: number, sbrRate: number): Patch[] {
	const goal = nearest(GOAL_RATE / sbrRate);
	const last = master.length - 1;
	const patches: Patch[] = [];
	let top = goal < end ? master.findIndex((border) => border >= goal) : last;
	let sourceEnd = start;
	let filledTo = crossover;
	for (let turn = 0; turn < MAX_TURNS; turn++) {
		const { border, odd } = highestReachable(master, top, start, sourceEnd);
		const count = Math.max(border - filledTo, 0);
		if (count > 0) {
			if (start - odd - count < 0) throw impossibleBands();
			patches.push({ start: start - odd - count, count });
			filledTo = border;
			sourceEnd = border;
		} else {
			sourceEnd = crossover;
		}
		if (border === end) return checkedPatches(patches);
		if (master[top] - border < MIN_LAST_PATCH) top = last;
	}
	throw impossibleBands();
}

/** The highest border that bands below `start` can fill up to if the last patch ended at `sourceEnd`. */
function highestReachable(master: readonly number[], top: number, start: number, sourceEnd: number) {
	for (let i = top; i >= 0; i--) {
		const border = master[i];
		const odd = (border + start) & 1;
		if (border <= start - 1 + sourceEnd - odd) return { border, odd };
	}
	throw impossibleBands();
}

function checkedPatches(patches: Patch[]): Patch[] {
	if (patches.length > 1 && patches[patches.length - 1].count < MIN_LAST_PATCH) patches.pop();
	if (patches.length > MAX_PATCHES) throw impossibleBands();
	return patches;
}

/**
 * Borders of the limiter's bands (4.6.18.3.2.3): those of the envelopes and of the patches, except some that are too
 * close.
 *
 * @param low Bands of envelopes of low resolution.
 * @param limiterBands bs_limiter_bands
 */
export function limiterBorders(low: readonly number[], patches: readonly Patch[], limiterBands: number): number[] {
	const end = low[low.length - 1];
	if (limiterBands === 0) return [low[0], end];
	const counts = patches.map(({ count }) => count);
	const patchBorders = cumulate(low[0], counts);
	const isPatchBorder = (border: number) => patchBorders.includes(border);
	const borders = [...low, ...patchBorders.slice(1, -1)].sort(ascending);
	const leastOctaves = MIN_LIMITER_SHARE / LIMITER_BANDS_PER_OCTAVE[limiterBands];
	for (let k = 1; k < borders.length; ) {
		const [below, border] = [borders[k - 1], borders[k]];
		if (Math.log2(border / below) >= leastOctaves) k++;
		else if (border === below || !isPatchBorder(border)) borders.splice(k, 1);
		else if (!isPatchBorder(below)) borders.splice(k - 1, 1);
		else k++;
	}
	// If a narrow last patch was left out, the rules above can lose the end, but every band needs a limit.
	if (borders[borders.length - 1] !== end) borders.push(end);
	return borders;
}

/** NINT() of the standard: the nearest integer. */
function nearest(value: number): number {
	return Math.floor(value + 0.5);
}

/** Borders of bands of given widths. */
function cumulate(first: number, widths: readonly number[]): number[] {
	const borders = [first];
	for (const width of widths) borders.push(borders[borders.length - 1] + width);
	return borders;
}

/** For sorting. */
function ascending(a: number, b: number): number {
	return a - b;
}

/** The error for a header with impossible bands. */
function impossibleBands(): Error {
	return corruptAac('the bands of its spectral band replication make no sense');
}
