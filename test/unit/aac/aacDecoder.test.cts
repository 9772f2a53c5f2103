import { AacDecoder } from '../../../nodes/Sendblue/voiceNote/codecs/aac/aacDecoder';
import { adtsFrames } from '../../../nodes/Sendblue/voiceNote/containers/adts/demuxAdts';
import type { AacConfig } from '../../../nodes/Sendblue/voiceNote/codecs/aac/audioSpecificConfig';
import { standardLayout } from '../../../nodes/Sendblue/voiceNote/codecs/aac/audioSpecificConfig';
import { scalefactorBands } from '../../../nodes/Sendblue/voiceNote/codecs/aac/icsInfo';
import type { BitWriter as Writer } from '../../support/bits.cjs';
import type { ChannelSyntax } from '../../support/aac/frameWriter.cjs';
import { kept } from '../../support/kept.cts';

import { BitWriter } from '../../support/bits.cts';
import { decodeAdts, joinBlocks, snr } from '../../support/aac/decode.cts';
import { ENCODER_DELAY, FIXTURES, readFixture } from '../../support/aac/fixtures.cts';
import {
	writeChannel,
	writeDataStream,
	writeEnd,
	writeFill,
	writePair,
	writeSingle,
} from '../../support/aac/frameWriter.cts';
import { Random } from '../../support/random.cts';
import { randomBlocks } from '../../support/aac/randomFrames.cts';

const BANDS = scalefactorBands(44100, 1024);
const NOISE_CODEBOOK = 13;

function configOf(channelConfiguration: number, sampleRate = 44100, frameLength: 1024 | 960 = 1024): AacConfig {
	const layout = standardLayout(channelConfiguration);
	const channels = layout.flatMap(({ speakers }) => speakers).length;
	return {
		objectType: 2,
		sampleRate,
		channelConfiguration,
		channels,
		layout,
		frameLength,
		sbrPresent: false,
		psPresent: false,
	};
}

/** window_sequence of a frame whose first element is a single channel or a pair with a common window. */
function windowSequence(frame: Uint8Array): number | undefined {
	const bits = [...frame.subarray(0, 4)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
	const element = parseInt(bits.slice(0, 3), 2);
	if (element > 1) return undefined;
	return parseInt(element === 0 ? bits.slice(16, 18) : bits.slice(9, 11), 2);
}

/** A long window with the given codebook, scalefactor and coefficients in every band. */
function plainChannel(codebook: number, scalefactor: number, coefficient: number, maxSfb = 49): ChannelSyntax {
	const windows = { sequence: 0, shape: 0, maxSfb, groupLengths: [1], bands: BANDS.long };
	const widths = Array.from({ length: maxSfb }, (_, sfb) => BANDS.long.offsets[sfb + 1] - BANDS.long.offsets[sfb]);
	return {
		windows,
		globalGain: codebook === NOISE_CODEBOOK ? scalefactor + 90 : scalefactor,
		codebooks: widths.map(() => codebook),
		scalefactors: widths.map(() => scalefactor),
		quantized: widths.map((width) => Array<number>(codebook > 11 ? 0 : width).fill(coefficient)),
	};
}

function block(write: (writer: Writer) => void): Uint8Array {
	const writer = new BitWriter();
	write(writer);
	writeEnd(writer);
	return writer.toBytes();
}

function power(samples: ArrayLike<number>): number {
	return Array.from(samples).reduce((sum, sample) => sum + sample ** 2, 0) / samples.length;
}

describe('recordings made by an encoder', () => {
	test.each(FIXTURES)('$name comes out like its source', (fixture) => {
		const bytes = readFixture(fixture.name);
		const { pcm, sampleRate } = decodeAdts(bytes);
		expect(sampleRate).toBe(fixture.sampleRate);
		expect(pcm.length).toBe(fixture.channels.length);
		fixture.channels.forEach((signal, channel) => {
			const heard = pcm[channel].subarray(ENCODER_DELAY, -ENCODER_DELAY);
			const source = heard.map((_, i) => signal(i / sampleRate));
			expect(snr(source, heard)).toBeGreaterThan(fixture.snr);
		});
	});

	test.each(FIXTURES)('$name has the windows it is here for', ({ name, sequences }) => {
		const found = [...adtsFrames(readFixture(name))].map(({ data }) => windowSequence(data) ?? '');
		expect(found.join('')).toBe(sequences);
	});

	test('noise substituted by the encoder keeps its level', () => {
		const { pcm, sampleRate } = decodeAdts(readFixture('noise32000'));
		expect(sampleRate).toBe(32000);
		// The source is uniform over ±0.25; the encoder cuts the highest frequencies.
		const level = 10 * Math.log10(power(pcm[0].subarray(2048, -2048)) / (0.25 ** 2 / 3));
		expect(level).toBeGreaterThan(-2.5);
		expect(level).toBeLessThan(1);
	});
});

describe('random frames of every tool', () => {
	// Powers of the decoded channels. The same streams are held against ffmpeg in ffmpegReference.test.cts.
	test.each([
		[44100, 2, [0.000558654, 0.0533837]],
		[16000, 1, [0.00448263]],
		[48000, 6, [2.06993, 3.36173, 1.0267, 0.33252, 0.814958, 0.0981707]],
	])('at %i Hz in channel configuration %i decode as before', (sampleRate, configuration, powers) => {
		const bands = scalefactorBands(sampleRate, 1024);
		const blocks = randomBlocks(new Random(sampleRate + configuration), 40, configuration, bands);
		const decoder = new AacDecoder(configOf(configuration, sampleRate));
		const pcm = joinBlocks(blocks.map((data) => kept(decoder.decode(data))));
		expect(pcm.length).toBe(powers.length);
		pcm.forEach((channel, i) => expect(Math.abs(power(channel) / powers[i] - 1)).toBeLessThan(1e-4));
	});

	test('of 960 samples decode to finite audio', () => {
		const blocks = randomBlocks(new Random(960), 20, 2, scalefactorBands(48000, 960));
		const decoder = new AacDecoder(configOf(2, 48000, 960));
		const pcm = joinBlocks(blocks.map((data) => kept(decoder.decode(data))));
		expect(pcm[0].length).toBe(20 * 960);
		expect(power(pcm[0])).toBeGreaterThan(0);
		expect(pcm.every((channel) => channel.every(Number.isFinite))).toBe(true);
	});

	test('decode the same way twice, noise included', () => {
		const options = { noise: true, joint: true, tns: true };
		const blocks = randomBlocks(new Random(3), 20, 2, BANDS, options);
		const decode = () => {
			const decoder = new AacDecoder(configOf(2));
			return joinBlocks(blocks.map((data) => kept(decoder.decode(data))));
		};
		expect(decode()).toEqual(decode());
	});
});

describe('one coefficient', () => {
	test('becomes a windowed cosine of the right level', () => {
		const channel = plainChannel(11, 100, 0);
		// Coefficient 27^(4/3) = 81 at frequency 100, with gain 2^((132 − 100) / 4) = 256.
		channel.globalGain = 132;
		channel.scalefactors.fill(132);
		const sfb = BANDS.long.offsets.findIndex((offset) => offset > 100) - 1;
		channel.quantized[sfb][100 - BANDS.long.offsets[sfb]] = 27;
		const decoder = new AacDecoder(configOf(1));
		const data = block((writer) => writeSingle(writer, channel));
		const [first] = decoder.decode(data);
		const expected = first.map((_, n) => {
			const window = Math.sin((Math.PI / 2048) * (n + 0.5));
			const cosine = Math.cos((Math.PI / 1024) * (n + 0.5 + 512) * 100.5);
			return ((81 * 256 * 2) / 2048 / 32768) * window * cosine;
		});
		expect(snr(expected, first)).toBeGreaterThan(120);
	});
});

describe('noise substitution', () => {
	test('has the energy that was sent', () => {
		const decoder = new AacDecoder(configOf(1));
		const blocks = Array.from({ length: 30 }, () =>
			block((writer) => writeSingle(writer, plainChannel(NOISE_CODEBOOK, 60, 0))),
		);
		const [samples] = joinBlocks(blocks.map((data) => kept(decoder.decode(data))));
		// 49 bands of energy 2^(60 / 2) in each frame; a coefficient c becomes a cosine of amplitude c / 1024,
		// in samples of 16 bits.
		const expected = (49 * 2 ** 30) / 2 / 1024 ** 2 / 32768 ** 2;
		expect(Math.abs(10 * Math.log10(power(samples.subarray(1024)) / expected))).toBeLessThan(0.2);
	});

	test('is the same in both channels if ms_used says so, else not', () => {
		const pairBlock = (mask: 'all' | undefined) =>
			block((writer) => {
				const left = plainChannel(NOISE_CODEBOOK, 60, 0);
				const right = plainChannel(NOISE_CODEBOOK, 56, 0);
				writePair(writer, { commonWindow: true, mask, left, right });
			});
		const related = new AacDecoder(configOf(2)).decode(pairBlock('all'));
		expect(
			snr(
				related[0].map((sample) => sample / 2),
				related[1],
			),
		).toBeGreaterThan(100);
		const unrelated = new AacDecoder(configOf(2)).decode(pairBlock(undefined));
		expect(
			snr(
				unrelated[0].map((sample) => sample / 2),
				unrelated[1],
			),
		).toBeLessThan(0);
	});
});

describe('joint stereo', () => {
	const left = plainChannel(1, 130, 1);
	const decodePair = (right: ChannelSyntax, mask: number[] | undefined) =>
		new AacDecoder(configOf(2)).decode(block((writer) => writePair(writer, { commonWindow: true, mask, left, right })));
	const ones = Array<number>(49).fill(1);

	test('mid and side become left and right', () => {
		const [l, r] = decodePair(plainChannel(1, 130, 1), ones);
		expect(power(r)).toBeLessThan(power(l) * 1e-10);
		const [plainLeft] = decodePair(plainChannel(1, 130, 1), undefined);
		expect(
			snr(
				plainLeft.map((sample) => sample * 2),
				l,
			),
		).toBeGreaterThan(100);
	});

	test.each([
		[15, undefined, 0.5],
		[14, undefined, -0.5],
		[15, ones, -0.5],
		[14, ones, 0.5],
	])('intensity codebook %i with mask %j scales the left channel by %f', (codebook, mask, factor) => {
		const [l, r] = decodePair({ ...plainChannel(codebook, 4, 0), globalGain: 100 }, mask);
		expect(
			snr(
				l.map((sample) => sample * factor),
				r,
			),
		).toBeGreaterThan(100);
	});
});

describe('elements that carry no audio of ours', () => {
	const audio = (writer: Writer) => writeSingle(writer, plainChannel(2, 120, 1));
	const plain = new AacDecoder(configOf(1)).decode(block(audio));

	test.each<[string, (writer: Writer) => void]>([
		['fill of 0 bytes', (writer) => writeFill(writer, new Uint8Array(0))],
		['fill of 15 bytes', (writer) => writeFill(writer, new Uint8Array(15))],
		['fill of 269 bytes', (writer) => writeFill(writer, new Uint8Array(269).fill(0xaa))],
		// extension_type 13 and 14: spectral band replication, without and with its checksum.
		['SBR data', (writer) => writeFill(writer, new Uint8Array(40).fill(0xd7))],
		['SBR data with a checksum', (writer) => writeFill(writer, new Uint8Array(60).fill(0xe7))],
		['data of 3 bytes', (writer) => writeDataStream(writer, new Uint8Array(3), false)],
		['data of 400 aligned bytes', (writer) => writeDataStream(writer, new Uint8Array(400), true)],
		['a second single channel', (writer) => writeSingle(writer, plainChannel(1, 140, -1), 5)],
		['an LFE channel', (writer) => writeSingle(writer, plainChannel(1, 140, -1), 0, 3)],
		[
			'a coupling channel with a gain for all bands',
			(writer) => {
				writer.write(2, 3).write(0, 4).write(0, 1).write(0, 3).write(0, 1).write(0, 4).write(0, 4);
				writeChannel(writer, plainChannel(1, 140, 1), false);
			},
		],
		[
			'a coupling channel for a pair with gains for each band',
			(writer) => {
				writer.write(2, 3).write(0, 4).write(0, 1).write(0, 3).write(1, 1).write(0, 4).write(3, 2).write(0, 4);
				writeChannel(writer, plainChannel(1, 140, 1), false);
				// common_gain_element_present of the second list, then a difference of 0 (one bit) for each band.
				writer.write(0, 1);
				for (let band = 0; band < 49; band++) writer.write(0, 1);
			},
		],
	])('%s is passed over', (_, other) => {
		const data = block((writer) => {
			audio(writer);
			other(writer);
		});
		expect(new AacDecoder(configOf(1)).decode(data)).toEqual(plain);
	});

	test('a missing end mark does no harm', () => {
		const writer = new BitWriter();
		audio(writer);
		expect(new AacDecoder(configOf(1)).decode(writer.toBytes())).toEqual(plain);
	});
});

describe('layout', () => {
	test('a channel that a frame leaves out falls silent', () => {
		const decoder = new AacDecoder(configOf(3));
		const single = (writer: Writer) => writeSingle(writer, plainChannel(2, 120, 1));
		const pair = (writer: Writer) =>
			writePair(writer, {
				commonWindow: false,
				left: plainChannel(2, 120, 1),
				right: plainChannel(2, 120, -1),
			});
		decoder.decode(
			block((writer) => {
				single(writer);
				pair(writer);
			}),
		);
		const fading = kept(decoder.decode(block(single)));
		const silent = decoder.decode(block(single));
		expect(decoder.layout).toEqual(['C', 'L', 'R']);
		expect(fading.map((channel) => power(channel) > 0)).toEqual([true, true, true]);
		expect(silent.map((channel) => power(channel) > 0)).toEqual([true, false, false]);
	});

	test('a frame without any channel of the layout is refused', () => {
		const decoder = new AacDecoder(configOf(3));
		const data = block((writer) => writeSingle(writer, plainChannel(2, 120, 1), 0, 3));
		expect(() => decoder.decode(data)).toThrow('a frame holds no audio');
	});

	test('a single channel in a stream announced as stereo is heard from both sides', () => {
		const data = block((writer) => writeSingle(writer, plainChannel(2, 120, 1)));
		const mono = new AacDecoder(configOf(1));
		const stereo = new AacDecoder(configOf(2));
		for (let frame = 0; frame < 2; frame++) {
			const [expected] = mono.decode(data);
			expect(stereo.decode(data)).toEqual([expected, expected]);
		}
	});

	test('a pair in a stream announced as mono is mixed', () => {
		const data = block((writer) =>
			writePair(writer, { commonWindow: false, left: plainChannel(2, 120, 1), right: plainChannel(2, 124, 1) }),
		);
		const mono = new AacDecoder(configOf(1));
		const stereo = new AacDecoder(configOf(2));
		for (let frame = 0; frame < 2; frame++) {
			const [left, right] = stereo.decode(data);
			const [mix] = mono.decode(data);
			left.forEach((sample, i) => expect(mix[i]).toBeCloseTo((sample + right[i]) / 2, 6));
		}
	});
});

describe('refusals', () => {
	const refuse = (data: Uint8Array) => () => new AacDecoder(configOf(1)).decode(data);
	const header = () => new BitWriter().write(0, 3).write(0, 4).write(100, 8);

	test.each<[string, Uint8Array, string]>([
		['prediction', header().write(0, 4).write(10, 6).write(1, 1).write(0, 32).toBytes(), 'prediction'],
		['too many bands', header().write(0, 4).write(50, 6).write(0, 33).toBytes(), 'more scalefactor bands'],
		[
			'a reserved codebook',
			header().write(0, 4).write(1, 6).write(0, 1).write(12, 4).write(0, 32).toBytes(),
			'reserved codebook',
		],
		[
			'a section that is too long',
			header().write(0, 4).write(1, 6).write(0, 1).write(1, 4).write(2, 5).write(0, 32).toBytes(),
			'past the last band',
		],
		[
			'gain control',
			header().write(0, 4).write(0, 6).write(0, 1).write(0, 2).write(1, 1).write(0, 32).toBytes(),
			'SSR',
		],
		[
			'pulses in short windows',
			header().write(0, 1).write(2, 2).write(0, 1).write(0, 4).write(0, 7).write(1, 1).write(0, 64).toBytes(),
			'pulses',
		],
		[
			'a pulse outside the window',
			block((writer) =>
				writeSingle(writer, {
					...plainChannel(1, 100, 1),
					pulses: { startSfb: 48, offsets: [31, 31, 31, 31], amplitudes: [1, 1, 1, 1] },
				}),
			),
			'a pulse is outside',
		],
		[
			'a noise shaping filter of high order',
			header()
				.write(0, 4)
				.write(0, 6)
				.write(0, 1)
				.write(0, 1)
				.write(1, 1)
				.write(1, 2)
				.write(0, 1)
				.write(4, 6)
				.write(13, 5)
				.write(0, 32)
				.toBytes(),
			'noise shaping filter',
		],
		['a spectrum cut off', block((writer) => writeSingle(writer, plainChannel(2, 120, 1))).subarray(0, 60), 'longer'],
		['an impossible level', block((writer) => writeSingle(writer, plainChannel(9, 255, 12))), 'louder'],
		['nothing', new Uint8Array(0), 'no audio'],
	])('%s', (_, data, message) => {
		expect(refuse(data)).toThrow(message);
		expect(refuse(data)).toThrow(expect.objectContaining({ name: 'VoiceNoteError' }));
	});

	test('a reserved stereo mask', () => {
		const data = new BitWriter().write(1, 3).write(0, 4).write(1, 1).write(0, 11).write(3, 2).write(0, 64).toBytes();
		expect(() => new AacDecoder(configOf(2)).decode(data)).toThrow('stereo mask');
	});
});
