/** MP3: tags, frames of other streams, and what the first frame says. */
import { cat, edited, text, u16le, u32be, u32le } from '../bytes.mjs';
import { infoFrame } from '../containers/mpegAudio.mjs';
import { chunk, wave } from '../containers/plain.mjs';
import { ape, id3, id3Frame, id3v1, picture, syncSafe } from '../containers/tags.mjs';
import { mp3Track } from '../sources/encoders.mjs';
import { partOf, slice, sum } from '../sources/track.mjs';
import { complete, everyFileFaults, faultsOf, faulty, refused, whole } from './common.mjs';

const SHAPES = [
	{},
	{ rate: 24_000 },
	{ rate: 48_000 },
	{ rate: 16_000, bitrate: 40 },
	{ channels: 2, bitrate: 96 },
	{ rate: 32_000 },
];
const mp3 = (voice, random) => mp3Track(voice, random.pick(SHAPES));
const any = (random) => mp3(random.pick(['a', 'b', 'c']), random);
const bare = (track) => cat(track.packets);

const KIND = {
	joined: 'MP3: joined files of other rates',
	mono: 'MP3: mono first, stereo later',
	stray: 'MP3: stray frames',
	claims: 'MP3: what the first frame says',
	tags: 'tags in front',
};
const title = id3Frame('TIT2', text('\0Note'));

export const mp3Faults = () =>
	faultsOf('mp3', (define) => {
		everyFileFaults(
			define,
			async (random) => {
				const track = await any(random);
				return {
					file: random.chance(0.5) ? bare(track) : cat(infoFrame(track, { padding: 0, delay: 0 }), bare(track)),
					track,
				};
			},
			{ unit: 0.1, endKnown: false },
		);
		cutWithoutTag(define);
		joined(define);
		strays(define);
		claims(define);
		tags(define);
	});

/** The end of a bare stream is nowhere said, so that a cut between two frames is none. */
function cutWithoutTag(define) {
	define('frames left out in the middle', 'MP3: gaps', async (random) => {
		const track = await any(random);
		const from = random.between(8, 20);
		const to = from + random.between(1, 20);
		return faulty(
			cat(track.packets.slice(0, from), track.packets.slice(to)),
			[partOf(track, 0, from), partOf(track, to)],
			{ mayRemark: true },
		);
	});
	define('noise between two frames', 'MP3: gaps', async (random) => {
		const track = await any(random);
		const at = random.between(8, 30);
		const rubbish = picture(random.between(10, 9_000), random);
		return faulty(
			cat(track.packets.slice(0, at), rubbish, track.packets.slice(at)),
			[partOf(track, 0, at), partOf(track, at)],
			{ mayRemark: true },
		);
	});
	define('a frame in the middle destroyed', 'MP3: gaps', async (random) => {
		const track = await any(random);
		const at = random.between(8, 20);
		const count = random.between(1, 12);
		const bytes = cat(
			track.packets.map((packet, index) => (index >= at && index < at + count ? Buffer.alloc(packet.length) : packet)),
		);
		return faulty(bytes, [partOf(track, 0, at), partOf(track, at + count)], { mayRemark: true });
	});
	define('frames twice', 'MP3: gaps', async (random) => {
		const track = await any(random);
		const at = random.between(20, 40);
		return faulty(
			cat(track.packets.slice(0, at), track.packets.slice(at - 6)),
			[partOf(track, 0, at), partOf(track, at - 6)],
			{ mayRemark: true },
		);
	});
	define('free format', 'MP3: free format', async (random) => {
		const track = await mp3Track('a', { rate: 24_000, bitrate: 64 });
		const packets = track.packets.map((packet) => edited(packet, (copy) => (copy[2] &= 0x0f)));
		return {
			bytes: cat(random.chance(0.5) ? id3(title) : [], packets),
			expected: { contents: [whole(track)], errorWords: /free.?format/i },
		};
	});
}

function joined(define) {
	const put = (name, kind, shapes, more) =>
		define(name, kind, async (random) => {
			const [left, right] = shapes(random);
			const [first, second] = [await mp3Track('a', left), await mp3Track('b', right)];
			const tag = random.chance(0.4) ? infoFrame(first) : [];
			const between = random.pick([
				[],
				[],
				id3(title),
				id3v1(),
				infoFrame(second),
				cat(id3(title), infoFrame(second)),
				id3(id3Frame('APIC', picture(random.between(100, 90_000), random))),
			]);
			return faulty(cat(tag, bare(first), between, bare(second)), whole(first, second), more);
		});
	const rates = [16_000, 22_050, 24_000, 32_000, 44_100, 48_000];
	put('joined, of the same kind', 'MP3: joined files', () => [{}, {}]);
	put('joined, of other rates', KIND.joined, (random) => {
		const first = random.pick(rates);
		return [
			{ rate: first, bitrate: 64 },
			{ rate: random.pick(rates.filter((rate) => rate !== first)), bitrate: 64 },
		];
	});
	put('joined, another bitrate', 'MP3: joined files', () => [{ bitrate: 64 }, { bitrate: 96 }]);
	put('mono, then the right channel alone', KIND.mono, (random) => [
		{ rate: 44_100 },
		{ channels: 2, side: 1, bitrate: 128, rate: random.pick([44_100, 44_100, 24_000]) },
	]);
	put('stereo, then mono', KIND.mono, (random) => [
		{ channels: 2, bitrate: 96, rate: 44_100 },
		{ rate: random.pick([44_100, 48_000]) },
	]);
	put('the right channel alone, then mono', KIND.mono, () => [{ channels: 2, side: 1, bitrate: 128 }, {}]);
}

function strays(define) {
	define('stray frames of another stream in front', KIND.stray, async (random) => {
		const track = await mp3Track('a', { rate: 24_000 });
		const other = await mp3Track('b', random.pick([{ rate: 44_100 }, { rate: 48_000 }, { channels: 2, bitrate: 96 }]));
		const count = random.between(1, 3);
		return faulty(cat(other.packets.slice(0, count), bare(track)), whole(track), { readable: true, mayRemark: false });
	});
	define('stray frames of another stream in the middle', KIND.stray, async (random) => {
		const track = await mp3Track('a', { rate: 24_000 });
		const other = await mp3Track('b', random.pick([{ rate: 44_100 }, { rate: 48_000 }]));
		const at = random.between(20, 60);
		const parts = [partOf(track, 0, at), partOf(track, at)];
		return faulty(
			cat(track.packets.slice(0, at), other.packets.slice(5, 5 + random.between(1, 3)), track.packets.slice(at)),
			parts,
			{ readable: true, mayRemark: true },
		);
	});
	define('a longer part of another stream in front', KIND.joined, async (random) => {
		const track = await mp3Track('a', { rate: 24_000 });
		const other = await mp3Track('b', { rate: 44_100 });
		const count = random.between(12, 25);
		return faulty(cat(other.packets.slice(0, count), bare(track)), [partOf(slice(other, 0, count)), ...whole(track)]);
	});
	define('a header that is none in front', KIND.stray, async (random) => {
		const track = await any(random);
		const header = edited(
			Buffer.from(track.packets[0].subarray(0, 4)),
			(copy) => (copy[2] = (copy[2] & 0xf3) | (((((copy[2] >> 2) & 3) + 1) % 3) << 2)),
		);
		return faulty(cat(header, picture(random.between(20, 200), random), bare(track)), whole(track), {
			readable: true,
			mayRemark: false,
		});
	});
}

function claims(define) {
	const claim = (name, how, more) =>
		define(name, KIND.claims, async (random) => {
			const track = await any(random);
			return faulty(cat(infoFrame(track, how(random, track)), bare(track)), whole(track), { readable: true, ...more });
		});
	claim('it counts too few frames', (random, track) => ({
		frames: Math.round(track.packets.length * random.pick([0, 0.1, 0.25, 0.5])),
		padding: 0,
	}));
	claim(
		'it counts too many frames',
		(random, track) => ({ frames: track.packets.length * random.pick([2, 10, 1_000]), padding: 0 }),
		{ mayRemark: true },
	);
	claim('its bytes are wrong', (random, track) => ({
		bytes: Math.round(sum(track.packets.map(({ length }) => length)) * random.pick([0, 0.3, 0.5])),
		padding: 0,
	}));
	define('its delay and padding are the largest', KIND.claims, async (random) => {
		const track = await any(random);
		const bytes = cat(infoFrame(track, { delay: 4_095, padding: 4_095 }), bare(track));
		const part = partOf(track);
		const trimmed = {
			...part,
			from: Math.max(0, (4_095 + 529 - track.delay) / track.rate),
			to: Math.min(part.to, (sum(track.samples) - 4_095 + 529 - track.delay) / track.rate),
			held: (sum(track.samples) - 8_190) / track.rate,
		};
		return faulty(bytes, [trimmed], { contents: [[trimmed], [part]], readable: true });
	});
	claim('it is of VBR', () => ({ kind: 'Xing', padding: 0 }));
}

function tags(define) {
	const front = (name, make, more) =>
		define(name, KIND.tags, async (random) => {
			const track = await any(random);
			return faulty(cat(make(random), bare(track)), whole(track), { readable: true, ...more });
		});
	front('the size of ID3 is a plain number', (random) => {
		const length = random.between(200, 150_000);
		return id3(id3Frame('APIC', picture(length - 10, random)), u32be(length));
	});
	front('zeros behind ID3', (random) => cat(id3(title), Buffer.alloc(random.between(10, 300_000))));
	front('zeros in front', (random) => Buffer.alloc(random.between(1, 200_000)));
	front('APEv2 with a cover in front', (random) =>
		ape(cat(text('c.jpg\0'), picture(random.between(500, 250_000), random))),
	);
	front('two ID3 tags', (random) =>
		cat(id3(title), id3(id3Frame('APIC', picture(random.between(100, 90_000), random)))),
	);
	front('ID3, then APEv2', (random) => cat(id3(title), ape(picture(random.between(500, 100_000), random))));
	front('ID3 whose size is zero', () => id3(title, syncSafe(0)));
	front('ID3 whose size is a little too small or too large', (random) =>
		id3(cat(title, Buffer.alloc(200)), syncSafe(title.length + 200 + random.pick([-30, -10, 10, 40]))),
	);
	define('it ends inside its tag', 'cut in the tag, or before the first sample', async (random) => {
		const body = cat(id3Frame('APIC', picture(random.between(2_000, 60_000), random)));
		const file = cat(id3(body, syncSafe(body.length + 20_000)));
		return refused(file.subarray(0, random.between(30, file.length)), /tag|picture|cover|cut|incomplete|missing/i);
	});
	define('APEv2 and ID3v1 behind', 'no false remarks: tags behind the end', async (random) => {
		const track = await any(random);
		return complete(cat(bare(track), ape(picture(random.between(50, 30_000), random)), id3v1()), whole(track));
	});
	define('a WAV header in front', KIND.tags, async (random) => {
		const track = await any(random);
		const data = bare(track);
		const bytesPerSecond = Math.round((data.length * track.rate) / sum(track.samples));
		const layer3 = cat(u16le(12), u16le(1), u32le(2), u16le(track.packets[0].length), u16le(1), u16le(0));
		const format = cat(
			u16le(0x55),
			u16le(track.channels),
			u32le(track.rate),
			u32le(bytesPerSecond),
			u16le(1),
			u16le(0),
			layer3,
		);
		const dataSize = random.pick([data.length, 0xffffffff]);
		return faulty(wave(chunk('fmt ', format), data, { dataSize }), whole(track), { mayRemark: false });
	});
}
