import type { BitReader } from '../../bits/bitReader';
import { corruptAac } from './aacErrors';
import type { IcsInfo } from './icsInfo';
import { SHORT_WINDOWS } from './icsInfo';

/** Highest filter order of AAC-LC, for long and short windows (ISO/IEC 14496-3, Table 4.155). */
const MAX_ORDER_LONG = 12;
const MAX_ORDER_SHORT = 7;

/** The most filters a window can have: a field of two bits says how many. */
const MAX_FILTERS = 3;

/** One temporal noise shaping filter. */
interface TnsFilter {
	/** Number of scalefactor bands it covers. */
	length: number;
	order: number;
	/** Whether it runs from high to low frequencies. */
	downward: boolean;
	/** Prediction coefficients a1 … a_order of the all-pole filter. */
	coefficients: Float64Array;
}

/** tns_data() of one channel. */
export interface Tns {
	present: boolean;
	/** Number of filters of each window. */
	filterCounts: Uint8Array;
	/** Filters by window, `MAX_FILTERS` places each, from the highest band down. */
	filters: TnsFilter[];
}

/** A channel without noise shaping. */
export function createTns(): Tns {
	const filters = Array.from({ length: SHORT_WINDOWS * MAX_FILTERS }, () => ({
		length: 0,
		order: 0,
		downward: false,
		coefficients: new Float64Array(MAX_ORDER_LONG),
	}));
	return { present: false, filterCounts: new Uint8Array(SHORT_WINDOWS), filters };
}

/**
 * Reads tns_data_present and tns_data() (ISO/IEC 14496-3, Table 4.54).
 *
 * @throws {VoiceNoteError} `corrupt` where a filter's order is above that of AAC-LC.
 */
export function readTns(reader: BitReader, tns: Tns, short: boolean): void {
	tns.present = reader.readFlag();
	if (!tns.present) return;
	const maxOrder = short ? MAX_ORDER_SHORT : MAX_ORDER_LONG;
	const windows = short ? SHORT_WINDOWS : 1;
	for (let window = 0; window < windows; window++) {
		const count = reader.read(short ? 1 : 2);
		tns.filterCounts[window] = count;
		if (count === 0) continue;
		const resolutionBits = reader.read(1) + 3; // coef_res
		for (let i = 0; i < count; i++) {
			const filter = tns.filters[window * MAX_FILTERS + i];
			filter.length = reader.read(short ? 4 : 6);
			filter.order = reader.read(short ? 3 : 5);
			if (filter.order > maxOrder) throw corruptAac('a noise shaping filter is too long');
			if (filter.order > 0) readFilter(reader, filter, resolutionBits);
		}
	}
}

/** Direction and coefficients of a filter; the coefficients are inverse quantised as in 4.6.9.3. */
function readFilter(reader: BitReader, filter: TnsFilter, resolutionBits: number): void {
	filter.downward = reader.readFlag();
	const bits = resolutionBits - reader.read(1); // coef_compress
	const { coefficients } = filter;
	const previous = new Float64Array(MAX_ORDER_LONG);
	for (let m = 0; m < filter.order; m++) {
		const unsigned = reader.read(bits);
		const quantized = unsigned - ((unsigned >> (bits - 1)) << bits);
		const steps = (1 << (resolutionBits - 1)) + (quantized >= 0 ? -0.5 : 0.5);
		const reflection = Math.sin((quantized * Math.PI) / 2 / steps);
		// Levinson's step-up: from reflection coefficients to those of the direct form.
		previous.set(coefficients);
		for (let i = 0; i < m; i++) coefficients[i] = previous[i] + reflection * previous[m - 1 - i];
		coefficients[m] = reflection;
	}
}

/**
 * Runs the filters over the spectrum of each window (ISO/IEC 14496-3, 4.6.9.3).
 *
 * @param spectrum Coefficients by window; changed in place.
 */
export function applyTns(tns: Tns, info: IcsInfo, spectrum: Float32Array): void {
	if (!tns.present) return;
	const { bands } = info;
	const windowLength = bands.offsets[bands.count];
	const limit = Math.min(bands.tnsMaxBands, info.maxSfb);
	for (let start = 0, window = 0; start < spectrum.length; start += windowLength, window++) {
		let top = bands.count;
		for (let i = 0; i < tns.filterCounts[window]; i++) {
			const filter = tns.filters[window * MAX_FILTERS + i];
			const bottom = Math.max(top - filter.length, 0);
			const from = start + bands.offsets[Math.min(bottom, limit)];
			const to = start + bands.offsets[Math.min(top, limit)];
			if (filter.order > 0) filterSpectrum(filter, spectrum, from, to);
			top = bottom;
		}
	}
}

/** The all-pole filter y[n] = x[n] − Σ a_i y[n−i], with no memory before its range. */
function filterSpectrum(filter: TnsFilter, spectrum: Float32Array, from: number, to: number): void {
	const { coefficients, order, downward } = filter;
	const step = downward ? -1 : 1;
	let place = downward ? to - 1 : from;
	for (let n = 0; n < to - from; n++, place += step) {
		let value = spectrum[place];
		const known = Math.min(n, order);
		for (let i = 0; i < known; i++) value -= coefficients[i] * spectrum[place - (i + 1) * step];
		spectrum[place] = value;
	}
}
