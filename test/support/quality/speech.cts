import { createRandom } from '../random.cts';
import { peak, rms } from './levels.cts';

/** First three formants of vowels in Hz (G. E. Peterson and H. L. Barney, 1952, men). */
const VOWELS = [
	[270, 2290, 3010],
	[390, 1990, 2550],
	[530, 1840, 2480],
	[660, 1720, 2410],
	[730, 1090, 2440],
	[570, 840, 2410],
	[440, 1020, 2240],
	[300, 870, 2240],
];
const FORMANT_BANDWIDTHS = [70, 100, 140];
/** Centre frequencies of hissing consonants in Hz: as in "sh", "s", "f". */
const FRICATIVES = [3200, 5800, 7500];
const FRICATIVE_BANDWIDTH = 1800;
/** A hiss is this much weaker than a vowel at its loudest. */
const FRICATIVE_LOUDNESS = 0.2;
/** Brightness of the voice: the part of the last sample that is taken off. */
const SOURCE_TILT = 0.85;
const PEAK = 0.7;

/** A two-pole resonator with a gain of 1 at 0 Hz. */
class Resonator {
	private before = 0;
	private beforeThat = 0;
	private gain = 0;
	private first = 0;
	private second = 0;

	constructor(private readonly sampleRate: number) {}

	tune(frequency: number, bandwidth: number): void {
		const radius = Math.exp((-Math.PI * bandwidth) / this.sampleRate);
		this.first = 2 * radius * Math.cos((2 * Math.PI * Math.min(frequency, 0.45 * this.sampleRate)) / this.sampleRate);
		this.second = -radius * radius;
		this.gain = 1 - this.first - this.second;
	}

	next(input: number): number {
		const output = this.gain * input + this.first * this.before + this.second * this.beforeThat;
		this.beforeThat = this.before;
		this.before = output;
		return output;
	}
}

/** Rises and falls in a raised cosine at both ends of 0 … 1. */
function envelope(place: number, edge: number): number {
	const distance = Math.min(place, 1 - place);
	return distance >= edge ? 1 : 0.5 - 0.5 * Math.cos((Math.PI * Math.max(0, distance)) / edge);
}

function setLoudness(samples: Float32Array, loudness: number): void {
	const factor = loudness / rms(samples);
	for (let n = 0; n < samples.length; n++) samples[n] *= factor;
}

/** Writes a voiced syllable: glottal pulses of gliding pitch through gliding formants. */
function addVowel(target: Float32Array, sampleRate: number, random: () => number): void {
	const formants = FORMANT_BANDWIDTHS.map(() => new Resonator(sampleRate));
	const from = VOWELS[Math.floor(random() * VOWELS.length)];
	const to = VOWELS[Math.floor(random() * VOWELS.length)];
	const pitchFrom = 95 + 60 * random();
	const pitchTo = pitchFrom * (0.8 + 0.35 * random());
	let phase = 0;
	let lastFlow = 0;
	let lastPulse = 0;
	for (let n = 0; n < target.length; n++) {
		const place = n / target.length;
		phase = (phase + (pitchFrom + (pitchTo - pitchFrom) * place) / sampleRate) % 1;
		// The vocal folds open slowly, close fast and stay closed for the rest of the period; the lips differentiate.
		const flow = phase < 0.4 ? 0.5 - 0.5 * Math.cos((Math.PI * phase) / 0.4) : Math.max(0, 1 - (phase - 0.4) / 0.16);
		const pulse = flow - lastFlow + 0.002 * (random() - 0.5);
		let value = pulse - SOURCE_TILT * lastPulse;
		lastFlow = flow;
		lastPulse = pulse;
		formants.forEach((formant, i) => {
			if (n % 32 === 0) formant.tune(from[i] + (to[i] - from[i]) * place, FORMANT_BANDWIDTHS[i]);
			value = formant.next(value);
		});
		target[n] = value * envelope(place, 0.25);
	}
	setLoudness(target, 0.5 + 0.5 * random());
}

/** Writes a hissing consonant: noise through one wide resonance. */
function addFricative(target: Float32Array, sampleRate: number, random: () => number): void {
	const resonator = new Resonator(sampleRate);
	resonator.tune(FRICATIVES[Math.floor(random() * FRICATIVES.length)], FRICATIVE_BANDWIDTH);
	let last = 0;
	for (let n = 0; n < target.length; n++) {
		const value = resonator.next(random() - 0.5);
		target[n] = (value - last) * envelope(n / target.length, 0.3);
		last = value;
	}
	setLoudness(target, FRICATIVE_LOUDNESS * (0.5 + 0.5 * random()));
}

/**
 * Synthetic speech without words: syllables of a hiss and a vowel, about four a second, with pauses between phrases.
 * The spectrum, the rhythm and the dynamics are those of a voice, so codecs and meters treat it as one. The same seed
 * gives the same samples.
 */
export function speechLike(seconds: number, sampleRate: number, seed = 1): Float32Array {
	const random = createRandom(seed);
	const samples = new Float32Array(Math.round(seconds * sampleRate));
	let position = 0.1 * sampleRate;
	for (let syllable = 1; position < samples.length; syllable++) {
		const take = (duration: number): Float32Array => {
			const start = Math.round(position);
			position += duration * sampleRate;
			return samples.subarray(start, Math.round(position));
		};
		if (random() < 0.6) addFricative(take(0.06 + 0.06 * random()), sampleRate, random);
		addVowel(take(0.12 + 0.14 * random()), sampleRate, random);
		take(syllable % 7 === 0 ? 0.35 + 0.3 * random() : 0.01 + 0.03 * random());
	}
	const factor = PEAK / peak(samples);
	return samples.map((sample) => sample * factor);
}
