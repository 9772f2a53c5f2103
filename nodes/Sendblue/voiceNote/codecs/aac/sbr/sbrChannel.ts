import type { ChannelData } from './channelData';
import type { FrequencyBands } from './frequencyBands';
import { CORE_BANDS, QMF_BANDS } from './frequencyBands';
import { HfAdjuster, SLOTS_PER_TIME_SLOT } from './hfAdjustment';
import { ChirpFactors, HfGenerator, HIGH_OFFSET, LOW_HISTORY } from './hfGeneration';
import type { QmfAnalysis, QmfSignals, QmfSynthesis } from './qmf';
import { clearQmfSignals, createQmfSignals, MAX_SLOTS, SLOT_SAMPLES } from './qmf';
import { createQmfAnalysis } from './vectorQmf';
import type { SbrFrame, SoundLevels } from './sbrPayload';
import { endOf, MAX_LATE_SLOTS } from './channelData';

/** How many QMF slots a high band can reach into the next frame. */
const MAX_TAIL = MAX_LATE_SLOTS * SLOTS_PER_TIME_SLOT;

/**
 * One channel of SBR: the core in the lower QMF bands, and above it the high band that is made from it. The output lags
 * the input by six QMF slots.
 */
export class SbrChannel {
	private readonly slots: number;
	private readonly analysis: QmfAnalysis;
	private readonly low = createQmfSignals(CORE_BANDS, LOW_HISTORY + MAX_SLOTS);
	private readonly high = createQmfSignals(QMF_BANDS, MAX_SLOTS + MAX_TAIL);
	private readonly generator: HfGenerator;
	private readonly adjuster = new HfAdjuster();
	private readonly chirp = new ChirpFactors();
	/** The first QMF band that is made, and how many are made. */
	private crossover = CORE_BANDS;
	private used = 0;
	/** The last high band may reach into the frame: for how many QMF slots, what they hold, its first band and width. */
	private tailSlots = 0;
	private readonly tail = createQmfSignals(QMF_BANDS, MAX_TAIL);
	private tailCrossover = CORE_BANDS;
	private tailUsed = 0;
	/** Time slot at which the last high band ended, counted from the start of its frame. */
	private end: number;

	/**
	 * @param frameLength Samples of the core in a frame.
	 * @param audible How many QMF bands are part of the output.
	 */
	constructor(
		frameLength: number,
		private readonly audible: number,
	) {
		this.slots = frameLength / SLOT_SAMPLES;
		this.analysis = createQmfAnalysis(frameLength);
		this.generator = new HfGenerator(this.slots);
		this.end = this.timeSlots;
	}

	/** Time slots of a frame. */
	private get timeSlots(): number {
		return this.slots / SLOTS_PER_TIME_SLOT;
	}

	/** The start, in time slots, of a frame that continues the last one. */
	get nextStart(): number {
		return Math.max(0, this.end - this.timeSlots);
	}

	/** Forgets the audio of earlier frames, after a gap. */
	clearSignal(): void {
		this.analysis.clear();
		clearQmfSignals(this.low);
		clearQmfSignals(this.high);
	}

	/** Takes in a frame of the core. */
	takeIn(core: Float32Array): void {
		const { slots } = this;
		const { real, imaginary, stride } = this.low;
		const history = LOW_HISTORY;
		for (let first = 0; first < real.length; first += stride) {
			for (let i = first; i < first + history; i++) {
				real[i] = real[i + slots];
				imaginary[i] = imaginary[i + slots];
			}
		}
		this.analysis.analyse(core, this.low, history);
		this.keepTail();
	}

	/** Keeps the slots of the last high band that reach into this frame. */
	private keepTail(): void {
		const { slots, high, tail } = this;
		this.tailSlots = SLOTS_PER_TIME_SLOT * this.nextStart;
		this.tailCrossover = this.crossover;
		this.tailUsed = this.used;
		if (this.tailSlots === 0) return;
		for (let m = 0; m < this.used; m++) {
			for (let i = 0; i < this.tailSlots; i++) {
				tail.real[m * tail.stride + i] = high.real[m * high.stride + slots + i];
				tail.imaginary[m * tail.stride + i] = high.imaginary[m * high.stride + slots + i];
			}
		}
	}

	/** Makes no high band in this frame. */
	makeNoHighBand(): void {
		this.crossover = CORE_BANDS;
		this.used = 0;
		this.end = this.timeSlots;
	}

	/** Makes the high band of the frame. */
	makeHighBand(config: SbrFrame, data: ChannelData, levels: SoundLevels): void {
		const { bands } = config;
		const start = SLOTS_PER_TIME_SLOT * data.grid.borders[0];
		const end = SLOTS_PER_TIME_SLOT * endOf(data.grid);
		this.silenceOldBands(bands.crossover);
		this.crossover = bands.crossover;
		this.used = this.audibleBands(bands);
		this.chirp.update(data, bands.noise.length - 1);
		this.generator.generate(this.low, this.high, bands, this.chirp.factors, this.used, start, end);
		this.silenceGap(start);
		this.adjuster.adjust(this.high, config, data, levels, this.used);
		this.end = endOf(data.grid);
	}

	/** Silences what is left of the last frame in the bands that only now belong to the core. */
	private silenceOldBands(crossover: number): void {
		const { real, imaginary, stride } = this.low;
		for (let band = this.crossover; band < crossover; band++) {
			real.fill(0, band * stride, band * stride + LOW_HISTORY);
			imaginary.fill(0, band * stride, band * stride + LOW_HISTORY);
		}
	}

	/**
	 * Silences the slots between the end of the last high band and the first border, about which nothing is known. There
	 * are such slots after a lost frame.
	 */
	private silenceGap(start: number): void {
		const { real, imaginary, stride } = this.high;
		for (let m = 0; m < this.used && this.tailSlots < start; m++) {
			real.fill(0, m * stride + this.tailSlots, m * stride + start);
			imaginary.fill(0, m * stride + this.tailSlots, m * stride + start);
		}
	}

	/** How many bands have to be made: up to the end of the limiter band that has the last audible one. */
	private audibleBands({ crossover, width, limiter }: FrequencyBands): number {
		const end = limiter.find((border) => border >= this.audible) ?? crossover + width;
		return Math.max(0, end - crossover);
	}

	/** Adds the frame, times `factor`, to the bands of a synthesis. */
	addTo(synthesis: QmfSynthesis, factor: number): void {
		const { low, high, tail, tailSlots, slots, audible } = this;
		// The first slots may still belong to the last frame.
		const add = (from: QmfSignals, offset: number, bands: BandRange, start: number, end: number): void => {
			for (let band = bands.from; band < Math.min(bands.to, audible); band++) {
				const source = (band - bands.base) * from.stride + offset;
				addRow(from, source + start, synthesis, band * MAX_SLOTS + start, end - start, factor);
			}
		};
		const above = this.crossover;
		const tailAbove = this.tailCrossover;
		add(low, HIGH_OFFSET, { from: 0, to: tailAbove, base: 0 }, 0, tailSlots);
		add(tail, 0, { from: tailAbove, to: tailAbove + this.tailUsed, base: tailAbove }, 0, tailSlots);
		add(low, HIGH_OFFSET, { from: 0, to: above, base: 0 }, tailSlots, slots);
		add(high, 0, { from: above, to: above + this.used, base: above }, tailSlots, slots);
	}
}

/** A range of QMF bands, and which band is the first in the signal's memory. */
interface BandRange {
	from: number;
	to: number;
	base: number;
}

function addRow(
	from: QmfSignals,
	source: number,
	{ real, imaginary }: QmfSynthesis,
	target: number,
	count: number,
	factor: number,
): void {
	for (let i = 0; i < count; i++) {
		real[target + i] += from.real[source + i] * factor;
		imaginary[target + i] += from.imaginary[source + i] * factor;
	}
}
