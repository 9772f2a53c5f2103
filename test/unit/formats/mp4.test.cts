/** What MP4's boxes say of which part is to be heard, and what damaged ones must not do. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { boxesIn } from '../../../nodes/Sendblue/voiceNote/containers/mp4/boxes';
import { fragmentsInOrder } from '../../../nodes/Sendblue/voiceNote/containers/mp4/fragmentOrder';
import { fragmentRuns } from '../../../nodes/Sendblue/voiceNote/containers/mp4/fragments';
import { readDecoderConfig } from '../../../nodes/Sendblue/voiceNote/containers/mp4/sampleEntry';
import { claimsOf, readEdits } from '../../../nodes/Sendblue/voiceNote/containers/mp4/editList';
import { withIndexFirst } from '../../../nodes/Sendblue/voiceNote/containers/mp4/indexFirst';
import { readMp4 } from '../../../nodes/Sendblue/voiceNote/containers/mp4/readMp4';
import { bigEndian, hex, joinBytes, latin1 } from '../../support/bytes.cts';
import { audioData, cafOf, cafChunk, description, packetTable } from '../../support/core/cafFile.cts';
import { sentenceOf } from '../../../nodes/Sendblue/voiceNote/pipeline/remarks';
import { pickFrames } from '../../../nodes/Sendblue/voiceNote/pcm/trimFrames';
import { voiceNoteErrorOf } from '../../support/core/thrown.cts';
import { decodeFile } from '../../support/formats/decodeFile.cts';

/** Of the core. */
const SBR_DELAY_SAMPLES = 481;

const fixture = (file: string): Uint8Array =>
	new Uint8Array(readFileSync(join(__dirname, '../../fixtures/formats', file)));
const box = (type: string, ...contents: Array<Uint8Array | number[] | string>): Uint8Array => {
	const bytes = joinBytes(...contents);
	return joinBytes(bigEndian(bytes.length + 8, 4), type, bytes);
};
const uint32 = (...values: number[]): Uint8Array => joinBytes(...values.map((value) => bigEndian(value, 4)));

/** The contents of a box that is in a file once. */
function contents(bytes: Uint8Array, type: string): number {
	const at = Buffer.from(bytes).indexOf(type, 0, 'latin1');
	if (at < 0) throw new Error(`There is no ${type}`);
	return at + 4;
}

/** A file with the fields of its only edit replaced: duration in movie units, start in units of the track. */
function withEdit(file: string, duration: number, start: number): Uint8Array {
	const bytes = fixture(file);
	bytes.set(uint32(duration, start), contents(bytes, 'elst') + 8);
	return bytes;
}

/** A file with boxes put at the end of its `moov`, which must be the file's last box. */
function withMovieBox(file: string, added: Uint8Array): Uint8Array {
	const bytes = fixture(file);
	const moov = [...boxesIn(bytes, 0, bytes.length)].find(({ type }) => type === 'moov');
	if (!moov || moov.end !== bytes.length) throw new Error('moov is not last');
	const grown = joinBytes(bytes, added);
	grown.set(uint32(moov.end - moov.start + 8 + added.length), moov.start - 8);
	return grown;
}

const gaplessTag = (text: string): Uint8Array => {
	const tag = box(
		'----',
		box('mean', uint32(0), 'com.apple.iTunes'),
		box('name', uint32(0), 'iTunSMPB'),
		box('data', uint32(1, 0), text),
	);
	return box('udta', box('meta', uint32(0), box('ilst', tag)));
};

describe('edit lists', () => {
	test('the start and the end are honoured to the sample', async () => {
		const whole = (await decodeFile(fixture('aac.m4a'))).channels[0];
		const cut = (await decodeFile(withEdit('aac.m4a', 200, 1_024 + 4_410))).channels[0];
		expect(cut).toEqual(whole.subarray(4_410, 4_410 + 8_820));
	});

	test('a duration of 0 stands for the rest', async () => {
		const { channels } = await decodeFile(withEdit('aac.m4a', 0, 1_024));
		expect(channels[0].length).toBe(22_050);
	});

	test('a movie time scale of milliseconds does not cost the last samples', async () => {
		// 499 ms are one unit less than the 22,050 samples that are there.
		expect((await decodeFile(withEdit('aac.m4a', 499, 1_024))).channels[0].length).toBe(22_050);
		expect((await decodeFile(withEdit('aac.m4a', 490, 1_024))).channels[0].length).toBe(21_609);
	});

	test('an edit that starts behind the end would leave nothing, and is not believed', async () => {
		const whole = await decodeFile(withEdit('aac.m4a', 0, 0));
		expect(await decodeFile(withEdit('aac.m4a', 500, 1_000_000))).toEqual(whole);
	});
});

describe('several edits', () => {
	const times = { timeScale: 24_000, movieTimeScale: 1_000, mediaDuration: 240_000 };

	test('are heard in their order, and repeats are', () => {
		const edits = [
			{ start: 120_000, duration: 2_000 },
			{ start: 24_000, duration: 1_000 },
			{ start: 24_000, duration: 1_000 },
		];
		expect(claimsOf({ ...times, edits }, 10, 24_000).parts).toEqual([
			{ skipSeconds: 5, keepSeconds: 2 },
			{ skipSeconds: 1, keepSeconds: 1 },
			{ skipSeconds: 1, keepSeconds: 1 },
		]);
	});

	test('that go on where the one before ends are one', () => {
		const edits = [
			{ start: 24_000, duration: 1_000 },
			{ start: 48_000, duration: 3_000 },
		];
		expect(claimsOf({ ...times, edits }, 10, 24_000)).toEqual({ skipSeconds: 1, keepSeconds: 4 });
	});

	test('that begin behind the end are not believed', () => {
		const edits = [{ start: 240_000, duration: 2_000 }];
		expect(claimsOf({ ...times, edits }, 10, 24_000)).toEqual({ skipSeconds: 0, keepSeconds: 10 });
		const part = { start: 24_000, duration: 1_000 };
		expect(claimsOf({ ...times, edits: [...edits, part] }, 10, 24_000)).toEqual({ skipSeconds: 1, keepSeconds: 1 });
	});

	test.each([
		['twice', 0x20000, 2_000],
		['half', 0x8000, 500],
		['no', 0, 1_000],
	])('at %s the speed keep what they play, at its own speed', (_, rate, duration) => {
		const trak = box('edts', box('elst', uint32(0, 1, 1_000, 24_000, rate)));
		const place = { type: 'trak', start: 0, end: trak.length, truncated: false };
		expect(readEdits(trak, place)).toEqual([{ start: 24_000, duration }]);
	});

	test('are cut out of a stream that is opened again for what lies before', async () => {
		const open = async function* (): AsyncGenerator<Float32Array[]> {
			for (let first = 0; first < 100; first += 10) yield [Float32Array.from({ length: 10 }, (_, i) => first + i)];
		};
		const heard: number[] = [];
		const parts = [
			{ skip: 95, keep: 3 },
			{ skip: 8, keep: 4 },
			{ skip: 12, keep: 1 },
			{ skip: 12, keep: 2 },
		];
		for await (const [samples] of pickFrames(open, parts)) heard.push(...samples);
		expect(heard).toEqual([95, 96, 97, 8, 9, 10, 11, 12, 12, 13]);
	});

	test('give an empty block for each one outside of them, so that the caller can pause', async () => {
		const open = async function* (): AsyncGenerator<Float32Array[]> {
			for (let block = 0; block < 20; block++) yield [new Float32Array(10)];
		};
		const lengths: number[] = [];
		const parts = [
			{ skip: 50, keep: 10 },
			{ skip: 105, keep: 10 },
		];
		for await (const [samples] of pickFrames(open, parts)) lengths.push(samples.length);
		expect(lengths).toEqual([0, 0, 0, 0, 0, 10, 0, 0, 0, 0, 5, 5]);
	});
});

describe('remarks tell what is missing of what the edits let be heard', () => {
	const PACKET_SECONDS = 1_024 / 44_100;
	const SECOND = 1_000;

	/** A file with these edits: durations in movie units, starts in units of the track. Its `moov` is its last box. */
	function withEdits(...edits: Array<[number, number]>): Uint8Array {
		const bytes = fixture('aac.m4a');
		const start = contents(bytes, 'edts') - 8;
		const size = new DataView(bytes.buffer).getUint32(start);
		const list = edits.map(([duration, from]) => uint32(duration, from, 0x10000));
		const edts = box('edts', box('elst', uint32(0, edits.length), ...list));
		const file = joinBytes(bytes.subarray(0, start), edts, bytes.subarray(start + size));
		const view = new DataView(file.buffer);
		for (const type of ['moov', 'trak']) {
			const at = contents(file, type) - 8;
			view.setUint32(at, view.getUint32(at) + edts.length - size);
		}
		return file;
	}

	/** Makes packets of a file undecodable, counted from 0. */
	function damaged(file: Uint8Array, ...packets: number[]): Uint8Array {
		let count = 0;
		for (const { offset, count: samples, sizeOf } of readMp4(file).audioTracks[0].runs()) {
			let at = offset;
			for (let index = 0; index < samples; index++) {
				if (packets.includes(count++)) file.fill(0xff, at, at + sizeOf(index));
				at += sizeOf(index);
			}
		}
		return file;
	}

	const hintsOf = async (file: Uint8Array): Promise<string[]> => (await decodeFile(file)).hints;
	const inPackets = (count: number): number => count * 1_024;
	const all: [number, number] = [SECOND / 2, 1_024];
	const damage = (seconds: number): string => sentenceOf({ kind: 'damaged', seconds });

	test('damage that is heard', async () => {
		expect(await hintsOf(damaged(withEdits(all), 5, 6, 10))).toEqual([damage(3 * PACKET_SECONDS)]);
	});

	test('damage before and after what is heard, and in the priming', async () => {
		expect(await hintsOf(damaged(withEdits([100, inPackets(8)]), 2, 3, 18))).toEqual([]);
		expect(await hintsOf(damaged(withEdits(all), 0))).toEqual([]);
	});

	test('damage in one of several edits, out of order, and of one that is repeated', async () => {
		const late: [number, number] = [100, inPackets(14)];
		const early: [number, number] = [100, inPackets(4)];
		expect(await hintsOf(damaged(withEdits(late, early), 2, 10, 11, 12))).toEqual([]);
		expect(await hintsOf(damaged(withEdits(late, early), 2, 6, 11))).toEqual([damage(PACKET_SECONDS)]);
		expect(await hintsOf(damaged(withEdits(early, late, early), 6, 11))).toEqual([damage(2 * PACKET_SECONDS)]);
	});

	test('an end that is missing', async () => {
		const file = withIndexFirst(withEdits([200, 1_024]));
		const cut = file.subarray(0, file.length - 1_000);
		expect(await hintsOf(withIndexFirst(withEdits(all)).subarray(0, file.length - 1_000))).toHaveLength(1);
		expect(await hintsOf(cut)).toEqual([]);
	});
});

describe('times that contradict the samples', () => {
	const times = { movieTimeScale: 1_000, edits: [{ start: 1_024, duration: 8_000 }] };

	test('a time scale twice the rate', () => {
		const claims = claimsOf({ ...times, timeScale: 48_000, mediaDuration: 194_560 }, 194_560 / 24_000, 24_000);
		expect(claims.skipSeconds).toBeCloseTo(1_024 / 24_000, 9);
		expect(claims.keepSeconds).toBe(8);
	});

	test('durations of half the samples', () => {
		const claims = claimsOf({ ...times, timeScale: 24_000, mediaDuration: 97_280 }, 194_560 / 24_000, 24_000);
		expect(claims).toEqual({ skipSeconds: 1_024 / 24_000, keepSeconds: 8 });
	});
});

describe('where the samples lie', () => {
	test('offsets that all miss by the same are put right if the samples fill the data', async () => {
		const file = fixture('aac.m4a');
		const at = contents(file, 'stco') + 8;
		const view = new DataView(file.buffer);
		const count = view.getUint32(at - 4);
		for (let index = 0; index < count; index++) view.setUint32(at + 4 * index, view.getUint32(at + 4 * index) + 100);
		expect((await decodeFile(file)).channels).toEqual((await decodeFile(fixture('aac.m4a'))).channels);
	});

	test('an index that is moved to the front finds them', async () => {
		const file = fixture('aac.m4a');
		const moved = withIndexFirst(file);
		expect([...boxesIn(moved, 0, moved.length)].map(({ type }) => type).indexOf('moov')).toBe(1);
		expect((await decodeFile(moved)).channels).toEqual((await decodeFile(file)).channels);
	});

	test('bytes behind the last box, and data that claim too much, are no early end', async () => {
		expect((await decodeFile(joinBytes(fixture('aac.m4a'), latin1('<!-- cached -->')))).hints).toEqual([]);
		const moved = withIndexFirst(fixture('aac.m4a'));
		const mdat = contents(moved, 'mdat') - 8;
		moved.set(uint32(new DataView(moved.buffer).getUint32(mdat) + 100_000), mdat);
		expect((await decodeFile(moved)).hints).toEqual([]);
	});

	test('a segment without its beginning is called that', async () => {
		const segment = joinBytes(box('styp', 'msdh'), box('moof', box('mfhd', uint32(0, 1))), box('mdat', [1, 2, 3]));
		expect((await voiceNoteErrorOf(() => decodeFile(segment))).message).toMatch(/its beginning.* is missing/);
	});
});

test("iTunes' gapless tag counts samples, whatever the time scale is", () => {
	const times = { timeScale: 1_000, movieTimeScale: 1_000, mediaDuration: 10_000, edits: [] };
	const gapless = { priming: 2_400, frames: 237_000 };
	expect(claimsOf({ ...times, gapless }, 10, 24_000)).toEqual({ skipSeconds: 0.1, keepSeconds: 9.875 });
	expect(claimsOf({ ...times, gapless: { priming: 100, frames: 9_875 } }, 10, 24_000)).toEqual({
		skipSeconds: 0.1,
		keepSeconds: 9.875,
	});
});

test("iTunes' gapless tag is not believed with more priming than an encoder has", () => {
	const times = { timeScale: 24_000, movieTimeScale: 1_000, mediaDuration: 240_000, edits: [] };
	const gapless = { priming: 96_000, frames: 144_000 };
	expect(claimsOf({ ...times, gapless }, 10, 24_000)).toEqual({ skipSeconds: 0, keepSeconds: 10 });
});

describe("iTunes' gapless tag", () => {
	const text = ' 00000000 00000840 000001C0 0000000000002710 00000000 00000000';

	test('goes before the edit list', async () => {
		const { channels } = await decodeFile(withMovieBox('aac.m4a', gaplessTag(text)));
		const whole = (await decodeFile(withEdit('aac.m4a', 0, 0))).channels[0];
		expect(channels[0]).toEqual(whole.subarray(2_112, 2_112 + 10_000));
	});

	test.each(['', ' zz yy xx ww', ' 00000000 00000840', ' 0 0 0 0'])('%p is passed over', async (nonsense) => {
		const { channels } = await decodeFile(withMovieBox('aac.m4a', gaplessTag(nonsense)));
		expect(channels[0].length).toBe(22_050);
	});
});

describe('Opus headers in the byte order of Ogg, as GStreamer writes them', () => {
	test('are read in that', async () => {
		const bytes = fixture('opus.mp4');
		const header = contents(bytes, 'dOps');
		const [preSkip, rate] = [bytes.slice(header + 2, header + 4), bytes.slice(header + 4, header + 8)];
		bytes.set(preSkip.reverse(), header + 2);
		bytes.set(rate.reverse(), header + 4);
		expect((await decodeFile(bytes)).channels).toEqual((await decodeFile(fixture('opus.mp4'))).channels);
	});
});

describe('damage', () => {
	test.each(['stsz', 'stsc', 'stco', 'stts'])('a count in %s that lies allocates nothing and ends', async (type) => {
		const bytes = fixture('aac.m4a');
		bytes.set(uint32(0xffff_ffff), contents(bytes, type) + (type === 'stsz' ? 8 : 4));
		const { channels } = await decodeFile(bytes);
		expect(channels[0].length).toBeLessThanOrEqual(23_552);
	});

	test('a size that all samples share, and more samples than the file has bytes', async () => {
		const bytes = fixture('pcm.mov');
		bytes.set(uint32(2, 0xffff_ffff), contents(bytes, 'stsz') + 4);
		bytes.set(uint32(1, 0xffff_ffff), contents(bytes, 'stsc') + 8);
		const { channels, hints } = await decodeFile(bytes);
		expect(channels[0].length).toBe(3_200);
		expect(hints).toEqual([]);
	});

	test('chunks that lie behind the end of the file', async () => {
		const bytes = fixture('alac.m4a');
		bytes.set(uint32(0x7fff_0000), contents(bytes, 'stco') + 8);
		const { channels, hints } = await decodeFile(bytes);
		expect(channels[0].length).toBe(0);
		expect(hints).toHaveLength(1);
	});

	test('an index without a description of its audio', async () => {
		const bytes = latin1(Buffer.from(fixture('aac.m4a')).toString('latin1').replace('stsd', 'free'));
		expect(await voiceNoteErrorOf(() => readMp4(bytes))).toMatchObject({ code: 'corrupt' });
	});

	test('set-up data that are missing', async () => {
		const bytes = latin1(Buffer.from(fixture('aac.m4a')).toString('latin1').replace('esds', 'free'));
		const error = await voiceNoteErrorOf(() => decodeFile(bytes));
		expect(error.message).toBe('The MP4 file is damaged: the data that its codec needs first (esds) is missing');
	});

	test('boxes smaller than their header end the walk', () => {
		expect([...boxesIn(joinBytes(uint32(4), 'free', uint32(0)), 0, 12)]).toEqual([]);
		expect([...boxesIn(joinBytes(uint32(1), 'mdat', uint32(0, 3)), 0, 16)]).toEqual([]);
	});
});

describe('runs of a fragment', () => {
	const box = (type: string, ...contents: Array<Uint8Array | string>): Uint8Array => {
		const inside = joinBytes(...contents);
		return joinBytes(uint32(8 + inside.length), type, inside);
	};
	/** `tfhd` with a size for samples that state none; then what the runs say. */
	const fragment = (...runs: Uint8Array[]): Uint8Array =>
		joinBytes(box('moov'), box('moof', box('traf', box('tfhd', uint32(0x10, 1, 700)), ...runs)), new Uint8Array(9_000));
	const runsOf = (bytes: Uint8Array) => {
		const [moov] = boxesIn(bytes, 0, bytes.length);
		return [...fragmentRuns(bytes, moov, 1)].map(({ offset, count, sizeOf }) => [offset, count, sizeOf(count - 1)]);
	};

	test('follow each other where they do not say where they are', () => {
		// The moof begins at 8. Flags: 1, an offset; 0x200, the size of each sample.
		const placed = box('trun', uint32(0x201, 2, 100, 30, 40));
		const sized = box('trun', uint32(0x200, 2, 50, 60));
		const plain = box('trun', uint32(0, 3));
		expect(runsOf(fragment(placed, plain, sized, plain))).toEqual([
			[108, 2, 40],
			[178, 3, 700],
			[2_278, 2, 60],
			[2_388, 3, 700],
		]);
	});
});

describe('descriptors', () => {
	test('with long and short sizes, and optional fields', () => {
		const info = hex('05 80 80 80 02 12 10');
		const config = joinBytes(hex('04 14 40 15 000000 00000000 00000000'), info);
		const stream = (flags: string): Uint8Array => {
			const body = joinBytes(hex(`0001 ${flags}`), config, hex('06 01 02'));
			return joinBytes([0x03, 0x80, 0x80, 0x80, body.length], body);
		};
		for (const flags of ['00', '80 0000', '40 02 6162', '20 0000', 'e0 0000 01 61 0000']) {
			expect(readDecoderConfig(stream(flags))).toEqual({ objectType: 0x40, specificInfo: hex('12 10') });
		}
	});

	test.each(['', '03', '03 80', '03 05 0001 00 04', '03 ff ff ff ff 0000 00 04 01 40'])('%p is none', (bytes) => {
		expect(readDecoderConfig(hex(bytes))).toBeUndefined();
	});
});

describe('AAC in CAF', () => {
	/** The AAC packets of the M4A fixture and what goes with them. */
	function cafOfAac(cookie: (specificInfo: Uint8Array) => Uint8Array): Uint8Array {
		const bytes = fixture('aac.m4a');
		const esds = contents(bytes, 'esds') + 4;
		const specificInfo = readDecoderConfig(bytes.subarray(esds))?.specificInfo ?? new Uint8Array(0);
		const [track] = readMp4(bytes).audioTracks;
		const packets: Uint8Array[] = [];
		for (const { offset, count, sizeOf } of track.runs()) {
			let position = offset;
			for (let i = 0; i < count; i++) {
				packets.push(bytes.slice(position, position + sizeOf(i)));
				position += sizeOf(i);
			}
		}
		const remainderFrames = packets.length * 1_024 - 1_024 - 22_050;
		return cafOf(
			description({ sampleRate: 44_100, formatId: 'aac ', framesPerPacket: 1_024 }),
			cafChunk('kuki', cookie(specificInfo)),
			packetTable({
				validFrames: 22_050,
				primingFrames: 1_024,
				remainderFrames,
				table: packets.map(({ length }) => length),
			}),
			audioData(packets),
		);
	}

	test('with an elementary stream descriptor as its cookie, priming and remainder dropped', async () => {
		const wrapped = (info: Uint8Array): Uint8Array => {
			const config = joinBytes(
				[0x04, 13 + 2 + info.length],
				hex('40 15 000000 00000000 00000000'),
				[0x05, info.length],
				info,
			);
			return joinBytes([0x03, 3 + config.length], hex('0000 00'), config);
		};
		const decoded = await decodeFile(cafOfAac(wrapped));
		expect(decoded.sourceFormat).toBe('caf/aac');
		expect(decoded.channels).toEqual((await decodeFile(fixture('aac.m4a'))).channels);
	});

	test('with a bare AudioSpecificConfig', async () => {
		const decoded = await decodeFile(cafOfAac((info) => info));
		expect(decoded.channels).toEqual((await decodeFile(fixture('aac.m4a'))).channels);
	});

	test('without a cookie it cannot be read', async () => {
		const bytes = latin1(
			Buffer.from(cafOfAac((info) => info))
				.toString('latin1')
				.replace('kuki', 'free'),
		);
		expect((await voiceNoteErrorOf(() => decodeFile(bytes))).message).toContain(
			'the data that its codec needs first is missing',
		);
	});

	test('the core of HE-AAC is decoded at its own rate', async () => {
		// Object type 5 (SBR) to 88.2 kHz over AAC-LC at 44.1 kHz: 00101 0100 0001 0001 00010 000.
		const decoded = await decodeFile(cafOfAac(() => hex('2a 08 88 00')));
		expect(decoded.sampleRate).toBe(44_100);
		// Its priming counts the delay of the part of HE-AAC that is not decoded: the core's sound begins that much before.
		const [whole] = (await decodeFile(fixture('aac.m4a'))).channels;
		expect(decoded.channels[0].subarray(SBR_DELAY_SAMPLES)).toEqual(whole.subarray(0, -SBR_DELAY_SAMPLES));
	});
});

describe('fragments', () => {
	const file = fixture('fragmented.mp4');
	const boxes = [...boxesIn(file, 0, file.length)].map(({ type, start, end }) => ({
		type,
		bytes: file.subarray(start - 8, end),
	}));
	const head = boxes.filter(({ type }) => type === 'ftyp' || type === 'moov').map(({ bytes }) => bytes);
	const pieces = boxes.flatMap(({ type, bytes }, index) =>
		type === 'moof' ? [joinBytes(bytes, boxes[index + 1].bytes)] : [],
	);
	const decode = async (order: readonly number[]) =>
		await decodeFile(joinBytes(...head, ...order.map((i) => pieces[i])));
	const all = pieces.map((_, index) => index);

	test('that come twice or were swapped are heard once and in their order', async () => {
		expect(pieces).toHaveLength(3);
		const whole = await decode(all);
		expect(whole.hints).toEqual([]);
		expect(await decode([0, 1, 1, 2])).toEqual(whole);
		expect(await decode([0, 2, 1])).toEqual(whole);
		expect(await decode([...all, ...all.slice(-2)])).toEqual(whole);
	});

	describe('that look alike, as those of uncompressed audio do,', () => {
		const fragment = (number: number, data: number): Uint8Array =>
			joinBytes(
				box('moof', box('mfhd', uint32(0, number)), box('traf', box('tfhd', uint32(0, 1)))),
				box(
					'mdat',
					Array.from({ length: 8 }, () => data),
				),
			);
		const heard = (...fragments: Uint8Array[]): number => fragmentsInOrder(joinBytes(...fragments), 1).length;

		test('are all heard if nothing numbers them', () => {
			expect(heard(fragment(0, 1), fragment(0, 2), fragment(0, 3))).toBe(3);
			expect(heard(fragment(0, 0), fragment(0, 0), fragment(0, 3))).toBe(3);
		});

		test('are heard once only if they hold the same audio', () => {
			expect(heard(fragment(1, 1), fragment(2, 1), fragment(2, 1))).toBe(2);
			expect(heard(fragment(1, 1), fragment(2, 1), fragment(2, 7))).toBe(3);
		});
	});

	test('that are lost are told in seconds', async () => {
		const [whole, left] = [await decode(all), await decode(all.filter((index) => index !== 1))];
		const seconds = (whole.channels[0].length - left.channels[0].length) / whole.sampleRate;
		expect(seconds).toBeGreaterThan(0.05);
		expect(left.hints).toEqual([sentenceOf({ kind: 'damaged', seconds })]);
	});
});
