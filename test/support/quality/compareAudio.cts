import { findLag, overlap } from './align.cts';
import { countClips, dotProduct, rms, toDecibels } from './levels.cts';
import { melDistance } from './melDistance.cts';
import { stoi } from './stoi.cts';

/** RMS under which audio counts as silent (-70 dBFS). */
const SILENT_RMS = 10 ** (-70 / 20);

/** How audio that went through something compares with what it was. */
export interface AudioComparison {
	/** Delay of the decoded audio in samples; positive: it is late. */
	lagSamples: number;
	/** Length of the decoded audio ÷ length of the reference. */
	lengthRatio: number;
	/** Level of the decoded audio against the reference (best fit) in dB; -Infinity if they have nothing in common. */
	gainDb: number;
	/** True if the polarity is reversed. */
	inverted: boolean;
	/** Signal-to-noise ratio in dB: a difference in gain counts as noise. */
	snrDb: number;
	/** Scale-invariant signal-to-distortion ratio in dB: the gain does not count. */
	siSdrDb: number;
	/** Mel log-spectral distance in dB, gain matched; 0 is equal. */
	lsdDb: number;
	/** Short-time objective intelligibility, 0 … 1. */
	stoi: number;
	/** True if the decoded audio is at full scale where the reference is not. */
	clipped: boolean;
	/** True if the decoded audio is silent. */
	silent: boolean;
}

const ratioDb = (signal: number, noise: number): number => 10 * Math.log10(signal / noise);

/**
 * Compares decoded audio with its reference, both mono and of one sampling rate; the delay is found and taken out
 * first. For silent audio there is nothing to compare: the ratios are -Infinity and the STOI is 0.
 */
export function compareAudio(reference: Float32Array, decoded: Float32Array, sampleRate: number): AudioComparison {
	const silent = rms(decoded) < SILENT_RMS;
	const lengthRatio = decoded.length / reference.length;
	const clipped = countClips(decoded) > countClips(reference);
	if (silent) {
		const none = { gainDb: -Infinity, snrDb: -Infinity, siSdrDb: -Infinity, lsdDb: Infinity, stoi: 0 };
		return { lagSamples: 0, lengthRatio, inverted: false, ...none, clipped, silent };
	}
	const lagSamples = findLag(reference, decoded, sampleRate);
	const { reference: x, decoded: y } = overlap(reference, decoded, lagSamples);
	const energy = dotProduct(x, x);
	const gain = dotProduct(x, y) / energy;
	const noise = x.map((sample, i) => y[i] - sample);
	const distortion = x.map((sample, i) => y[i] - gain * sample);
	const matched = y.map((sample) => sample / gain);
	return {
		lagSamples,
		lengthRatio,
		gainDb: toDecibels(Math.abs(gain)),
		inverted: gain < 0,
		snrDb: ratioDb(energy, dotProduct(noise, noise)),
		siSdrDb: ratioDb(gain * gain * energy, dotProduct(distortion, distortion)),
		lsdDb: melDistance(x, matched, sampleRate),
		stoi: stoi(x, matched, sampleRate),
		clipped,
		silent,
	};
}
