/** Dequantizes envelopes and noise to energies of 16-bit samples, ±32768 (ISO/IEC 14496-3, 4.6.18.3.5). */
import { corruptAac } from '../aacErrors';
import type { ChannelData } from './channelData';
import { ENVELOPE_STRIDE, MAX_ENVELOPES, MAX_NOISE_FLOORS, NOISE_STRIDE } from './channelData';
import type { FrequencyBands } from './frequencyBands';

/** The exponents of an energy and of a noise ratio with the value 0. */
const ENERGY_OFFSET = 6;
const NOISE_OFFSET = 6;
/** The balance of two equal channels, in steps of 3 dB. */
const CENTER = 12;
/** A full-scale sine wave has 2^41 over all bands, and no signal from −1 to 1 has more than 2^42. */
const MAX_ENERGY = 2 ** 43;

/** Powers of two in half steps: the least exponent, in halves, and the table. */
const LEAST_HALVES = -64;
const HALF_POWERS = Float64Array.from({ length: 160 }, (_, i) => 2 ** ((i + LEAST_HALVES) / 2));

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
 * Dequantizes the levels of one channel.
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
	return HALF_POWERS[halves - LEAST_HALVES];
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
