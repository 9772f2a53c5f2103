import { indexOgg, packetsOf } from '../../../nodes/Sendblue/voiceNote/containers/ogg/oggStreams';
import type { OggStream } from '../../../nodes/Sendblue/voiceNote/containers/ogg/oggStreams';
import { oggPages, pageChecksum } from '../../../nodes/Sendblue/voiceNote/containers/ogg/oggPages';
import { toVoiceNote } from '../../../nodes/Sendblue/voiceNote/toVoiceNote';
import { WorkSlices } from '../../../nodes/Sendblue/voiceNote/workSlices';
import { joinBytes, latin1, toHex, withBytes } from '../../support/bytes.cts';
import { packetsOfCaf } from '../../support/core/decodeVoiceNote.cts';
import { lacingOf, oggChecksum, oggOpusFile, oggOpusPages, oggPage } from '../../support/core/oggFile.cts';
import { opusAudio } from '../../support/core/opusAudio.cts';
import { opusHead, opusTags } from '../../support/core/opusHead.cts';
import { voiceNoteErrorOf } from '../../support/core/thrown.cts';
import { cpuNow } from '../../support/clock.cts';
import { speechLike } from '../../support/quality/index.cts';

/** A packet of 20 ms that is told from all others; its audio does not matter here. */
const packetOf = (index: number, size = 30): Uint8Array =>
	Uint8Array.from({ length: size }, (_, i) =>
		i === 0 ? 0x68 : i === 1 ? index & 0xff : i === 2 ? index >> 8 : i & 0xff,
	);
const packetsOfCount = (count: number, size = 30): Uint8Array[] =>
	Array.from({ length: count }, (_, i) => packetOf(i, size));
const asHex = (packets: Iterable<Uint8Array>): string[] => [...packets].map(toHex);

/** All pages of a file as one stream. */
function streamOf(file: Uint8Array): OggStream {
	const pages = [...oggPages(file)];
	return { codec: 'opus', start: 0, end: file.length, pages: pages.map(({ offset }) => offset) };
}

/** What the Ogg reader makes of a file of one stream, without the header packets. */
function audioPackets(file: Uint8Array): string[] {
	return [...packetsOf(file, streamOf(file))].slice(2).map(({ bytes }) => toHex(bytes));
}

describe('pages', () => {
	test.each([28, 29, 35, 36, 100, 4_000, 65_307])(
		'the checksum of %i bytes is that of the bit by bit definition',
		(size) => {
			const bytes = Uint8Array.from({ length: size }, (_, i) => (i * 131 + (i >> 8)) & 0xff);
			const expected = oggChecksum(withBytes(bytes, 22, [0, 0, 0, 0]));
			expect(pageChecksum(bytes, 0, size)).toBe(expected);
		},
	);

	test('say what the writer put there', () => {
		const body = Uint8Array.of(1, 2, 3);
		const page = oggPage({
			serial: 0xfedcba98,
			sequence: 7,
			granule: -1,
			continued: true,
			last: true,
			lacing: [2, 1],
			body,
		});
		expect([...oggPages(page)]).toEqual([
			{
				offset: 0,
				serial: 0xfedcba98,
				sequence: 7,
				continued: true,
				first: false,
				last: true,
				granulePosition: -1,
				segmentSizes: Uint8Array.of(2, 1),
				body,
			},
		]);
	});

	test('junk before, between and behind them is passed over and reported once each', () => {
		const pages = [0, 1].map((sequence) =>
			oggPage({ serial: 1, sequence, granule: 0, lacing: [1], body: Uint8Array.of(9) }),
		);
		const onDamage = jest.fn();
		const file = joinBytes('junkOggS?', pages[0], 'OggOggS', pages[1], 'rest');
		expect([...oggPages(file, onDamage)].map(({ sequence }) => sequence)).toEqual([0, 1]);
		expect(onDamage).toHaveBeenCalledTimes(3);
	});

	test('a file of nothing but lying headers is given up soon', async () => {
		const header = joinBytes('OggS', [0, 0], new Uint8Array(20), [255], new Uint8Array(255).fill(255));
		const file = joinBytes(opusPageStart(), ...Array.from({ length: 4_000 }, () => header));
		const start = cpuNow();
		await voiceNoteErrorOf(() => toVoiceNote(file));
		expect(cpuNow() - start).toBeLessThan(2_000);
	});
});

const opusPageStart = (): Uint8Array => oggOpusPages([])[0];

describe('packets', () => {
	test.each([1, 3, 50, 255])('%i to a page', (packetsPerPage) => {
		const packets = packetsOfCount(300);
		expect(audioPackets(oggOpusFile(packets, { packetsPerPage }))).toEqual(asHex(packets));
	});

	test.each([0, 1, 254, 255, 256, 509, 510, 511, 1_275])('of %i bytes', (size) => {
		const packets = [packetOf(1, size), packetOf(2, 20), packetOf(3, size)];
		expect(audioPackets(oggOpusFile(packets))).toEqual(asHex(packets));
	});

	test.each([1, 2, 3, 5])('that go on on the next page, at %i segments to a page', (segmentsPerPage) => {
		const packets = packetsOfCount(20, 700);
		expect(audioPackets(oggOpusFile(packets, { segmentsPerPage }))).toEqual(asHex(packets));
	});

	test('one whose middle is on a lost page is left out, and never joined from wrong parts', () => {
		const packets = packetsOfCount(6, 700);
		const pages = oggOpusPages(packets, { segmentsPerPage: 2, packetsPerPage: 6 });
		const whole = new Set(asHex(packets));
		// Header pages: the identification and, in two segments at most, the comments.
		const audioStart = pages.length - 9;
		for (let lost = audioStart; lost < pages.length; lost++) {
			const found = audioPackets(joinBytes(...pages.filter((_, index) => index !== lost)));
			expect(found.filter((packet) => !whole.has(packet))).toEqual([]);
			expect(found.length).toBeGreaterThanOrEqual(4);
			expect(found.length).toBeLessThan(6);
		}
	});

	test('one that begins on a page whose next page starts afresh is left out', () => {
		const first = oggPage({
			serial: 1,
			sequence: 0,
			granule: 0,
			first: true,
			lacing: [255],
			body: new Uint8Array(255),
		});
		const second = oggPage({ serial: 1, sequence: 1, granule: 0, lacing: [1], body: Uint8Array.of(7) });
		const file = joinBytes(first, second);
		const packets = [...packetsOf(file, streamOf(file))];
		expect(packets.map(({ bytes }) => [...bytes])).toEqual([[7]]);
	});
});

describe('streams', () => {
	test('are told apart by their first packet', async () => {
		const begin = (serial: number, text: string): Uint8Array =>
			oggPage({ serial, sequence: 0, granule: 0, first: true, lacing: lacingOf(text.length), body: latin1(text) });
		const file = joinBytes(
			begin(1, '\x80theora...'),
			begin(2, '\x01vorbis...'),
			begin(3, '\x7fFLAC...'),
			begin(4, 'Speex   ...'),
			begin(5, 'fishead\0'),
			begin(6, toLatin1(opusHead())),
		);
		const { streams } = await indexOgg(file, new WorkSlices());
		expect(streams.map(({ codec }) => codec)).toEqual(['theora', 'vorbis', 'flac', 'speex', 'other', 'opus']);
	});

	test('of which a run of pages is written again are heard once', async () => {
		const pages = oggOpusPages(packetsOfCount(500));
		const again = Math.floor(pages.length / 2);
		const file = joinBytes(...pages.slice(0, again), ...pages.slice(again - 3, again), ...pages.slice(again));
		expect(again).toBeGreaterThan(5);
		expect(audioPackets(file)).toEqual(audioPackets(joinBytes(...pages)));
	});

	test.each([1, 3])('of which two pages are swapped, %i apart, are heard in their order', async (apart) => {
		const pages = oggOpusPages(packetsOfCount(500));
		const whole = await convert(joinBytes(...pages));
		for (const at of [3, pages.length - 1 - apart]) {
			const swapped = [...pages];
			[swapped[at], swapped[at + apart]] = [swapped[at + apart], swapped[at]];
			expect(audioPackets(joinBytes(...swapped))).toEqual(audioPackets(joinBytes(...pages)));
			expect(await convert(joinBytes(...swapped))).toMatchObject({ frames: whole.frames, hints: [] });
		}
	});

	test('whose numbers alone are swapped are left as they are', async () => {
		const pages = oggOpusPages(packetsOfCount(500));
		const numbered = (page: Uint8Array, sequence: number): Uint8Array => {
			const lacing = [...page.subarray(27, 27 + page[26])];
			const granule = new DataView(page.buffer, page.byteOffset).getBigInt64(6, true);
			return oggPage({ serial: 0x1234, sequence, granule, lacing, body: page.subarray(27 + page[26]) });
		};
		const swapped = pages.map((page, index) =>
			index === 4 || index === 5 ? numbered(page, index === 4 ? 5 : 4) : page,
		);
		expect(audioPackets(joinBytes(...swapped))).toEqual(audioPackets(joinBytes(...pages)));
	});

	test('that begin twice, or with every page, are one', async () => {
		const pages = oggOpusPages(packetsOfCount(100));
		const beginning = (page: Uint8Array, sequence: number): Uint8Array => {
			const lacing = [...page.subarray(27, 27 + page[26])];
			const granule = new DataView(page.buffer, page.byteOffset).getBigInt64(6, true);
			return oggPage({ serial: 0x1234, sequence, granule, first: true, lacing, body: page.subarray(27 + page[26]) });
		};
		for (const file of [joinBytes(pages[0], ...pages), joinBytes(...pages.map(beginning))]) {
			expect((await indexOgg(file, new WorkSlices())).streams).toHaveLength(1);
			expect(await convert(file)).toMatchObject({ frames: (96_000 - 312) / 2 });
		}
	});

	test('by the ten thousand are refused', async () => {
		const body = opusHead();
		const begin = (serial: number): Uint8Array =>
			oggPage({ serial, sequence: 0, granule: 0, first: true, lacing: [body.length], body });
		const file = joinBytes(...Array.from({ length: 10_001 }, (_, serial) => begin(serial)));
		expect(await voiceNoteErrorOf(() => toVoiceNote(file))).toMatchObject({ code: 'corrupt' });
	});

	test('without audio are refused', async () => {
		const page = oggPage({
			serial: 1,
			sequence: 0,
			granule: 0,
			first: true,
			lacing: [9],
			body: latin1('\x80theora..'),
		});
		expect(await voiceNoteErrorOf(() => toVoiceNote(page))).toMatchObject({ code: 'notAudio' });
	});
});

const toLatin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** Converts and returns what came out: facts and packets. */
async function convert(file: Uint8Array) {
	const { info, hints, bytes } = await toVoiceNote(file);
	return {
		method: info.method,
		frames: Math.round(info.durationSeconds * 24_000),
		hints,
		packets: asHex(packetsOfCaf(bytes)),
	};
}

describe('the time that is heard', () => {
	const packets = packetsOfCount(100);
	const heard = (samples48: number): number => samples48 / 2;

	test.each<[string, Parameters<typeof oggOpusFile>[1], number]>([
		['all of it, less the pre-skip', {}, 96_000 - 312],
		['cut at the end', { endGranule: 95_500 }, 95_500 - 312],
		['cut by more than a packet at the end', { endGranule: 90_000 }, 90_000 - 312],
		['from a granule position that is not zero', { startGranule: 480_000 }, 96_000 - 312],
		[
			'from a granule position that is not zero, cut at the end',
			{ startGranule: 480_000, endGranule: 575_000 },
			95_000 - 312,
		],
		['without an end mark', { endOfStream: false }, 96_000 - 312],
		['with a granule position behind the end', { endGranule: 200_000 }, 96_000 - 312],
		['with a large pre-skip', { preSkip: 3_840 }, 96_000 - 3_840],
		['on one page, cut at the end', { packetsPerPage: 100, endGranule: 90_500 }, 90_500 - 312],
	])('%s', async (_, options, samples) => {
		const result = await convert(oggOpusFile(packets, options));
		expect(result).toMatchObject({ method: 'remuxed', frames: heard(samples) });
		// Recorders leave the mark out; a file cut at the edge of a page cannot be told from theirs.
		expect(result.hints).toEqual([]);
		expect(result.packets).toEqual(asHex(packets).slice(0, result.packets.length));
		const due = Math.ceil((samples + (options?.preSkip ?? 312)) / 960);
		expect(result.packets).toHaveLength(due);
	});

	/** The pages of the file with other positions; the two of the headers stay. */
	const withPositions = (change: (granule: number, index: number, last: number) => number): Uint8Array => {
		const pages = oggOpusPages(packetsOfCount(500));
		return joinBytes(
			...pages.map((page, sequence) => {
				if (sequence < 2) return page;
				const granule = Number(new DataView(page.buffer, page.byteOffset).getBigInt64(6, true));
				const lacing = [...page.subarray(27, 27 + page[26])];
				return oggPage({
					serial: 0x1234,
					sequence,
					granule: change(granule, sequence - 2, pages.length - 3),
					lacing,
					body: page.subarray(27 + page[26]),
				});
			}),
		);
	};

	test.each<[string, (granule: number, index: number, last: number) => number]>([
		['half of the samples', (granule) => granule / 2],
		['twice the samples', (granule) => granule * 2],
		['packets', (granule) => granule / 960],
		['milliseconds', (granule) => granule / 48],
		['nothing', () => 0],
		['from the start again, after a pause', (granule, index) => (index < 5 ? granule : granule - 240_000)],
		['on after a pause', (granule, index) => (index < 5 ? granule : granule + 144_000)],
		['samples, but the last one far less', (granule, index, last) => (index === last ? 48_000 : granule)],
		['below zero', (granule) => granule - 2 ** 40],
	])('positions that count %s take nothing away', async (_, change) => {
		expect(await convert(withPositions(change))).toMatchObject({ frames: (500 * 960 - 312) / 2, hints: [] });
	});

	test('pages that go on under another serial number are heard', async () => {
		const pages = oggOpusPages(packetsOfCount(500));
		const renumbered = pages.map((page, sequence) => {
			const granule = Number(new DataView(page.buffer, page.byteOffset).getBigInt64(6, true));
			const lacing = [...page.subarray(27, 27 + page[26])];
			const serial = sequence < 6 ? 0x1234 : 0x77;
			return oggPage({ serial, sequence, granule, first: sequence === 0, lacing, body: page.subarray(27 + page[26]) });
		});
		expect(await convert(joinBytes(...renumbered))).toMatchObject({ frames: (500 * 960 - 312) / 2, hints: [] });
	});

	test('a file whose checksums are all wrong is read, and a remark says so', async () => {
		const unchecked = oggOpusPages(packetsOfCount(100)).map((page) => withBytes(page, 22, [0, 0, 0, 0]));
		const { frames, hints } = await convert(joinBytes(...unchecked));
		expect(frames).toBe((100 * 960 - 312) / 2);
		expect(hints).toEqual([expect.stringContaining('checksums')]);
	});

	test('pages that are lost are told in seconds', async () => {
		const pages = oggOpusPages(packetsOfCount(500));
		const { hints } = await convert(joinBytes(...pages.filter((_, index) => index !== 6)));
		expect(hints).toEqual([expect.stringMatching(/about \d\.\d+ seconds\) are damaged/)]);
	});

	test('without any granule position: all that is there', async () => {
		const pages = oggOpusPages(packets);
		const unnumbered = pages.map((page, i) => {
			if (i < 2) return page;
			const lacing = [...page.subarray(27, 27 + page[26])];
			return oggPage({ serial: 0x1234, sequence: i, granule: -1, lacing, body: page.subarray(27 + page[26]) });
		});
		expect(await convert(joinBytes(...unnumbered))).toMatchObject({ method: 'remuxed', frames: heard(96_000 - 312) });
	});

	test.each([0, 5])('with an empty page at position %i as its end', async (granule) => {
		const end = oggPage({ serial: 0x1234, sequence: 4, granule, last: true, lacing: [], body: new Uint8Array(0) });
		const file = joinBytes(oggOpusFile(packets, { endOfStream: false }), end);
		expect(await convert(file)).toMatchObject({ method: 'remuxed', frames: heard(96_000 - 312), hints: [] });
	});

	test('an odd pre-skip is rounded to the nearest frame at 24 kHz', async () => {
		expect(await convert(oggOpusFile(packets, { preSkip: 313, endGranule: 50_313 }))).toMatchObject({ frames: 25_000 });
	});

	test('a pre-skip of more than 80 ms is a cut: it is encoded, as from any container', async () => {
		expect(await convert(oggOpusFile(packets, { preSkip: 3_840 }))).toMatchObject({ method: 'remuxed' });
		const cut = await convert(oggOpusFile(packets, { preSkip: 3_842 }));
		expect(cut).toMatchObject({ method: 'encoded', frames: 48_000 - 1_921 });
	});

	test('a pre-skip longer than the audio leaves nothing', async () => {
		const error = await voiceNoteErrorOf(() => toVoiceNote(oggOpusFile(packetsOfCount(2), { preSkip: 2_000 })));
		expect(error).toMatchObject({ code: 'notAudio', message: expect.stringContaining('no sound') });
	});

	test('a file of headers alone holds no audio', async () => {
		expect(await voiceNoteErrorOf(() => toVoiceNote(oggOpusFile([])))).toMatchObject({ code: 'notAudio' });
	});
});

describe('damage', () => {
	const packets = packetsOfCount(100);
	const pages = oggOpusPages(packets, { packetsPerPage: 10 });

	test('a damaged page is passed over, with a remark', async () => {
		const damaged = pages.map((page, i) => (i === 6 ? withBytes(page, 100, [page[100] ^ 1]) : page));
		const result = await convert(joinBytes(...damaged));
		expect(result.packets).toEqual(asHex([...packets.slice(0, 40), ...packets.slice(50)]));
		expect(result.method).toBe('remuxed');
		expect(result.hints).toEqual([expect.stringContaining('are damaged')]);
	});

	test('a file cut in the middle of a page gives what is there, with a remark', async () => {
		const file = joinBytes(...pages);
		const result = await convert(file.subarray(0, file.length - 50));
		expect(result.packets).toEqual(asHex(packets.slice(0, 90)));
		expect(result.hints[0]).toContain('cut short');
		expect(result.frames).toBe((90 * 960 - 312) / 2);
	});

	test('a file that is damaged and cut has both remarks', async () => {
		const damaged = pages.slice(0, -1).map((page, i) => (i === 6 ? withBytes(page, 100, [page[100] ^ 1]) : page));
		const { hints } = await convert(joinBytes(...damaged, pages[pages.length - 1].subarray(0, 40)));
		expect(hints).toEqual([expect.stringContaining('are damaged'), expect.stringContaining('cut short')]);
	});

	test('a lost first page of audio costs its packets only', async () => {
		const result = await convert(joinBytes(...pages.filter((_, i) => i !== 2)));
		expect(result.packets).toEqual(asHex(packets.slice(10)));
	});

	test('a damaged comment header does not cost audio', async () => {
		const result = await convert(joinBytes(pages[0], withBytes(pages[1], 40, [1, 2, 3]), ...pages.slice(2)));
		expect(result.packets).toEqual(asHex(packets));
	});

	test('comments of several pages are passed over', async () => {
		expect((await convert(oggOpusFile(packets, { tagsPadding: 200_000 }))).packets).toEqual(asHex(packets));
	});

	test('a damaged identification header ends the conversion', async () => {
		const file = joinBytes(withBytes(pages[0], 30, [0]), ...pages.slice(1));
		expect(await voiceNoteErrorOf(() => toVoiceNote(file))).toMatchObject({
			code: 'corrupt',
			message: expect.stringContaining('its beginning, which describes what it holds, is missing') as string,
		});
	});

	test.each<[string, Parameters<typeof opusHead>[0]]>([
		['an unknown version', { version: 0x11 }],
		['no channels', { channels: 0 }],
		['three channels without a mapping', { channels: 3 }],
		['a mapping that is cut short', { channels: 3, mapping: [1, 2] }],
		['a mapping to channels that are not there', { channels: 2, mapping: [1, 1, 0, 0, 9] }],
	])('a header with %s ends the conversion', async (_, head) => {
		const error = await voiceNoteErrorOf(() => toVoiceNote(oggOpusFile(packets, head)));
		expect(['corrupt', 'unsupported']).toContain(error.code);
	});
});

describe('several streams', () => {
	const first = packetsOfCount(50);
	const second = Array.from({ length: 50 }, (_, i) => packetOf(i + 500));

	test('another Opus stream that is multiplexed with the first is left alone', async () => {
		const a = oggOpusPages(first, { serial: 1, packetsPerPage: 10 });
		const b = oggOpusPages(second, { serial: 2, packetsPerPage: 10 });
		const mixed = joinBytes(a[0], b[0], ...a.slice(1).flatMap((page, i) => [b[i + 1], page]));
		const result = await convert(mixed);
		expect(result).toMatchObject({ method: 'remuxed', packets: asHex(first) });
	});

	test('a video stream beside the audio is passed over', async () => {
		const video = (sequence: number, head = false): Uint8Array =>
			oggPage({ serial: 9, sequence, granule: 0, first: head, lacing: [9], body: latin1('\x80theora..') });
		const pages = oggOpusPages(first, { packetsPerPage: 10 });
		const mixed = joinBytes(video(0, true), pages[0], ...pages.slice(1).flatMap((page, i) => [page, video(i + 1)]));
		expect(await convert(mixed)).toMatchObject({ method: 'remuxed', packets: asHex(first) });
	});

	test.each([
		['another serial number', 2],
		['the same serial number', 1],
	])('chained with %s are encoded as one', async (_, serial) => {
		const chain = joinBytes(oggOpusFile(first, { serial: 1 }), oggOpusFile(second, { serial }));
		const result = await convert(chain);
		expect(result).toMatchObject({ method: 'encoded', frames: 2 * ((50 * 960 - 312) / 2) });
	});

	test('of a chain, only one stream of each link is played', async () => {
		const link = (serial: number): Uint8Array => {
			const a = oggOpusPages(first, { serial, packetsPerPage: 10 });
			const b = oggOpusPages(second, { serial: serial + 1, packetsPerPage: 10 });
			return joinBytes(a[0], b[0], ...a.slice(1).flatMap((page, i) => [page, b[i + 1]]));
		};
		const result = await convert(joinBytes(link(1), link(3)));
		expect(result).toMatchObject({ method: 'encoded', frames: 2 * ((50 * 960 - 312) / 2) });
	});

	test('chained ones without comments still begin with their own header', async () => {
		const file = joinBytes(
			oggPage({ serial: 1, sequence: 0, granule: 0, first: true, lacing: [19], body: opusHead() }),
			oggPage({ serial: 1, sequence: 1, granule: 0, lacing: lacingOf(opusTags().length), body: opusTags() }),
		);
		expect(await voiceNoteErrorOf(() => toVoiceNote(file))).toMatchObject({ code: 'notAudio' });
	});
});

test('damage of more than a second in the middle costs no more than itself, and is told', async () => {
	const { packets } = await opusAudio([speechLike(4, 24_000, 41)]);
	// A frame count of 0 is malformed.
	const damaged = packets.map((packet, i) => (i >= 60 && i < 140 ? Uint8Array.of(packet[0] | 3, 0) : packet));
	const { method, frames, hints } = await convert(oggOpusFile(damaged));
	expect(method).toBe('encoded');
	expect(frames).toBe((packets.length - 80 + 50) * 480 - 156);
	expect(hints).toEqual([expect.stringContaining('damaged')]);
});

test('a packet of zero length is concealed: the time stays', async () => {
	const packets = packetsOfCount(60);
	packets[30] = new Uint8Array(0);
	const result = await convert(oggOpusFile(packets));
	expect(result).toMatchObject({ method: 'encoded', frames: (60 * 960 - 312) / 2 });
});
