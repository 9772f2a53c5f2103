/** Uncompressed files as careless programs write them: what their headers claim, against the samples that are there. */
import { openedFile } from '../../support/pcm/openedTrack.cts';
import { toVoiceNote } from '../../../nodes/Sendblue/voiceNote/toVoiceNote';
import { aiff } from '../../../nodes/Sendblue/voiceNote/containers/aiff/readAiff';
import { bigEndian, joinBytes } from '../../support/bytes.cts';
import { decodeFile } from '../../support/formats/decodeFile.cts';
import { encodeWithSox } from '../../support/pcm/encoders.cts';
import type { ChunkOptions } from '../../support/pcm/riffFile.cts';
import { chunk, formatChunk, number, riff } from '../../support/pcm/riffFile.cts';
import { collect, expectSame, seededRandom } from '../../support/pcm/signals.cts';
import { run, soxDecode, testWithTools, withDirectory } from '../../support/pcm/tools.cts';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const RATE = 24_000;
const random = seededRandom(0x5eed);
/** Two seconds of 16 bits that look like neither text nor chunks. */
const samples = Int16Array.from({ length: 2 * RATE }, (_, i) => 9_000 * Math.sin(i / 9) + 3_000 * (random() - 0.5));
const little = new Uint8Array(samples.buffer);
const big = new Uint8Array(little).map((_, i) => little[i ^ 1]);
const pcm16 = formatChunk({ tag: 1, bits: 16, sampleRate: RATE });
const sound = (bytes = little): ChunkOptions => ({ id: 'data', contents: bytes });

/** The frames that a file is decoded to, and what is remarked. */
async function read(bytes: Uint8Array): Promise<{ frames: number; hints: string[] }> {
	const { channels, hints } = await decodeFile(bytes);
	return { frames: channels[0].length, hints };
}

const whole = { frames: samples.length, hints: [] };

/** AIFF with the chunks given, behind its description. */
function aiffFile(...chunks: Uint8Array[]): Uint8Array {
	const description = joinBytes(number(1, 2, false), number(samples.length, 4, false), number(16, 2, false), [
		...[0x40, 0x0d, 0xbb, 0x80, 0, 0, 0, 0, 0, 0],
	]);
	const body = joinBytes('AIFF', chunk({ id: 'COMM', contents: description }, false), ...chunks);
	return joinBytes('FORM', number(body.length, 4, false), body);
}
const soundChunk = (bytes: Uint8Array, statedSize?: number): Uint8Array =>
	chunk({ id: 'SSND', contents: joinBytes(new Uint8Array(8), bytes), statedSize }, false);

describe('chunks of odd size', () => {
	// A pad byte is told by the name of the chunk behind it, whatever the low byte of that chunk's size looks like.
	const sizes = Array.from({ length: 128 }, (_, i) => little.length - 2 * i);
	test.each([true, false])('are passed over for every size that follows, with a pad byte: %s', async (pad) => {
		for (const size of sizes) {
			const list = { id: 'LIST', contents: joinBytes('INFOxyzw123'), pad };
			const file = riff([pcm16, list, sound(little.subarray(0, size))]);
			expect(await read(file)).toEqual({ frames: size / 2, hints: [] });
		}
	});

	test('also in AIFF, and where a byte stands that does not belong there', async () => {
		for (const pad of [true, false]) {
			const name = chunk({ id: 'NAME', contents: joinBytes('Me!'), pad }, false);
			expect(await read(aiffFile(name, soundChunk(big)))).toEqual(whole);
		}
		const even = { id: 'LIST', contents: joinBytes('INFO') };
		const file = joinBytes(riff([pcm16, even]), [0], chunk(sound()));
		expect(await read(file)).toEqual(whole);
	});
});

describe('sizes that are none', () => {
	const stated = (dataSize: number): Uint8Array => riff([pcm16, { ...sound(), statedSize: dataSize }]);

	test.each([
		['two billion', 2_000_000_000],
		['a billion and a header', 1_000_000_044],
		['a quarter of a gigabyte', 0x1000_0000],
		['the largest number of 31 bits', 0x7fff_ffff],
		['the largest number of 32 bits', 0xffff_ffff],
		['0', 0],
		['that of the file', 44 + little.length],
		['that of the file less eight', 36 + little.length],
	])('WAV: %s', async (_, size) => {
		expect(await read(stated(size))).toEqual(whole);
	});

	test.each([
		['two billion', 2_000_000_000],
		['the largest number of 32 bits', 0xffff_ffff],
	])('AIFF: %s', async (_, size) => {
		expect(await read(aiffFile(soundChunk(big, size)))).toEqual(whole);
	});

	test.each([0, 2_000_000_000, 0xffff_ffff])('AU: %i', async (size) => {
		const header = joinBytes('.snd', ...[24, size, 3, RATE, 1].map((value) => number(value, 4, false)));
		expect(await read(joinBytes(header, big))).toEqual(whole);
	});

	test('a file that is really cut is said to be', async () => {
		const { frames, hints } = await read(riff([pcm16, sound()]).subarray(0, 44 + little.length / 2));
		expect(frames).toBe(samples.length / 2);
		expect(hints).toHaveLength(1);
	});
});

describe('audio in several pieces', () => {
	const [first, second] = [little.subarray(0, 30_000), little.subarray(30_000)];

	test('two data chunks are heard one behind the other', async () => {
		expect(await read(riff([pcm16, sound(first), sound(second)]))).toEqual(whole);
		expect(await read(riff([pcm16, sound(first), { id: 'LIST', contents: joinBytes('INFO') }, sound(second)]))).toEqual(
			whole,
		);
	});

	test('also of blocks of ADPCM', async () => {
		const blocks = new Uint8Array(256 * 40).map((_, i) => (i % 256 < 4 ? 0 : i * 7));
		const format = formatChunk({
			tag: 17,
			bits: 4,
			blockAlign: 256,
			sampleRate: RATE,
			extra: [2, 0, 505 & 255, 505 >> 8],
		});
		const [left, right] = [blocks.subarray(0, 256 * 15), blocks.subarray(256 * 15)];
		const file = riff([format, sound(left), { id: 'LIST', contents: joinBytes('INFO') }, sound(right)]);
		expect(await read(file)).toEqual(await read(riff([format, sound(blocks)])));
		expect((await read(file)).frames).toBe(505 * 40);
	});

	describe('the first of them of odd size, so that a pad byte follows', () => {
		const bytes = Uint8Array.from({ length: 32_001 }, (_, i) => 128 + 90 * Math.sin(i / 5));
		const [odd, even] = [bytes.subarray(0, 16_001), bytes.subarray(16_001)];
		const heard = { frames: bytes.length, hints: [] };
		const list = { id: 'LIST', contents: joinBytes('INFO') };

		test('WAV of 8 bits', async () => {
			const pcm8 = formatChunk({ tag: 1, bits: 8, sampleRate: 8_000 });
			expect(await read(riff([pcm8, sound(odd), sound(even)]))).toEqual(heard);
			expect(await read(riff([pcm8, sound(odd), list, sound(even)]))).toEqual(heard);
			expect(await read(riff([pcm8, { ...sound(odd), pad: false }, sound(even)]))).toEqual(heard);
		});

		test('AIFF of 8 bits', async () => {
			const file = (...between: Uint8Array[]): Uint8Array => {
				const form = aiffFile(soundChunk(odd), ...between, soundChunk(even));
				// The bits of a sample, in the description.
				form[27] = 8;
				return form;
			};
			expect(await read(file())).toEqual(heard);
			expect(await read(file(chunk(list, false)))).toEqual(heard);
		});
	});

	test('a last piece of size 0 goes on to the end of the file', async () => {
		expect(await read(riff([pcm16, sound(first), { ...sound(second), statedSize: 0 }]))).toEqual(whole);
		expect(await read(aiffFile(soundChunk(big.subarray(0, 30_000)), soundChunk(big.subarray(30_000), 0)))).toEqual(
			whole,
		);
	});

	test('a last piece that is cut short is said to be', async () => {
		const hints = [expect.stringContaining('ends 0.50 seconds early')];
		const cut = { frames: samples.length - RATE / 2, hints };
		expect(await read(riff([pcm16, sound(first), sound(second)]).subarray(0, -RATE))).toEqual(cut);
		const aiffPieces = aiffFile(soundChunk(big.subarray(0, 30_000)), soundChunk(big.subarray(30_000)));
		expect(await read(aiffPieces.subarray(0, -RATE))).toEqual(cut);
	});

	test('files of AIFF one behind the other', async () => {
		const file = aiffFile(soundChunk(big));
		expect(await read(joinBytes(file, file))).toEqual({ frames: 2 * samples.length, hints: [] });
	});

	test('a size that counts the header too', async () => {
		for (const extra of [8, 36, 44]) {
			const file = riff([pcm16, { ...sound(), statedSize: little.length + extra }]);
			expect(await read(joinBytes(file.subarray(0, 44), little))).toEqual(whole);
		}
	});

	test('two sound chunks in AIFF', async () => {
		const file = aiffFile(soundChunk(big.subarray(0, 30_000)), soundChunk(big.subarray(30_000)));
		expect(await read(file)).toEqual(whole);
	});

	test('a header that counts only the first piece', async () => {
		expect(await read(riff([pcm16, { ...sound(), statedSize: 24_000 }]))).toEqual(whole);
		expect(await read(aiffFile(soundChunk(big, 24_008)))).toEqual(whole);
	});

	test.each<[string, Uint8Array]>([
		['a tag', joinBytes('ID3', [4, 0, 0, 0, 0, 40, 0], little.subarray(0, 5_000))],
		['text', joinBytes('Recorded by a program that signs its files. '.repeat(300))],
		['zeros', new Uint8Array(20_000)],
		['a chunk', chunk({ id: 'elm1', contents: little.subarray(0, 20_000) })],
		['less than a tenth of a second', little.subarray(0, 4_000)],
	])('%s behind the audio is no more of it', async (_, rest) => {
		expect(await read(joinBytes(riff([pcm16, sound()]), rest))).toEqual(whole);
	});
});

describe('CAF', () => {
	const cafChunk = (type: string, contents: Uint8Array, size = contents.length): Uint8Array =>
		joinBytes(type, bigEndian(size, 8), contents);
	const description = (): Uint8Array => {
		const view = new DataView(new ArrayBuffer(32));
		view.setFloat64(0, RATE);
		[0x6c70636d, 0, 2, 1, 1, 16].forEach((value, i) => view.setUint32(8 + 4 * i, value));
		return new Uint8Array(view.buffer);
	};
	const head = joinBytes('caff', [0, 1, 0, 0], cafChunk('desc', description()), cafChunk('free', new Uint8Array(100)));
	const edits = new Uint8Array(4);

	test('as sox writes it to a pipe: empty data, the header again, the samples, the header once more', async () => {
		const empty = joinBytes(head, cafChunk('data', edits));
		const last = joinBytes(head, cafChunk('data', edits, 4 + big.length));
		expect(await read(joinBytes(empty, empty, big, last))).toEqual(whole);
		expect(await read(joinBytes(empty, empty, big))).toEqual(whole);
	});

	test.each([-1, 2_000_000_000])('a data size of %i', async (size) => {
		expect(await read(joinBytes(head, cafChunk('data', joinBytes(edits, big), size)))).toEqual(whole);
	});

	test('a size that counts only the first piece', async () => {
		expect(await read(joinBytes(head, cafChunk('data', joinBytes(edits, big), 24_004)))).toEqual(whole);
	});

	test('a file that is really cut is said to be', async () => {
		const file = joinBytes(head, cafChunk('data', joinBytes(edits, big)));
		expect((await read(file.subarray(0, file.length / 2))).hints).toHaveLength(1);
	});
});

describe('GSM 6.10', () => {
	testWithTools(['sox'], 'in AIFF-C, as sox decodes its frames', () =>
		withDirectory(async (directory) => {
			const wav = encodeWithSox(directory, 'wav', { channels: 1, sampleRate: 8_000, options: [] });
			const gsm = join(directory, 'frames.gsm');
			run('sox', [wav, gsm]);
			const frames = new Uint8Array(readFileSync(gsm));
			const count = (frames.length / 33) * 160;
			const common = joinBytes(number(1, 2, false), number(count, 4, false), number(16, 2, false), [
				...[0x40, 0x0b, 0xfa, 0, 0, 0, 0, 0, 0, 0],
				...Buffer.from('GSM \x08GSM 6.10\0', 'latin1'),
			]);
			const chunks = [chunk({ id: 'COMM', contents: common }, false), soundChunk(frames)];
			const body = joinBytes('AIFC', ...chunks);
			const file = joinBytes('FORM', number(body.length, 4, false), body);
			expectSame(await collect((await openedFile(aiff, file)).source), soxDecode(gsm, 1));
		}),
	);

	testWithTools(['sox'], 'with frames that no encoder writes, which saturate everywhere', () =>
		withDirectory(async (directory) => {
			const noise = Uint8Array.from({ length: 33 * 200 }, (_, i) =>
				i % 33 === 0 ? 0xd0 | (random() * 16) : random() * 256,
			);
			const gsm = join(directory, 'noise.gsm');
			writeFileSync(gsm, noise);
			const common = joinBytes(number(1, 2, false), number(32_000, 4, false), number(0, 2, false), [
				...[0x40, 0x0b, 0xfa, 0, 0, 0, 0, 0, 0, 0],
				...Buffer.from('agsm\0\0', 'latin1'),
			]);
			const body = joinBytes('AIFC', chunk({ id: 'COMM', contents: common }, false), soundChunk(noise));
			const file = joinBytes('FORM', number(body.length, 4, false), body);
			expectSame(await collect((await openedFile(aiff, file)).source), soxDecode(gsm, 1));
		}),
	);

	test('a voice note is made of it', async () => {
		const frames = new Uint8Array(65 * 100);
		const gsm = formatChunk({
			tag: 0x31,
			bits: 0,
			sampleRate: 8_000,
			blockAlign: 65,
			byteRate: 1_625,
			extra: [2, 0, 64, 1],
		});
		const { info } = await toVoiceNote(riff([gsm, sound(frames)]));
		expect(info).toMatchObject({ sourceFormat: 'wav', durationSeconds: 4 });
	});
});

describe('chunks behind audio whose length is open', () => {
	const format = formatChunk({ tag: 1, sampleRate: 16_000, bits: 16 });
	const samples = new Uint8Array(32_000).map((_, i) => (i * 31) & 0x7f);
	const list = { id: 'LIST', contents: joinBytes('INFOISFT', [14, 0, 0, 0], 'Lavf60.16.100\0') };
	const signature = { id: 'C2PA', contents: new Uint8Array(3_001).map((_, i) => i * 7) };

	test.each([0, 0xffffffff, 0x7fffffff, 2_000_000_000])('are no audio: size %i', async (statedSize) => {
		const data = { id: 'data', contents: samples, statedSize };
		const plain = await decodeFile(riff([format, data]));
		expect(plain.channels[0]).toHaveLength(16_000);
		const bytes = riff([format, data, list, signature]);
		for (const file of [bytes, bytes.subarray(0, bytes.length - 1)]) {
			expect(await decodeFile(file)).toEqual(plain);
		}
	});

	test('are audio unless they end with the file', async () => {
		const data = { id: 'data', contents: samples, statedSize: 0xffffffff };
		const { channels } = await decodeFile(joinBytes(riff([format, data, list]), new Uint8Array(600)));
		expect(channels[0].length).toBeGreaterThan(16_000);
	});
});
