/**
 * High frequency adjustment (ISO/IEC 14496-3, 4.6.18.7): the copied bands get the energy of the envelope, with noise
 * and sine waves as the frame asks for them.
 */
import type { ChannelData } from './channelData';
import { ENVELOPE_STRIDE, NOISE_STRIDE } from './channelData';
import type { FrequencyBands } from './frequencyBands';
import { QMF_BANDS } from './frequencyBands';
import { NOISE_IMAGINARY, NOISE_LENGTH, NOISE_REAL } from './tables';
import type { QmfSignals } from './qmf';
import { envelopeBands, type SbrFrame, type SoundLevels } from './sbrPayload';

/** QMF slots in a time slot of the grid. */
export const SLOTS_PER_TIME_SLOT = 2;

/** limGain by bs_limiter_gains; the last one does not limit. */
const LIMITER_GAINS = [0.70795, 1, 1.41254, 1e10];
const MAX_LIMIT = 1e5;
/** The highest gain that makes up for what was limited. */
const MAX_BOOST = 1.584893192;
/** Keeps quotients of energies finite. */
const EPSILON = 1e-12;

/** What the adjustment of an envelope needs to know. */
interface Envelope {
	/** Its number in the frame. */
	index: number;
	/** Its first QMF slot, and the one after its last. */
	start: number;
	end: number;
	/** Whether it has a transient; then it gets no noise and no smoothing. */
	transient: boolean;
}

/** Adjusts the high band of one channel. Bands count from the crossover. */
export class HfAdjuster {
	/** Whether each QMF band had a sine wave in the last envelope of the previous frame, and has one in this envelope. */
	private readonly sines = new Uint8Array(QMF_BANDS);
	private readonly newSines = new Uint8Array(QMF_BANDS);
	/** Whether a QMF band is in a band of the envelope that has a sine wave. */
	private readonly besideSine = new Uint8Array(QMF_BANDS);
	/** Energies that the envelope asks for, and those that the copied bands have. */
	private readonly wanted = new Float64Array(QMF_BANDS);
	private readonly found = new Float64Array(QMF_BANDS);
	private readonly noiseRatios = new Float64Array(QMF_BANDS);
	/** Factors on the copied bands, and levels of what is added. */
	private readonly gains = new Float64Array(QMF_BANDS);
	private readonly noiseLevels = new Float64Array(QMF_BANDS);
	private readonly sineLevels = new Float64Array(QMF_BANDS);
	private readonly gainHistory = new GainHistory();
	private readonly noiseHistory = new GainHistory();
	/** Position in the noise, which runs on from frame to frame, and in the period of sine waves, which is four slots. */
	private noiseIndex = 0;
	private sinePhase = 0;
	/** Whether the previous frame ended with a transient. */
	private transientAtEnd = false;

	/**
	 * Adjusts a frame.
	 *
	 * @param high Its copied bands.
	 * @param used How many of them are adjusted; those above are not heard.
	 */
	adjust(high: QmfSignals, config: SbrFrame, data: ChannelData, levels: SoundLevels, used: number): void {
		const { header, bands, reset } = config;
		const { grid } = data;
		if (reset) this.noiseIndex = 0;
		const transientBefore = this.transientAtEnd ? 0 : -1;
		for (let index = 0; index < grid.envelopes; index++) {
			const envelope: Envelope = {
				index,
				start: SLOTS_PER_TIME_SLOT * grid.borders[index],
				end: SLOTS_PER_TIME_SLOT * grid.borders[index + 1],
				transient: index === grid.transient || index === transientBefore,
			};
			const table = envelopeBands(data, index, bands);
			this.placeSines(data, bands, index);
			this.mapToBands(data, bands, levels, table, index, used);
			this.measure(high, envelope, used);
			if (header.interpolFreq === 0) this.evenOut(table, bands.crossover, used);
			this.chooseGains(bands, header.limiterGains, envelope.transient, used);
			if (index === 0 && reset) {
				this.gainHistory.fillWith(this.gains);
				this.noiseHistory.fillWith(this.noiseLevels);
			}
			this.apply(high, envelope, bands, header.smoothingMode === 0 && !envelope.transient, used);
		}
		this.sines.set(this.newSines);
		this.transientAtEnd = grid.transient === grid.envelopes;
	}

	/** A sine wave begins with the transient, unless it was already there. */
	private placeSines({ grid, sines }: ChannelData, { high, crossover, width }: FrequencyBands, index: number): void {
		this.newSines.fill(0, 0, width);
		for (let i = 0; i + 1 < high.length; i++) {
			if (sines[i] === 0) continue;
			const band = ((high[i] + high[i + 1]) >> 1) - crossover;
			if (index >= grid.transient || this.sines[band] === 1) this.newSines[band] = 1;
		}
	}

	/** Gives each QMF band the values of the bands that it is in. */
	private mapToBands(
		{ grid }: ChannelData,
		{ crossover, noise }: FrequencyBands,
		{ energies, noiseRatios }: SoundLevels,
		table: readonly number[],
		index: number,
		used: number,
	): void {
		const { wanted, besideSine, newSines } = this;
		for (let i = 0; i + 1 < table.length; i++) {
			const from = table[i] - crossover;
			const to = table[i + 1] - crossover;
			if (from >= used) break;
			let sine = 0;
			for (let m = from; m < to; m++) sine |= newSines[m];
			wanted.fill(energies[index * ENVELOPE_STRIDE + i], from, to);
			besideSine.fill(sine, from, to);
		}
		const isSecondFloor = grid.noiseFloors > 1 && grid.borders[index] >= grid.noiseBorder;
		const floor = isSecondFloor ? NOISE_STRIDE : 0;
		for (let i = 0; i + 1 < noise.length; i++) {
			this.noiseRatios.fill(noiseRatios[floor + i], noise[i] - crossover, noise[i + 1] - crossover);
		}
	}

	/** Measures the energy of the copied bands. */
	private measure({ real, imaginary, stride }: QmfSignals, { start, end }: Envelope, used: number): void {
		for (let m = 0; m < used; m++) {
			let sum = 0;
			for (let i = m * stride + start; i < m * stride + end; i++) {
				sum += real[i] * real[i] + imaginary[i] * imaginary[i];
			}
			this.found[m] = sum / (end - start);
		}
	}

	/** Without interpolation, all QMF bands in a band of the envelope count as equally loud. */
	private evenOut(table: readonly number[], crossover: number, used: number): void {
		const { found } = this;
		for (let i = 0; i + 1 < table.length; i++) {
			const from = table[i] - crossover;
			const to = Math.min(table[i + 1] - crossover, used);
			let sum = 0;
			for (let m = from; m < to; m++) sum += found[m];
			if (to > from) found.fill(sum / (to - from), from, to);
		}
	}

	/** Chooses gains, noise levels and sine levels, limited and boosted per limiter band. */
	private chooseGains(
		{ crossover, limiter }: FrequencyBands,
		limiterGains: number,
		withoutNoise: boolean,
		used: number,
	): void {
		for (let k = 0; k + 1 < limiter.length; k++) {
			const from = limiter[k] - crossover;
			const to = limiter[k + 1] - crossover;
			if (to > used) break;
			this.chooseBandGains(from, to, LIMITER_GAINS[limiterGains], withoutNoise);
		}
	}

	private chooseBandGains(from: number, to: number, limiterGain: number, withoutNoise: boolean): void {
		const { wanted, found, noiseRatios, newSines, besideSine, gains, noiseLevels, sineLevels } = this;
		let wantedSum = EPSILON;
		let foundSum = EPSILON;
		for (let m = from; m < to; m++) {
			wantedSum += wanted[m];
			foundSum += found[m];
			const signal = wanted[m] / (1 + noiseRatios[m]);
			const noise = signal * noiseRatios[m];
			noiseLevels[m] = Math.sqrt(noise);
			sineLevels[m] = newSines[m] === 1 ? Math.sqrt(signal) : 0;
			const copied = besideSine[m] === 1 ? noise : withoutNoise ? wanted[m] : signal;
			gains[m] = Math.sqrt(copied / (1 + found[m]));
		}
		const maxGain = Math.min(MAX_LIMIT, limiterGain * Math.sqrt(wantedSum / foundSum));
		let reached = EPSILON;
		for (let m = from; m < to; m++) {
			if (gains[m] > maxGain) {
				noiseLevels[m] *= maxGain / gains[m];
				gains[m] = maxGain;
			}
			reached += found[m] * gains[m] * gains[m];
			if (newSines[m] === 1) reached += sineLevels[m] * sineLevels[m];
			else if (!withoutNoise) reached += noiseLevels[m] * noiseLevels[m];
		}
		const boost = Math.min(MAX_BOOST, Math.sqrt(wantedSum / reached));
		for (let m = from; m < to; m++) {
			gains[m] *= boost;
			noiseLevels[m] *= boost;
			sineLevels[m] *= boost;
		}
	}

	/** Applies gains, noise and sine waves to the slots of an envelope. */
	private apply(
		high: QmfSignals,
		envelope: Envelope,
		{ crossover, width }: FrequencyBands,
		smooth: boolean,
		used: number,
	): void {
		const slots = envelope.end - envelope.start;
		if (smooth) {
			for (let slot = envelope.start; slot < envelope.end; slot++) {
				const gains = this.gainHistory.smooth(this.gains, used);
				const noise = this.noiseHistory.smooth(this.noiseLevels, used);
				this.applySlots(high, slot, slot + 1, gains, noise, crossover, width, envelope.transient, used);
				this.advance(1, width);
			}
			return;
		}
		this.gainHistory.push(this.gains, slots);
		this.noiseHistory.push(this.noiseLevels, slots);
		const { gains, noiseLevels } = this;
		this.applySlots(high, envelope.start, envelope.end, gains, noiseLevels, crossover, width, envelope.transient, used);
		this.advance(slots, width);
	}

	/** Every slot and band takes a noise value, used or not, so that the noise is the same in all decoders. */
	private advance(slots: number, width: number): void {
		this.noiseIndex = (this.noiseIndex + slots * width) % NOISE_LENGTH;
		this.sinePhase = (this.sinePhase + slots) % 4;
	}

	private applySlots(
		{ real, imaginary, stride }: QmfSignals,
		start: number,
		end: number,
		gains: Float64Array,
		noiseLevels: Float64Array,
		crossover: number,
		width: number,
		withoutNoise: boolean,
		used: number,
	): void {
		const noiseReal = NOISE_REAL;
		const noiseImaginary = NOISE_IMAGINARY;
		const noiseMask = NOISE_LENGTH - 1;
		for (let m = 0; m < used; m++) {
			const gain = gains[m];
			const first = m * stride + start;
			const last = m * stride + end;
			if (this.newSines[m] === 1) {
				this.addSine(real, imaginary, first, last, gain, m, crossover);
			} else if (withoutNoise) {
				for (let i = first; i < last; i++) {
					real[i] *= gain;
					imaginary[i] *= gain;
				}
			} else {
				const level = noiseLevels[m];
				let noise = this.noiseIndex + m + 1;
				for (let i = first; i < last; i++, noise += width) {
					const at = noise & noiseMask;
					real[i] = real[i] * gain + level * noiseReal[at];
					imaginary[i] = imaginary[i] * gain + level * noiseImaginary[at];
				}
			}
		}
	}

	/** A sine wave advances by a quarter of a period per slot, backward in odd QMF bands. */
	private addSine(
		real: Float64Array,
		imaginary: Float64Array,
		first: number,
		last: number,
		gain: number,
		m: number,
		crossover: number,
	): void {
		const level = this.sineLevels[m];
		const direction = ((crossover + m) & 1) === 0 ? 1 : -1;
		for (let i = first, phase = this.sinePhase; i < last; i++, phase = (phase + 1) & 3) {
			real[i] = real[i] * gain + (phase === 0 ? level : phase === 2 ? -level : 0);
			imaginary[i] = imaginary[i] * gain + direction * (phase === 1 ? level : phase === 3 ? -level : 0);
		}
	}
}

/**
 * h_smooth (ISO/IEC 14496-3, 4.6.18.7.6): the weights of the last four slots, the oldest first, and of the current one.
 */
const WEIGHTS = [0.03183050093751, 0.11516383427084, 0.21816949906249, 0.30150283239582, 0.33333333333333];
const PAST_SLOTS = WEIGHTS.length - 1;

/** The values of all QMF bands in the last four slots, with which new values are smoothed. */
class GainHistory {
	private readonly rows = Array.from({ length: PAST_SLOTS }, () => new Float64Array(QMF_BANDS));
	private readonly smoothed = new Float64Array(QMF_BANDS);
	/** The row of the oldest slot. */
	private oldest = 0;

	/** Sets the values of all past slots. */
	fillWith(values: Float64Array): void {
		for (const row of this.rows) row.set(values);
	}

	/** Adds a number of slots with the same values. */
	push(values: Float64Array, slots: number): void {
		for (let i = Math.min(slots, PAST_SLOTS); i > 0; i--) {
			this.rows[this.oldest].set(values);
			this.oldest = (this.oldest + 1) % PAST_SLOTS;
		}
	}

	/**
	 * The values of one slot, smoothed.
	 *
	 * @param used How many bands are wanted.
	 * @returns a borrowed buffer
	 */
	smooth(values: Float64Array, used: number): Float64Array {
		const { rows, smoothed, oldest } = this;
		for (let m = 0; m < used; m++) smoothed[m] = WEIGHTS[PAST_SLOTS] * values[m];
		for (let age = 0; age < PAST_SLOTS; age++) {
			const row = rows[(oldest + age) % PAST_SLOTS];
			for (let m = 0; m < used; m++) smoothed[m] += WEIGHTS[age] * row[m];
		}
		this.push(values, 1);
		return smoothed;
	}
}
