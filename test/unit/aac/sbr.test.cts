/** Spectral band replication in streams that are written for it: every branch of its syntax, and what goes wrong. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AacOutput } from '../../../nodes/Sendblue/voiceNote/codecs/aac/aacDecoder';
import { AacDecoder, chooseOutput } from '../../../nodes/Sendblue/voiceNote/codecs/aac/aacDecoder';
import type { AacConfig } from '../../../nodes/Sendblue/voiceNote/codecs/aac/audioSpecificConfig';
import { mixedToMono } from '../../../nodes/Sendblue/voiceNote/codecs/aac/audioSpecificConfig';
import { scalefactorBands } from '../../../nodes/Sendblue/voiceNote/codecs/aac/icsInfo';
import { adtsFrames } from '../../../nodes/Sendblue/voiceNote/containers/adts/demuxAdts';
import { ffmpegDecodeAac } from '../../support/aac/aacTools.cts';
import { adtsFrame } from '../../support/aac/adtsWriter.cts';
import { joinBytes } from '../../support/bytes.cts';
import { BitWriter } from '../../support/bits.cts';
import { snr } from '../../support/aac/decode.cts';
import { writeEnd, writeFill, writePair, writeSingle } from '../../support/aac/frameWriter.cts';
import { decodePackets, ffmpegDecodeUntrimmed } from '../../support/aac/heAacFiles.cts';
import { Random } from '../../support/random.cts';
import { randomBlocks } from '../../support/aac/randomFrames.cts';
import { randomPs } from '../../support/aac/psWriter.cts';
import type { SbrStreamOptions } from '../../support/aac/sbrWriter.cts';
import { SbrStream } from '../../support/aac/sbrWriter.cts';
import { decodeFile } from '../../support/formats/decodeFile.cts';
import { kept } from '../../support/kept.cts';
import { run, testWithTools, withDirectory } from '../../support/pcm/tools.cts';
import { bandLevels, findLag, overlap, peak, rms } from '../../support/quality/index.cts';

/** Least agreement with ffmpeg over a silent core, and over a loud one, whose prediction is ill-conditioned. */
const MIN_SNR = 120;
const MIN_SNR_WITH_CORE = 60;
const FRAMES = 40;
const FRAME_LENGTH = 1_024;
/** Samples of the core by which the whole band is later than the core. */
const DELAY = 481;

/** The channels of each element of a channelConfiguration that can have a payload. */
const ELEMENT_CHANNELS: Readonly<Record<number, Array<1 | 2>>> = { 1: [1], 2: [2], 6: [1, 2, 2] };
/** Puts a payload in a frame; undefined leaves it out. */
type Placement = (payload: Uint8Array, frame: number) => Uint8Array | undefined;
const asItIs: Placement = (payload) => payload;

interface StreamOptions extends SbrStreamOptions {
	rate: number;
	configuration?: 1 | 2 | 6;
	seed?: number;
	frames?: number;
	place?: Placement;
}

/** raw_data_blocks with a core that sounds and payloads behind its elements. */
function soundingBlocks({
	rate,
	configuration = 1,
	seed = 1,
	frames = FRAMES,
	place = asItIs,
	...rest
}: StreamOptions) {
	const random = new Random(seed);
	const streams = ELEMENT_CHANNELS[configuration].map((channels) => new SbrStream(random, rate, channels, rest));
	let frame = 0;
	return randomBlocks(random, frames, configuration, scalefactorBands(rate, FRAME_LENGTH), {
		joint: true,
		behindElement(writer, element) {
			const payload = streams[element] && place(streams[element].next(), frame);
			if (payload) writeFill(writer, payload);
			if (element === ELEMENT_CHANNELS[configuration].length - (configuration === 6 ? 0 : 1)) frame++;
		},
	});
}

/** The same over a silent core, if noise and sine waves alone are heard. */
function silentBlocks({ rate, configuration = 1, seed = 1, frames = FRAMES, place = asItIs, ...rest }: StreamOptions) {
	const stream = new SbrStream(new Random(seed), rate, configuration === 2 ? 2 : 1, rest);
	const windows = {
		sequence: 0,
		shape: 0,
		maxSfb: 0,
		groupLengths: [1],
		bands: scalefactorBands(rate, FRAME_LENGTH).long,
	};
	const silent = { windows, globalGain: 100, codebooks: [], scalefactors: [], quantized: [] };
	return Array.from({ length: frames }, (_, frame) => {
		const writer = new BitWriter();
		if (configuration === 2) writePair(writer, { commonWindow: false, left: silent, right: silent });
		else writeSingle(writer, silent);
		const payload = place(stream.next(), frame);
		if (payload) writeFill(writer, payload);
		writeEnd(writer);
		return writer.toBytes();
	});
}

const adtsOf = (blocks: Uint8Array[], rate: number, configuration = 1): Uint8Array =>
	joinBytes(...blocks.map((block) => adtsFrame([block], { sampleRate: rate, channelConfiguration: configuration })));

/** The configuration of a mono stream, as ADTS announces it. */
function configOf(packet: Uint8Array, rate: number): AacConfig {
	return [...adtsFrames(adtsOf([packet], rate))][0].config;
}

/** Decodes an ADTS stream, nothing trimmed. */
function decode(stream: Uint8Array, output?: AacOutput) {
	const frames = [...adtsFrames(stream)];
	const packets = frames.map(({ data }) => data);
	const [{ config }] = frames;
	return decodePackets({ config, packets }, output ?? chooseOutput(config, packets));
}

const isSound = (channels: Float32Array[]): boolean => channels.every((samples) => samples.every(Number.isFinite));

/** The least agreement of all channels. */
const agreement = (expected: Float32Array[], actual: Float32Array[]): number =>
	Math.min(...expected.map((samples, channel) => snr(samples, actual[channel])));

describe('every branch of the syntax sounds as in ffmpeg', () => {
	const compare = (title: string, blocks: () => Uint8Array[], rate: number, configuration: 1 | 2, least: number) =>
		testWithTools(['ffmpeg'], title, () =>
			withDirectory((directory) => {
				const path = join(directory, 'stream.aac');
				const stream = adtsOf(blocks(), rate, configuration);
				writeFileSync(path, stream);
				const ours = decode(stream, 'wholeBandAtDoubleRate').channels;
				const reference = ffmpegDecodeUntrimmed(path).slice(0, ours.length);
				expect(reference[0].length).toBe(ours[0].length);
				expect(rms(reference[0])).toBeGreaterThan(0);
				expect(agreement(reference, ours)).toBeGreaterThan(least);
			}),
		);

	for (const rate of [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000]) {
		for (const configuration of [1, 2] as const) {
			const title = `a silent core of ${rate} Hz, ${configuration} channels`;
			compare(
				title,
				() => silentBlocks({ rate, configuration, seed: rate + configuration }),
				rate,
				configuration,
				MIN_SNR,
			);
		}
	}
	for (const rate of [16_000, 22_050, 24_000]) {
		for (const configuration of [1, 2] as const) {
			const title = `a loud core of ${rate} Hz, ${configuration} channels`;
			const blocks = () => soundingBlocks({ rate, configuration, seed: rate + configuration });
			compare(title, blocks, rate, configuration, MIN_SNR_WITH_CORE);
		}
	}
});

describe('parametric stereo of every mode', () => {
	const rate = 24_000;
	const edges = Array.from({ length: 22 }, (_, i) => 500 * i);
	for (const mode of [0, 1, 2, 3, 4, 5]) {
		testWithTools(['ffmpeg'], `mode ${mode} is as loud as the mean of the channels`, () =>
			withDirectory((directory) => {
				const path = join(directory, 'stream.aac');
				const writePs = randomPs(new Random(mode + 1), mode);
				const header = { startFreq: 5, stopFreq: 9, xoverBand: 0 };
				const stream = adtsOf(soundingBlocks({ rate, seed: 40 + mode, frames: 60, writePs, header }), rate);
				writeFileSync(path, stream);
				const [left, right] = ffmpegDecodeUntrimmed(path);
				const mean = left.map((sample, i) => (sample + right[i]) / 2);
				const [ours] = decode(stream, 'wholeBandAtDoubleRate').channels;
				const [expected, actual] = [mean, ours].map((samples) => bandLevels(samples, 2 * rate, edges));
				expect(snr(left, right)).toBeLessThan(20);
				expect(Math.max(...expected.map((level, band) => Math.abs(level - actual[band])))).toBeLessThan(2);
			}),
		);
	}
});

describe('wherever the payload lies', () => {
	const stream = (place?: Placement, rate = 24_000) => soundingBlocks({ rate, seed: 5, frames: 12, place });

	test('behind dynamic range control in the same fill element', () => {
		// excluded channels in two bytes, three bands of it, and a reference level; then a data element of two bytes.
		const range = [0xb7, 0x01, 0x00, 0x20, 10, 20, 30, 0x7f, 1, 2, 3];
		const others = Uint8Array.of(...range, 0x20, 2, 0xaa, 0xbb);
		const plain = decode(adtsOf(stream(), 24_000)).channels;
		const behind = decode(
			adtsOf(
				stream((payload) => joinBytes(...[others, payload])),
				24_000,
			),
		).channels;
		expect(behind).toEqual(plain);
	});

	test('in every raw_data_block of an ADTS frame that holds several', async () => {
		const blocks = stream();
		const pairs = Array.from({ length: 6 }, (_, i) =>
			adtsFrame(blocks.slice(2 * i, 2 * i + 2), { sampleRate: 24_000, channelConfiguration: 1 }),
		);
		expect((await decodeFile(joinBytes(...pairs))).channels).toEqual(decode(adtsOf(blocks, 24_000)).channels);
	});

	testWithTools(['ffmpeg'], 'behind each of the elements of six channels', () =>
		withDirectory((directory) => {
			const path = join(directory, 'stream.aac');
			const bytes = adtsOf(soundingBlocks({ rate: 24_000, configuration: 6, seed: 9 }), 24_000, 6);
			writeFileSync(path, bytes);
			const ours = decode(bytes, 'wholeBandAtDoubleRate').channels;
			const reference = ffmpegDecodeAac(path, 6);
			expect(ours.map(({ length }) => length)).toEqual(reference.map(({ length }) => length));
			expect(agreement(reference, ours)).toBeGreaterThan(MIN_SNR_WITH_CORE);
		}),
	);

	test('a mono result of a pair is the mean of its channels', () => {
		const bytes = adtsOf(soundingBlocks({ rate: 24_000, configuration: 2, seed: 3 }), 24_000, 2);
		const frames = [...adtsFrames(bytes)];
		const [left, right] = decode(bytes).channels;
		const config = mixedToMono(frames[0].config);
		const [mono] = decodePackets({ config, packets: frames.map(({ data }) => data) }, 'wholeBand').channels;
		expect(
			snr(
				left.map((sample, i) => (sample + right[i]) / 2),
				mono,
			),
		).toBeGreaterThan(MIN_SNR);
	});

	test('frames of 960 samples', () => {
		const random = new Random(4);
		const sbr = new SbrStream(random, 24_000, 1, { slots: 15 });
		const packets = randomBlocks(random, 20, 1, scalefactorBands(24_000, 960), {
			behindElement: (writer) => void writeFill(writer, sbr.next()),
		});
		const config = { ...configOf(packets[0], 24_000), frameLength: 960 as const };
		const { channels, lacksUpperBand } = decodePackets({ config, packets }, 'wholeBandAtDoubleRate');
		expect([channels[0].length, lacksUpperBand, isSound(channels)]).toEqual([20 * 1_920, false, true]);
	});
});

describe('what is there counts, not what is announced', () => {
	const without: Placement = () => undefined;

	test('HE-AAC that holds none is as late as HE-AAC, and otherwise the core', () => {
		const packets = soundingBlocks({ rate: 16_000, seed: 2, frames: 8, place: without });
		const config = { ...configOf(packets[0], 16_000), sbrPresent: true };
		expect(chooseOutput(config, packets)).toBe('delayedCore');
		const [core] = decodePackets({ config, packets }, 'core').channels;
		const delayed = decodePackets({ config, packets }, 'delayedCore');
		expect(delayed.sampleRate).toBe(16_000);
		expect(delayed.lacksUpperBand).toBe(true);
		expect(delayed.channels[0].subarray(DELAY)).toEqual(core.subarray(0, -DELAY));
		expect(delayed.channels[0].subarray(0, DELAY).every((sample) => sample === 0)).toBe(true);
	});

	test('payloads in a stream that says it has none are no payloads', () => {
		const packets = soundingBlocks({ rate: 16_000, seed: 2, frames: 8 });
		const config = { ...configOf(packets[0], 16_000), sbrDenied: true };
		expect(chooseOutput(config, packets)).toBe('core');
		const bare = soundingBlocks({ rate: 16_000, seed: 2, frames: 8, place: without });
		expect(decodePackets({ config, packets }, 'core').channels).toEqual(
			decodePackets({ config, packets: bare }, 'core').channels,
		);
	});

	test('bytes that only look like a payload do not begin it', () => {
		const packets = soundingBlocks({
			rate: 16_000,
			seed: 2,
			frames: 8,
			place: () => new Uint8Array(30).fill(0xd7),
		});
		expect(chooseOutput(configOf(packets[0], 16_000), packets)).toBe('core');
	});

	test('it may begin some frames late, with the whole stream at its rate', () => {
		const late: Placement = (payload, frame) => (frame < 20 ? undefined : payload);
		const packets = soundingBlocks({ rate: 16_000, seed: 2, place: late, headerChance: 1 });
		const config = configOf(packets[0], 16_000);
		expect(chooseOutput(config, packets)).toBe('wholeBandAtDoubleRate');
		const { channels } = decodePackets({ config, packets }, 'wholeBandAtDoubleRate');
		expect(channels[0].length).toBe(2 * FRAMES * FRAME_LENGTH);
		expect(isSound(channels)).toBe(true);
	});

	test.each(['core', 'delayedCore'] as const)('it may begin so late that %s was decided on', (output) => {
		const first = 20;
		const late: Placement = (payload, frame) => (frame < first ? undefined : payload);
		const packets = soundingBlocks({ rate: 24_000, seed: 2, place: late, headerChance: 1 });
		const config = configOf(packets[0], 24_000);
		const [whole] = decodePackets({ config, packets }, 'wholeBand').channels;
		const [heard] = decodePackets({ config, packets }, output).channels;
		// Nothing is missing and nothing is heard twice where it begins; the core alone was heard without delay.
		const delay = output === 'core' ? DELAY : 0;
		expect(heard.length).toBe(whole.length - delay);
		expect(snr(whole.subarray(DELAY), heard.subarray(DELAY - delay))).toBeGreaterThan(40);
	});
});

describe('what is lost or damaged', () => {
	const rate = 24_000;
	const noisy = { rate, seed: 11, header: { startFreq: 5, stopFreq: 9, xoverBand: 0, noiseBands: 2 } };
	const decodeWith = (place: Placement) => decode(adtsOf(soundingBlocks({ ...noisy, place }), rate), 'wholeBand');
	/** Samples that frames put out, from the first to before the last; the bands are some slots late. */
	const framesOf = ([samples]: Float32Array[], first: number, last: number) =>
		samples.subarray(first * FRAME_LENGTH + DELAY, last * FRAME_LENGTH);
	const highBand = (samples: Float32Array) => bandLevels(samples, rate, [9_500, 11_000])[0];

	test('a few frames without a payload go on as those before', () => {
		const whole = decodeWith(asItIs).channels;
		const concealed = decodeWith((payload, frame) => (frame >= 20 && frame < 23 ? undefined : payload)).channels;
		const bare = decodeWith((payload, frame) => (frame === 0 ? payload : undefined)).channels;
		const [expected, actual, core] = [whole, concealed, bare].map((channels) => highBand(framesOf(channels, 20, 23)));
		expect(core).toBeLessThan(expected - 20);
		expect(Math.abs(actual - expected)).toBeLessThan(15);
		expect(framesOf(concealed, 0, 20)).toEqual(framesOf(whole, 0, 20));
	});

	test('after many only the core is heard, until payloads come again', () => {
		const { channels, lacksUpperBand } = decodeWith((payload, frame) =>
			frame >= 10 && frame < 30 ? undefined : payload,
		);
		const whole = decodeWith(asItIs).channels;
		expect(highBand(framesOf(channels, 18, 29))).toBeLessThan(highBand(framesOf(whole, 18, 29)) - 20);
		expect(highBand(framesOf(channels, 34, 40))).toBeGreaterThan(highBand(framesOf(whole, 34, 40)) - 15);
		expect(lacksUpperBand).toBe(false);
	});

	test('a stream most of whose frames have none is told apart', () => {
		expect(decodeWith((payload, frame) => (frame < 15 ? payload : undefined)).lacksUpperBand).toBe(true);
	});

	test('the user is told if most of the file has none, and only there', async () => {
		const hintsWith = async (place: Placement) => {
			const blocks = soundingBlocks({ rate, seed: 6, frames: 12, place });
			return (await decodeFile(adtsOf(blocks, rate))).hints;
		};
		expect(await hintsWith((payload, frame) => (frame < 4 ? payload : undefined))).toEqual([
			expect.stringContaining('lacks the upper half'),
		]);
		expect(await hintsWith((payload, frame) => (frame < 8 ? payload : undefined))).toEqual([]);
		expect(await hintsWith(() => undefined)).toEqual([]);
	});

	test('a payload with a wrong checksum is not used', () => {
		const spoiled = (payload: Uint8Array, frame: number) => {
			const isChecked = payload[0] >> 4 === 14;
			return isChecked && frame > 0 ? payload.map((byte, i) => (i === payload.length - 1 ? byte ^ 1 : byte)) : payload;
		};
		const left = (payload: Uint8Array, frame: number) => (payload[0] >> 4 === 14 && frame > 0 ? undefined : payload);
		expect(decodeWith(spoiled).channels).toEqual(decodeWith(left).channels);
	});

	test('damaged payloads never fail a frame, and are never heard as more than noise', () => {
		const random = new Random(21);
		for (let round = 0; round < 12; round++) {
			const configuration = random.pick([1, 2] as const);
			const options = { rate, configuration, seed: round, frames: 25 };
			const clean = decode(adtsOf(soundingBlocks(options), rate, configuration), 'wholeBand').channels;
			const damage: Placement = (payload) => {
				const copy = Uint8Array.from(payload);
				if (random.chance(0.3)) copy[random.integer(0, copy.length - 1)] ^= 1 << random.integer(0, 7);
				if (random.chance(0.1)) return undefined;
				return random.chance(0.1) ? copy.subarray(0, random.integer(1, copy.length)) : copy;
			};
			const bytes = adtsOf(soundingBlocks({ ...options, place: damage }), rate, configuration);
			const { channels } = decode(bytes, random.pick(['wholeBand', 'wholeBandAtDoubleRate'] as const));
			expect(isSound(channels)).toBe(true);
			const loudest = (planes: Float32Array[]) => Math.max(...planes.map(peak));
			expect(loudest(channels)).toBeLessThan(30 * Math.max(loudest(clean), 1));
		}
	});

	test('behind a frame of the core that cannot be decoded nothing old is heard', () => {
		const packets = soundingBlocks(noisy).map((packet, frame) => (frame < 30 ? packet : silentBlocks(noisy)[0]));
		const decoder = new AacDecoder(configOf(packets[0], rate), 'wholeBand');
		for (const packet of packets.slice(0, 30)) decoder.decode(packet);
		expect(() => decoder.decode(Uint8Array.of(0xe0))).toThrow('holds no audio');
		const quiet = new AacDecoder(configOf(packets[0], rate), 'wholeBand');
		for (const packet of packets.slice(0, 30)) quiet.decode(packet);
		const [interrupted, continued] = [decoder, quiet].map((each) => kept(each.decode(packets[30]))[0]);
		// The first samples out of the banks are those of the frames before.
		expect(rms(continued.subarray(0, 200))).toBeGreaterThan(10 * rms(interrupted.subarray(0, 200)));
	});
});

describe('containers', () => {
	const fixture = (file: string) => join(__dirname, '../../fixtures/heaac', file);
	for (const [ending, sourceFormat] of [
		['3gp', '3gp/aac'],
		['ts', 'ts/aac'],
		['mka', 'matroska/aac'],
		['aac', 'aac'],
	] as const) {
		testWithTools(['ffmpeg'], `the whole band in .${ending}`, () =>
			withDirectory(async (directory) => {
				const path = join(directory, `moved.${ending}`);
				run('ffmpeg', ['-v', 'error', '-i', fixture('v1stereo44100.m4a'), '-c', 'copy', path]);
				const moved = await decodeFile(new Uint8Array(readFileSync(path)));
				expect(moved).toMatchObject({ sourceFormat, sampleRate: 44_100, hints: [] });
				const original = await decodeFile(new Uint8Array(readFileSync(fixture('v1stereo44100.m4a'))));
				const lag = findLag(original.channels[0], moved.channels[0], 44_100);
				const both = overlap(original.channels[0], moved.channels[0], lag);
				expect(snr(both.reference, both.decoded)).toBeGreaterThan(100);
			}),
		);
	}
});
