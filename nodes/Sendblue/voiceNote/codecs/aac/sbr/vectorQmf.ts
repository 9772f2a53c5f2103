/*
 * The QMF banks in WebAssembly with vector instructions (build/vectorKernel/qmf.c), which take a quarter of the time.
 * All banks share one memory, so their state is copied in and out for every frame.
 */
import type { QmfAnalysis, QmfSignals, QmfSynthesis } from './qmf';
import {
	createScalarSynthesis,
	FULL_SCALE,
	HISTORY_SAMPLES,
	MAX_SLOTS,
	qmfWindow,
	ScalarAnalysis,
	SLOT_SAMPLES,
} from './qmf';
import { createVectorKernel, type VectorKernel } from '../../../dsp/simd';
import { CORE_BANDS, QMF_BANDS } from './frequencyBands';

/** @param frameLength Samples of the core in a frame. */
export function createQmfAnalysis(frameLength: number): QmfAnalysis {
	return createVectorAnalysis(frameLength) ?? new ScalarAnalysis(frameLength);
}

/**
 * @param bands 32 for output at the core's rate, 64 for twice that.
 * @param frameLength Samples of the core in a frame.
 */
export function createQmfSynthesis(bands: 32 | 64, frameLength: number): QmfSynthesis {
	return createVectorSynthesis(bands, frameLength) ?? createScalarSynthesis(bands, frameLength);
}

/** Start of the workspace, in bytes. */
const ADDRESS = 64;
/** Points of the complex Fourier transform inside a cosine transform. */
const POINTS = QMF_BANDS / 2;
/** How many blocks of outputs the synthesis window spans. */
const BLOCKS = 10;

/** The fields of `struct workspace` in their order, each with its length in 32-bit numbers. */
const FIELDS = {
	input: 4 * QMF_BANDS,
	output: 4 * QMF_BANDS,
	real: 2 * 4 * POINTS,
	imaginary: 2 * 4 * POINTS,
	dctCosines: POINTS,
	dctSines: POINTS,
	fftCosines: POINTS / 2,
	fftSines: POINTS / 2,
	places: QMF_BANDS,
	analysisWindow: 5 * QMF_BANDS,
	fullWindow: BLOCKS * QMF_BANDS,
	halfWindow: BLOCKS * CORE_BANDS,
	samples: HISTORY_SAMPLES + MAX_SLOTS * SLOT_SAMPLES,
	bandReal: QMF_BANDS * MAX_SLOTS,
	bandImaginary: QMF_BANDS * MAX_SLOTS,
	memory: (MAX_SLOTS + BLOCKS) * 2 * QMF_BANDS,
	sound: MAX_SLOTS * QMF_BANDS,
};

type Field = keyof typeof FIELDS;

/** The memory that the banks work in. */
interface Workspace {
	kernel: VectorKernel;
	/** A view of a field, or of part of it. */
	field(name: Field, start?: number, end?: number): Float32Array;
}

let workspace: Workspace | 'unavailable' | undefined;

/** @returns undefined if the processor has no vector instructions */
function sharedWorkspace(): Workspace | undefined {
	workspace ??= createWorkspace() ?? 'unavailable';
	return workspace === 'unavailable' ? undefined : workspace;
}

function createWorkspace(): Workspace | undefined {
	const size = Object.values(FIELDS).reduce((sum, length) => sum + length, 0);
	const kernel = createVectorKernel(ADDRESS + 4 * size);
	if (!kernel) return undefined;
	const { buffer } = kernel.memory;
	const names = Object.keys(FIELDS) as Field[];
	const addressOf = (name: Field): number =>
		names.slice(0, names.indexOf(name)).reduce((sum, before) => sum + 4 * FIELDS[before], ADDRESS);
	const field = (name: Field, start = 0, end = FIELDS[name]): Float32Array =>
		new Float32Array(buffer, addressOf(name) + 4 * start, end - start);
	writeTables(field, new Int32Array(buffer, addressOf('places'), FIELDS.places));
	return { kernel, field };
}

/** Twiddle factors and windows; the transforms are those of `Dct4` and `Fft`. */
function writeTables(field: Workspace['field'], places: Int32Array): void {
	const dctAngle = (k: number): number => (-Math.PI * (k + 1 / 8)) / QMF_BANDS;
	const fftAngle = (k: number): number => (-2 * Math.PI * k) / POINTS;
	field('dctCosines').forEach((_, k, table) => (table[k] = Math.cos(dctAngle(k))));
	field('dctSines').forEach((_, k, table) => (table[k] = Math.sin(dctAngle(k))));
	field('fftCosines').forEach((_, k, table) => (table[k] = Math.cos(fftAngle(k))));
	field('fftSines').forEach((_, k, table) => (table[k] = Math.sin(fftAngle(k))));
	field('fullWindow').set(qmfWindow(1, 1 / QMF_BANDS / FULL_SCALE));
	field('halfWindow').set(qmfWindow(2, 1 / QMF_BANDS / FULL_SCALE));
	// Samples are read from the oldest to the newest, but the window begins with the newest.
	const window = qmfWindow(2, 2 * FULL_SCALE);
	const reversed = field('analysisWindow');
	for (let m = 0; m < QMF_BANDS; m++) {
		const n = QMF_BANDS - 1 - m;
		places[m] = n === 0 ? 0 : n <= 32 ? 2 * n - 1 : 128 - 2 * n;
		for (let j = 0; j < 5; j++) reversed[QMF_BANDS * j + m] = (n <= 32 ? 1 : -1) * window[QMF_BANDS * j + n];
	}
}

/** @returns undefined if the processor has no vector instructions */
export function createVectorAnalysis(frameLength: number): QmfAnalysis | undefined {
	const shared = sharedWorkspace();
	return shared && new VectorAnalysis(shared, frameLength);
}

/** @returns undefined if the processor has no vector instructions */
export function createVectorSynthesis(bands: 32 | 64, frameLength: number): QmfSynthesis | undefined {
	const shared = sharedWorkspace();
	return shared && new VectorSynthesis(shared, bands, frameLength);
}

class VectorAnalysis implements QmfAnalysis {
	private readonly history = new Float32Array(HISTORY_SAMPLES);
	private readonly before: Float32Array;
	private readonly frame: Float32Array;
	private readonly last: Float32Array;
	private readonly bandReal: Float32Array;
	private readonly bandImaginary: Float32Array;
	private readonly slots: number;

	constructor(
		private readonly shared: Workspace,
		frameLength: number,
	) {
		this.slots = frameLength / SLOT_SAMPLES;
		this.before = shared.field('samples', 0, HISTORY_SAMPLES);
		this.frame = shared.field('samples', HISTORY_SAMPLES, HISTORY_SAMPLES + frameLength);
		this.last = shared.field('samples', frameLength, frameLength + HISTORY_SAMPLES);
		this.bandReal = shared.field('bandReal');
		this.bandImaginary = shared.field('bandImaginary');
	}

	clear(): void {
		this.history.fill(0);
	}

	analyse(core: Float32Array, { real, imaginary, stride }: QmfSignals, firstSlot: number): void {
		const { history, slots, bandReal, bandImaginary } = this;
		this.before.set(history);
		this.frame.set(core);
		this.shared.kernel.analyse(ADDRESS, slots);
		history.set(this.last);
		for (let k = 0; k < CORE_BANDS; k++) {
			const from = k * MAX_SLOTS;
			const to = k * stride + firstSlot;
			for (let i = 0; i < slots; i++) {
				real[to + i] = bandReal[from + i];
				imaginary[to + i] = bandImaginary[from + i];
			}
		}
	}
}

class VectorSynthesis implements QmfSynthesis {
	readonly real: Float32Array;
	readonly imaginary: Float32Array;
	/** The outputs of earlier slots that the window still spans, a block per slot, the newest first. */
	private readonly history: Float32Array;
	private readonly before: Float32Array;
	private readonly newest: Float32Array;
	private readonly sound: Float32Array;
	private readonly slots: number;

	constructor(
		private readonly shared: Workspace,
		readonly bands: 32 | 64,
		frameLength: number,
	) {
		const block = 2 * bands;
		this.slots = frameLength / SLOT_SAMPLES;
		this.real = shared.field('bandReal', 0, bands * MAX_SLOTS);
		this.imaginary = shared.field('bandImaginary', 0, bands * MAX_SLOTS);
		this.history = new Float32Array((BLOCKS - 1) * block);
		this.before = shared.field('memory', MAX_SLOTS * block, (MAX_SLOTS + BLOCKS - 1) * block);
		const first = MAX_SLOTS - this.slots;
		this.newest = shared.field('memory', first * block, (first + BLOCKS - 1) * block);
		this.sound = shared.field('sound', 0, this.slots * bands);
	}

	clear(): void {
		this.history.fill(0);
	}

	synthesize(out: Float32Array): void {
		const { history, slots, bands } = this;
		const { kernel } = this.shared;
		this.before.set(history);
		if (bands === 64) kernel.synthesizeFull(ADDRESS, slots);
		else kernel.synthesizeHalf(ADDRESS, slots);
		history.set(this.newest);
		out.set(this.sound);
	}
}
