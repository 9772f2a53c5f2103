import { compareAudio, findLag, rms, toDecibels, type AudioComparison } from '../quality/index.cts';

/** How far the decoded audio may be from its source. */
export interface FidelityLimits {
	/** Mel log-spectral distance in dB. */
	lsdDb: number;
	/** Short-time objective intelligibility. */
	stoi: number;
	/** Scale-invariant signal-to-distortion ratio in dB. */
	siSdrDb: number;
	/** Difference in level in dB. */
	levelDb: number;
}

/** What Opus speech at 24 kb/s keeps to. */
const OPUS_SPEECH: FidelityLimits = { lsdDb: 4.5, stoi: 0.95, siSdrDb: 6, levelDb: 0.2 };

/** Samples at 24 kHz by which the decoded audio may be early or late. */
const MAX_LAG = 1;

/** The first difference, which weighs high frequencies up. */
const differences = (samples: Float32Array): Float32Array => samples.map((sample, i) => sample - (samples[i - 1] ?? 0));

/** What is wrong with decoded audio (24 kHz), as sentences; none if it is the reference as Opus renders it. */
export function faultsOf(reference: Float32Array, decoded: Float32Array, limits = OPUS_SPEECH): string[] {
	const found: AudioComparison = compareAudio(reference, decoded, 24_000);
	// The encoder's high-pass turns the phase of the lowest frequencies, which would pass for a delay of its own.
	const lag = found.silent ? 0 : findLag(differences(reference), differences(decoded), 24_000);
	const level = toDecibels(rms(decoded) / rms(reference));
	const faults: Array<[boolean, string]> = [
		[decoded.length !== reference.length, `it lasts ${decoded.length} samples instead of ${reference.length}`],
		[found.silent, 'it is silent'],
		[found.clipped, 'it is clipped'],
		[found.inverted, 'its polarity is reversed'],
		[Math.abs(lag) > MAX_LAG, `it is ${lag} samples late`],
		[!(Math.abs(level) <= limits.levelDb), `its level is off by ${level.toFixed(2)} dB`],
		[!(found.lsdDb <= limits.lsdDb), `its spectrum is off by ${found.lsdDb.toFixed(2)} dB`],
		[!(found.stoi >= limits.stoi), `its STOI is ${found.stoi.toFixed(3)}`],
		[!(found.siSdrDb >= limits.siSdrDb), `its SI-SDR is ${found.siSdrDb.toFixed(2)} dB`],
	];
	return faults.filter(([fault]) => fault).map(([, words]) => words);
}
