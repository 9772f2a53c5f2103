/*
 * Parametric stereo (ISO/IEC 14496-3, 8.6.4) as far as a mono result needs it. The mono signal s that is sent has the
 * energy of both channels, so where they are unlike it is louder than their mean:
 *
 *   |(l + r) / 2|² = |s|² · ½ (1 + ρ · 2c / (1 + c²))
 *
 * with their level difference c and their likeness ρ in each band.
 */
import { corruptAac } from '../aacErrors';
import type { BitReader } from '../../../bits/bitReader';
import type { DifferenceCodes } from './differenceCodes';
import { readDifference, sbrCodes } from './differenceCodes';
import { QMF_BANDS } from './frequencyBands';
import type { QmfSynthesis } from './qmf';
import { MAX_SLOTS } from './qmf';

/** Envelopes of a frame by num_env_idx, with fixed borders and with sent ones. */
const ENVELOPES = [
	[0, 1, 2, 4],
	[1, 2, 3, 4],
];
const MAX_ENVELOPES = 4;
/** Bands of parameters by iid_mode and icc_mode; modes from FIRST_FINE_MODE on have fine steps of level. */
const PARAMETER_BANDS = [10, 20, 34, 10, 20, 34];
const MAX_PARAMETER_BANDS = 34;
const FIRST_FINE_MODE = 3;
/** Level differences in dB by the value's size (Tables 8.25 and 8.26). */
const LEVEL_STEPS = [
	[0, 2, 4, 7, 10, 14, 18, 25],
	[0, 2, 4, 6, 8, 10, 13, 16, 19, 22, 25, 30, 35, 40, 45, 50],
];
/** ρ (Table 8.28). */
const COHERENCES = [1, 0.937, 0.84118, 0.60092, 0.36764, 0, -0.589, -1];

/** Bands a gain is worked out for, and of the others those that lie in each of them. */
const GAIN_BANDS = 20;
const BANDS_OF_34: readonly (readonly number[])[] = [
	[0, 1],
	[1, 2],
	[3, 4],
	[4, 5],
	[6, 7],
	[8, 9],
	[10],
	[11],
	[12, 13],
	[14, 15],
	[16],
	[17],
	[18],
	[19],
	[20, 21],
	[22, 23],
	[24, 25],
	[26, 27],
	[28, 29, 30],
	[31, 32, 33],
];
/** Which of the 20 bands lie in the lowest QMF bands: several in one, as the standard divides those further. */
const LOWEST_QMF_BANDS = [
	[0, 1, 2, 3],
	[4, 5],
	[6, 7],
];
/** The first QMF band of each band from the ninth on. */
const FIRST_QMF_BANDS = [3, 4, 5, 6, 7, 8, 9, 11, 14, 18, 23, 35, QMF_BANDS];

/** One kind of parameter: what its differences count from. */
interface Parameters {
	/** iid_mode or icc_mode; undefined where it is not sent. */
	mode: number | undefined;
	values: Int8Array;
}

/** The gain, for every QMF band, that makes of the mono signal the mean of both channels. */
export class MonoGain {
	private readonly slots: number;
	private hasHeader = false;
	private readonly levels: Parameters = { mode: undefined, values: new Int8Array(MAX_PARAMETER_BANDS) };
	private readonly coherences: Parameters = { mode: undefined, values: new Int8Array(MAX_PARAMETER_BANDS) };
	/** The envelopes of the frame: the slot behind each, and the gains that are reached there. */
	private envelopes = 0;
	private readonly ends = new Uint8Array(MAX_ENVELOPES);
	private readonly targets = Array.from({ length: MAX_ENVELOPES }, () => new Float64Array(QMF_BANDS));
	/** The gains now, and what is added to them from slot to slot. */
	private readonly gains = new Float64Array(QMF_BANDS).fill(1);
	private readonly steps = new Float64Array(QMF_BANDS);

	/** @param slots QMF slots of a frame. */
	constructor(slots: number) {
		this.slots = slots;
	}

	/** Goes on to a frame that may bring new parameters. */
	startFrame(): void {
		this.envelopes = 0;
		this.steps.fill(0);
	}

	/**
	 * Reads ps_data(), but for phases, which do not matter here. Where it is damaged, the last parameters go on.
	 *
	 * @throws {VoiceNoteError} `corrupt` for parameters out of range, and where the data end before.
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
			const decibels = inGainBands(levels[e], (value) => Math.sign(value) * steps[Math.abs(value)]);
			const likeness = inGainBands(coherences[e], (value) => COHERENCES[value]);
			spreadGains(decibels, likeness, this.targets[e]);
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

	/** Applies the gains to a frame; from one envelope's end to the next they go in a straight line. */
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

/** The parameters of each envelope; none means 0 everywhere. What they count from is changed once all are sound. */
function readEnvelopes(
	reader: BitReader,
	parameters: Parameters,
	count: number,
	codes: DifferenceCodes,
	[least, most]: [number, number],
): Int8Array[] {
	const { mode } = parameters;
	if (mode === undefined) return Array.from({ length: count }, () => new Int8Array(GAIN_BANDS));
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

/** Parameters of 10, 20 or 34 bands as values of 20. */
function inGainBands(parameters: Int8Array, valueOf: (parameter: number) => number): number[] {
	return Array.from({ length: GAIN_BANDS }, (_, band) => {
		if (parameters.length === GAIN_BANDS) return valueOf(parameters[band]);
		if (parameters.length < GAIN_BANDS) return valueOf(parameters[band >> 1]);
		return mean(BANDS_OF_34[band].map((source) => valueOf(parameters[source])));
	});
}

function spreadGains(decibels: readonly number[], coherences: readonly number[], gains: Float64Array): void {
	const energies = decibels.map((level, band) => {
		const c = 10 ** (level / 20);
		return Math.max(0, (1 + (coherences[band] * 2 * c) / (1 + c * c)) / 2);
	});
	LOWEST_QMF_BANDS.forEach((bands, qmfBand) => {
		gains[qmfBand] = Math.sqrt(mean(bands.map((band) => energies[band])));
	});
	const first = GAIN_BANDS - (FIRST_QMF_BANDS.length - 1);
	for (let band = first; band < GAIN_BANDS; band++) {
		gains.fill(Math.sqrt(energies[band]), FIRST_QMF_BANDS[band - first], FIRST_QMF_BANDS[band - first + 1]);
	}
}

function mean(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function outOfRange(): Error {
	return corruptAac('a parameter of its stereo is out of range');
}
