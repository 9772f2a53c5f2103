/**
 * What a frame has for one channel in sbr_data(): a grid of envelopes in time (ISO/IEC 14496-3, 4.6.18.3.3), and the
 * levels in them, not yet dequantized (4.6.18.3.4).
 */
import { corruptAac } from '../audioSpecificConfig';
import type { BitReader } from '../../../bits/bitReader';
import type { SbrHeader } from './sbrPayload';
import { type DifferenceCodes, readDifference, sbrCodes } from './tables';
import type { FrequencyBands } from './frequencyBands';
import { MAX_NOISE_BANDS, QMF_BANDS } from './frequencyBands';

/** The most envelopes and noise floors in a frame. */
export const MAX_ENVELOPES = 5;
export const MAX_NOISE_FLOORS = 2;
/** How many time slots of the next frame a frame can extend into. */
export const MAX_LATE_SLOTS = 3;

/** bs_frame_class: whether the start and the end of a frame are fixed or sent. */
const FIXFIX = 0;
const FIXVAR = 1;
const VARFIX = 2;

const MAX_FIXED_ENVELOPES = 4;

/**
 * How a frame is divided in time: sbr_grid(). Borders are in time slots from the start of the frame; a time slot is two
 * QMF slots, 64 samples of the core.
 */
export interface TimeGrid {
	/** Step size of the envelopes: 0 is 1.5 dB, 1 is 3 dB. */
	ampRes: number;
	envelopes: number;
	/** Borders of the envelopes: one more than envelopes. */
	borders: Uint8Array;
	/** Resolution of each envelope: 1 is high. */
	resolutions: Uint8Array;
	noiseFloors: number;
	/** Start of the second noise floor. */
	noiseBorder: number;
	/** The envelope with a transient; −1 if there is none, `envelopes` if it is at the very end. */
	transient: number;
}

function createTimeGrid(): TimeGrid {
	return {
		ampRes: 0,
		envelopes: 1,
		borders: new Uint8Array(MAX_ENVELOPES + 1),
		resolutions: new Uint8Array(MAX_ENVELOPES),
		noiseFloors: 1,
		noiseBorder: 0,
		transient: -1,
	};
}

/** The last border of a grid. */
export function endOf({ borders, envelopes }: TimeGrid): number {
	return borders[envelopes];
}

function copyTimeGrid(from: TimeGrid, to: TimeGrid): void {
	to.borders.set(from.borders);
	to.resolutions.set(from.resolutions);
	to.ampRes = from.ampRes;
	to.envelopes = from.envelopes;
	to.noiseFloors = from.noiseFloors;
	to.noiseBorder = from.noiseBorder;
	to.transient = from.transient;
}

/** Makes a grid of a single envelope without a transient, from `start` to `end` in time slots. */
export function setSingleEnvelope(grid: TimeGrid, start: number, end: number, resolution: number): void {
	grid.envelopes = 1;
	grid.borders[0] = start;
	grid.borders[1] = end;
	grid.resolutions[0] = resolution;
	grid.noiseFloors = 1;
	grid.noiseBorder = end;
	grid.transient = -1;
}

/**
 * Reads sbr_grid().
 *
 * @param slots Time slots of a frame.
 * @throws {VoiceNoteError} `corrupt` for borders that do not rise, and if the payload ends too early
 */
export function readTimeGrid(reader: BitReader, header: SbrHeader, slots: number, grid: TimeGrid): void {
	const frameClass = reader.read(2);
	grid.ampRes = header.ampRes;
	const pointer =
		frameClass === FIXFIX ? readFixed(reader, slots, grid) : readVariable(reader, frameClass, slots, grid);
	const { envelopes, borders } = grid;
	for (let i = 0; i < envelopes; i++) {
		if (borders[i] >= borders[i + 1]) throw corruptAac('the time borders of its spectral band replication do not rise');
	}
	grid.noiseFloors = envelopes > 1 ? 2 : 1;
	grid.noiseBorder = borders[noiseBorderIndex(frameClass, pointer, envelopes)];
	grid.transient = transientOf(frameClass, pointer, envelopes);
}

/** FIXFIX: one, two or four envelopes of equal length. Returns 0, since this class has no bs_pointer. */
function readFixed(reader: BitReader, slots: number, grid: TimeGrid): number {
	const envelopes = 1 << reader.read(2);
	if (envelopes > MAX_FIXED_ENVELOPES) throw tooManyEnvelopes();
	const step = Math.floor((slots + (envelopes >> 1)) / envelopes);
	for (let i = 0; i < envelopes; i++) grid.borders[i] = i * step;
	grid.borders[envelopes] = slots;
	grid.resolutions.fill(reader.read(1), 0, envelopes);
	grid.envelopes = envelopes;
	// A single envelope always has the finer steps.
	if (envelopes === 1) grid.ampRes = 0;
	return 0;
}

/**
 * The other classes: a start or end that is not fixed is sent, and the inner borders are sent as distances inward from
 * both. Returns bs_pointer, which says where the transient is.
 */
function readVariable(reader: BitReader, frameClass: number, slots: number, grid: TimeGrid): number {
	const { borders, resolutions } = grid;
	const first = frameClass === FIXVAR ? 0 : reader.read(2);
	const last = slots + (frameClass === VARFIX ? 0 : reader.read(2));
	const leading = frameClass === FIXVAR ? 0 : reader.read(2);
	const trailing = frameClass === VARFIX ? 0 : reader.read(2);
	const envelopes = leading + trailing + 1;
	if (envelopes > MAX_ENVELOPES) throw tooManyEnvelopes();
	let border = first;
	borders[0] = border;
	for (let i = 1; i <= leading; i++) {
		border += readDistance(reader);
		borders[i] = border;
	}
	border = last;
	borders[envelopes] = border;
	for (let i = envelopes - 1; i > leading; i--) {
		border -= readDistance(reader);
		if (border < 0) throw corruptAac('the time borders of its spectral band replication do not rise');
		borders[i] = border;
	}
	const pointer = reader.read(Math.ceil(Math.log2(envelopes + 1)));
	if (pointer > envelopes + 1) throw corruptAac('its spectral band replication refers to a missing envelope');
	for (let i = 0; i < envelopes; i++) {
		// FIXVAR sends them from the last to the first.
		resolutions[frameClass === FIXVAR ? envelopes - 1 - i : i] = reader.read(1);
	}
	grid.envelopes = envelopes;
	return pointer;
}

function readDistance(reader: BitReader): number {
	return 2 * reader.read(2) + 2;
}

function noiseBorderIndex(frameClass: number, pointer: number, envelopes: number): number {
	if (envelopes === 1) return 1;
	if (frameClass === FIXFIX) return envelopes >> 1;
	if (frameClass === VARFIX) return pointer === 0 ? 1 : pointer === 1 ? envelopes - 1 : pointer - 1;
	return pointer > 1 ? envelopes + 1 - pointer : envelopes - 1;
}

function transientOf(frameClass: number, pointer: number, envelopes: number): number {
	if (frameClass === FIXFIX) return -1;
	if (frameClass === VARFIX) return pointer > 1 ? pointer - 1 : -1;
	return pointer > 0 ? envelopes + 1 - pointer : -1;
}

function tooManyEnvelopes(): Error {
	return corruptAac('its spectral band replication has too many envelopes');
}

/** Distance in memory from one envelope, or noise floor, to the next. */
export const ENVELOPE_STRIDE = QMF_BANDS;
export const NOISE_STRIDE = MAX_NOISE_BANDS;

/**
 * Bits of the lowest band's value where it is sent as it is, not as a difference. In the coarser steps, levels and
 * balances take one bit less.
 */
const LEVEL_START_BITS = 7;
const BALANCE_START_BITS = 6;
const NOISE_START_BITS = 5;
/**
 * The largest values, in the finer steps. A higher level would be louder than a full-scale sine wave in one QMF band.
 */
const MAX_LEVEL = 70;
const MAX_BALANCE = 48;
const MAX_NOISE = 30;
const MAX_NOISE_BALANCE = 24;

/** What a frame has for one channel. */
export interface ChannelData {
	grid: TimeGrid;
	/** bs_df_env and bs_df_noise: 1 for differences from the previous envelope, 0 for those from the band below. */
	envelopeDirections: Uint8Array;
	noiseDirections: Uint8Array;
	/** bs_invf_mode of each noise band. */
	inverseFilters: Uint8Array;
	/**
	 * Level, or balance, of each band of each envelope. The next frame may send differences from the last envelope.
	 */
	levels: Int16Array;
	/** The same for each noise floor. */
	noise: Int16Array;
	/** bs_add_harmonic of each band of high resolution; all 0 if there is none. */
	sines: Uint8Array;
}

export function createChannelData(): ChannelData {
	return {
		grid: createTimeGrid(),
		envelopeDirections: new Uint8Array(MAX_ENVELOPES),
		noiseDirections: new Uint8Array(MAX_NOISE_FLOORS),
		inverseFilters: new Uint8Array(MAX_NOISE_BANDS),
		levels: new Int16Array(MAX_ENVELOPES * ENVELOPE_STRIDE),
		noise: new Int16Array(MAX_NOISE_FLOORS * NOISE_STRIDE),
		sines: new Uint8Array(QMF_BANDS),
	};
}

/** Gives a channel the grid of another: a coupled pair sends it once. */
export function shareGrid(from: ChannelData, to: ChannelData): void {
	copyTimeGrid(from.grid, to.grid);
}

/** sbr_dtdf() */
export function readDirections(reader: BitReader, data: ChannelData): void {
	const { grid } = data;
	for (let i = 0; i < grid.envelopes; i++) data.envelopeDirections[i] = reader.read(1);
	for (let i = 0; i < grid.noiseFloors; i++) data.noiseDirections[i] = reader.read(1);
}

/** sbr_invf() */
export function readInverseFilters(reader: BitReader, data: ChannelData, { noise }: FrequencyBands): void {
	for (let band = 0; band + 1 < noise.length; band++) data.inverseFilters[band] = reader.read(2);
}

/** sbr_sinusoidal_coding(), with the flag before it. */
export function readSines(reader: BitReader, data: ChannelData, { high }: FrequencyBands): void {
	data.sines.fill(0);
	if (!reader.readFlag()) return;
	for (let band = 0; band + 1 < high.length; band++) data.sines[band] = reader.read(1);
}

/**
 * sbr_envelope()
 *
 * @param before The same channel in the previous frame.
 * @param isBalance Whether this is the second channel of a coupled pair.
 * @throws {VoiceNoteError} `corrupt` for values out of range, and if the payload ends too early
 */
export function readEnvelopes(
	reader: BitReader,
	data: ChannelData,
	{ high, low }: FrequencyBands,
	before: ChannelData,
	isBalance: boolean,
): void {
	const { grid, levels } = data;
	const codes = (isBalance ? sbrCodes().balance : sbrCodes().level)[grid.ampRes];
	const startBits = (isBalance ? BALANCE_START_BITS : LEVEL_START_BITS) - grid.ampRes;
	const max = (isBalance ? MAX_BALANCE : MAX_LEVEL) >> grid.ampRes;
	// Balances are coded in steps of twice the size, so they are doubled.
	const step = isBalance ? 2 : 1;
	const odd = (high.length - 1) & 1;
	let reference = before.levels;
	let referenceAt = (before.grid.envelopes - 1) * ENVELOPE_STRIDE;
	let referenceResolution = before.grid.resolutions[before.grid.envelopes - 1];
	for (let l = 0; l < grid.envelopes; l++) {
		const at = l * ENVELOPE_STRIDE;
		const resolution = grid.resolutions[l];
		const bands = (resolution === 1 ? high : low).length - 1;
		if (data.envelopeDirections[l] === 1) {
			for (let band = 0; band < bands; band++) {
				const source = sameFrequency(band, referenceResolution, resolution, odd);
				levels[at + band] = reference[referenceAt + source] + step * readDifference(reader, codes.time);
			}
		} else {
			readUpwards(reader, levels, at, bands, codes, startBits, step);
		}
		assertRange(levels, at, bands, max);
		reference = levels;
		referenceAt = at;
		referenceResolution = resolution;
	}
}

/** The band, in an envelope of resolution `from`, that contains the start of a band of resolution `to`. */
function sameFrequency(band: number, from: number, to: number, odd: number): number {
	if (from === to) return band;
	if (to === 1) return (band + odd) >> 1;
	return band === 0 ? 0 : 2 * band - odd;
}

/** sbr_noise(); the parameters are those of `readEnvelopes`. */
export function readNoise(
	reader: BitReader,
	data: ChannelData,
	bands: FrequencyBands,
	before: ChannelData,
	isBalance: boolean,
): void {
	const { grid, noise } = data;
	const codes = isBalance ? sbrCodes().noiseBalance : sbrCodes().noise;
	const step = isBalance ? 2 : 1;
	const count = bands.noise.length - 1;
	let reference = before.noise;
	let referenceAt = (before.grid.noiseFloors - 1) * NOISE_STRIDE;
	for (let floor = 0; floor < grid.noiseFloors; floor++) {
		const at = floor * NOISE_STRIDE;
		if (data.noiseDirections[floor] === 1) {
			for (let band = 0; band < count; band++) {
				noise[at + band] = reference[referenceAt + band] + step * readDifference(reader, codes.time);
			}
		} else {
			readUpwards(reader, noise, at, count, codes, NOISE_START_BITS, step);
		}
		assertRange(noise, at, count, isBalance ? MAX_NOISE_BALANCE : MAX_NOISE);
		reference = noise;
		referenceAt = at;
	}
}

/** Reads values as differences from the band below; only the lowest is not a difference. */
function readUpwards(
	reader: BitReader,
	values: Int16Array,
	at: number,
	count: number,
	codes: DifferenceCodes,
	startBits: number,
	step: number,
): void {
	values[at] = step * reader.read(startBits);
	for (let i = at + 1; i < at + count; i++) {
		values[i] = values[i - 1] + step * readDifference(reader, codes.frequency);
	}
}

function assertRange(values: Int16Array, at: number, count: number, max: number): void {
	for (let i = at; i < at + count; i++) {
		if (values[i] < 0 || values[i] > max) throw corruptAac('a value of its spectral band replication is out of range');
	}
}
