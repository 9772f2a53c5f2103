/*
 * One channel's values of sbr_data() (ISO/IEC 14496-3, 4.6.18.3.4), still in their steps.
 */
import { corruptAac } from '../aacErrors';
import type { BitReader } from '../../../bits/bitReader';
import type { DifferenceCodes } from './differenceCodes';
import { readDifference, sbrCodes } from './differenceCodes';
import type { FrequencyBands } from './frequencyBands';
import { MAX_NOISE_BANDS, QMF_BANDS } from './frequencyBands';
import type { TimeGrid } from './timeGrid';
import { copyTimeGrid, createTimeGrid, MAX_ENVELOPES, MAX_NOISE_FLOORS } from './timeGrid';

/** Places in memory from one envelope, or noise floor, to the next. */
export const ENVELOPE_STRIDE = QMF_BANDS;
export const NOISE_STRIDE = MAX_NOISE_BANDS;

/** Bits of a first value sent as it is, in the finer steps. */
const LEVEL_START_BITS = 7;
const BALANCE_START_BITS = 6;
const NOISE_START_BITS = 5;
/** The largest values in the finer steps; a higher level is louder than a full-scale sine in one QMF band. */
const MAX_LEVEL = 70;
const MAX_BALANCE = 48;
const MAX_NOISE = 30;
const MAX_NOISE_BALANCE = 24;

/** What a frame says of one channel. */
export interface ChannelData {
	grid: TimeGrid;
	/** bs_df_env and bs_df_noise: 1 counts from the envelope before, 0 from the band below. */
	envelopeDirections: Uint8Array;
	noiseDirections: Uint8Array;
	/** bs_invf_mode of each noise band. */
	inverseFilters: Uint8Array;
	/** Level, or balance, of each band of each envelope; the reference of the next frame's. */
	levels: Int16Array;
	/** The same of noise. */
	noise: Int16Array;
	/** bs_add_harmonic of each band of high resolution; all 0 where there is none. */
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

/** What a coupled pair sends once. */
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

/** sbr_sinusoidal_coding(), with the flag in front of it. */
export function readSines(reader: BitReader, data: ChannelData, { high }: FrequencyBands): void {
	data.sines.fill(0);
	if (!reader.readFlag()) return;
	for (let band = 0; band + 1 < high.length; band++) data.sines[band] = reader.read(1);
}

/**
 * sbr_envelope()
 *
 * @param before The channel's frame before.
 * @param isBalance Whether this is the second channel of a coupled pair.
 * @throws {VoiceNoteError} `corrupt` for values out of range, and where the payload ends before.
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
	const most = (isBalance ? MAX_BALANCE : MAX_LEVEL) >> grid.ampRes;
	// Values of a balance are kept doubled, as the finer steps of a level are.
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
		assertRange(levels, at, bands, most);
		reference = levels;
		referenceAt = at;
		referenceResolution = resolution;
	}
}

/** The band of an envelope of one resolution in which a band of another begins. */
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

/** Values that count from the band below; the lowest is sent as it is. */
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

function assertRange(values: Int16Array, at: number, count: number, most: number): void {
	for (let i = at; i < at + count; i++) {
		if (values[i] < 0 || values[i] > most) throw corruptAac('a value of its spectral band replication is out of range');
	}
}
