import type { BitReader } from '../../bits/bitReader';
import { corruptAac } from './aacErrors';
import type { ScalefactorBands, WindowBands } from './scalefactorBands';

/** Values of window_sequence (ISO/IEC 14496-3, Table 4.128). */
const ONLY_LONG_SEQUENCE = 0;
export const LONG_START_SEQUENCE = 1;
export const EIGHT_SHORT_SEQUENCE = 2;
export const LONG_STOP_SEQUENCE = 3;

/** Short windows in an EIGHT_SHORT_SEQUENCE. */
export const SHORT_WINDOWS = 8;

/** ics_info(): how a frame of one channel, or of both of a pair, is cut into windows and bands. */
export interface IcsInfo {
	windowSequence: number;
	/** Shape of the falling slope: 0 sine, 1 Kaiser-Bessel derived. */
	windowShape: number;
	/** Number of scalefactor bands sent per group. */
	maxSfb: number;
	/** Number of window groups; windows of a group share scalefactors and codebooks. */
	groups: number;
	/** Number of windows in each group. */
	groupLengths: Uint8Array;
	/** The bands of one window. */
	bands: WindowBands;
}

/** An ics_info of one long window, to be filled by `readIcsInfo`. */
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
 * @throws {VoiceNoteError} `corrupt`, also where the frame uses prediction: the set-up data say that it is AAC-LC, which has none.
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
	if (info.maxSfb > info.bands.count) throw corruptAac('a frame has more scalefactor bands than there are');
}

/** Makes `target` equal to `source`, as both channels of a pair with common_window have one ics_info. */
export function copyIcsInfo(source: IcsInfo, target: IcsInfo): void {
	target.windowSequence = source.windowSequence;
	target.windowShape = source.windowShape;
	target.maxSfb = source.maxSfb;
	target.groups = source.groups;
	target.groupLengths.set(source.groupLengths);
	target.bands = source.bands;
}

/** scale_factor_grouping: one bit for each window after the first, set where it belongs to the group before. */
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
