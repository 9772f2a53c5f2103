import type { ChannelStream } from './channelStream';
import { ESCAPE_CODEBOOK, INTENSITY_CODEBOOK, INTENSITY_CODEBOOK_2, NOISE_CODEBOOK, ZERO_CODEBOOK } from './huffman';
import type { BitReader } from '../../bits/bitReader';
import { lazily } from '../../lazily';
import { corruptAac } from './audioSpecificConfig';
import type { IcsInfo } from './icsInfo';
import { MAX_BANDS, SHORT_WINDOWS } from './icsInfo';

/** The largest quantized coefficient: 8191 from an escape sequence, and four pulses of 15 on top of each other. */
const LARGEST_QUANTIZED = 8191 + 4 * 15;

/** The scalefactor of a gain of 1 (ISO/IEC 14496-3, 4.6.2.3.3). */
const SCALEFACTOR_OFFSET = 100;

/** sign(q) |q|^(4/3) at index q + LARGEST_QUANTIZED: quantization is finer for small values. */
const inverseQuantization = lazily(() => {
	const values = new Float32Array(2 * LARGEST_QUANTIZED + 1);
	for (let quantized = 1; quantized <= LARGEST_QUANTIZED; quantized++) {
		values[LARGEST_QUANTIZED + quantized] = quantized ** (4 / 3);
		values[LARGEST_QUANTIZED - quantized] = -values[LARGEST_QUANTIZED + quantized];
	}
	return values;
});

/** 2^(¼ (scalefactor − 100)) for scalefactors 0 to 255. */
const gains = lazily(() =>
	Float64Array.from({ length: 256 }, (_, scalefactor) => 2 ** ((scalefactor - SCALEFACTOR_OFFSET) / 4)),
);

/**
 * Turns quantized coefficients into a spectrum, ordered by window (ISO/IEC 14496-3, 4.6.2.3.3). Bands without
 * coefficients of their own become zero; noise and intensity stereo fill some of them later.
 */
export function dequantize({ info, codebooks, scalefactors, quantized, spectrum }: ChannelStream): void {
	const { offsets, count } = info.bands;
	const windowLength = offsets[count];
	const inverse = inverseQuantization();
	const gainOf = gains();
	let source = 0;
	let band = 0;
	let firstWindow = 0;
	for (let group = 0; group < info.groups; group++) {
		const endWindow = firstWindow + info.groupLengths[group];
		const groupEnd = endWindow * windowLength;
		for (let sfb = 0; sfb < info.maxSfb; sfb++, band++) {
			const codebook = codebooks[band];
			const coded = codebook !== ZERO_CODEBOOK && codebook <= ESCAPE_CODEBOOK;
			const gain = coded ? gainOf[scalefactors[band]] : 0;
			const width = offsets[sfb + 1] - offsets[sfb];
			for (let start = firstWindow * windowLength + offsets[sfb]; start < groupEnd; start += windowLength) {
				if (coded) {
					for (let i = 0; i < width; i++) {
						spectrum[start + i] = inverse[quantized[source + i] + LARGEST_QUANTIZED] * gain;
					}
				} else {
					spectrum.fill(0, start, start + width);
				}
				source += width;
			}
		}
		const sent = offsets[info.maxSfb];
		for (let start = firstWindow * windowLength; start < groupEnd; start += windowLength) {
			spectrum.fill(0, start + sent, start + windowLength);
		}
		source = groupEnd;
		firstWindow = endWindow;
	}
}

/** The noise comes from a linear congruential generator, so that a file always decodes to the same samples. */
const MULTIPLIER = 1664525;
const INCREMENT = 1013904223;
const FIRST_SEED = 0x5eed;

/** Perceptual noise substitution (ISO/IEC 14496-3, 4.6.13): noise of the stored energy takes the place of a band. */
export class NoiseSubstitution {
	private seed = FIRST_SEED;
	/** The seed that the noise of each band of the left channel started from. */
	private readonly leftSeeds = new Int32Array(MAX_BANDS);

	/** Fills the noise bands of a channel. */
	fill(stream: ChannelStream): void {
		forEachNoiseBand(stream, (band, start, end, continues) => {
			if (!continues) this.leftSeeds[band] = this.seed;
			this.fillBand(stream, band, start, end);
		});
	}

	/**
	 * Fills the noise bands of the right channel of a pair, after those of the left. A band with ms_used that is noise in
	 * both channels has the same noise in both.
	 */
	fillRight(left: ChannelStream, right: ChannelStream, msUsed: Uint8Array): void {
		let own = this.seed;
		forEachNoiseBand(right, (band, start, end, continues) => {
			const correlated = msUsed[band] === 1 && left.codebooks[band] === NOISE_CODEBOOK;
			if (!correlated) {
				this.seed = own;
			} else if (!continues) {
				this.seed = this.leftSeeds[band];
			}
			this.fillBand(right, band, start, end);
			if (!correlated) own = this.seed;
		});
		this.seed = own;
	}

	/** Fills the part of a band that is in one window. The energy is 2^(½ noise energy). */
	private fillBand({ scalefactors, spectrum }: ChannelStream, band: number, start: number, end: number): void {
		let energy = 0;
		for (let i = start; i < end; i++) {
			this.seed = (Math.imul(this.seed, MULTIPLIER) + INCREMENT) | 0;
			spectrum[i] = this.seed;
			energy += this.seed * this.seed;
		}
		const gain = 2 ** (scalefactors[band] / 4) / Math.sqrt(energy || 1);
		for (let i = start; i < end; i++) spectrum[i] *= gain;
	}
}

/**
 * Visits the noise bands window by window.
 *
 * @param visit Called with the band, its range in the spectrum, and whether it continues the band in the window before.
 */
function forEachNoiseBand(
	{ info, codebooks }: ChannelStream,
	visit: (band: number, start: number, end: number, continues: boolean) => void,
): void {
	const { offsets, count } = info.bands;
	const windowLength = offsets[count];
	let firstWindow = 0;
	for (let group = 0; group < info.groups; group++) {
		const endWindow = firstWindow + info.groupLengths[group];
		for (let sfb = 0; sfb < info.maxSfb; sfb++) {
			const band = group * info.maxSfb + sfb;
			if (codebooks[band] !== NOISE_CODEBOOK) continue;
			for (let window = firstWindow; window < endWindow; window++) {
				const start = window * windowLength;
				visit(band, start + offsets[sfb], start + offsets[sfb + 1], window > firstWindow);
			}
		}
		firstWindow = endWindow;
	}
}

/** The highest order of a noise shaping filter in AAC-LC, for long and short windows (ISO/IEC 14496-3, Table 4.155). */
const MAX_ORDER_LONG = 12;
const MAX_ORDER_SHORT = 7;

/** The most filters of a window; their number is stored in two bits. */
const MAX_FILTERS = 3;

/** A filter of temporal noise shaping (TNS): prediction across frequency, which follows a signal's envelope in time. */
interface TnsFilter {
	/** How many scalefactor bands it covers. */
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
	/** Filters by window, room for `MAX_FILTERS` each, from the highest band down. */
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
 * @throws {VoiceNoteError} `corrupt` if the order of a filter is too high for AAC-LC
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

/** Reads the direction and the coefficients of a filter, which are dequantized as in 4.6.9.3. */
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
		// Levinson's step-up recursion: from reflection coefficients to those of the direct form.
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

/** The all-pole filter y[n] = x[n] − Σ a_i y[n−i], with all y before the first taken as zero. */
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

/** Values of ms_mask_present (ISO/IEC 14496-3, 4.6.8.1.2). */
const MASK_PER_BAND = 1;
const MASK_ALL = 2;

/**
 * Reads ms_mask_present and ms_used of a pair with a common window (ISO/IEC 14496-3, Table 4.5).
 *
 * @param used Takes ms_used of each band, 1 if set; `MAX_BANDS` long.
 * @throws {VoiceNoteError} `corrupt` if the mask is of the reserved kind
 */
export function readStereoMask(reader: BitReader, info: IcsInfo, used: Uint8Array): void {
	const present = reader.read(2);
	if (present > MASK_ALL) throw corruptAac('a stereo mask is of a reserved kind');
	used.fill(present === MASK_ALL ? 1 : 0);
	if (present !== MASK_PER_BAND) return;
	const bandCount = info.groups * info.maxSfb;
	for (let band = 0; band < bandCount; band++) used[band] = reader.read(1);
}

/**
 * Undoes mid/side and intensity stereo (ISO/IEC 14496-3, 4.6.8). In a joint band both channels have the grouping of the
 * right one, which a common window guarantees.
 *
 * @param mask ms_used of each band.
 */
export function applyJointStereo(left: ChannelStream, right: ChannelStream, mask: Uint8Array): void {
	const { info, codebooks } = right;
	const { offsets, count } = info.bands;
	const windowLength = offsets[count];
	let band = 0;
	let firstWindow = 0;
	for (let group = 0; group < info.groups; group++) {
		const endWindow = firstWindow + info.groupLengths[group];
		for (let sfb = 0; sfb < info.maxSfb; sfb++, band++) {
			const flagged = mask[band] === 1;
			const intensity = intensityGain(right, flagged, band);
			const midSide =
				flagged && intensity === 0 && codebooks[band] !== NOISE_CODEBOOK && left.codebooks[band] !== NOISE_CODEBOOK;
			if (!midSide && intensity === 0) continue;
			for (let window = firstWindow; window < endWindow; window++) {
				const start = window * windowLength + offsets[sfb];
				const end = window * windowLength + offsets[sfb + 1];
				if (midSide) undoMidSide(left.spectrum, right.spectrum, start, end);
				else scaleInto(left.spectrum, right.spectrum, intensity, start, end);
			}
		}
		firstWindow = endWindow;
	}
}

/**
 * The factor that makes the right channel from the left in an intensity band: 0.5^(¼ position), with a sign from the
 * codebook and from ms_used. 0 in any other band. A mask set for all bands at once flips the sign as well: encoders
 * that combine it with intensity stereo mean it that way.
 */
function intensityGain({ codebooks, scalefactors }: ChannelStream, flagged: boolean, band: number): number {
	const codebook = codebooks[band];
	if (codebook !== INTENSITY_CODEBOOK && codebook !== INTENSITY_CODEBOOK_2) return 0;
	const outOfPhase = codebook === INTENSITY_CODEBOOK_2;
	return (outOfPhase !== flagged ? -1 : 1) * 2 ** (-scalefactors[band] / 4);
}

function undoMidSide(left: Float32Array, right: Float32Array, start: number, end: number): void {
	for (let i = start; i < end; i++) {
		const mid = left[i];
		const side = right[i];
		left[i] = mid + side;
		right[i] = mid - side;
	}
}

function scaleInto(left: Float32Array, right: Float32Array, gain: number, start: number, end: number): void {
	for (let i = start; i < end; i++) right[i] = left[i] * gain;
}
