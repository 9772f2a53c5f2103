/**
 * The payload of spectral band replication in a frame, sbr_extension_data() (ISO/IEC 14496-3, Table 4.62), and the
 * levels in it.
 */
import type { BitReader } from '../../../bits/bitReader';
import { corruptAac } from '../audioSpecificConfig';
import {
	type ChannelData,
	ENVELOPE_STRIDE,
	MAX_ENVELOPES,
	MAX_NOISE_FLOORS,
	NOISE_STRIDE,
	readDirections,
	readEnvelopes,
	readInverseFilters,
	readNoise,
	readSines,
	readTimeGrid,
	shareGrid,
} from './channelData';
import { deriveBands, type FrequencyBands, limiterBorders } from './frequencyBands';

/** sbr_header() (ISO/IEC 14496-3, Table 4.63), which is valid up to the next one. The names are the standard's. */
export interface SbrHeader {
	/** Step size of envelopes: 0 is 1.5 dB, 1 is 3 dB. */
	ampRes: number;
	startFreq: number;
	stopFreq: number;
	xoverBand: number;
	/** Bands per octave: 1 is 12, 2 is 10, 3 is 8; 0 makes all bands equally wide. */
	freqScale: number;
	/** 1 makes bands wider. */
	alterScale: number;
	/** Noise bands per octave. */
	noiseBands: number;
	limiterBands: number;
	limiterGains: number;
	/** 1 measures the copied signal in each QMF band, 0 in each band of the envelope. */
	interpolFreq: number;
	/** 0 smooths gains over time. */
	smoothingMode: number;
}

/** The fields that the frequency bands depend on; a change of limiterBands is no reset. */
const RESET_FIELDS = ['startFreq', 'stopFreq', 'xoverBand', 'freqScale', 'alterScale', 'noiseBands'] as const;

/**
 * Reads a header. Fields that it leaves out get their default values, not those of the last header.
 *
 * @throws {VoiceNoteError} `corrupt` if the payload ends too early
 */
function readSbrHeader(reader: BitReader): SbrHeader {
	const ampRes = reader.read(1);
	const startFreq = reader.read(4);
	const stopFreq = reader.read(4);
	const xoverBand = reader.read(3);
	reader.skip(2); // bs_reserved
	const scalesSent = reader.readFlag();
	const limitsSent = reader.readFlag();
	return {
		ampRes,
		startFreq,
		stopFreq,
		xoverBand,
		freqScale: scalesSent ? reader.read(2) : 2,
		alterScale: scalesSent ? reader.read(1) : 1,
		noiseBands: scalesSent ? reader.read(2) : 2,
		limiterBands: limitsSent ? reader.read(2) : 2,
		limiterGains: limitsSent ? reader.read(2) : 2,
		interpolFreq: limitsSent ? reader.read(1) : 1,
		smoothingMode: limitsSent ? reader.read(1) : 1,
	};
}

/** Whether a header changes the frequency bands, so that decoding starts over. */
function isReset(before: SbrHeader | undefined, header: SbrHeader): boolean {
	return !before || RESET_FIELDS.some((field) => before[field] !== header[field]);
}

/** extension_type of a payload with a checksum. */
const EXT_SBR_DATA_CRC = 14;
const CRC_BITS = 10;
/** x^10 + x^9 + x^5 + x^4 + x + 1 */
const CRC_POLYNOMIAL = 0x233;
/** bs_extension_id of parametric stereo. */
const EXTENSION_PS = 2;

/** What a header sets for the frames of a channel element. */
export interface SbrConfig {
	header: SbrHeader;
	bands: FrequencyBands;
}

/** What a payload says, apart from the data of the channels. */
export interface SbrFrame extends SbrConfig {
	/** Whether the frequency bands are new. */
	reset: boolean;
	/** Whether the two channels are coded as a sum and a balance. */
	coupled: boolean;
}

/** The element that a payload belongs to. */
export interface PayloadContext {
	/** Hz; twice the core's rate. */
	sbrRate: number;
	/** Time slots of a frame. */
	slots: number;
	/** As set by earlier headers; undefined before the first. */
	config: SbrConfig | undefined;
	/** The data of the channels in the previous frame. */
	before: readonly ChannelData[];
	/** Called for parametric stereo, with the reader at ps_data(). */
	readPs(reader: BitReader): void;
}

/**
 * Reads a payload. Nothing in `context` changes.
 *
 * @param reader At extension_type; its end is that of the payload.
 * @param channels Takes the data: of one channel, or of a pair.
 * @returns undefined before the first header, without which nothing can be read
 * @throws {VoiceNoteError} `corrupt` for a payload that breaks a rule
 */
export function readSbrPayload(
	reader: BitReader,
	channels: readonly ChannelData[],
	context: PayloadContext,
): SbrFrame | undefined {
	if (reader.read(4) === EXT_SBR_DATA_CRC) assertChecksum(reader);
	let { config } = context;
	let reset = false;
	if (reader.readFlag()) {
		const header = readSbrHeader(reader);
		reset = isReset(config?.header, header);
		config = { header, bands: bandsOf(header, reset ? undefined : config, context.sbrRate) };
	}
	if (!config) return undefined;
	const coupled =
		channels.length === 2 ? readPair(reader, channels, config, context) : readSingle(reader, channels, config, context);
	readExtendedData(reader, context);
	return { ...config, reset, coupled };
}

function bandsOf(header: SbrHeader, before: SbrConfig | undefined, sbrRate: number): FrequencyBands {
	if (!before) return deriveBands(header, sbrRate);
	if (before.header.limiterBands === header.limiterBands) return before.bands;
	const { low, patches } = before.bands;
	return { ...before.bands, limiter: limiterBorders(low, patches, header.limiterBands) };
}

/** sbr_single_channel_element() */
function readSingle(
	reader: BitReader,
	[data]: readonly ChannelData[],
	{ header, bands }: SbrConfig,
	{ slots, before }: PayloadContext,
): boolean {
	if (reader.readFlag()) reader.skip(4); // bs_reserved
	readTimeGrid(reader, header, slots, data.grid);
	readDirections(reader, data);
	readInverseFilters(reader, data, bands);
	readEnvelopes(reader, data, bands, before[0], false);
	readNoise(reader, data, bands, before[0], false);
	readSines(reader, data, bands);
	return false;
}

/** sbr_channel_pair_element(); returns whether the channels are coupled. */
function readPair(
	reader: BitReader,
	channels: readonly ChannelData[],
	{ header, bands }: SbrConfig,
	{ slots, before }: PayloadContext,
): boolean {
	const [left, right] = channels;
	if (reader.readFlag()) reader.skip(4 + 4); // bs_reserved
	const coupled = reader.readFlag();
	readTimeGrid(reader, header, slots, left.grid);
	if (coupled) shareGrid(left, right);
	else readTimeGrid(reader, header, slots, right.grid);
	readDirections(reader, left);
	readDirections(reader, right);
	readInverseFilters(reader, left, bands);
	if (coupled) right.inverseFilters.set(left.inverseFilters);
	else readInverseFilters(reader, right, bands);
	// Coupled channels come one after the other; independent ones send the envelopes of both, then the noise of both.
	readEnvelopes(reader, left, bands, before[0], false);
	if (coupled) readNoise(reader, left, bands, before[0], false);
	readEnvelopes(reader, right, bands, before[1], coupled);
	if (!coupled) readNoise(reader, left, bands, before[0], false);
	readNoise(reader, right, bands, before[1], coupled);
	readSines(reader, left, bands);
	readSines(reader, right, bands);
	return coupled;
}

/** bs_extended_data: parametric stereo, and additions of later standards. */
function readExtendedData(reader: BitReader, { readPs }: PayloadContext): void {
	if (!reader.readFlag()) return;
	let bytes = reader.read(4);
	if (bytes === 15) bytes += reader.read(8);
	const start = reader.position;
	reader.skip(bytes * 8);
	if (bytes === 0) return;
	reader.position = start;
	if (reader.read(2) !== EXTENSION_PS) return;
	// Nothing is read after this data, so the reader can end where it ends.
	reader.end = start + bytes * 8;
	readPs(reader);
}

/** bs_sbr_crc_bits: the checksum of everything after it. */
function assertChecksum(reader: BitReader): void {
	const sent = reader.read(CRC_BITS);
	const start = reader.position;
	const top = 1 << (CRC_BITS - 1);
	const mask = (1 << CRC_BITS) - 1;
	let crc = 0;
	while (reader.bitsLeft > 0) {
		const carries = ((crc & top) !== 0) !== reader.readFlag();
		crc = (crc << 1) & mask;
		if (carries) crc ^= CRC_POLYNOMIAL;
	}
	reader.position = start;
	if (crc !== sent) throw corruptAac('the checksum of its spectral band replication is wrong');
}

/** The exponents, to base 2, of an energy and of a noise ratio that are coded as 0. */
const ENERGY_OFFSET = 6;
const NOISE_OFFSET = 6;
/** The balance of two equal channels, in steps of 3 dB. */
const CENTER = 12;
/** A full-scale sine wave has 2^41 over all bands, and no signal from −1 to 1 has more than 2^42. */
const MAX_ENERGY = 2 ** 43;

/** Powers of two, the exponent in steps of ½: the lowest exponent, in halves, and the table. */
const MIN_HALVES = -64;
const HALF_POWERS = Float64Array.from({ length: 160 }, (_, i) => 2 ** ((i + MIN_HALVES) / 2));

/** What the envelopes and noise floors of a channel ask for. */
export interface SoundLevels {
	/** Energy per QMF band, for each band of each envelope. */
	energies: Float64Array;
	/** Ratio of noise to signal, for each noise band of each floor. */
	noiseRatios: Float64Array;
}

export function createSoundLevels(): SoundLevels {
	return {
		energies: new Float64Array(MAX_ENVELOPES * ENVELOPE_STRIDE),
		noiseRatios: new Float64Array(MAX_NOISE_FLOORS * NOISE_STRIDE),
	};
}

/**
 * Dequantizes the levels of one channel to energies of 16-bit samples, ±32768 (ISO/IEC 14496-3, 4.6.18.3.5).
 *
 * @param channel Its number.
 * @param coupled Whether `data` is the sum and the balance of a pair.
 * @throws {VoiceNoteError} `corrupt` if they are louder than any sound
 */
export function dequantize(
	data: readonly ChannelData[],
	channel: number,
	coupled: boolean,
	bands: FrequencyBands,
	levels: SoundLevels,
): void {
	if (coupled) dequantizeCoupled(data[0], data[1], channel, bands, levels);
	else dequantizeSingle(data[channel], bands, levels);
	assertPlausible(data[coupled ? 0 : channel], bands, levels.energies);
}

function dequantizeSingle(data: ChannelData, bands: FrequencyBands, { energies, noiseRatios }: SoundLevels): void {
	const { grid } = data;
	const halvesPerStep = grid.ampRes + 1;
	for (let l = 0; l < grid.envelopes; l++) {
		const first = l * ENVELOPE_STRIDE;
		const end = first + envelopeBands(data, l, bands).length - 1;
		for (let i = first; i < end; i++) energies[i] = halfPower(2 * ENERGY_OFFSET + halvesPerStep * data.levels[i]);
	}
	for (let i = 0; i < grid.noiseFloors * NOISE_STRIDE; i++) {
		noiseRatios[i] = halfPower(2 * (NOISE_OFFSET - data.noise[i]));
	}
}

function dequantizeCoupled(
	sum: ChannelData,
	balance: ChannelData,
	channel: number,
	bands: FrequencyBands,
	{ energies, noiseRatios }: SoundLevels,
): void {
	const { grid } = sum;
	const halvesPerStep = grid.ampRes + 1;
	const center = (2 * CENTER) / halvesPerStep;
	for (let l = 0; l < grid.envelopes; l++) {
		const first = l * ENVELOPE_STRIDE;
		const end = first + envelopeBands(sum, l, bands).length - 1;
		for (let i = first; i < end; i++) {
			const both = halfPower(2 * (ENERGY_OFFSET + 1) + halvesPerStep * sum.levels[i]);
			energies[i] = both * shareOf(channel, halfPower(halvesPerStep * (center - balance.levels[i])));
		}
	}
	for (let i = 0; i < grid.noiseFloors * NOISE_STRIDE; i++) {
		const both = halfPower(2 * (NOISE_OFFSET + 1 - sum.noise[i]));
		noiseRatios[i] = both * shareOf(channel, halfPower(2 * (CENTER - balance.noise[i])));
	}
}

/** The share of a channel in the energy of both, by the ratio of the second to the first. */
function shareOf(channel: number, ratio: number): number {
	return (channel === 0 ? 1 : ratio) / (1 + ratio);
}

function halfPower(halves: number): number {
	return HALF_POWERS[halves - MIN_HALVES];
}

/** The bands of an envelope, by its resolution. */
export function envelopeBands({ grid }: ChannelData, envelope: number, { high, low }: FrequencyBands): number[] {
	return grid.resolutions[envelope] === 1 ? high : low;
}

function assertPlausible(data: ChannelData, bands: FrequencyBands, energies: Float64Array): void {
	for (let l = 0; l < data.grid.envelopes; l++) {
		const borders = envelopeBands(data, l, bands);
		let sum = 0;
		for (let band = 0; band + 1 < borders.length; band++) {
			sum += energies[l * ENVELOPE_STRIDE + band] * (borders[band + 1] - borders[band]);
		}
		// Negated, so that NaN does not pass.
		if (!(sum <= MAX_ENERGY)) throw corruptAac('its spectral band replication is louder than any sound');
	}
}
