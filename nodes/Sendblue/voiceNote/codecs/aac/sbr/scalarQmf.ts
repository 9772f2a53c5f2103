/*
 * The QMF banks in JavaScript, for processors without vector instructions: each slot by one or two cosine transforms of
 * type IV.
 */
import { Dct4 } from '../../../dsp/dct4';
import { CORE_BANDS, QMF_BANDS } from './frequencyBands';
import type { QmfAnalysis, QmfSignals, QmfSynthesis } from './qmf';
import { FULL_SCALE, HISTORY_SAMPLES, MAX_SLOTS, SLOT_SAMPLES } from './qmf';
import { qmfWindow } from './qmfWindow';

/** Slots that a synthesis bank has room for before its memory is moved. */
const SYNTHESIS_ROOM = 64;

/** A synthesis bank of so many bands. */
export function createScalarSynthesis(bands: 32 | 64, frameLength: number): QmfSynthesis {
	return bands === 64 ? new FullSynthesis(frameLength) : new DownSampledSynthesis(frameLength);
}

/** The analysis bank. */
export class ScalarAnalysis implements QmfAnalysis {
	private readonly samples: Float64Array;
	private readonly dct = new Dct4(QMF_BANDS, 1);
	private readonly folded = new Float32Array(QMF_BANDS);
	/** Newest sample first; the transform's factor 2 is in it. */
	private readonly window = qmfWindow(2, 2 * FULL_SCALE);

	/** @param frameLength Samples of the core in a frame. */
	constructor(private readonly frameLength: number) {
		this.samples = new Float64Array(HISTORY_SAMPLES + frameLength);
	}

	/** Forgets the frames before. */
	clear(): void {
		this.samples.fill(0);
	}

	/**
	 * Takes in a frame.
	 *
	 * @param bands Takes the slots, from `firstSlot` on.
	 */
	analyse(core: Float32Array, bands: QmfSignals, firstSlot: number): void {
		const { samples, dct, folded, frameLength } = this;
		const { real, imaginary, stride } = bands;
		const bandCount = CORE_BANDS;
		const last = QMF_BANDS - 1;
		samples.copyWithin(0, frameLength);
		samples.set(core, HISTORY_SAMPLES);
		const slots = frameLength / SLOT_SAMPLES;
		for (let slot = 0; slot < slots; slot++) {
			this.fold(HISTORY_SAMPLES + SLOT_SAMPLES * (slot + 1) - 1);
			dct.transform(folded, 0);
			const { output } = dct;
			for (let k = 0, at = firstSlot + slot; k < bandCount; k++, at += stride) {
				real[at] = output[k];
				imaginary[at] = -output[last - k];
			}
		}
	}

	/**
	 * Windows the samples that end at `newest` and adds them up modulo 64. The bands' cosines and sines of
	 * π/64 (k + ½)(2n − ½) are then the outputs k and 63 − k of the transform of what is put in this order.
	 */
	private fold(newest: number): void {
		const { samples: x, window: c, folded } = this;
		folded[0] = windowed(x, c, newest, 0);
		for (let n = 1; n <= 32; n++) folded[2 * n - 1] = windowed(x, c, newest, n);
		for (let n = 33; n < 64; n++) folded[128 - 2 * n] = -windowed(x, c, newest, n);
	}
}

function windowed(x: Float64Array, c: Float64Array, newest: number, n: number): number {
	const at = newest - n;
	return (
		x[at] * c[n] +
		x[at - 64] * c[n + 64] +
		x[at - 128] * c[n + 128] +
		x[at - 192] * c[n + 192] +
		x[at - 256] * c[n + 256]
	);
}

/** What both banks share: ten windowed blocks of the transforms' outputs are added up, older ones further back. */
abstract class Synthesis implements QmfSynthesis {
	readonly real: Float32Array;
	readonly imaginary: Float32Array;
	/** The slot that is worked on. */
	protected readonly slotReal: Float32Array;
	protected readonly slotImaginary: Float32Array;
	private readonly slots: number;
	private readonly memory: Float64Array;
	/** Where the newest outputs stand. */
	private at: number;

	protected constructor(
		readonly bands: 32 | 64,
		private readonly window: Float64Array,
		frameLength: number,
	) {
		this.slots = frameLength / SLOT_SAMPLES;
		this.real = new Float32Array(bands * MAX_SLOTS);
		this.imaginary = new Float32Array(bands * MAX_SLOTS);
		this.slotReal = new Float32Array(bands);
		this.slotImaginary = new Float32Array(bands);
		this.memory = new Float64Array(bands * (20 + 2 * SYNTHESIS_ROOM));
		this.at = this.memory.length - 20 * bands;
	}

	clear(): void {
		this.memory.fill(0);
	}

	/** Writes 2 · bands outputs for the slot. */
	protected abstract transform(memory: Float64Array, at: number): void;

	synthesize(out: Float32Array): void {
		const { bands, slots, real, imaginary, slotReal, slotImaginary } = this;
		for (let slot = 0; slot < slots; slot++) {
			for (let k = 0; k < bands; k++) {
				slotReal[k] = real[k * MAX_SLOTS + slot];
				slotImaginary[k] = imaginary[k * MAX_SLOTS + slot];
			}
			this.synthesizeSlot(out, slot * bands);
		}
	}

	private synthesizeSlot(out: Float32Array, start: number): void {
		const { memory: v, window: c, bands } = this;
		if (this.at === 0) {
			v.copyWithin(v.length - 18 * bands, 0, 18 * bands);
			this.at = v.length - 18 * bands;
		}
		this.at -= 2 * bands;
		this.transform(v, this.at);
		const at = this.at;
		for (let k = 0; k < bands; k++) {
			const a = at + k;
			const b = a + 3 * bands;
			out[start + k] =
				v[a] * c[k] +
				v[b] * c[k + bands] +
				v[a + 4 * bands] * c[k + 2 * bands] +
				v[b + 4 * bands] * c[k + 3 * bands] +
				v[a + 8 * bands] * c[k + 4 * bands] +
				v[b + 8 * bands] * c[k + 5 * bands] +
				v[a + 12 * bands] * c[k + 6 * bands] +
				v[b + 12 * bands] * c[k + 7 * bands] +
				v[a + 16 * bands] * c[k + 8 * bands] +
				v[b + 16 * bands] * c[k + 9 * bands];
		}
	}
}

/** 32 bands, at the rate of the core. */
class DownSampledSynthesis extends Synthesis {
	private readonly dct = new Dct4(QMF_BANDS, 1 / QMF_BANDS);
	private readonly input = new Float32Array(QMF_BANDS);

	constructor(frameLength: number) {
		super(32, qmfWindow(2, 1 / FULL_SCALE), frameLength);
	}

	protected transform(memory: Float64Array, at: number): void {
		const { dct, input, slotReal: real, slotImaginary: imaginary } = this;
		input.set(real);
		for (let k = 0; k < 32; k++) input[63 - k] = -imaginary[k];
		dct.transform(input, 0);
		const { output } = dct;
		for (let n = 0; n < 32; n++) {
			memory[at + n] = -output[2 * n];
			memory[at + 63 - n] = output[2 * n + 1];
		}
	}
}

/** 64 bands, at twice the rate of the core. */
class FullSynthesis extends Synthesis {
	private readonly cosines = new Dct4(QMF_BANDS, 1 / QMF_BANDS);
	private readonly sines = new Dct4(QMF_BANDS, 1 / QMF_BANDS);
	private readonly reversed = new Float32Array(QMF_BANDS);

	constructor(frameLength: number) {
		super(64, qmfWindow(1, 1 / FULL_SCALE), frameLength);
	}

	protected transform(memory: Float64Array, at: number): void {
		const { cosines, sines, reversed, slotReal: real, slotImaginary: imaginary } = this;
		for (let k = 0; k < 64; k++) reversed[k] = imaginary[63 - k];
		cosines.transform(real, 0);
		sines.transform(reversed, 0);
		for (let n = 0; n < 64; n += 2) {
			const cosine = cosines.output[n];
			const nextCosine = cosines.output[n + 1];
			const sine = sines.output[n];
			const nextSine = -sines.output[n + 1];
			memory[at + n] = sine - cosine;
			memory[at + 127 - n] = sine + cosine;
			memory[at + n + 1] = nextSine - nextCosine;
			memory[at + 126 - n] = nextSine + nextCosine;
		}
	}
}
