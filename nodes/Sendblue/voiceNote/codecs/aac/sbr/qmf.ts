/**
 * The complex QMF banks (ISO/IEC 14496-3, 4.6.18.4): an analysis into 32 bands and a synthesis from 32 or 64. Each
 * exists twice, in JavaScript and with vector instructions. This file has what both share, and the banks in JavaScript,
 * which compute each slot with one or two cosine transforms of type IV.
 */
import { Dct4 } from '../../../dsp/fft';
import { CORE_BANDS, QMF_BANDS } from './frequencyBands';

/** SBR works on the scale of 16-bit samples; ours are from −1 to 1. */
export const FULL_SCALE = 32768;
/** Samples of the core: in a slot, and before a frame, as far back as its first window reaches. */
export const SLOT_SAMPLES = 32;
export const HISTORY_SAMPLES = 288;
/** The most slots in a frame. */
export const MAX_SLOTS = 32;

/** Signals of QMF bands: band k at slot i is at index k · stride + i. */
export interface QmfSignals {
	real: Float64Array;
	imaginary: Float64Array;
	stride: number;
}

export function createQmfSignals(bands: number, stride: number): QmfSignals {
	return { real: new Float64Array(bands * stride), imaginary: new Float64Array(bands * stride), stride };
}

export function clearQmfSignals({ real, imaginary }: QmfSignals): void {
	real.fill(0);
	imaginary.fill(0);
}

/** Divides the core into 32 bands. */
export interface QmfAnalysis {
	/** Forgets all earlier frames. */
	clear(): void;
	/**
	 * Divides a frame.
	 *
	 * @param core The samples of the frame.
	 * @param bands Receives its slots, from `firstSlot` on.
	 */
	analyse(core: Float32Array, bands: QmfSignals, firstSlot: number): void;
}

/** Combines bands into one signal. */
export interface QmfSynthesis {
	/** How many bands it takes, which is also how many samples it makes per slot. */
	readonly bands: number;
	/**
	 * Takes the bands of a frame: band k at slot i is at index MAX_SLOTS · k + i. The memory may be shared, so fill all
	 * of it.
	 */
	readonly real: Float32Array;
	readonly imaginary: Float32Array;
	/** Forgets all earlier frames. */
	clear(): void;
	/** Turns the frame into samples. */
	synthesize(out: Float32Array): void;
}

/**
 * The prototype filter of the QMF banks (ISO/IEC 14496-3, Table 4.A.89), up to its middle; the rest mirrors it.
 */
const FIRST_HALF: readonly number[] = [
	0, -0.00055252865047, -0.00056176925738, -0.00049475180896, -0.00048752279712, -0.00048937912498, -0.00050407143497,
	-0.00052265642972, -0.00054665656337, -0.00056778025613, -0.00058709304852, -0.00061327473938, -0.00063124935319,
	-0.00065403333621, -0.00067776907764, -0.00069416146273, -0.00071577364744, -0.00072550431222, -0.00074409418541,
	-0.00074905980532, -0.0007681371927, -0.00077248485949, -0.00078343322877, -0.00077798694927, -0.000780366471,
	-0.00078014496257, -0.0007757977331, -0.00076307935757, -0.00075300014201, -0.00073193571525, -0.00072153919876,
	-0.00069179375372, -0.00066504150893, -0.00063415949025, -0.0005946118933, -0.00055645763906, -0.00051455722108,
	-0.00046063254803, -0.00040951214522, -0.00035011758756, -0.00028969811748, -0.0002098337344, -0.00014463809349,
	-0.00006173344072, 0.00001349497418, 0.00010943831274, 0.00020430170688, 0.00029495311041, 0.0004026540216,
	0.00051073884952, 0.00062393761391, 0.00074580258865, 0.00086084433262, 0.00098859883015, 0.00112501551307,
	0.00125778846475, 0.00139024948272, 0.00154432198471, 0.00168680832531, 0.00183482654224, 0.00198411407369,
	0.00214615835557, 0.00230172547746, 0.00246256169126, 0.00262017586902, 0.00278704643465, 0.00294694477165,
	0.00311254206525, 0.00327396134847, 0.00344188741828, 0.00360082681231, 0.00376039229104, 0.00392074323703,
	0.00408197531935, 0.0042264269227, 0.00437307196781, 0.00452098527825, 0.00466064606118, 0.00479325608498,
	0.00491376035745, 0.00503930226013, 0.00514073539032, 0.00524611661324, 0.00534716811982, 0.00541967759307,
	0.00548760401507, 0.00554757145088, 0.00559380230045, 0.00562206432097, 0.00564551969164, 0.00563891995151,
	0.00562661141932, 0.0055917128663, 0.005540436394, 0.0054753783077, 0.0053838975897, 0.00527157587272,
	0.00513822754514, 0.00498396877629, 0.004810946906, 0.00460395301471, 0.00438018617447, 0.0041251642327,
	0.00384564081246, 0.00354012465507, 0.00320918858098, 0.00284467578623, 0.00245085400321, 0.0020274176185,
	0.00157846825768, 0.00109023290512, 0.0005832264248, 0.00002760451905, -0.00054642808664, -0.00115681355227,
	-0.00180394725893, -0.00248267236449, -0.003193377839, -0.00394011240522, -0.004722259624, -0.00553372111088,
	-0.00637922932685, -0.00726158168517, -0.00817982333726, -0.00913253296085, -0.01011502154986, -0.01113155480321,
	-0.01218499959508, 0.01327182200351, 0.01439046660792, 0.01554055533423, 0.01673247129989, 0.01794333813443,
	0.01918724313698, 0.02045317933555, 0.02174675502535, 0.02306801692862, 0.02441609920285, 0.02578758475467,
	0.02718594296329, 0.02860721736385, 0.03005026574279, 0.03150176087389, 0.03297540810337, 0.03446209487686,
	0.03596975605542, 0.03748128504252, 0.03900536794745, 0.04053491705584, 0.04206490946367, 0.04360975421304,
	0.04514884056413, 0.04668430272642, 0.04821657200672, 0.04973857556014, 0.05125561555216, 0.05276307465207,
	0.05424527683589, 0.05571736482138, 0.05716164501299, 0.0585915683626, 0.05998374801761, 0.06134551717207,
	0.06268578081172, 0.06397158980681, 0.0652247106438, 0.06643675122104, 0.06760759851228, 0.06870438283512,
	0.06976302447127, 0.07076287107266, 0.07170026731102, 0.07256825833083, 0.07336202550803, 0.07410036424342,
	0.07474525581194, 0.07531373362019, 0.07580083586584, 0.07619924793396, 0.07649921704119, 0.07670934904245,
	0.07681739756964, 0.07682300113923, 0.07672049241746, 0.07650507183194, 0.07617483218536, 0.07573057565061,
	0.0751576255287, 0.07446643947564, 0.0736406005762, 0.07267746427299, 0.07158263647903, 0.07035330735093,
	0.06896640131951, 0.06745250215166, 0.06576906686508, 0.06394448059633, 0.06196027790387, 0.0598166570809,
	0.05751526919867, 0.05504600343009, 0.05240938217366, 0.04959786763445, 0.04663033051701, 0.04347687821958,
	0.04014582784127, 0.03664181168133, 0.03295839306691, 0.02908240060125, 0.02503075618909, 0.02079970728622,
	0.01637012582228, 0.01176238327857, 0.00696368621617, 0.00197656014503, -0.00320868968304, -0.00857117491366,
	-0.01412888273558, -0.01988341292573, -0.02582272888064, -0.03195312745332, -0.03827765720822, -0.04478068215856,
	-0.05148041767934, -0.05837053268336, -0.06544098531359, -0.07269433008129, -0.08013729344279, -0.08775475365593,
	-0.09555333528914, -0.10353295311463, -0.1116826931773, -0.120007798468, -0.12850028503878, -0.13715517611934,
	-0.1459766491187, -0.15496070710605, -0.16409588556669, -0.17338081721706, -0.18281725485142, -0.19239667457267,
	-0.20212501768103, -0.21197358538056, -0.22196526964149, -0.23206908706791, -0.24230168845974, -0.25264803095722,
	-0.26310532994603, -0.27366340405625, -0.28432141891085, -0.29507167170646, -0.30590985751916, -0.31682789136456,
	-0.32781137272105, -0.33887226938665, -0.3499914122931, 0.36115899031355, 0.37237955463061, 0.38363500139043,
	0.39492117615675, 0.40623176767625, 0.41756968968409, 0.42891199207373, 0.44025537543665, 0.45159965356824,
	0.46293080852757, 0.47424532146115, 0.48552530911099, 0.49677082545707, 0.50798175000434, 0.51912349702391,
	0.53022408956855, 0.54125534487322, 0.55220512585061, 0.5630789140137, 0.57385241316923, 0.58454032354679,
	0.59511230862496, 0.6055783538918, 0.61591099320291, 0.62612426956055, 0.63619801077286, 0.64612696959461,
	0.65590163024671, 0.66551398801627, 0.67496631901712, 0.68423532934598, 0.69332823767032, 0.70223887193539,
	0.71094104263095, 0.71944626349561, 0.72774489002994, 0.73582117582769, 0.74368278636488, 0.75131374561237,
	0.75870807608242, 0.76586748650939, 0.77277808813327, 0.77942875190216, 0.7858353120392, 0.79197358416424,
	0.797846641377, 0.80344857518505, 0.80876950044491, 0.81381912706217, 0.81857760046468, 0.82304198905409,
	0.8272275347336, 0.8311038457152, 0.83469373618402, 0.83797173378865, 0.84095413924722, 0.84362382812005,
	0.84598184698206, 0.84803157770763, 0.84978051984268, 0.85119715249343, 0.85230470352147, 0.85310209497017,
	0.85357205739107, 0.85373856005937,
];

/** Length of the window in samples at twice the core's rate. */
const QMF_WINDOW_LENGTH = 640;
/** The standard's table changes sign after every block of this many samples, as the modulation of the banks does. */
const SIGN_PERIOD = 128;

/**
 * The window c[n] of the banks.
 *
 * @param step 1 for 64 bands; 2 for 32 bands, which use every second sample
 * @param factor applied to every sample
 */
export function qmfWindow(step: 1 | 2, factor: number): Float64Array {
	return Float64Array.from({ length: QMF_WINDOW_LENGTH / step }, (_, i) => signedSample(i * step) * factor);
}

function signedSample(n: number): number {
	const middle = QMF_WINDOW_LENGTH / 2;
	if (n <= middle) return FIRST_HALF[n];
	const mirrored = QMF_WINDOW_LENGTH - n;
	return FIRST_HALF[mirrored] * signOf(mirrored) * signOf(n);
}

function signOf(n: number): number {
	return Math.floor(n / SIGN_PERIOD) % 2 === 0 ? 1 : -1;
}

/** Slots that a synthesis bank has room for before its memory has to be moved. */
const SYNTHESIS_ROOM = 64;

/** A synthesis bank of 32 or 64 bands. */
export function createScalarSynthesis(bands: 32 | 64, frameLength: number): QmfSynthesis {
	return bands === 64 ? new FullSynthesis(frameLength) : new DownSampledSynthesis(frameLength);
}

/** The analysis bank. */
export class ScalarAnalysis implements QmfAnalysis {
	private readonly samples: Float64Array;
	private readonly dct = new Dct4(QMF_BANDS, 1);
	private readonly folded = new Float32Array(QMF_BANDS);
	/** The weight of the newest sample first. It includes the factor 2 of the transform. */
	private readonly window = qmfWindow(2, 2 * FULL_SCALE);

	/** @param frameLength Samples of the core in a frame. */
	constructor(private readonly frameLength: number) {
		this.samples = new Float64Array(HISTORY_SAMPLES + frameLength);
	}

	clear(): void {
		this.samples.fill(0);
	}

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
	 * Windows the samples up to index `newest` and adds them up modulo 64. In this order, output k of the transform is
	 * the sum with cosines of π/64 (k + ½)(2n − ½), and output 63 − k the one with sines, negated.
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

/** What both synthesis banks share: they add up ten windowed blocks of outputs of the transforms, old and new. */
abstract class Synthesis implements QmfSynthesis {
	readonly real: Float32Array;
	readonly imaginary: Float32Array;
	/** The bands of the current slot. */
	protected readonly slotReal: Float32Array;
	protected readonly slotImaginary: Float32Array;
	private readonly slots: number;
	private readonly memory: Float64Array;
	/** Index of the newest outputs. */
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

	/** Writes 2 · bands outputs for the current slot. */
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
