/** Audio made in code, as small as tests need it. */

/** Sampling rate of the tones, in Hz. */
const SAMPLE_RATE = 24_000;

/**
 * A WAV file with a tone.
 *
 * @param seconds Length.
 * @param frequency In Hz; another frequency makes another file.
 */
export function toneWav(seconds: number, frequency = 440): Buffer {
	const samples = Math.round(seconds * SAMPLE_RATE);
	const wav = Buffer.alloc(44 + samples * 2);
	wav.write('RIFF', 0);
	wav.writeUInt32LE(36 + samples * 2, 4);
	wav.write('WAVEfmt ', 8);
	wav.writeUInt32LE(16, 16);
	wav.writeUInt16LE(1, 20);
	wav.writeUInt16LE(1, 22);
	wav.writeUInt32LE(SAMPLE_RATE, 24);
	wav.writeUInt32LE(SAMPLE_RATE * 2, 28);
	wav.writeUInt16LE(2, 32);
	wav.writeUInt16LE(16, 34);
	wav.write('data', 36);
	wav.writeUInt32LE(samples * 2, 40);
	for (let index = 0; index < samples; index++) {
		const value = 8_000 * Math.sin((2 * Math.PI * frequency * index) / SAMPLE_RATE);
		wav.writeInt16LE(Math.round(value), 44 + index * 2);
	}
	return wav;
}

/** A WAV file as a node before ours hands it on. */
export function wavFile(seconds = 0.3, frequency = 440) {
	return { bytes: toneWav(seconds, frequency), fileName: 'Speech.wav', mimeType: 'audio/wav' };
}

/** The smallest PNG: one transparent pixel. */
export const PNG = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
	'base64',
);
