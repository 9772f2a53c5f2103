import { toVoiceNote } from '../../../nodes/Sendblue/voiceNote/toVoiceNote';
import { ClusterTimes } from '../../../nodes/Sendblue/voiceNote/containers/matroska/clusterTimes';
import { joinBytes, toHex, withBytes } from '../../support/bytes.cts';
import { packetsOfCaf } from '../../support/core/decodeVoiceNote.cts';
import {
	block,
	blockGroup,
	ebmlHeader,
	element,
	numberElement,
	simpleBlock,
	trackEntry,
	webmFile,
	type Lacing,
	type WebmOptions,
} from '../../support/core/ebmlFile.cts';
import { opusHead } from '../../support/core/opusHead.cts';
import { voiceNoteErrorOf } from '../../support/core/thrown.cts';
import { createRandom } from '../../support/random.cts';

const packetOf = (index: number, size: number): Uint8Array =>
	Uint8Array.from({ length: size }, (_, i) => (i === 0 ? 0x68 : i === 1 ? index & 0xff : (i + index) & 0xff));
/** Packets of sizes that differ widely, so that lacing has something to code. */
const packets = Array.from({ length: 60 }, (_, i) => packetOf(i, 20 + ((i * 97) % 600)));
const asHex = (list: Iterable<Uint8Array>): string[] => [...list].map(toHex);

/** The packets in clusters of 25 blocks each. */
const clustersOf = (list: Uint8Array[], toBlock = (packet: Uint8Array) => simpleBlock([packet])): Uint8Array[][] =>
	[0, 25, 50].map((start) => list.slice(start, start + 25).map(toBlock));

async function convert(file: Uint8Array) {
	const { info, hints, bytes } = await toVoiceNote(file);
	const { method, sourceFormat, durationSeconds } = info;
	return {
		method,
		sourceFormat,
		hints,
		frames: Math.round(durationSeconds * 24_000),
		packets: asHex(packetsOfCaf(bytes)),
	};
}

const ALL_FRAMES = (60 * 960 - 312) / 2;

describe('blocks', () => {
	test.each<[string, Uint8Array[][]]>([
		['SimpleBlocks', clustersOf(packets)],
		['BlockGroups', clustersOf(packets, (packet) => blockGroup([packet]))],
	])('%s', async (_, clusters) => {
		expect(await convert(webmFile(clusters))).toEqual({
			method: 'remuxed',
			sourceFormat: 'webm/opus',
			hints: [],
			frames: ALL_FRAMES,
			packets: asHex(packets),
		});
	});

	test.each<Lacing>(['xiph', 'ebml'])('several frames to a block, %s lacing', async (lacing) => {
		const blocks = [0, 7, 20].map((start, i) => simpleBlock(packets.slice(start, [7, 20, 60][i]), 1, lacing));
		expect((await convert(webmFile([blocks]))).packets).toEqual(asHex(packets));
	});

	test('several frames to a block, all of one size', async () => {
		const equal = Array.from({ length: 12 }, (_, i) => packetOf(i, 33));
		expect((await convert(webmFile([[simpleBlock(equal, 1, 'fixed')]]))).packets).toEqual(asHex(equal));
	});

	test('a block of lacing that lies is left out', async () => {
		const lying = element(0xa3, [0x81, 0, 0, 0x82, 3, 255, 255, 255, 1]);
		const sound = packets.map((packet) => simpleBlock([packet]));
		const blocks = [sound[0], lying, ...sound.slice(1)];
		expect((await convert(webmFile([blocks]))).packets).toEqual(asHex(packets));
	});

	test('a malformed packet is concealed and does not end the conversion', async () => {
		const list = packets.slice();
		list[20] = Uint8Array.of(0x68 | 3, 0);
		expect(await convert(webmFile(clustersOf(list)))).toMatchObject({ method: 'encoded', frames: ALL_FRAMES });
	});

	test('DiscardPadding cuts the end', async () => {
		const blocks = packets.map((packet, i) => (i < 59 ? simpleBlock([packet]) : blockGroup([packet], 1, 13_500_000)));
		expect(await convert(webmFile([blocks]))).toMatchObject({ frames: ALL_FRAMES - 324, packets: asHex(packets) });
	});

	test('DiscardPadding of more than a packet drops packets', async () => {
		const blocks = packets.map((packet, i) => (i < 59 ? simpleBlock([packet]) : blockGroup([packet], 1, 45_000_000)));
		const result = await convert(webmFile([blocks]));
		expect(result).toMatchObject({ frames: ALL_FRAMES - 1_080, packets: asHex(packets.slice(0, 58)) });
	});

	test('DiscardPadding in the middle does not cut the end', async () => {
		const blocks = packets.map((packet, i) => (i === 30 ? blockGroup([packet], 1, 13_500_000) : simpleBlock([packet])));
		expect(await convert(webmFile([blocks]))).toMatchObject({ frames: ALL_FRAMES, packets: asHex(packets) });
	});

	test('blocks of other tracks are passed over', async () => {
		const blocks = packets.flatMap((packet) => [simpleBlock([Uint8Array.of(1, 2, 3)], 2), simpleBlock([packet])]);
		const tracks = [trackEntry({ number: 2, type: 1, codecId: 'V_VP8' }), trackEntry({ codecPrivate: opusHead() })];
		expect((await convert(webmFile([blocks], { tracks }))).packets).toEqual(asHex(packets));
	});

	test('unknown elements are passed over', async () => {
		const noise = element(0xec, new Uint8Array(50).fill(0xa3));
		expect(
			(await convert(webmFile(clustersOf(packets, (packet) => joinBytes(noise, simpleBlock([packet])))))).packets,
		).toEqual(asHex(packets));
	});
});

describe('files', () => {
	test('of unknown size, as a browser records them', async () => {
		expect(await convert(webmFile(clustersOf(packets), { live: true }))).toMatchObject({
			method: 'remuxed',
			hints: [],
			frames: ALL_FRAMES,
			packets: asHex(packets),
		});
	});

	test.each([false, true])('cut short (of unknown size: %s) give what is there, with a remark', async (live) => {
		const file = webmFile(clustersOf(packets), { live });
		const result = await convert(file.subarray(0, file.length - 5));
		expect(result.packets).toEqual(asHex(packets.slice(0, 59)));
		expect(result.hints[0]).toContain('cut short');
	});

	describe('damaged in a cluster', () => {
		const long = Array.from({ length: 200 }, (_, i) => packetOf(i, 100));
		const clusters = [0, 50, 100, 150].map((start) =>
			long.slice(start, start + 50).map((packet) => simpleBlock([packet])),
		);
		const random = createRandom(5);
		const noise = Uint8Array.from({ length: 1_000 }, () => Math.floor(256 * random()));
		const damages: Array<[string, boolean, Uint8Array]> = [
			['zeros, known sizes', false, new Uint8Array(1_000)],
			['zeros, unknown sizes', true, new Uint8Array(1_000)],
			['noise, known sizes', false, noise],
			['noise, unknown sizes', true, noise],
			['a wild size, unknown sizes', true, Uint8Array.of(0xa3, 0x10, 0xff, 0xff, 0xff)],
		];

		test.each(damages)('(%s) lose no more than that cluster, with a remark', async (_, live, damage) => {
			const file = webmFile(clusters, { live });
			const block = Buffer.from(file).indexOf(simpleBlock([long[60]]));
			const result = await convert(withBytes(file, block, damage));
			expect(result.hints).toEqual([expect.stringContaining('damaged')]);
			expect(result.packets.slice(0, 60)).toEqual(asHex(long.slice(0, 60)));
			expect(result.packets.slice(-100)).toEqual(asHex(long.slice(100)));
		});

		test.each([false, true])(
			'(its header, unknown sizes: %s) lose no more than that cluster, with a remark',
			async (live) => {
				const file = webmFile(clusters, { live });
				const second = Buffer.from(file).indexOf(simpleBlock([long[50]])) - 20;
				const result = await convert(withBytes(file, second, new Uint8Array(100)));
				expect(result.hints).toEqual([expect.stringContaining('damaged')]);
				expect(result.packets.slice(-100)).toEqual(asHex(long.slice(100)));
			},
		);
	});

	test('with damage between clusters that looks like an element of any size lose nothing', async () => {
		const blocks = (from: number, to: number) => [packets.slice(from, to).map((packet) => simpleBlock([packet]))];
		const file = webmFile([...blocks(0, 20), ...blocks(20, 40), ...blocks(40, packets.length)]);
		const third = Buffer.from(file).indexOf(simpleBlock([packets[40]]));
		const cluster = Buffer.from(file).lastIndexOf(Buffer.from([0x1f, 0x43, 0xb6, 0x75]), third);
		// An element of padding that claims to be longer than the rest of the file.
		const padding = Uint8Array.of(0xec, 0x08, 0xff, 0xff, 0xff, 1, 2, 3, 4);
		const damaged = joinBytes(file.subarray(0, cluster), padding, file.subarray(cluster));
		expect((await convert(damaged)).packets).toEqual(asHex(packets));
	});

	test.each([0x00, 0x80, 0xec])('with megabytes of padding (%i) behind them are read', async (filling) => {
		const file = joinBytes(webmFile(clustersOf(packets)), new Uint8Array(2_100_000).fill(filling));
		expect(await convert(file)).toMatchObject({ hints: [], packets: asHex(packets) });
	});

	test('of Matroska are named so', async () => {
		expect((await convert(webmFile(clustersOf(packets), { docType: 'matroska' }))).sourceFormat).toBe('matroska/opus');
	});

	test('whose frames leave their common first bytes out get them back', async () => {
		const bare = packets.map((packet) => packet.subarray(1));
		const settings = element(0x5034, numberElement(0x4254, 3), element(0x4255, [0x68]));
		const trackExtra = element(0x6d80, element(0x6240, settings));
		expect((await convert(webmFile(clustersOf(bare), { trackExtra }))).packets).toEqual(asHex(packets));
	});

	test.each<[string, string, WebmOptions]>([
		['a video track only', 'notAudio', { tracks: [trackEntry({ type: 1, codecId: 'V_VP8' })] }],
		['no track', 'notAudio', { tracks: [] }],
		[
			'an encrypted track',
			'unsupported',
			{ trackExtra: element(0x6d80, element(0x6240, element(0x5035, numberElement(0x47e1, 5)))) },
		],
		[
			'compressed frames',
			'unsupported',
			{ trackExtra: element(0x6d80, element(0x6240, element(0x5034, numberElement(0x4254, 0)))) },
		],
		['an unknown codec', 'unsupported', { tracks: [trackEntry({ codecId: 'A_REAL/COOK' })] }],
		['Vorbis without its headers', 'corrupt', { tracks: [trackEntry({ codecId: 'A_VORBIS' })] }],
	])('with %s are refused', async (_, code, options) => {
		expect(await voiceNoteErrorOf(() => toVoiceNote(webmFile(clustersOf(packets), options)))).toMatchObject({ code });
	});

	test.each<[string, Uint8Array, string]>([
		['nothing but a header', ebmlHeader(), 'corrupt'],
		['no list of tracks', joinBytes(ebmlHeader(), element(0x18538067, element(0x1549a966, []))), 'corrupt'],
		['no packets', webmFile([]), 'notAudio'],
		['an empty block', webmFile([[element(0xa3, block([]).subarray(0, 2))]]), 'notAudio'],
	])('with %s are refused', async (_, file, code) => {
		expect(await voiceNoteErrorOf(() => toVoiceNote(file))).toMatchObject({ code });
	});
});

test('blocks that are written again are heard once', async () => {
	const timed = (packet: Uint8Array, index: number): Uint8Array => {
		const written = simpleBlock([packet]);
		// The time stands behind the ID, the size and the track's number.
		return withBytes(written, 6, [(index * 20) >> 8, (index * 20) & 0xff]);
	};
	const blocks = packets.map(timed);
	const again = [...blocks.slice(0, 40), ...blocks.slice(30, 40), ...blocks.slice(40)];
	for (const live of [false, true]) {
		expect(await convert(webmFile([again], { live }))).toMatchObject({
			hints: [],
			frames: ALL_FRAMES,
			packets: asHex(packets),
		});
	}
});

test.each([
	['all blocks have the time zero', 0],
	['blocks have the time of their cluster alone', 20],
])('equal blocks are no repeat where %s', async (_, step) => {
	const loud = packets.reduce((longest, packet) => (packet.length > longest.length ? packet : longest));
	const steady = packets.map((packet, index) => (index % 10 < 3 ? loud : packet));
	const timed = (packet: Uint8Array, index: number): Uint8Array => {
		const time = Math.floor(index / 10) * 10 * step;
		return withBytes(simpleBlock([packet]), 6, [time >> 8, time & 0xff]);
	};
	expect(await convert(webmFile([steady.map(timed)]))).toMatchObject({ hints: [], packets: asHex(steady) });
});

describe('what the track entry leaves out or says in another way', () => {
	test('the header of Opus: mono and stereo need none', async () => {
		const audio = element(0xe1, numberElement(0x9f, 1));
		const delay = numberElement(0x56aa, 6_500_000, 4);
		const bare = webmFile(clustersOf(packets), { tracks: [trackEntry({ extra: joinBytes(audio, delay) })] });
		expect(await convert(bare)).toMatchObject({ method: 'remuxed', hints: [], frames: ALL_FRAMES });
		const surround = webmFile(clustersOf(packets), {
			tracks: [trackEntry({ extra: element(0xe1, numberElement(0x9f, 6)) })],
		});
		expect((await voiceNoteErrorOf(() => convert(surround))).message).toContain('A_OPUS');
	});

	test('the format of Windows: µ-law, ADPCM, GSM, and what is not read', async () => {
		const format = (tag: number, blockBytes: number, bits: number): Uint8Array =>
			joinBytes([tag, tag >> 8, 1, 0], [0x40, 0x1f, 0, 0], [0x40, 0x1f, 0, 0], [blockBytes, blockBytes >> 8, bits, 0]);
		const file = (tag: number, blockBytes = 1, bits = 8, audio = new Uint8Array(8_000).fill(0x20)): Uint8Array => {
			const tracks = [trackEntry({ codecId: 'A_MS/ACM', codecPrivate: format(tag, blockBytes, bits) })];
			return webmFile([[simpleBlock([audio])]], { docType: 'matroska', tracks });
		};
		const ima = file(0x11, 256, 4, new Uint8Array(2_560));
		expect(await convert(ima)).toMatchObject({ sourceFormat: 'matroska/imaAdpcm', frames: 3 * 10 * 505 });
		expect(await convert(file(0x31, 65, 0, new Uint8Array(650)))).toMatchObject({ frames: 3 * 10 * 320 });
		expect(await convert(file(7))).toMatchObject({ sourceFormat: 'matroska/pcm', frames: 24_000 });
		expect((await voiceNoteErrorOf(() => convert(file(0x161)))).message).toContain('Windows (ACM)');
	});
});

describe('clusters that are lost, by the times of the others', () => {
	const PACKET = 0.02;
	const PACKETS = 50;
	const base = { tick: 0.001 };

	/** Clusters of a second each; `begins`: when they begin. */
	function lostOf(begins: number[], { stated, sizes = [] }: { stated?: number; sizes?: number[] } = {}): number {
		const times = new ClusterTimes();
		for (const [index, begin] of begins.entries()) {
			for (let packet = 0; packet < PACKETS; packet++) {
				const size = (packet === PACKETS - 1 ? sizes[index] : undefined) ?? 100;
				times.take({ time: begin + packet * PACKET, seconds: PACKET, startsCluster: packet === 0, size });
			}
		}
		return times.lostSeconds({ ...base, statedSeconds: stated });
	}

	test('one or several, from a live recording', () => {
		expect(lostOf([0, 1, 3, 4, 5])).toBeCloseTo(1, 6);
		expect(lostOf([0, 1, 4, 5, 7, 8, 9, 10, 11])).toBeCloseTo(3, 6);
		// Times are rounded to milliseconds.
		expect(lostOf([0, 1, 3.001, 4.001, 5])).toBeCloseTo(1, 2);
	});

	test('of any length, if the file says how long it was', () => {
		expect(lostOf([0, 1, 2.3, 3.3], { stated: 4.3 })).toBeCloseTo(0.3, 6);
		expect(lostOf([0, 1, 2.3, 3.3], { stated: 4 })).toBe(0);
	});

	test('within a cluster: whole packets', () => {
		const times = (gap: number): number => {
			const gathered = new ClusterTimes();
			for (let packet = 0; packet < 200; packet++) {
				const time = packet * PACKET + (packet < 100 ? 0 : gap);
				gathered.take({ time, seconds: PACKET, startsCluster: packet === 0, size: 100 });
			}
			return gathered.lostSeconds(base);
		};
		expect(times(0.5)).toBeCloseTo(0.5, 6);
		expect(times(0.511)).toBe(0);
		expect(times(0.04)).toBe(0);
	});

	test('are none where nothing says that', () => {
		expect(lostOf([0, 1, 2, 3])).toBe(0);
		// A pause.
		expect(lostOf([0, 1, 2, 5.437, 6.437])).toBe(0);
		expect(lostOf([0, 1, 2, 90, 91, 92])).toBe(0);
		// A pause in speech, which the packet before it announces.
		expect(lostOf([0, 1, 3, 4, 5], { sizes: [100, 1] })).toBe(0);
		// Times that count something else, or nothing.
		expect(lostOf([0, 2, 4, 6, 8])).toBe(0);
		expect(lostOf([0, 0, 0, 0])).toBe(0);
		expect(lostOf([7, 8, 0, 1])).toBe(0);
	});
});
