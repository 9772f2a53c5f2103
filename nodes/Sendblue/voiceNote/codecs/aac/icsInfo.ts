import type { BitReader } from '../../bits/bitReader';
import { corruptAac } from './audioSpecificConfig';

/**
 * How a frame of AAC is divided: in time into one long window or eight short ones, in frequency into scalefactor bands,
 * whose coefficients share a scalefactor.
 */

/** The scalefactor bands of a window. */
export interface WindowBands {
	/** First coefficient of each band; after the last band, the number of coefficients in the window. */
	offsets: Uint16Array;
	/** Number of bands. */
	count: number;
	/** Number of bands that noise shaping can reach (ISO/IEC 14496-3, Table 4.156). */
	tnsMaxBands: number;
}

/** The scalefactor bands of a sample rate and frame length. */
export interface ScalefactorBands {
	long: WindowBands;
	short: WindowBands;
}

/** Widths of consecutive bands in coefficients, as runs. */
type BandWidths = ReadonlyArray<readonly [count: number, width: number]>;

// ISO/IEC 14496-3, Tables 4.129 to 4.149: the scalefactor bands of long windows, by sample rate in kHz.
// prettier-ignore
const LONG_96: BandWidths = [
	[14, 4],
	[5, 8],
	[5, 12],
	[2, 16],
	[1, 24],
	[1, 28],
	[1, 36],
	[1, 44],
	[11, 64],
];
// prettier-ignore
const LONG_64: BandWidths = [
	[14, 4],
	[4, 8],
	[3, 12],
	[3, 16],
	[1, 20],
	[2, 24],
	[1, 28],
	[1, 36],
	[18, 40],
];
// prettier-ignore
const LONG_48: BandWidths = [
	[10, 4],
	[7, 8],
	[4, 12],
	[2, 16],
	[2, 20],
	[2, 24],
	[2, 28],
	[19, 32],
	[1, 96],
];
// prettier-ignore
const LONG_32: BandWidths = [
	[10, 4],
	[7, 8],
	[4, 12],
	[2, 16],
	[2, 20],
	[2, 24],
	[2, 28],
	[22, 32],
];
// prettier-ignore
const LONG_24: BandWidths = [
	[11, 4],
	[10, 8],
	[4, 12],
	[3, 16],
	[2, 20],
	[2, 24],
	[2, 28],
	[1, 32],
	[2, 36],
	[1, 40],
	[1, 44],
	[1, 48],
	[2, 52],
	[5, 64],
];
// prettier-ignore
const LONG_16: BandWidths = [
	[11, 8],
	[9, 12],
	[4, 16],
	[3, 20],
	[2, 24],
	[2, 28],
	[1, 32],
	[1, 36],
	[2, 40],
	[1, 44],
	[1, 48],
	[1, 52],
	[1, 56],
	[1, 60],
	[3, 64],
];
// prettier-ignore
const LONG_8: BandWidths = [
	[13, 12],
	[7, 16],
	[4, 20],
	[3, 24],
	[2, 28],
	[1, 32],
	[2, 36],
	[1, 40],
	[1, 44],
	[1, 48],
	[1, 52],
	[1, 56],
	[1, 60],
	[1, 64],
	[1, 80],
];

// From the same tables of the standard: the scalefactor bands of short windows.
const SHORT_64: BandWidths = [
	[6, 4],
	[3, 8],
	[1, 16],
	[1, 28],
	[1, 36],
];
const SHORT_48: BandWidths = [
	[5, 4],
	[3, 8],
	[3, 12],
	[3, 16],
];
const SHORT_24: BandWidths = [
	[7, 4],
	[3, 8],
	[2, 12],
	[2, 16],
	[1, 20],
];
const SHORT_16: BandWidths = [
	[8, 4],
	[2, 8],
	[2, 12],
	[1, 16],
	[2, 20],
];
const SHORT_8: BandWidths = [
	[7, 4],
	[4, 8],
	[1, 12],
	[1, 16],
	[2, 20],
];

interface RateTables {
	/** The tables are for sample rates from this one up, in Hz (ISO/IEC 14496-3, Table 4.82). */
	fromRate: number;
	long: BandWidths;
	short: BandWidths;
	tnsMaxBandsLong: number;
	tnsMaxBandsShort: number;
}

const RATE_TABLES: readonly RateTables[] = [
	{ fromRate: 92017, long: LONG_96, short: SHORT_64, tnsMaxBandsLong: 31, tnsMaxBandsShort: 9 },
	{ fromRate: 75132, long: LONG_96, short: SHORT_64, tnsMaxBandsLong: 31, tnsMaxBandsShort: 9 },
	{ fromRate: 55426, long: LONG_64, short: SHORT_64, tnsMaxBandsLong: 34, tnsMaxBandsShort: 10 },
	{ fromRate: 46009, long: LONG_48, short: SHORT_48, tnsMaxBandsLong: 40, tnsMaxBandsShort: 14 },
	{ fromRate: 37566, long: LONG_48, short: SHORT_48, tnsMaxBandsLong: 42, tnsMaxBandsShort: 14 },
	{ fromRate: 27713, long: LONG_32, short: SHORT_48, tnsMaxBandsLong: 51, tnsMaxBandsShort: 14 },
	{ fromRate: 23004, long: LONG_24, short: SHORT_24, tnsMaxBandsLong: 46, tnsMaxBandsShort: 14 },
	{ fromRate: 18783, long: LONG_24, short: SHORT_24, tnsMaxBandsLong: 46, tnsMaxBandsShort: 14 },
	{ fromRate: 11502, long: LONG_16, short: SHORT_16, tnsMaxBandsLong: 42, tnsMaxBandsShort: 14 },
	{ fromRate: 9391, long: LONG_16, short: SHORT_16, tnsMaxBandsLong: 42, tnsMaxBandsShort: 14 },
	{ fromRate: 0, long: LONG_8, short: SHORT_8, tnsMaxBandsLong: 39, tnsMaxBandsShort: 14 },
];

/**
 * The scalefactor bands of a stream. Sample rates that are not in the standard use the tables of a neighboring rate.
 *
 * @param sampleRate Sample rate of the core in Hz.
 * @param frameLength Coefficients per frame: 1024, or 960, whose bands are those of 1024, cut off at the end.
 */
export function scalefactorBands(sampleRate: number, frameLength: number): ScalefactorBands {
	const tables = RATE_TABLES.find(({ fromRate }) => sampleRate >= fromRate) ?? RATE_TABLES[0];
	return {
		long: windowBands(tables.long, frameLength, tables.tnsMaxBandsLong),
		short: windowBands(tables.short, frameLength / 8, tables.tnsMaxBandsShort),
	};
}

function windowBands(widths: BandWidths, windowLength: number, tnsMaxBands: number): WindowBands {
	const offsets = [0];
	let offset = 0;
	for (const [count, width] of widths) {
		for (let i = 0; i < count && offset < windowLength; i++) {
			offset = Math.min(offset + width, windowLength);
			offsets.push(offset);
		}
	}
	return { offsets: Uint16Array.from(offsets), count: offsets.length - 1, tnsMaxBands };
}

/** Values of window_sequence (ISO/IEC 14496-3, Table 4.128). */
const ONLY_LONG_SEQUENCE = 0;
export const LONG_START_SEQUENCE = 1;
export const EIGHT_SHORT_SEQUENCE = 2;
export const LONG_STOP_SEQUENCE = 3;

/** Short windows in an EIGHT_SHORT_SEQUENCE. */
export const SHORT_WINDOWS = 8;

/** The most bands of a frame, over all its groups: 8 short windows of 15 bands each. */
export const MAX_BANDS = SHORT_WINDOWS * 15;

/** ics_info(): how the frame of a channel, or of both channels of a pair, is divided. */
export interface IcsInfo {
	windowSequence: number;
	/** Shape of the falling slope: 0 sine, 1 Kaiser-Bessel derived. */
	windowShape: number;
	/** Number of scalefactor bands that each group has values for. */
	maxSfb: number;
	/** Number of window groups; the windows of a group share scalefactors and codebooks. */
	groups: number;
	/** Number of windows in each group. */
	groupLengths: Uint8Array;
	/** The bands of one window. */
	bands: WindowBands;
}

/** An ics_info of one long window, for `readIcsInfo` to fill. */
export function createIcsInfo(bands: ScalefactorBands): IcsInfo {
	return {
		windowSequence: ONLY_LONG_SEQUENCE,
		windowShape: 0,
		maxSfb: 0,
		groups: 1,
		groupLengths: new Uint8Array(SHORT_WINDOWS).fill(1, 0, 1),
		bands: bands.long,
	};
}

/**
 * Reads ics_info() (ISO/IEC 14496-3, Table 4.6).
 *
 * @throws {VoiceNoteError} `corrupt`, also for prediction, which AAC-LC does not have
 */
export function readIcsInfo(reader: BitReader, info: IcsInfo, bands: ScalefactorBands): void {
	reader.skip(1); // ics_reserved_bit
	info.windowSequence = reader.read(2);
	info.windowShape = reader.read(1);
	if (info.windowSequence === EIGHT_SHORT_SEQUENCE) {
		info.bands = bands.short;
		info.maxSfb = reader.read(4);
		readGrouping(reader, info);
	} else {
		info.bands = bands.long;
		info.maxSfb = reader.read(6);
		info.groups = 1;
		info.groupLengths[0] = 1;
		if (reader.readFlag()) throw corruptAac('a frame uses prediction, which its profile does not have');
	}
	if (info.maxSfb > info.bands.count) throw corruptAac('a frame claims more scalefactor bands than its windows have');
}

/** Copies an ics_info: the two channels of a pair with common_window share it. */
export function copyIcsInfo(source: IcsInfo, target: IcsInfo): void {
	target.windowSequence = source.windowSequence;
	target.windowShape = source.windowShape;
	target.maxSfb = source.maxSfb;
	target.groups = source.groups;
	target.groupLengths.set(source.groupLengths);
	target.bands = source.bands;
}

/**
 * scale_factor_grouping: a bit for each window after the first, set if the window is in the same group as the one
 * before.
 */
function readGrouping(reader: BitReader, info: IcsInfo): void {
	const grouping = reader.read(SHORT_WINDOWS - 1);
	info.groups = 1;
	info.groupLengths[0] = 1;
	for (let bit = SHORT_WINDOWS - 2; bit >= 0; bit--) {
		if ((grouping >> bit) & 1) {
			info.groupLengths[info.groups - 1]++;
		} else {
			info.groupLengths[info.groups] = 1;
			info.groups++;
		}
	}
}
