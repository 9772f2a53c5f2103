import { readFileSync } from 'node:fs';
import { aiff as aiffContainer, isAiff, readAiff } from '../../../nodes/Sendblue/voiceNote/containers/aiff/readAiff';
import { au as auContainer, isAu } from '../../../nodes/Sendblue/voiceNote/containers/au/readAu';
import { VoiceNoteError } from '../../../nodes/Sendblue/voiceNote/errors';
import { voiceNoteErrorOf } from '../../support/core/thrown.cts';
import type { Encoding } from '../../support/pcm/encoders.cjs';
import type { ChunkOptions } from '../../support/pcm/riffFile.cjs';
import { openedFile } from '../../support/pcm/openedTrack.cts';

import { chunk, number } from '../../support/pcm/riffFile.cts';
import { joinBytes } from '../../support/bytes.cts';
import { collect, expectSame, mutate, seededRandom } from '../../support/pcm/signals.cts';
import { testWithTools, withDirectory, ffmpegDecode } from '../../support/pcm/tools.cts';
import { encodeWithFfmpeg, encodeWithSox } from '../../support/pcm/encoders.cts';

const big = (value: number, bytes: 1 | 2 | 4) => number(value, bytes, false);

/** 44100 Hz as an 80-bit extended number. */
const RATE_44100 = [0x40, 0x0e, 0xac, 0x44, 0, 0, 0, 0, 0, 0];
/** 8000 Hz. */
const RATE_8000 = [0x40, 0x0b, 0xfa, 0, 0, 0, 0, 0, 0, 0];

interface Common {
	channels?: number;
	frames: number;
	bits: number;
	rate?: number[];
	compression?: string;
}

function common({ channels = 1, frames, bits, rate = RATE_44100, compression }: Common): ChunkOptions {
	const name = compression === undefined ? [] : joinBytes(compression, [4], 'name', [0]);
	return { id: 'COMM', contents: joinBytes(big(channels, 2), big(frames, 4), big(bits, 2), rate, name) };
}

function sound(samples: number[], offset = 0): ChunkOptions {
	return { id: 'SSND', contents: joinBytes(big(offset, 4), big(0, 4), new Uint8Array(offset), samples) };
}

function aiff(chunks: ChunkOptions[], form = 'AIFF'): Uint8Array {
	const body = joinBytes(form, ...chunks.map((part) => chunk(part, false)));
	return joinBytes('FORM', big(body.length, 4), body);
}

const samples16 = [0x40, 0x00, 0xc0, 0x00, 0x20, 0x00, 0x80, 0x00];
const common16 = common({ frames: 4, bits: 16 });

async function samplesOf(file: Uint8Array): Promise<number[]> {
	return [...(await collect((await openedFile(aiffContainer, file)).source))[0]];
}

describe('AIFF', () => {
	test('states its layout', () => {
		expect(readAiff(aiff([common16, sound(samples16)]))).toEqual({
			furtherPieces: [],
			coding: {
				kind: 'samples',
				sampleFormat: { encoding: 'int', bits: 16, littleEndian: false, bytesPerSample: 2 },
			},
			channels: 1,
			sampleRate: 44100,
			dataStart: 54,
			dataLength: 8,
			truncated: false,
			statedFrames: 4,
		});
	});

	test('gives its samples, wherever they start', async () => {
		expect(await samplesOf(aiff([common16, sound(samples16)]))).toEqual([0.5, -0.5, 0.25, -1]);
		expect(await samplesOf(aiff([common16, sound(samples16, 10)]))).toEqual([0.5, -0.5, 0.25, -1]);
	});

	test('an offset that goes beyond part of the counted samples is not believed', async () => {
		const { id, contents } = sound(samples16);
		const skipping = { id, contents: joinBytes(big(4, 4), contents.subarray(4)) };
		expect(await samplesOf(aiff([common16, skipping]))).toEqual([0.5, -0.5, 0.25, -1]);
	});

	test('the format behind the audio, other chunks around it', async () => {
		const name = { id: 'NAME', contents: Uint8Array.from([65, 66, 67]) };
		expect(await samplesOf(aiff([name, sound(samples16), name, common16]))).toEqual([0.5, -0.5, 0.25, -1]);
	});

	test('8 bits are signed; 20 bits lie in the upper part of 3 bytes', async () => {
		expect(await samplesOf(aiff([common({ frames: 2, bits: 8 }), sound([0x40, 0x80])]))).toEqual([0.5, -1]);
		expect(await samplesOf(aiff([common({ frames: 1, bits: 20 }), sound([0, 0, 0x10])]))).toEqual([1 / 524288]);
	});

	test.each([
		['NONE', 16, [0x40, 0x00]],
		['twos', 16, [0x40, 0x00]],
		['sowt', 16, [0x00, 0x40]],
		['raw ', 8, [0xc0]],
		['in24', 16, [0x40, 0, 0]],
		['in32', 16, [0x40, 0, 0, 0]],
		['42ni', 16, [0, 0, 0x40]],
		['23ni', 16, [0, 0, 0, 0x40]],
		['fl32', 16, [0x3f, 0, 0, 0]],
		['FL64', 64, [0x3f, 0xe0, 0, 0, 0, 0, 0, 0]],
	])('AIFC %s', async (compression, bits, bytes) => {
		expect(await samplesOf(aiff([common({ frames: 1, bits, compression }), sound(bytes)], 'AIFC'))).toEqual([0.5]);
	});

	test('AIFC A-law and µ-law', async () => {
		const file = (compression: string, code: number) =>
			aiff([common({ frames: 1, bits: 16, rate: RATE_8000, compression }), sound([code])], 'AIFC');
		expect(await samplesOf(file('alaw', 0xd5))).toEqual([8 / 32768]);
		expect(await samplesOf(file('ULAW', 0x80))).toEqual([32124 / 32768]);
		expect(readAiff(file('ulaw', 0x80)).sampleRate).toBe(8000);
	});

	test('ima4 is trimmed to the stated frames, but not to a count of packets', async () => {
		const packets = new Array<number>(3 * 34).fill(0);
		const file = (frames: number) => aiff([common({ frames, bits: 16, compression: 'ima4' }), sound(packets)], 'AIFC');
		expect((await openedFile(aiffContainer, file(3))).frames).toBe(192);
		expect((await openedFile(aiffContainer, file(150))).frames).toBe(150);
	});

	test('a stream without sizes, and a file cut off', async () => {
		const open = { ...sound(samples16), statedSize: 0 };
		expect(readAiff(aiff([common16, open]))).toMatchObject({ dataLength: 8, truncated: false });
		const cut = aiff([common16, sound(samples16)]).subarray(0, 54 + 5);
		expect(readAiff(cut)).toMatchObject({ dataLength: 5, truncated: true });
		expect(await samplesOf(cut)).toEqual([0.5, -0.5]);
		expect(readAiff(cut.subarray(0, 50))).toMatchObject({ dataLength: 0, truncated: true });
	});

	test.each([
		['no format', aiff([sound(samples16)]), 'corrupt'],
		['no audio', aiff([common16]), 'corrupt'],
		['a short format', aiff([{ id: 'COMM', contents: new Uint8Array(17) }, sound(samples16)]), 'corrupt'],
		['no channels', aiff([common({ frames: 4, bits: 16, channels: 0 }), sound(samples16)]), 'corrupt'],
		['no rate', aiff([common({ frames: 4, bits: 16, rate: new Array(10).fill(0) }), sound(samples16)]), 'corrupt'],
		['an endless rate', aiff([common({ frames: 4, bits: 16, rate: new Array(10).fill(0x7f) }), sound([])]), 'corrupt'],
		['0 bits', aiff([common({ frames: 4, bits: 0 }), sound(samples16)]), 'unsupported'],
		['MACE', aiff([common({ frames: 4, bits: 8, compression: 'MAC3' }), sound(samples16)], 'AIFC'), 'unsupported'],
		['a trap', aiff([common({ frames: 4, bits: 8, compression: '__pr' }), sound(samples16)], 'AIFC'), 'unsupported'],
		['another form', aiff([common16], '8SVX'), 'notAudio'],
	])('%s', async (_, file, code) => {
		const error = await voiceNoteErrorOf(() => openedFile(aiffContainer, file));
		expect(error.code).toBe(code);
	});

	test('is recognised by its bytes', () => {
		expect(isAiff(aiff([common16]))).toBe(true);
		expect(isAiff(aiff([common16], 'AIFC'))).toBe(true);
		expect(isAiff(aiff([common16], '8SVX'))).toBe(false);
	});
});

describe('AU', () => {
	const au = (encoding: number, size: number, contents: number[], offset = 28) =>
		joinBytes(
			'.snd',
			big(offset, 4),
			big(size, 4),
			big(encoding, 4),
			big(8000, 4),
			big(1, 4),
			new Uint8Array(offset - 24),
			contents,
		);

	test.each([
		[1, [0x80], 32124 / 32768],
		[2, [0x40], 0.5],
		[3, [0x40, 0x00], 0.5],
		[4, [0x40, 0, 0], 0.5],
		[5, [0x40, 0, 0, 0], 0.5],
		[6, [0x3f, 0, 0, 0], 0.5],
		[7, [0x3f, 0xe0, 0, 0, 0, 0, 0, 0], 0.5],
		[27, [0xd5], 8 / 32768],
	])('encoding %i', async (encoding, bytes, expected) => {
		const opened = await openedFile(auContainer, au(encoding, bytes.length, bytes));
		expect(opened).toMatchObject({ sourceFormat: 'au', frames: 1, truncated: false });
		expect([...(await collect(opened.source))[0]]).toEqual([expected]);
	});

	test('an unknown size reaches to the end, a larger one is truncated', async () => {
		expect(await openedFile(auContainer, au(1, 0xffffffff, [1, 2, 3]))).toMatchObject({ frames: 3, truncated: false });
		expect(await openedFile(auContainer, au(1, 4, [1, 2, 3]))).toMatchObject({ frames: 3, truncated: true });
	});

	test('what cannot be read is refused', async () => {
		expect(isAu(au(1, 0, []))).toBe(true);
		const unknown = openedFile(auContainer, au(23, 1, [0]));
		await expect(unknown).rejects.toMatchObject({ code: 'unsupported' });
		const cut = openedFile(auContainer, au(1, 1, [0]).subarray(0, 20));
		await expect(cut).rejects.toMatchObject({ code: 'corrupt' });
	});
});

test('2000 mutated files give audio or a typed error', async () => {
	const random = seededRandom(0xa1ff);
	const contents = Array.from({ length: 680 }, () => Math.floor(random() * 256));
	const originals = [
		aiff([common({ frames: 340, bits: 16 }), sound(contents)]),
		aiff([common({ frames: 85, bits: 64, compression: 'fl64' }), sound(contents)], 'AIFC'),
		aiff([common({ frames: 640, bits: 16, channels: 2, compression: 'ima4' }), sound(contents)], 'AIFC'),
		joinBytes('.snd', big(24, 4), big(680, 4), big(3, 4), big(8000, 4), big(2, 4), contents),
	];
	let decoded = 0;
	for (let i = 0; i < 2000; i++) {
		const file = mutate(originals[i % originals.length], random, 70);
		try {
			const opened = await openedFile(isAu(file) ? auContainer : aiffContainer, file);
			const channels = await collect(opened.source);
			expect(channels[0].length).toBeLessThanOrEqual(opened.frames);
			decoded++;
		} catch (error) {
			if (!(error instanceof VoiceNoteError)) throw error;
		}
	}
	expect(decoded).toBeGreaterThan(200);
});

describe('as ffmpeg decodes them', () => {
	const encode = (codec: string, channels = 1, sampleRate = 44100): Encoding => ({
		channels,
		sampleRate,
		options: ['-c:a', codec],
	});
	const byFfmpeg: Array<[string, Encoding]> = [
		['aiff', encode('pcm_s8')],
		['aiff', encode('pcm_s16be', 2, 22050)],
		['aiff', encode('pcm_s16le', 2)],
		['aiff', encode('pcm_s24be', 2, 48000)],
		['aiff', encode('pcm_s32be')],
		['aiff', encode('pcm_f32be', 2)],
		['aiff', encode('pcm_f64be')],
		['aiff', encode('pcm_alaw', 1, 8000)],
		['aiff', encode('pcm_mulaw', 1, 8000)],
		['aiff', encode('adpcm_ima_qt', 1)],
		['aiff', encode('adpcm_ima_qt', 2, 22050)],
		['au', encode('pcm_s16be', 2)],
		['au', encode('pcm_mulaw', 1, 8000)],
	];
	for (const [extension, encoding] of byFfmpeg) {
		const title = `${extension} ${encoding.options[1]} of ${encoding.channels} channels by ffmpeg`;
		testWithTools(['ffmpeg'], title, () =>
			withDirectory(async (directory) => {
				const path = encodeWithFfmpeg(directory, extension, encoding);
				const file = readFileSync(path);
				const opened = await openedFile(extension === 'au' ? auContainer : aiffContainer, file);
				const decoded = await collect(opened.source);
				const reference = ffmpegDecode(path, encoding.channels);
				expect(opened.truncated).toBe(false);
				expectSame(
					decoded,
					reference.map((samples) => samples.subarray(0, decoded[0].length)),
				);
				expect(decoded[0].length).toBeGreaterThanOrEqual(Math.round(0.4 * encoding.sampleRate));
			}),
		);
	}

	const bySox: Array<[string, string[]]> = [
		['aiff', ['-b', '8']],
		['aiff', ['-b', '16']],
		['aiff', ['-b', '24']],
		['aiff', ['-b', '32']],
		['aifc', ['-b', '16']],
		['au', ['-b', '24']],
		['au', ['-e', 'floating-point', '-b', '32']],
		['au', ['-e', 'a-law']],
	];
	for (const [extension, options] of bySox) {
		testWithTools(['ffmpeg', 'sox'], `${extension} ${options.join(' ')} by sox`, () =>
			withDirectory(async (directory) => {
				const path = encodeWithSox(directory, extension, { channels: 2, sampleRate: 32000, options });
				const file = readFileSync(path);
				const opened = await openedFile(extension === 'au' ? auContainer : aiffContainer, file);
				expect(opened).toMatchObject({ frames: 12800, truncated: false });
				expectSame(await collect(opened.source), ffmpegDecode(path, 2));
			}),
		);
	}
});
