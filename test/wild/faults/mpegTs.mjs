/** MPEG transport streams: times, counters, tables, and recordings one behind the other. */
import { cat, edited } from '../bytes.mjs';
import { mpegTs } from '../containers/mpegTs.mjs';
import { aacTrack, mp3Track } from '../sources/encoders.mjs';
import { complete, everyFileFaults, faultsOf, faulty, whole } from './common.mjs';

const AAC = [['a'], ['b'], ['b', { rate: 44_100 }], ['c', { channels: 2 }]];
const MP3 = [
	['a', {}],
	['b', { rate: 24_000 }],
	['c', { channels: 2, bitrate: 96 }],
];
const CODECS = { aac: (random) => aacTrack(...random.pick(AAC)), mp3: (random) => mp3Track(...random.pick(MP3)) };
const KIND = {
	times: 'MPEG-TS: times and counters',
	changes: 'MPEG-TS: rate or channels change',
	joined: 'MPEG-TS: joined recordings',
};
const PACKET = 188;

export const mpegTsFaults = () =>
	Object.entries(CODECS).flatMap(([codec, any]) => faultsOf(`mpegts/${codec}`, (define) => fill(define, codec, any)));

const packetsIn = (bytes) =>
	Array.from({ length: bytes.length / PACKET }, (_, index) => bytes.subarray(index * PACKET, (index + 1) * PACKET));

function fill(define, codec, any) {
	everyFileFaults(
		define,
		async (random) => {
			const track = await any(random);
			return { file: mpegTs(track), track };
		},
		{ tagInFront: false, cut: false },
	);
	const change = (name, how, more) =>
		define(name, KIND.times, async (random) => {
			const track = await any(random);
			return faulty(mpegTs(track, how(random, track)), whole(track), { readable: true, ...more });
		});
	change('times shifted, or wrap', (random) => {
		const shift = random.pick([2 ** 33 - 90_000, 90_000 * 3_600, 2 ** 32]);
		return { time: (value) => value + shift };
	});
	change('times zero or all the same', (random) => {
		const value = random.pick([0, 90_000]);
		return { time: () => value };
	});
	change('times scaled', (random) => {
		const factor = random.pick([0.5, 2, 0.01]);
		return { time: (value) => value * factor };
	});
	change('times start anew', () => ({ time: (value, index) => (index > 5 ? value - 90_000 : value) }));
	change(
		'continuity counters stand still or jump',
		(random) => {
			const step = random.pick([0, 3, 5]);
			return { counter: (value) => value * step };
		},
		{ mayRemark: true },
	);
	define('packets sent twice', KIND.times, async (random) => {
		const track = await any(random);
		const bytes = mpegTs(track);
		const every = random.between(1, 4);
		return complete(
			cat(packetsIn(bytes).map((packet, index) => (index % every ? packet : [packet, packet]))),
			whole(track),
		);
	});
	define('a packet is lost', KIND.times, async (random) => {
		const track = await any(random);
		const packets = packetsIn(mpegTs(track));
		// Not one with which a unit begins: the next one has no frame to go on with.
		const inside = packets.flatMap((packet, index) => (packet[1] & 0x40 || index < 20 ? [] : [index]));
		const lost = random.pick(inside.slice(0, -2));
		const bytes = cat(packets.filter((_, index) => index !== lost));
		return faulty(bytes, whole(track), { mustRemark: packets[lost + 1][1] & 0x40 ? undefined : true, mayRemark: true });
	});
	define('packets in a row are lost', KIND.times, async (random) => {
		const track = await any(random);
		const packets = packetsIn(mpegTs(track));
		// The last unit has none behind it whose time would tell.
		const last = packets.findLastIndex((packet) => packet[1] & 0x40);
		const count = random.between(5, 12);
		const first = random.between(6, last - count - 1);
		const bytes = cat(packets.filter((_, index) => index < first || index >= first + count));
		return { bytes, expected: { contents: [whole(track)], mustRemark: true, readable: true } };
	});
	change('the length of the packets is not said', () => ({ lengthOf: () => 0 }));
	change(
		'the length of the packets is wrong',
		(random) => {
			const factor = random.pick([0.5, 2]);
			return { lengthOf: (value) => Math.min(65_535, Math.round(value * factor)) };
		},
		{ readable: false, mayRemark: true },
	);
	change('the tables do not say what the stream is, or wrongly', (random) => ({
		streamType: random.pick([0x06, 0x80, 0x8a, 0xff, codec === 'aac' ? 0x03 : 0x0f]),
	}));
	change('the tables are missing', () => ({ tables: false }));
	define('the tables follow the sound', 'the beginning is missing', async (random) => {
		const track = await any(random);
		const file = mpegTs(track);
		const tables = file.subarray(0, 2 * PACKET);
		return faulty(cat(file.subarray(2 * PACKET), tables), whole(track), { mayRemark: true });
	});
	define('the beginning is half a packet', KIND.times, async (random) => {
		const track = await any(random);
		const rest = Buffer.alloc(random.between(1, PACKET - 1), 0x11);
		return faulty(cat(rest, mpegTs(track)), whole(track), { mayRemark: false });
	});
	const join = (name, kind, left, right, how = () => ({})) =>
		define(name, kind, async (random) => {
			const [first, second] = [await left(random), await right(random)];
			return faulty(cat(mpegTs(first), mpegTs(second, how(random))), whole(first, second));
		});
	const one = codec === 'aac' ? aacTrack : mp3Track;
	const rates = codec === 'aac' ? [44_100] : [24_000, 32_000, 48_000];
	const first = codec === 'aac' ? () => one('a') : () => one('a', {});
	join(
		'joined, of the same kind',
		KIND.joined,
		first,
		codec === 'aac' ? () => one('b') : () => one('b', {}),
		(random) => ({ from: random.between(0, 15) }),
	);
	join('joined, on another PID', KIND.joined, first, codec === 'aac' ? () => one('b') : () => one('b', {}), () => ({
		pid: 0x200,
	}));
	join(
		'another rate on the way',
		KIND.changes,
		first,
		(random) => one('b', { rate: random.pick(rates) }),
		(random) => ({ tables: random.chance(0.5) }),
	);
	join(
		'other channels on the way',
		KIND.changes,
		first,
		() => one('c', codec === 'aac' ? { channels: 2 } : { channels: 2, side: 1, bitrate: 128 }),
		(random) => ({ tables: random.chance(0.5) }),
	);
	join(
		'another codec on the way',
		KIND.joined,
		first,
		codec === 'aac' ? (random) => CODECS.mp3(random) : (random) => CODECS.aac(random),
		() => ({ pid: 0x200 }),
	);
	define('transport errors are marked', KIND.times, async (random) => {
		const track = await any(random);
		const file = mpegTs(track);
		const at = PACKET * random.between(5, Math.floor(file.length / PACKET) - 2);
		return faulty(
			edited(file, (copy) => (copy[at + 1] |= 0x80)),
			whole(track),
			{ mayRemark: true },
		);
	});
}
