/** Files that somebody put one behind the other, as parts of a long spoken text are. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sentenceOf } from '../../../nodes/Sendblue/voiceNote/pipeline/remarks';
import { toVoiceNote } from '../../../nodes/Sendblue/voiceNote/toVoiceNote';
import { joinBytes, withBytes } from '../../support/bytes.cts';
import { simpleBlock, webmFile } from '../../support/core/ebmlFile.cts';
import { opusAudio } from '../../support/core/opusAudio.cts';
import { decodeFile } from '../../support/formats/decodeFile.cts';
import { formatChunk, riff } from '../../support/pcm/riffFile.cts';
import { tone, wav16 } from '../../support/quality/index.cts';

const fixture = (file: string): Uint8Array =>
	new Uint8Array(readFileSync(join(__dirname, '../../fixtures/formats', file)));
const toneWav = (frequency: number, sampleRate: number): Uint8Array =>
	wav16([tone(frequency, 0.5, sampleRate)], sampleRate);

describe('WAV', () => {
	test('of one shape is played on, whatever chunks stand between', async () => {
		const list = joinBytes('LIST', [4, 0, 0, 0], 'INFO');
		const [first, second, third] = [300, 400, 500].map((frequency) => toneWav(frequency, 16_000));
		const { channels, hints } = await decodeFile(joinBytes(first, list, second, third));
		expect(hints).toEqual([]);
		const parts = await Promise.all([first, second, third].map(firstChannelOf));
		expect([...channels[0]]).toEqual(parts.flatMap((part) => [...part]));
	});

	test('the first is converted, with a remark, if nothing but a header follows', async () => {
		const { channels, hints } = await decodeFile(joinBytes(toneWav(400, 16_000), toneWav(300, 16_000).subarray(0, 20)));
		expect(channels[0]).toHaveLength(8_000);
		expect(hints).toEqual([sentenceOf({ kind: 'joined', converted: 1 })]);
	});

	test('of another sample rate and other channels is heard too', async () => {
		const stereo = wav16([tone(300, 0.5, 16_000), tone(400, 0.5, 16_000)], 16_000);
		const { channels, sampleRate, hints } = await decodeFile(
			joinBytes(toneWav(400, 16_000), toneWav(300, 8_000), stereo),
		);
		expect(sampleRate).toBe(16_000);
		expect(channels.map(({ length }) => length)).toEqual([24_000, 24_000]);
		expect(hints).toEqual([]);
	});

	test.each([0, 0x7fffffff, 0xffffffff])('of open length (%i) ends where the next begins', async (statedSize) => {
		const format = formatChunk({ tag: 1, sampleRate: 16_000, bits: 16 });
		const silent = (samples: number): Uint8Array =>
			riff([format, { id: 'data', contents: new Uint8Array(2 * samples), statedSize }]);
		const { channels, hints } = await decodeFile(joinBytes(silent(5_000), silent(7_000), silent(9_000)));
		expect(channels[0]).toEqual(new Float32Array(21_000));
		expect(hints).toEqual([]);
	});

	test('the remark says how many were converted', async () => {
		const first = toneWav(400, 16_000);
		const { channels, hints } = await decodeFile(joinBytes(first, first, first.subarray(0, 20)));
		expect(channels[0]).toHaveLength(16_000);
		expect(hints).toEqual([expect.stringContaining('only the first 2 were converted')]);
	});

	describe('with MP3 inside', () => {
		const mp3 = fixture('mpeg2.mp3');
		const format = formatChunk({ tag: 0x55, sampleRate: 16_000, bits: 0, blockAlign: 1 });
		const lengthOf = async (file: Uint8Array): Promise<number> => {
			const { channels, hints } = await decodeFile(file);
			expect(hints).toEqual([]);
			return channels[0].length;
		};

		test.each([mp3.length, 1_000])('in several pieces, the first of %i bytes: all of them are heard', async (at) => {
			const joined = joinBytes(mp3, mp3);
			const data = [joined.subarray(0, at), joined.subarray(at)].map((contents) => ({ id: 'data', contents }));
			expect(await lengthOf(riff([format, ...data]))).toBe(await lengthOf(joined));
		});

		test('one behind the other, also with samples between: all of them are heard', async () => {
			const file = riff([format, { id: 'data', contents: mp3 }]);
			const once = await lengthOf(file);
			expect(await lengthOf(joinBytes(file, file))).toBe(2 * once);
			expect(await lengthOf(joinBytes(file, toneWav(300, 16_000), file))).toBe(2 * once + 8_000);
		});

		test.each([
			['MPEG audio', 0x50, 'cbr.mp3'],
			['AAC', 0x1600, 'adts.aac'],
		])('so with %s', async (_, tag, file) => {
			const contents = fixture(file);
			const wrapped = riff([
				formatChunk({ tag, sampleRate: 16_000, bits: 0, blockAlign: 1 }),
				{ id: 'data', contents },
			]);
			expect(await lengthOf(wrapped)).toBe(await lengthOf(contents));
			expect(await lengthOf(joinBytes(wrapped, wrapped))).toBe(2 * (await lengthOf(contents)));
		});

		test('and nothing but its header behind it: a remark', async () => {
			const file = riff([format, { id: 'data', contents: mp3 }]);
			const empty = riff([format, { id: 'data', contents: new Uint8Array(100) }]);
			const { hints } = await decodeFile(joinBytes(file, empty));
			expect(hints).toEqual([sentenceOf({ kind: 'joined', converted: 1 })]);
		});
	});

	test('MP3 inside that is cut short has its remark', async () => {
		const mp3 = fixture('mpeg2.mp3');
		const format = formatChunk({ tag: 0x55, sampleRate: 16_000, bits: 0, blockAlign: 1 });
		const file = riff([format, { id: 'data', contents: mp3, statedSize: mp3.length + 1_000 }]);
		expect((await decodeFile(file)).hints).toEqual([sentenceOf({ kind: 'cutShort' })]);
	});
});

describe('AIFF', () => {
	const file = fixture('pcm.aiff');
	/** Where the format stands that follows the four letters. */
	const formatAt = Buffer.from(file).indexOf('COMM') + 8;

	test('whose second part has no format: the first is converted, with a remark', async () => {
		const unreadable = withBytes(file, formatAt - 8, [...Buffer.from('JUNK')]);
		const { channels, hints } = await decodeFile(joinBytes(file, unreadable));
		expect(hints).toEqual([sentenceOf({ kind: 'joined', converted: 1 })]);
		expect(channels[0]).toEqual((await decodeFile(file)).channels[0]);
	});

	test('whose second part has samples of a kind that is not read: the others are converted, with a remark', async () => {
		const { channels: once } = await decodeFile(file);
		const { channels, hints } = await decodeFile(joinBytes(file, withBytes(file, formatAt + 6, [0, 77]), file));
		expect(channels[0]).toHaveLength(2 * once[0].length);
		expect(hints).toEqual([expect.stringMatching(/left out: .*77-bit/)]);
	});
});

test.each([
	[1_000, []],
	[1_001, [sentenceOf({ kind: 'joined', converted: 1_000 })]],
	[1_010, [sentenceOf({ kind: 'joined', converted: 1_000 })]],
])('%i joined files: what is not read is said', async (count, remarks) => {
	const samples = Uint8Array.from({ length: 80 }, (_, index) => 0x10 + (index % 8));
	const word = (value: number): number[] => [0, 0, value >> 8, value & 0xff];
	const header = [...word(24), ...word(samples.length), ...word(1), ...word(8_000), ...word(1)];
	const au = joinBytes('.snd', header, samples);
	const { channels, hints } = await decodeFile(joinBytes(...new Array<Uint8Array>(count).fill(au)));
	expect(hints).toEqual(remarks);
	expect(channels[0]).toHaveLength(80 * Math.min(count, 1_000));
});

describe('MP3', () => {
	test.each(['vbr.mp3', 'mpeg2.mp3', 'shine.mp3'])('%s: the priming and padding of each are left out', async (file) => {
		const bytes = fixture(file);
		const { channels, sampleRate } = await decodeFile(bytes);
		const joined = await decodeFile(joinBytes(bytes, bytes, bytes));
		expect(joined.hints).toEqual([]);
		expect(joined.channels[0].length / sampleRate).toBeCloseTo((3 * channels[0].length) / sampleRate, 3);
	});
});

describe('WebM', () => {
	test.each([
		['known', {}],
		['unknown', { live: true }],
	])('of %s size: all of them are heard', async (_, options) => {
		const { packets } = await opusAudio([tone(300, 0.5, 24_000)]);
		const file = webmFile([packets.map((packet) => simpleBlock([packet]))], options);
		const once = await toVoiceNote(file);
		const { hints, info } = await toVoiceNote(joinBytes(file, file));
		expect(hints).toEqual([]);
		expect(info.durationSeconds).toBeCloseTo(2 * once.info.durationSeconds, 3);
	});

	test('whose second part cannot be read: the first is converted, with a remark', async () => {
		const { packets } = await opusAudio([tone(300, 0.5, 24_000)]);
		const file = webmFile([packets.map((packet) => simpleBlock([packet]))]);
		const { hints, info } = await toVoiceNote(joinBytes(file, file.subarray(0, 60)));
		expect(hints).toEqual([sentenceOf({ kind: 'joined', converted: 1 })]);
		expect(info.durationSeconds).toBeCloseTo((await toVoiceNote(file)).info.durationSeconds, 3);
	});
});

test.each([
	'aac.m4a',
	'fragmented.mp4',
	'pcm.caf',
	'alac.caf',
	'mulaw.au',
	'pcm.aiff',
	'flac.flac',
	'aac.mkv',
	'adts.aac',
])('%s, and another of its kind behind it: both are heard', async (file) => {
	const bytes = fixture(file);
	const [once, twice] = [await toVoiceNote(bytes), await toVoiceNote(joinBytes(bytes, bytes))];
	expect(twice.info.durationSeconds).toBeCloseTo(2 * once.info.durationSeconds, 2);
	expect(twice.hints).toEqual([]);
});

test('MP3 of several sample rates: all of it is heard, at the highest of them', async () => {
	const [slow, fast] = [fixture('mpeg2.mp3'), fixture('cbr.mp3')];
	const { channels, hints, sampleRate } = await decodeFile(joinBytes(slow, fast, slow));
	const [slowLength, fastLength] = [(await firstChannelOf(slow)).length, (await firstChannelOf(fast)).length];
	expect(sampleRate).toBe(44_100);
	expect(channels[0].length).toBe(2 * Math.round((slowLength * 44_100) / 16_000) + fastLength);
	expect(hints).toEqual([]);
});

async function firstChannelOf(bytes: Uint8Array): Promise<Float32Array> {
	return (await decodeFile(bytes)).channels[0];
}
