/**
 * What is heard in a voice note, found without the project's code: a reader of CAF of its own, libopus of another package,
 * and the tones of signal.mjs.
 */
import { createDecoder } from 'libopus-wasm';
import { HIGH_TONES, LOW_TONES, symbolOf } from './signal.mjs';

/** Opus decodes to this rate by itself; all tones lie below its half. */
const RATE = 8_000;
const HOP = 100;
const WINDOW = 320;
/** A window below this mean square is silence. */
const SILENCE = 10 ** (-52 / 10);
/** Share of a band's tone in the band, and of both tones in all that sounds. */
const MIN_BAND_SHARE = 0.6;
const MIN_SHARE = 0.45;
const HOP_SECONDS = HOP / RATE;

const hann = Float64Array.from({ length: WINDOW }, (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / WINDOW));
const hannSum = hann.reduce((sum, value) => sum + value, 0);
const coefficients = [...LOW_TONES, ...HIGH_TONES].map((tone) => 2 * Math.cos((2 * Math.PI * tone) / RATE));

let decoder;

/** The samples of a voice note at 8 kHz. */
export async function decodeNote(bytes) {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const chunks = {};
	for (let position = 8; position + 12 <= bytes.length; ) {
		const type = String.fromCharCode(...bytes.subarray(position, position + 4));
		const size = Number(view.getBigInt64(position + 4));
		chunks[type] = { start: position + 12, end: size < 0 ? bytes.length : position + 12 + size };
		position = chunks[type].end;
	}
	const sampleRate = view.getFloat64(chunks.desc.start);
	const table = chunks.pakt.start;
	const packets = Number(view.getBigInt64(table));
	const valid = Number(view.getBigInt64(table + 8));
	const priming = view.getInt32(table + 16);
	decoder?.free();
	decoder = await createDecoder({ sampleRate: RATE, channels: 1 });
	const blocks = [];
	let entry = table + 24;
	let data = chunks.data.start + 4;
	for (let packet = 0; packet < packets; packet++) {
		let size = 0;
		let byte;
		do {
			byte = bytes[entry++];
			size = size * 128 + (byte & 127);
		} while (byte & 128);
		blocks.push(Float32Array.from(decoder.decodeFloat(bytes.subarray(data, data + size))));
		data += size;
	}
	const all = new Float32Array(blocks.reduce((sum, { length }) => sum + length, 0));
	let filled = 0;
	for (const block of blocks) {
		all.set(block, filled);
		filled += block.length;
	}
	const ratio = RATE / sampleRate;
	return all.subarray(Math.round(priming * ratio), Math.round((priming + valid) * ratio));
}

/** One entry a hop: a symbol, −1 if it is silent, −2 if something sounds that is no symbol. */
function labels(samples) {
	const found = new Int16Array(Math.max(0, Math.floor((samples.length - WINDOW) / HOP) + 1));
	const windowed = new Float64Array(WINDOW);
	const powers = new Float64Array(coefficients.length);
	for (let hop = 0; hop < found.length; hop++) {
		let energy = 0;
		for (let index = 0; index < WINDOW; index++) {
			windowed[index] = samples[hop * HOP + index] * hann[index];
			energy += windowed[index] ** 2;
		}
		// The mean square of the window's sound, the window's own shape taken out (3/8 for Hann).
		const loudness = energy / (WINDOW * 0.375);
		found[hop] = loudness < SILENCE ? -1 : symbolIn(windowed, powers, loudness);
	}
	return found;
}

function symbolIn(windowed, powers, loudness) {
	for (let tone = 0; tone < coefficients.length; tone++) {
		const coefficient = coefficients[tone];
		let last = 0;
		let before = 0;
		for (let index = 0; index < WINDOW; index++) {
			const next = windowed[index] + coefficient * last - before;
			before = last;
			last = next;
		}
		powers[tone] = last * last + before * before - coefficient * last * before;
	}
	const low = strongest(powers, 0, LOW_TONES.length);
	const high = strongest(powers, LOW_TONES.length, coefficients.length);
	// A sine of amplitude A gives the power (A × sum / 2)²; its mean square is A² / 2.
	const share = ((low.power + high.power) * 2) / hannSum ** 2 / loudness;
	if (low.share < MIN_BAND_SHARE || high.share < MIN_BAND_SHARE || share < MIN_SHARE) return -2;
	return symbolOf(low.index, high.index - LOW_TONES.length);
}

function strongest(powers, from, to) {
	let index = from;
	let sum = 0;
	for (let tone = from; tone < to; tone++) {
		sum += powers[tone];
		if (powers[tone] > powers[index]) index = tone;
	}
	return { index, power: powers[index], share: powers[index] / sum };
}

/**
 * What is heard: the symbols in their order, a long one as often as it fits; how many seconds sound like no symbol; and
 * how many are silent.
 */
export function hear(samples) {
	const found = labels(samples);
	const symbols = [];
	let noise = 0;
	let silent = 0;
	let loudRun = 0;
	const endLoudRun = () => {
		// Between two symbols a few windows belong to neither.
		if (loudRun > 4) noise += loudRun * HOP_SECONDS;
		loudRun = 0;
	};
	for (let hop = 0; hop < found.length; ) {
		let end = hop + 1;
		while (end < found.length && found[end] === found[hop]) end++;
		if (found[hop] === -2) loudRun += end - hop;
		else {
			endLoudRun();
			if (found[hop] === -1) silent += (end - hop) * HOP_SECONDS;
			else if (symbols.at(-1)?.symbol === found[hop] && hop - symbols.at(-1).end <= 2) symbols.at(-1).end = end;
			else symbols.push({ symbol: found[hop], begin: hop, end });
		}
		hop = end;
	}
	endLoudRun();
	return {
		symbols: symbols.flatMap(({ symbol, begin, end }) =>
			new Array(Math.max(1, Math.round((end - begin - 1) / 4))).fill(symbol),
		),
		noise,
		silent,
	};
}
