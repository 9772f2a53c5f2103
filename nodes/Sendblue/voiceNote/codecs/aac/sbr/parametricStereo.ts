/**
 * Parametric stereo (ISO/IEC 14496-3, 8.6.4), as far as a mono result needs it. The stream has a mono signal s with the
 * mean energy of both channels. The less alike they are, the louder it is than their mean:
 *
 *   |(l + r) / 2|² = |s|² · ½ (1 + ρ · 2c / (1 + c²))
 *
 * with the ratio c of the amplitudes and the coherence ρ of the channels in each band.
 */
import { corruptAac } from '../audioSpecificConfig';
import type { BitReader } from '../../../bits/bitReader';
import { type DifferenceCodes, readDifference, sbrCodes } from './tables';
import { QMF_BANDS } from './frequencyBands';
import type { QmfSynthesis } from './qmf';
import { MAX_SLOTS } from './qmf';

/** The number of envelopes by num_env_idx: with fixed borders, and with borders that are sent. */
const ENVELOPES = [
	[0, 1, 2, 4],
	[1, 2, 3, 4],
];
const MAX_ENVELOPES = 4;
/** The number of parameter bands by iid_mode and icc_mode; modes from FIRST_FINE_MODE on have fine steps of level. */
const PARAMETER_BANDS = [10, 20, 34, 10, 20, 34];
const MAX_PARAMETER_BANDS = 34;
const FIRST_FINE_MODE = 3;
/** Level differences in dB by magnitude, in default and in fine steps (Tables 8.25 and 8.26). */
const LEVEL_STEPS = [
	[0, 2, 4, 7, 10, 14, 18, 25],
	[0, 2, 4, 6, 8, 10, 13, 16, 19, 22, 25, 30, 35, 40, 45, 50],
];
/** ρ (Table 8.28). */
const COHERENCES = [1, 0.937, 0.84118, 0.60092, 0.36764, 0, -0.589, -1];

/** How parameter bands map to QMF bands (Tables 8.48 and 8.49). */
interface BandLayout {
	/** The parameter bands in each of the lowest QMF bands, which the standard divides further. */
	lowest: readonly (readonly number[])[];
	/** The first QMF band of each further parameter band, and the end. */
	first: readonly number[];
}

const LAYOUT_20: BandLayout = {
	lowest: [
		[0, 1, 2, 3],
		[4, 5],
		[6, 7],
	],
	first: [3, 4, 5, 6, 7, 8, 9, 11, 14, 18, 23, 35, QMF_BANDS],
};
const LAYOUT_34: BandLayout = {
	lowest: [
		[0, 1, 2, 3, 4, 5],
		[6, 7, 8, 9],
		[10, 11],
		[12, 13],
		[14, 15],
	],
	first: [5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 21, 24, 27, 30, 33, 37, 41, QMF_BANDS],
};
const BANDS_20 = 20;
/** The one of 20 bands that contains each of the 34 bands. */
const BAND_OF_20_BY_34 = [
	0, 0, 1, 2, 2, 3, 4, 4, 5, 5, 6, 7, 8, 8, 9, 9, 10, 11, 12, 13, 14, 14, 15, 15, 16, 16, 17, 17, 18, 18, 18, 19, 19,
	19,
];

/** One kind of parameter, as the last frame left it. */
interface Parameters {
	/** iid_mode or icc_mode; undefined if it is not sent. */
	mode: number | undefined;
	values: Int8Array;
}

/** The gain of each QMF band that turns the mono signal into the mean of both channels. */
export class MonoGain {
	private readonly slots: number;
	private hasHeader = false;
	private readonly levels: Parameters = { mode: undefined, values: new Int8Array(MAX_PARAMETER_BANDS) };
	private readonly coherences: Parameters = { mode: undefined, values: new Int8Array(MAX_PARAMETER_BANDS) };
	/** How many envelopes the frame has; of each, the slot after it and the gains that are reached there. */
	private envelopes = 0;
	private readonly ends = new Uint8Array(MAX_ENVELOPES);
	private readonly targets = Array.from({ length: MAX_ENVELOPES }, () => new Float64Array(QMF_BANDS));
	/** The current gains, and their increment per slot. */
	private readonly gains = new Float64Array(QMF_BANDS).fill(1);
	private readonly steps = new Float64Array(QMF_BANDS);

	/** @param slots QMF slots of a frame. */
	constructor(slots: number) {
		this.slots = slots;
	}

	/** Moves on to the next frame. */
	startFrame(): void {
		this.envelopes = 0;
		this.steps.fill(0);
	}

	/**
	 * Reads ps_data() except for phases, which do not matter here. If it is damaged, the last parameters stay.
	 *
	 * @throws {VoiceNoteError} `corrupt` for parameters out of range, and if the data ends too early
	 */
	read(reader: BitReader): void {
		if (reader.readFlag()) this.readHeader(reader);
		if (!this.hasHeader) return;
		const bordersSent = reader.read(1);
		const count = ENVELOPES[bordersSent][reader.read(2)];
		for (let e = 0; e < count; e++) {
			this.ends[e] = bordersSent === 1 ? reader.read(5) + 1 : Math.floor(((e + 1) * this.slots) / count);
		}
		const levels = readEnvelopes(
			reader,
			this.levels,
			count,
			levelCodes(this.levels.mode),
			levelRange(this.levels.mode),
		);
		const coherences = readEnvelopes(reader, this.coherences, count, sbrCodes().coherence, [0, COHERENCES.length - 1]);
		const steps = LEVEL_STEPS[isFine(this.levels.mode) ? 1 : 0];
		for (let e = 0; e < count; e++) {
			const isFinest = Math.max(levels[e].length, coherences[e].length) === MAX_PARAMETER_BANDS;
			const bands = isFinest ? MAX_PARAMETER_BANDS : BANDS_20;
			const energies = Array.from({ length: bands }, (_, band) => {
				const level = parameterOf(levels[e], band, bands);
				return energyOfMean(
					Math.sign(level) * steps[Math.abs(level)],
					COHERENCES[parameterOf(coherences[e], band, bands)],
				);
			});
			spreadGains(energies, isFinest ? LAYOUT_34 : LAYOUT_20, this.targets[e]);
		}
		this.envelopes = count;
	}

	private readHeader(reader: BitReader): void {
		const iidMode = reader.readFlag() ? reader.read(3) : undefined;
		const iccMode = reader.readFlag() ? reader.read(3) : undefined;
		reader.skip(1); // enable_ext
		if (Math.max(iidMode ?? 0, iccMode ?? 0) >= PARAMETER_BANDS.length) throw outOfRange();
		this.levels.mode = iidMode;
		this.coherences.mode = iccMode;
		this.hasHeader = true;
	}

	/** Applies the gains to a frame. They are interpolated linearly between the ends of envelopes. */
	apply({ bands, real, imaginary }: QmfSynthesis): void {
		if (!this.hasHeader) return;
		const { gains, steps, ends, slots } = this;
		let envelope = 0;
		for (let slot = 0; slot < slots; slot++) {
			if (envelope < this.envelopes && (slot === 0 || slot >= ends[envelope - 1])) this.aimAt(slot, envelope++);
			for (let band = 0; band < bands; band++) {
				gains[band] += steps[band];
				real[band * MAX_SLOTS + slot] *= gains[band];
				imaginary[band * MAX_SLOTS + slot] *= gains[band];
			}
			if (envelope > 0 && slot + 1 >= ends[envelope - 1]) steps.fill(0);
		}
	}

	private aimAt(slot: number, envelope: number): void {
		const { gains, steps, targets, ends } = this;
		const distance = Math.max(1, ends[envelope] - slot);
		for (let band = 0; band < QMF_BANDS; band++) {
			steps[band] = (targets[envelope][band] - gains[band]) / distance;
		}
	}
}

function isFine(mode: number | undefined): boolean {
	return mode !== undefined && mode >= FIRST_FINE_MODE;
}

function levelCodes(mode: number | undefined): DifferenceCodes {
	return sbrCodes().levelDifference[isFine(mode) ? 1 : 0];
}

function levelRange(mode: number | undefined): [number, number] {
	const largest = LEVEL_STEPS[isFine(mode) ? 1 : 0].length - 1;
	return [-largest, largest];
}

/**
 * Reads the parameters of each envelope; without a mode they are 0. The state changes only once all of them are valid.
 */
function readEnvelopes(
	reader: BitReader,
	parameters: Parameters,
	count: number,
	codes: DifferenceCodes,
	[least, most]: [number, number],
): Int8Array[] {
	const { mode } = parameters;
	if (mode === undefined) return Array.from({ length: count }, () => new Int8Array(BANDS_20));
	const bands = PARAMETER_BANDS[mode];
	const rows: Int8Array[] = [];
	let before = parameters.values;
	for (let e = 0; e < count; e++) {
		const values = new Int8Array(bands);
		const inTime = reader.readFlag();
		for (let band = 0; band < bands; band++) {
			const reference = inTime ? before[band] : band === 0 ? 0 : values[band - 1];
			const value = reference + readDifference(reader, inTime ? codes.time : codes.frequency);
			if (value < least || value > most) throw outOfRange();
			values[band] = value;
		}
		rows.push(values);
		before = values;
	}
	parameters.values.set(before);
	return rows;
}

/** The parameter of a band; there may be more bands than parameters. */
function parameterOf(parameters: Int8Array, band: number, bands: number): number {
	if (parameters.length === bands) return parameters[band];
	const coarse = bands === MAX_PARAMETER_BANDS ? BAND_OF_20_BY_34[band] : band;
	return parameters[parameters.length === BANDS_20 ? coarse : coarse >> 1];
}

/** The energy of (l + r) / 2, relative to that of the mono signal. */
function energyOfMean(levelDifference: number, coherence: number): number {
	const c = 10 ** (levelDifference / 20);
	return Math.max(0, (1 + (coherence * 2 * c) / (1 + c * c)) / 2);
}

function spreadGains(energies: readonly number[], { lowest, first }: BandLayout, gains: Float64Array): void {
	lowest.forEach((bands, qmfBand) => {
		gains[qmfBand] = Math.sqrt(mean(bands.map((band) => energies[band])));
	});
	const above = energies.length - (first.length - 1);
	for (let i = 0; i + 1 < first.length; i++) gains.fill(Math.sqrt(energies[above + i]), first[i], first[i + 1]);
}

function mean(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function outOfRange(): Error {
	return corruptAac('a stereo parameter is out of range');
}
