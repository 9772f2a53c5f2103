/** HE-AAC from an encoder of its own: the AAC-LC core, against what ffmpeg decodes with the upper half of the band. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toVoiceNote } from '../../../nodes/Sendblue/voiceNote/toVoiceNote';
import { decodeFile } from '../../support/formats/decodeFile.cts';
import { run, testWithTools } from '../../support/pcm/tools.cts';
import { findLag, melDistance, overlap, rms, scale, speechLike } from '../../support/quality/index.cts';

const SECONDS = 2;
/** Samples of the core in a packet. */
const PACKET = 1_024;
/** The core of every file reaches higher than this; above it the other decoder hears what we leave out. */
const CORE_HZ = 5_000;
/** Bands of parametric stereo move between the channels, and with them the sum of the two. */
const MAX_DISTANCE_DB = { v1: 0.1, v2: 1 };
/** Samples of the core by which two decoders' signals, or a signal and its source, may stand apart. */
const MAX_LAG = 4;

interface Fixture {
	file: string;
	version: 'v1' | 'v2';
	sourceFormat: string;
	/** Hz, of the core. */
	sampleRate: number;
	/** Channels of the core. */
	channels: 1 | 2;
	/** Channels of what was encoded. */
	sourceChannels: 1 | 2;
}

const ADTS = { sourceFormat: 'aac' };
const M4A = { sourceFormat: 'm4a/aac' };
const MONO = { version: 'v1', channels: 1, sourceChannels: 1 } as const;
const STEREO = { version: 'v1', channels: 2, sourceChannels: 2 } as const;
const PARAMETRIC = { version: 'v2', channels: 1, sourceChannels: 2 } as const;

const FIXTURES: readonly Fixture[] = [
	{ file: 'v1mono44100.aac', ...ADTS, ...MONO, sampleRate: 22_050 },
	{ file: 'v1stereo48000.aac', ...ADTS, ...STEREO, sampleRate: 24_000 },
	{ file: 'v1mono32000.m4a', ...M4A, ...MONO, sampleRate: 16_000 },
	{ file: 'v1stereo44100.m4a', ...M4A, ...STEREO, sampleRate: 22_050 },
	{ file: 'v1mono48000.m4a', ...M4A, ...MONO, sampleRate: 24_000 },
	{ file: 'v2stereo44100.m4a', ...M4A, ...PARAMETRIC, sampleRate: 22_050 },
	{ file: 'v2stereo48000.m4a', ...M4A, ...PARAMETRIC, sampleRate: 24_000 },
	{ file: 'v2stereo32000.aac', ...ADTS, ...PARAMETRIC, sampleRate: 16_000 },
];
const titled = FIXTURES.map((fixture) => [fixture.file, fixture] as const);
const titledM4a = titled.filter(([, { sourceFormat }]) => sourceFormat === 'm4a/aac');

const pathOf = (file: string): string => join(__dirname, '../../fixtures/heaac', file);
const bytesOf = (file: string): Uint8Array => new Uint8Array(readFileSync(pathOf(file)));

/** The mean of the channels. */
const mixed = (planes: Float32Array[]): Float32Array =>
	planes[0].map((_, i) => planes.reduce((sum, plane) => sum + plane[i], 0) / planes.length);

/** What was encoded, mixed down, at the rate of the core: speech has next to nothing above half of that. */
function sourceAtCoreRate({ sampleRate, sourceChannels }: Fixture): Float32Array {
	const planes = [1, 2].slice(0, sourceChannels).map((seed) => speechLike(SECONDS, 2 * sampleRate, seed));
	const full = mixed(planes);
	return Float32Array.from({ length: full.length / 2 }, (_, i) => (full[2 * i] + full[2 * i + 1]) / 2);
}

/** What ffmpeg decodes to, at the rate of the core. It gives mono as two equal channels. */
function decodeWithFfmpeg({ file, sampleRate, channels }: Fixture): Float32Array[] {
	const bytes = run('ffmpeg', ['-v', 'error', '-i', pathOf(file), '-ar', String(sampleRate), '-f', 'f32le', '-']);
	const planes = [0, 1].map((channel) =>
		Float32Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readFloatLE(8 * i + 4 * channel)),
	);
	return channels === 2 ? planes : [mixed(planes)];
}

test.each(titled)('%s: the core is decoded, whatever announces the rest', async (file, fixture) => {
	const { sourceFormat, sampleRate, channels, hints } = await decodeFile(bytesOf(file));
	expect({ sourceFormat, sampleRate, channels: channels.length, hints }).toEqual({
		sourceFormat: fixture.sourceFormat,
		sampleRate: fixture.sampleRate,
		channels: fixture.channels,
		hints: [],
	});
});

test.each(titledM4a)('%s: nothing of the speech is lost at its ends', async (file, fixture) => {
	const { channels } = await decodeFile(bytesOf(file));
	expect(Math.abs(findLag(sourceAtCoreRate(fixture), mixed(channels), fixture.sampleRate))).toBeLessThanOrEqual(
		MAX_LAG,
	);
	expect(Math.abs(channels[0].length - SECONDS * fixture.sampleRate)).toBeLessThanOrEqual(1);
});

test.each(titled)('%s becomes a voice note of its length', async (file, { sampleRate }) => {
	const { channels } = await decodeFile(bytesOf(file));
	const { info, hints } = await toVoiceNote(bytesOf(file));
	expect(info.method).toBe('encoded');
	expect(info.durationSeconds).toBeCloseTo(channels[0].length / sampleRate, 2);
	expect(hints).toEqual([]);
});

describe('against ffmpeg', () => {
	for (const fixture of FIXTURES) {
		const { file, sampleRate, version, sourceFormat } = fixture;
		testWithTools(['ffmpeg'], `${file} has the same spectrum below ${CORE_HZ} Hz`, async () => {
			const { channels } = await decodeFile(bytesOf(file));
			decodeWithFfmpeg(fixture).forEach((reference, channel) => {
				const ours = channels[channel];
				const both = overlap(reference, ours, findLag(reference, ours, sampleRate));
				// Parametric stereo tells how loud the sum of both channels is to be.
				const level = rms(both.reference) / rms(both.decoded);
				const decoded = version === 'v2' ? scale(both.decoded, level) : both.decoded;
				expect(melDistance(both.reference, decoded, sampleRate, CORE_HZ)).toBeLessThan(MAX_DISTANCE_DB[version]);
			});
		});

		// ffmpeg 5.1 counts the priming of HE-AAC in M4A twice and loses the start of the speech.
		if (sourceFormat !== 'aac') continue;
		testWithTools(['ffmpeg'], `${file} is as long`, async () => {
			const { channels } = await decodeFile(bytesOf(file));
			const [reference] = decodeWithFfmpeg(fixture);
			expect(Math.abs(reference.length - channels[0].length)).toBeLessThanOrEqual(PACKET);
		});
	}
});
