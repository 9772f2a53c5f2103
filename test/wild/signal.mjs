/**
 * The sound of all sources: a signal that says where it is. Every 50 ms two tones sound together, and no pair occurs twice
 * in any of the voices, so that a stretch of a voice note tells by itself which voice it comes from and from where in it.
 * What is lost, repeated, out of order, at the wrong speed or noise can then be seen without the clean file beside it.
 */
export const SYMBOL_SECONDS = 0.05;

const TONES = 11;
/** Both bands lie within what a telephone codec carries; the steps are wide enough for a window of 40 ms. */
export const LOW_TONES = Array.from({ length: TONES }, (_, index) => 500 + 90 * index);
export const HIGH_TONES = Array.from({ length: TONES }, (_, index) => 1_700 + 130 * index);

const RAMP_SECONDS = 0.004;
const LEVEL = 0.22;

/** First symbol and number of symbols of each voice. */
const VOICES = { a: [0, 48], b: [48, 32], c: [80, 40] };

/** Length of a voice in seconds. */
export const voiceSeconds = (voice) => VOICES[voice][1] * SYMBOL_SECONDS;

/** The two tones of a symbol, as indices; neighbours differ in both, so that a window across two is no third symbol. */
const tonesOf = (symbol) => ({
	low: symbol % TONES,
	high: (Math.floor(symbol / TONES) + 3 * (symbol % TONES)) % TONES,
});

const symbolOfTones = new Map();
for (let symbol = 0; symbol < TONES * TONES; symbol++) {
	const { low, high } = tonesOf(symbol);
	symbolOfTones.set(low * TONES + high, symbol);
}

export const symbolOf = (low, high) => symbolOfTones.get(low * TONES + high);

/** The symbols of a stretch of a voice: those of which half or more lies in it. Times in seconds. */
export function symbolsBetween(voice, from, to) {
	const [first, count] = VOICES[voice];
	const begin = Math.max(0, Math.round(from / SYMBOL_SECONDS));
	const end = Math.min(count, Math.round(to / SYMBOL_SECONDS));
	return Array.from({ length: Math.max(0, end - begin) }, (_, index) => first + begin + index);
}

const made = new Map();

/** A voice as samples at `rate` Hz, mono, within −1 … 1. */
export function voiceSamples(voice, rate) {
	const key = `${voice} ${rate}`;
	if (!made.has(key)) made.set(key, synthesize(voice, rate));
	return made.get(key);
}

function synthesize(voice, rate) {
	const [first, count] = VOICES[voice];
	const samples = new Float32Array(Math.round(count * SYMBOL_SECONDS * rate));
	for (let index = 0; index < samples.length; index++) {
		const time = index / rate;
		const position = Math.min(count - 1, Math.floor(time / SYMBOL_SECONDS));
		const { low, high } = tonesOf(first + position);
		const inside = time - position * SYMBOL_SECONDS;
		const edge = Math.min(inside, SYMBOL_SECONDS - inside) / RAMP_SECONDS;
		const gain = edge < 1 ? 0.5 - 0.5 * Math.cos(Math.PI * Math.max(0, edge)) : 1;
		const tones = Math.sin(2 * Math.PI * LOW_TONES[low] * inside) + Math.sin(2 * Math.PI * HIGH_TONES[high] * inside);
		samples[index] = LEVEL * gain * tones;
	}
	return samples;
}

/** The same as 16-bit integers. */
export function voiceIntegers(voice, rate) {
	return Int16Array.from(voiceSamples(voice, rate), (sample) => Math.round(sample * 32_767));
}
