import { AacDecoder } from '../../../nodes/Sendblue/voiceNote/codecs/aac/aacDecoder';
import { adtsFrames, isAdts } from '../../../nodes/Sendblue/voiceNote/containers/adts/demuxAdts';
import { scalefactorBands } from '../../../nodes/Sendblue/voiceNote/codecs/aac/icsInfo';

import { adtsFrame } from '../../support/aac/adtsWriter.cts';
import { joinBytes } from '../../support/bytes.cts';
import { BitWriter } from '../../support/bits.cts';
import { decodeAdts } from '../../support/aac/decode.cts';
import { FIXTURES, readFixture } from '../../support/aac/fixtures.cts';
import { Random } from '../../support/random.cts';
import { randomBlocks } from '../../support/aac/randomFrames.cts';
import { cpuNow } from '../../support/clock.cts';

const OPTIONS = { sampleRate: 44100, channelConfiguration: 2 };
const BLOCKS = randomBlocks(new Random(7), 6, 2, scalefactorBands(44100, 1024));
const FRAMES = BLOCKS.map((block) => adtsFrame([block], OPTIONS));
const STREAM = joinBytes(...FRAMES);

const payloads = (bytes: Uint8Array) => [...adtsFrames(bytes)].map(({ data }) => [...data]);
const expected = BLOCKS.map((block) => [...block]);

describe('ADTS detection', () => {
	test.each(FIXTURES.map(({ name }) => name))('takes %s for ADTS', (name) => {
		expect(isAdts(readFixture(name))).toBe(true);
	});

	test('takes a single frame that is the whole file', () => {
		expect(isAdts(FRAMES[0])).toBe(true);
		expect(isAdts(FRAMES[0].subarray(0, -1))).toBe(false);
		expect(isAdts(joinBytes(...[FRAMES[0], new Uint8Array(3)]))).toBe(false);
	});

	test('takes nothing else', () => {
		expect(isAdts(new Uint8Array(0))).toBe(false);
		expect(isAdts(STREAM.subarray(1))).toBe(false);
		// An MP3 frame (layer bits not 0), and two headers of different streams.
		expect(isAdts(Uint8Array.of(0xff, 0xfb, 0x90, 0x64, 0, 0, 0, 0))).toBe(false);
		expect(isAdts(joinBytes(...[FRAMES[0], adtsFrame([BLOCKS[1]], { ...OPTIONS, sampleRate: 48000 })]))).toBe(false);
		// A frame length shorter than the header would never advance.
		expect(isAdts(Uint8Array.of(0xff, 0xf1, 0x50, 0x80, 0x00, 0x1f, 0xfc))).toBe(false);
	});
});

describe('ADTS frames', () => {
	test('yields the payloads with one configuration', () => {
		const frames = [...adtsFrames(STREAM)];
		expect(frames.map(({ data }) => [...data])).toEqual(expected);
		expect(new Set(frames.map(({ config }) => config)).size).toBe(1);
		expect(frames[0].config).toMatchObject({ objectType: 2, sampleRate: 44100, channels: 2, frameLength: 1024 });
	});

	test('passes over checksums', () => {
		const stream = joinBytes(...BLOCKS.map((block) => adtsFrame([block], { ...OPTIONS, protect: true })));
		expect(payloads(stream)).toEqual(expected);
	});

	test('splits several protected blocks of a frame', () => {
		const stream = joinBytes(
			...[
				adtsFrame(BLOCKS.slice(0, 4), { ...OPTIONS, protect: true }),
				adtsFrame(BLOCKS.slice(4), { ...OPTIONS, protect: true }),
			],
		);
		expect(payloads(stream)).toEqual(expected);
	});

	test('decodes several blocks of a frame without checksums like single ones', () => {
		const stream = joinBytes(...[adtsFrame(BLOCKS.slice(0, 4), OPTIONS), adtsFrame(BLOCKS.slice(4), OPTIONS)]);
		expect([...adtsFrames(stream)].map(({ blocks }) => blocks)).toEqual([4, 2]);
		expect(decodeAdts(stream).pcm).toEqual(decodeAdts(STREAM).pcm);
	});

	test('finds its way back after garbage', () => {
		const garbage = Uint8Array.from({ length: 500 }, (_, i) => (i % 9 === 0 ? 0xff : i % 9 === 1 ? 0xf1 : i));
		const stream = joinBytes(...[garbage, ...FRAMES.slice(0, 3), garbage, ...FRAMES.slice(3), garbage]);
		expect(payloads(stream)).toEqual(expected);
	});

	test.each([0x00, 0xff, 0xf0])('gets through 8 MB of %i without delay', (filling) => {
		const started = cpuNow();
		expect(payloads(new Uint8Array(8 << 20).fill(filling))).toEqual([]);
		expect(cpuNow() - started).toBeLessThan(2000);
	});

	test('leaves out a frame that is cut off', () => {
		expect(payloads(STREAM.subarray(0, STREAM.length - 1))).toEqual(expected.slice(0, -1));
		expect(payloads(STREAM.subarray(0, 5))).toEqual([]);
	});

	test('reports a change of the stream with a new configuration', () => {
		const other = { sampleRate: 48000, channelConfiguration: 2 };
		const stream = joinBytes(...[...FRAMES.slice(0, 2), ...BLOCKS.slice(2).map((block) => adtsFrame([block], other))]);
		expect([...adtsFrames(stream)].map(({ config }) => config.sampleRate)).toEqual([
			44100, 44100, 48000, 48000, 48000, 48000,
		]);
	});

	test('reads a layout that stands in the first frame', () => {
		const programConfig = new BitWriter().write(5, 3).write(0, 4);
		programConfig.write(1, 2).write(4, 4).write(1, 4).write(0, 4).write(0, 4).write(0, 2).write(0, 3).write(0, 4);
		programConfig.write(0, 3).write(1, 1).write(0, 4).align().write(0, 8);
		const options = { sampleRate: 44100, channelConfiguration: 0 };
		const [first, ...rest] = BLOCKS;
		const stream = joinBytes(
			...[
				adtsFrame([joinBytes(...[programConfig.toBytes(), first])], options),
				...rest.map((block) => adtsFrame([block], options)),
			],
		);
		expect(decodeAdts(stream)).toEqual({ ...decodeAdts(STREAM), layout: ['L', 'R'] });
	});

	test('refuses other profiles, and a stream without a layout', () => {
		const main = joinBytes(...BLOCKS.map((block) => adtsFrame([block], { ...OPTIONS, profile: 0 })));
		expect(() => payloads(main)).toThrow('the Main profile');
		const unknown = joinBytes(...BLOCKS.map((block) => adtsFrame([block], { ...OPTIONS, channelConfiguration: 0 })));
		expect(() => payloads(unknown)).toThrow('does not say which channels it has');
	});

	test('a frame whose block positions lie does no harm', () => {
		const frame = adtsFrame(BLOCKS.slice(0, 3), { ...OPTIONS, protect: true });
		frame.fill(0xff, 7, 11);
		const frames = [...adtsFrames(joinBytes(...[frame, frame]))];
		const decoder = new AacDecoder(frames[0].config);
		const samples = frames.map(({ data }) => {
			try {
				return decoder.decode(data)[0].length;
			} catch (error) {
				return (error as Error).message;
			}
		});
		const damaged = 'The AAC audio is damaged: a frame holds no audio.';
		expect(samples).toEqual([1024, damaged, damaged, 1024, damaged, damaged]);
	});
});
