/** Short speech for the comparison of quality: every voice, and some of them in noise. */
import { execFileSync } from 'node:child_process';
import { VOICES, voiceFile } from './inputs.mjs';

/** Rate of what is compared, in Hz: that of the voice notes. */
export const CLIP_RATE = 24_000;
const SECONDS = 6;
/** Voices that also come with noise, and its level under the speech in dB. */
const NOISY = [
	[0, 'white', 20],
	[4, 'pink', 15],
	[8, 'brown', 10],
	[9, 'pink', 20],
];

/** Mono samples at 24 kHz of what ffmpeg is told to read. */
function samplesOf(...input) {
	const output = ['-ac', '1', '-ar', String(CLIP_RATE), '-f', 'f32le', '-'];
	const bytes = execFileSync('ffmpeg', ['-v', 'error', ...input, ...output], { maxBuffer: 2 ** 28 });
	return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

const noise = (colour) => samplesOf('-f', 'lavfi', '-i', `anoisesrc=r=${CLIP_RATE}:c=${colour}:seed=7:d=${SECONDS}`);

const power = (samples) => samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;

/** @returns {Array<{ name: string, samples: Float32Array }>} speech at 24 kHz, mono */
export function clips() {
	const speech = VOICES.map((voice, index) => ({
		name: voice[0],
		samples: samplesOf('-i', voiceFile(voice, index)).slice(0, SECONDS * CLIP_RATE),
	}));
	const noisy = NOISY.map(([index, colour, decibels]) => {
		const { name, samples } = speech[index];
		const hiss = noise(colour);
		const gain = Math.sqrt(power(samples) / power(hiss) / 10 ** (decibels / 10));
		return {
			name: `${name} with ${colour} noise at -${decibels} dB`,
			samples: samples.map((sample, i) => 0.7 * (sample + gain * hiss[i])),
		};
	});
	return [...speech, ...noisy];
}
