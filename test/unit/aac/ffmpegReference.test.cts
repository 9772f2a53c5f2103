import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AacDecoder } from '../../../nodes/Sendblue/voiceNote/codecs/aac/aacDecoder';
import {
	parseAudioSpecificConfig,
	SAMPLING_FREQUENCIES,
} from '../../../nodes/Sendblue/voiceNote/codecs/aac/audioSpecificConfig';
import { scalefactorBands } from '../../../nodes/Sendblue/voiceNote/codecs/aac/icsInfo';
import { kept } from '../../support/kept.cts';

import { ffmpegDecodeAac, ffmpegEncodeAac } from '../../support/aac/aacTools.cts';
import { adtsFrame } from '../../support/aac/adtsWriter.cts';
import { joinBytes } from '../../support/bytes.cts';
import { BitWriter } from '../../support/bits.cts';
import { decodeAdts, joinBlocks, snr } from '../../support/aac/decode.cts';
import { loasFrame } from '../../support/aac/loasWriter.cts';
import { Random } from '../../support/random.cts';
import { randomBlocks } from '../../support/aac/randomFrames.cts';
import { powerSpectrum } from '../../support/quality/fft.cts';
import { gstreamerElement, run, testWithTools, withDirectory } from '../../support/pcm/tools.cts';

/** The least agreement with ffmpeg's decoder, in dB. */
const MIN_SNR = 100;

// Tones with castanet-like clicks, so that the encoders switch between long and short windows.
const LEFT = '0.4*sin(2*PI*440*t)+0.5*(random(0)-0.5)*exp(-mod(t\\,0.23)*200)';
const RIGHT = '0.3*sin(2*PI*660*t)+0.4*(random(1)-0.5)*exp(-mod(t\\,0.31)*150)+0.1*sin(2*PI*440*t)';
const NEARLY_LEFT = '0.2*sin(2*PI*440*t)+0.25*(random(0)-0.5)*exp(-mod(t\\,0.23)*200)';
const NOISE = '0.5*(random(2)-0.5)';
const OTHER_NOISE = '0.3*(random(3)-0.5)';

const NO_NOISE = ['-aac_pns', '0'];
const RATES = [7350, 8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000];

/** Compares our decoding of a file with ffmpeg's, sample by sample. */
function expectSameAsFfmpeg(path: string, channelConfiguration: number): void {
	const ours = decodeAdts(new Uint8Array(readFileSync(path)));
	const reference = ffmpegDecodeAac(path, channelConfiguration);
	expect(ours.pcm.length).toBe(reference.length);
	reference.forEach((expected, channel) => {
		expect(ours.pcm[channel].length).toBe(expected.length);
		expect(snr(expected, ours.pcm[channel])).toBeGreaterThan(MIN_SNR);
	});
}

/** Energy in bands a third of an octave wide, in dB. */
function bandLevels(samples: Float32Array): number[] {
	const size = 2048;
	const total = new Float64Array(size / 2 + 1);
	for (let start = 0; start + size <= samples.length; start += size / 2) {
		const windowed = samples.subarray(start, start + size).map((x, n) => x * Math.sin((Math.PI * (n + 0.5)) / size));
		powerSpectrum(windowed, size).forEach((power, k) => (total[k] += power));
	}
	const levels: number[] = [];
	for (let from = 24; from * 1.26 < total.length; from = Math.ceil(from * 1.26)) {
		const band = total.subarray(from, Math.ceil(from * 1.26));
		levels.push(10 * Math.log10(band.reduce((sum, power) => sum + power, 1e-12)));
	}
	return levels;
}

describe('what ffmpeg encodes comes out as ffmpeg decodes it', () => {
	const compare = (title: string, expressions: string[], rate: number, options: string[]) =>
		testWithTools(['ffmpeg'], title, () =>
			withDirectory((directory) => {
				const path = join(directory, 'encoded.aac');
				ffmpegEncodeAac(path, expressions, rate, options);
				expectSameAsFfmpeg(path, expressions.length);
			}),
		);

	for (const rate of RATES) {
		compare(`mono at ${rate} Hz`, [LEFT], rate, [...NO_NOISE, '-b:a', `${rate * 1.5}`]);
		compare(`stereo at ${rate} Hz`, [LEFT, RIGHT], rate, [...NO_NOISE, '-b:a', `${rate * 3}`]);
	}
	for (const coder of ['fast', 'twoloop']) {
		for (const tool of ['-aac_tns', '-aac_is', '-aac_ms']) {
			for (const state of ['0', '1']) {
				const options = [...NO_NOISE, '-aac_coder', coder, tool, state, '-b:a', '64k'];
				compare(`stereo by ${coder} with ${tool} ${state}`, [LEFT, NEARLY_LEFT], 44100, options);
			}
		}
	}
	for (const rate of [32000, 48000]) {
		const layouts: Array<[number, string]> = [
			[3, '3.0'],
			[4, '4.0'],
			[5, '5.0'],
			[6, '5.1'],
		];
		for (const [channels, layout] of layouts) {
			const expressions = [LEFT, RIGHT, NEARLY_LEFT, RIGHT, LEFT, NEARLY_LEFT].slice(0, channels);
			const options = [...NO_NOISE, '-channel_layout', layout, '-b:a', '320k'];
			compare(`${layout} at ${rate} Hz`, expressions, rate, options);
		}
	}
});

describe('noise substituted by ffmpeg', () => {
	for (const [rate, bitrate, expressions] of [
		[32000, '32k', [NOISE]],
		[44100, '32k', [NOISE]],
		[44100, '64k', [NOISE, OTHER_NOISE]],
		[48000, '64k', [NOISE, OTHER_NOISE]],
	] as Array<[number, string, string[]]>) {
		const title = `has the energy of ffmpeg's in every band: ${expressions.length} channels at ${rate} Hz`;
		testWithTools(['ffmpeg'], title, () =>
			withDirectory((directory) => {
				const path = join(directory, 'noise.aac');
				ffmpegEncodeAac(path, expressions, rate, ['-aac_pns', '1', '-b:a', bitrate]);
				const ours = decodeAdts(new Uint8Array(readFileSync(path)));
				const reference = ffmpegDecodeAac(path, expressions.length);
				reference.forEach((expected, channel) => {
					const levels = bandLevels(ours.pcm[channel]);
					bandLevels(expected).forEach((level, band) => {
						// Bands the encoder left empty hold rounding errors alone.
						if (level > -20) expect(Math.abs(levels[band] - level)).toBeLessThan(1);
					});
					// Noise is what differs; without any the comparison would prove nothing.
					expect(snr(expected, ours.pcm[channel])).toBeLessThan(30);
				});
			}),
		);
	}
});

describe('random frames of every tool come out as ffmpeg decodes them', () => {
	const compare = (rate: number, channelConfiguration: number) =>
		testWithTools(['ffmpeg'], `at ${rate} Hz in channel configuration ${channelConfiguration}`, () =>
			withDirectory((directory) => {
				const random = new Random(rate + channelConfiguration);
				const blocks = randomBlocks(random, 30, channelConfiguration, scalefactorBands(rate, 1024));
				const options = { sampleRate: rate, channelConfiguration };
				const path = join(directory, 'random.aac');
				writeFileSync(path, joinBytes(...blocks.map((block) => adtsFrame([block], options))));
				expectSameAsFfmpeg(path, channelConfiguration);
			}),
		);

	for (const rate of RATES) {
		compare(rate, 1);
		compare(rate, 2);
	}
	for (const channelConfiguration of [3, 4, 5, 6, 7]) compare(48000, channelConfiguration);

	for (const rate of [8000, 16000, 24000, 44100, 48000, 64000, 96000]) {
		testWithTools(['ffmpeg'], `at ${rate} Hz with 960 samples per frame`, () =>
			withDirectory((directory) => {
				const tools = { tns: true, pulses: true, joint: true };
				const blocks = randomBlocks(new Random(rate + 960), 30, 2, scalefactorBands(rate, 960), tools);
				const config = new BitWriter().write(2, 5).write(SAMPLING_FREQUENCIES.indexOf(rate), 4).write(2, 4).write(4, 3);
				const path = join(directory, 'random.loas');
				writeFileSync(path, joinBytes(...blocks.map((block) => loasFrame(config.toBytes(), config.length, block))));
				const reference = ffmpegDecodeAac(path, 2);
				const decoder = new AacDecoder(parseAudioSpecificConfig(config.toBytes()));
				const pcm = joinBlocks(blocks.map((block) => kept(decoder.decode(block))));
				reference.forEach((expected, channel) => {
					// The LOAS demuxer keeps the last frame to itself.
					expect(expected.length).toBeGreaterThanOrEqual(960 * 28);
					expect(snr(expected, pcm[channel])).toBeGreaterThan(MIN_SNR);
				});
			}),
		);
	}
});

describe('what VisualOn encodes (GStreamer voaacenc) comes out as ffmpeg decodes it', () => {
	const tools = ['ffmpeg', 'gst-launch-1.0', gstreamerElement('voaacenc')];

	for (const rate of [8000, 11025, 16000, 22050, 32000, 44100, 48000]) {
		for (const channels of [1, 2]) {
			for (const wave of channels === 1 ? ['ticks'] : ['ticks', 'pink-noise']) {
				testWithTools(tools, `${wave} at ${rate} Hz, ${channels} channels`, () =>
					withDirectory((directory) => {
						const path = join(directory, 'encoded.aac');
						const pipeline =
							`audiotestsrc wave=${wave} num-buffers=30 tick-interval=90000000 ` +
							`! audio/x-raw,rate=${rate},channels=${channels} ` +
							`! voaacenc bitrate=${rate * channels * 2} ` +
							`! audio/mpeg,stream-format=adts ! filesink location=${path}`;
						run('gst-launch-1.0', ['-q', ...pipeline.split(' ')]);
						expectSameAsFfmpeg(path, channels);
					}),
				);
			}
		}
	}
});
