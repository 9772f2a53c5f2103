import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A short ADTS file in test/fixtures/aac and the signal it was made from. */
export interface AacFixture {
	name: string;
	sampleRate: number;
	/** The signal of each channel at `time` seconds. */
	channels: Array<(time: number) => number>;
	/** What a sound decoder reaches against the signal, in dB, less a margin of at least 1 dB. */
	snr: number;
	/** window_sequence of each frame of the first channel. */
	sequences: string;
}

const tone = (frequency: number, time: number) => Math.sin(2 * Math.PI * frequency * time);

/** Samples by which the files are late against their signals: one frame of encoder delay. */
export const ENCODER_DELAY = 1024;

/** test/fixtures/aac/README.md says how each file was made. */
export const FIXTURES: readonly AacFixture[] = [
	{
		name: 'tones16000',
		sampleRate: 16000,
		channels: [(t) => 0.4 * tone(220, t) + 0.2 * tone(660, t) * tone(3, t)],
		snr: 59,
		sequences: '2300122',
	},
	{
		name: 'clicks22050',
		sampleRate: 22050,
		channels: [(t) => 0.8 * Math.exp(-(t % 0.11) * 300) * tone(2500, t % 0.11)],
		snr: 32,
		sequences: '122222222',
	},
	{
		name: 'stereo44100',
		sampleRate: 44100,
		channels: [
			(t) => 0.3 * tone(440, t) + 0.1 * tone(5000, t),
			(t) => 0.3 * tone(440, t) + 0.1 * tone(3000, t) * Math.exp(-(t % 0.06) * 100),
		],
		snr: 38,
		sequences: '23000000',
	},
];

/** The bytes of a file in test/fixtures/aac. */
export function readFixture(name: string): Uint8Array {
	return new Uint8Array(readFileSync(join(__dirname, '..', '..', 'fixtures', 'aac', `${name}.aac`)));
}
