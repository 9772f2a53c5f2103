/** HE-AAC from an encoder of its own: the whole band, against what ffmpeg decodes. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mixedToMono } from '../../../nodes/Sendblue/voiceNote/codecs/aac/audioSpecificConfig';
import { toVoiceNote } from '../../../nodes/Sendblue/voiceNote/toVoiceNote';
import { snr } from '../../support/aac/decode.cts';
import { announcedAtCoreRate, decodePackets, ffmpegDecodeUntrimmed, packetsOf } from '../../support/aac/heAacFiles.cts';
import { decodeFile } from '../../support/formats/decodeFile.cts';
import { testWithTools, withDirectory } from '../../support/pcm/tools.cts';
import { bandLevels, findLag, speechLike } from '../../support/quality/index.cts';

const SECONDS = 2;
/** The least agreement with ffmpeg's decoder, in dB. */
const MIN_SNR = 100;
/** Up to here a voice note needs the bands to be right. */
const HIGHEST_HZ = 11_500;
const BAND_HZ = 500;
/** Samples of a window at the full rate. */
const WINDOW = 4_096;
/** How far the level of a band may be off, in dB; the mono signal of parametric stereo gets its level by bands. */
const MAX_LEVEL_ERROR = { v1: 0.5, v2: 2 };
/** Bands that hold next to nothing are not compared, in dB of full scale. */
const SILENT_LEVEL = -90;
/** Samples of the core by which a signal and its source may stand apart. */
const MAX_LAG = 4;

interface Fixture {
	file: string;
	version: 'v1' | 'v2';
	sourceFormat: string;
	/** Hz, of what we decode to. */
	sampleRate: number;
	/** Hz, of the whole band. */
	fullRate: number;
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

/** A core of 24 kHz holds all of a voice note, so the whole band comes at its rate; else at twice that. */
const FIXTURES: readonly Fixture[] = [
	{ file: 'v1mono44100.aac', ...ADTS, ...MONO, sampleRate: 44_100, fullRate: 44_100 },
	{ file: 'v1stereo48000.aac', ...ADTS, ...STEREO, sampleRate: 24_000, fullRate: 48_000 },
	{ file: 'v1mono32000.m4a', ...M4A, ...MONO, sampleRate: 32_000, fullRate: 32_000 },
	{ file: 'v1stereo44100.m4a', ...M4A, ...STEREO, sampleRate: 44_100, fullRate: 44_100 },
	{ file: 'v1mono48000.m4a', ...M4A, ...MONO, sampleRate: 24_000, fullRate: 48_000 },
	{ file: 'v2stereo44100.m4a', ...M4A, ...PARAMETRIC, sampleRate: 44_100, fullRate: 44_100 },
	{ file: 'v2stereo48000.m4a', ...M4A, ...PARAMETRIC, sampleRate: 24_000, fullRate: 48_000 },
	{ file: 'v2stereo32000.aac', ...ADTS, ...PARAMETRIC, sampleRate: 32_000, fullRate: 32_000 },
];
const titled = FIXTURES.map((fixture) => [fixture.file, fixture] as const);
const titledM4a = titled.filter(([, { sourceFormat }]) => sourceFormat === 'm4a/aac');

const pathOf = (file: string): string => join(__dirname, '../../fixtures/heaac', file);
const bytesOf = (file: string): Uint8Array => new Uint8Array(readFileSync(pathOf(file)));

/** The mean of the channels. */
const mixed = (planes: Float32Array[]): Float32Array =>
	planes[0].map((_, i) => planes.reduce((sum, plane) => sum + plane[i], 0) / planes.length);

/** What was encoded, mixed down, at the rate we decode to: speech has next to nothing above half of the core's. */
function sourceAt({ sampleRate, fullRate, sourceChannels }: Fixture): Float32Array {
	const full = mixed([1, 2].slice(0, sourceChannels).map((seed) => speechLike(SECONDS, fullRate, seed)));
	if (sampleRate === fullRate) return full;
	return Float32Array.from({ length: full.length / 2 }, (_, i) => (full[2 * i] + full[2 * i + 1]) / 2);
}

test.each(titled)('%s: the whole band is decoded, whatever announces it', async (file, fixture) => {
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
	expect(Math.abs(findLag(sourceAt(fixture), mixed(channels), fixture.sampleRate))).toBeLessThanOrEqual(MAX_LAG);
	expect(Math.abs(channels[0].length - SECONDS * fixture.sampleRate)).toBeLessThanOrEqual(1);
});

test.each(titled)('%s becomes a voice note of its length', async (file, { sampleRate }) => {
	const { channels } = await decodeFile(bytesOf(file));
	const { info, hints } = await toVoiceNote(bytesOf(file));
	expect(info.method).toBe('encoded');
	expect(info.durationSeconds).toBeCloseTo(channels[0].length / sampleRate, 2);
	expect(hints).toEqual([]);
});

describe('against ffmpeg, from the first sample to the last', () => {
	for (const { file, version, fullRate, sampleRate } of FIXTURES) {
		if (version === 'v1') {
			testWithTools(['ffmpeg'], `${file}: the same samples at ${fullRate} Hz`, async () => {
				const ours = decodePackets(packetsOf(bytesOf(file)), 'wholeBandAtDoubleRate');
				const reference = ffmpegDecodeUntrimmed(pathOf(file));
				ours.channels.forEach((samples, channel) => {
					expect(samples.length).toBe(reference[channel].length);
					expect(snr(reference[channel], samples)).toBeGreaterThan(MIN_SNR);
				});
			});
		}
		const edges = Array.from({ length: HIGHEST_HZ / BAND_HZ + 1 }, (_, i) => i * BAND_HZ);
		testWithTools(['ffmpeg'], `${file}: every band of a voice note is as loud`, async () => {
			const { config, packets } = packetsOf(bytesOf(file));
			const output = sampleRate === fullRate ? 'wholeBandAtDoubleRate' : 'wholeBand';
			const ours = decodePackets({ config: mixedToMono(config), packets }, output);
			expect(ours.sampleRate).toBe(sampleRate);
			const expected = bandLevels(mixed(ffmpegDecodeUntrimmed(pathOf(file))), fullRate, edges, WINDOW);
			const decoded = bandLevels(ours.channels[0], sampleRate, edges, (WINDOW * sampleRate) / fullRate);
			const errors = expected.map((level, band) => (level > SILENT_LEVEL ? Math.abs(decoded[band] - level) : 0));
			expect(Math.max(...errors)).toBeLessThan(MAX_LEVEL_ERROR[version]);
		});
	}

	for (const file of ['v1mono32000.m4a', 'v1stereo44100.m4a']) {
		testWithTools(['ffmpeg'], `${file}: the same samples at the core's rate`, () =>
			withDirectory((directory) => {
				const path = join(directory, file);
				writeFileSync(path, announcedAtCoreRate(pathOf(file)));
				const ours = decodePackets(packetsOf(bytesOf(file)), 'wholeBand').channels;
				const reference = ffmpegDecodeUntrimmed(path);
				ours.forEach((samples, channel) => {
					expect(samples.length).toBe(reference[channel].length);
					expect(snr(reference[channel], samples)).toBeGreaterThan(MIN_SNR);
				});
			}),
		);
	}
});
