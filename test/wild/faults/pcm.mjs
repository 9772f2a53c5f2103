/** WAV, AIFF, AU and CAF: sizes, chunks, counts, and headers in the middle. */
import { readFileSync } from 'node:fs';
import { cat, edited, text, u32be } from '../bytes.mjs';
import {
	aiff,
	au,
	caf,
	cafChunk,
	cafParts,
	chunk,
	formatChunk,
	gsmFormatChunk,
	iffChunk,
	wav,
	wave,
} from '../containers/plain.mjs';
import { id3, id3Frame } from '../containers/tags.mjs';
import { aacTrack, alacTrack, opusTrack, pcmTrack } from '../sources/encoders.mjs';
import { PCM } from '../sources/pcm.mjs';
import { clamp, partOf, slice, sum } from '../sources/track.mjs';
import { voiceSeconds } from '../signal.mjs';
import { complete, everyFileFaults, faultsOf, faulty, refused, whole } from './common.mjs';

const KIND = {
	odd: 'WAV and AIFF: odd chunk without its pad byte',
	unknown: 'WAV and AIFF: sizes of streaming writers',
	two: 'WAV: two data chunks, or headers in the middle',
	first: 'WAV: only the first piece is counted',
	caf: 'CAF: sizes and the packet table',
	gsm: 'WAV: GSM 6.10',
	joined: 'WAV: joined files',
};
const title = id3Frame('TIT2', text('\0Note'));

export const pcmFaults = () => [
	...faultsOf('wav', wavs),
	...faultsOf('aiff', aiffs),
	...faultsOf('au', aus),
	...faultsOf('caf/pcm', (define) =>
		cafs(define, (random) =>
			pcmTrack(random.pick(['a', 'b']), random.pick([PCM.s16le, PCM.s16be, PCM.mulaw]), {
				channels: random.pick([1, 2]),
			}),
		),
	),
	...faultsOf('caf/coded', (define) =>
		cafs(define, (random) => random.pick([() => opusTrack('a'), () => aacTrack('b'), () => alacTrack('c')])()),
	),
	...faultsOf('caf/coded', packetTables),
];

const FORMATS = [PCM.s16le, PCM.s16le, PCM.s24le, PCM.u8, PCM.f32le, PCM.mulaw, PCM.alaw, PCM.ima];
const anyWav = (random) => {
	const format = random.pick(FORMATS);
	return pcmTrack(
		random.pick(['a', 'b', 'c']),
		format,
		format.block ? {} : random.pick([{}, { rate: 44_100 }, { channels: 2 }, { rate: 8_000 }]),
	);
};
const dataLength = (track) => sum(track.packets.map(({ length }) => length));

function wavs(define) {
	everyFileFaults(
		define,
		async (random) => {
			const track = await anyWav(random);
			return { file: wav(track), track };
		},
		{ unit: 0.05 },
	);
	const size = (name, kind, how, more) =>
		define(name, kind, async (random) => {
			const track = await anyWav(random);
			return faulty(wav(track, how(random, track)), whole(track), { readable: true, ...more });
		});
	size('the data size is that of a streaming writer', KIND.unknown, (random) => {
		const said = random.pick([0xffffffff, 0x7fffffff, 0x7ffff000, 2_000_000_000, 0xfffffff0, 0x80000000]);
		return { dataSize: said, riffSize: random.pick([said, 0xffffffff, 0]) };
	});
	size('the data size is zero', KIND.unknown, () => ({ dataSize: 0, riffSize: 36 }));
	size('the data size is that of the file', KIND.unknown, (_, track) => ({ dataSize: dataLength(track) + 44 }));
	size('the data size is a little too large', KIND.unknown, (random, track) => ({
		dataSize: dataLength(track) + random.pick([1, 8, 36]),
	}));
	size('only the size of RIFF is wrong', KIND.unknown, (random) => ({ riffSize: random.pick([0, 1, 36, 0xffffffff]) }));
	size('a chunk in front', 'control', (random) => ({
		before: chunk(random.pick(['LIST', 'JUNK', 'bext', 'fact']), random.bytes(2 * random.between(2, 300))),
	}));
	size('a chunk behind', 'control', (random) => ({ behind: chunk('LIST', random.bytes(2 * random.between(2, 300))) }));
	define('an odd chunk in front, without its pad byte', KIND.odd, async (random) => {
		// The bytes of the next chunk's size are what a reader may take for its name: any size must do.
		const all = await pcmTrack('a', PCM.s16le);
		const track = slice(all, 0, random.between(20, all.packets.length));
		const before = chunk('LIST', cat(text('INFO'), Buffer.alloc(2 * random.between(3, 40) + 1, 0x41)), { pad: false });
		return faulty(wav(track, { before }), whole(track), { readable: true });
	});
	size('data of odd size, without its pad byte, and a chunk behind', KIND.odd, () => ({
		behind: chunk('LIST', cat(text('INFO'), Buffer.alloc(30, 0x41))),
		pad: false,
	}));
	define('the header counts only the first piece', KIND.first, async (random) => {
		const track = await anyWav(random);
		const block = track.packets[0].length;
		const said = Math.max(1, Math.floor(track.packets.length * (0.05 + 0.7 * random.next()))) * block;
		return faulty(wav(track, { dataSize: said, riffSize: said + 36 }), whole(track));
	});
	define('two data chunks', KIND.two, async (random) => {
		const track = await anyWav(random);
		const at = random.between(2, track.packets.length - 3);
		const [left, right] = [slice(track, 0, at), slice(track, at, track.packets.length)];
		const bytes = wave(formatChunk(track), cat(left.packets), {
			behind: [random.chance(0.5) ? chunk('LIST', Buffer.alloc(20)) : [], chunk('data', cat(right.packets))],
		});
		return faulty(bytes, [partOf(track, 0, at), partOf(track, at)]);
	});
	define('joined, header and all', KIND.joined, async (random) => {
		const shape = random.pick([{}, { rate: 16_000 }]);
		const [first, second] = [await pcmTrack('a', PCM.s16le), await pcmTrack('b', PCM.s16le, shape)];
		return faulty(cat(wav(first), wav(second)), whole(first, second));
	});
	define('joined by a program that counts all as data', KIND.two, async () => {
		const [first, second] = [await pcmTrack('a', PCM.s16le), await pcmTrack('b', PCM.s16le)];
		const data = cat(first.packets, wav(second));
		return faulty(wave(formatChunk(first), data), whole(first, second), { mayRemark: false });
	});
	define('the byte rate and block size are wrong', 'WAV: the format chunk', async (random) => {
		const track = await pcmTrack('a', PCM.s16le);
		const bytes = edited(wav(track), (copy) => {
			copy.writeUInt32LE(random.pick([0, 1, 176_400]), 28);
			if (random.chance(0.5)) copy.writeUInt16LE(0, 32);
		});
		return faulty(bytes, whole(track), { mayRemark: true });
	});
	define('GSM 6.10', KIND.gsm, (random) => gsm(random.pick(['a', 'b']), random));
	define('it ends before its first sample', 'cut in the tag, or before the first sample', async (random) => {
		const track = await anyWav(random);
		const file = wav(track, { before: chunk('LIST', Buffer.alloc(400)) });
		return refused(file.subarray(0, random.between(40, 400)), /missing|cut|incomplete|no sound|begin/i);
	});
}

/** The codec is made for voices; of tones some are heard as others for a moment, by every decoder. */
const GSM_BLUR = 0.15;

/** Two frames of 33 bytes, whose first four bits are a mark, as one block of 65 bytes with the lowest bit first. */
async function gsm(voice, random) {
	const file = readFileSync(new URL(`../../fixtures/wild/${voice}.gsm`, import.meta.url));
	const blocks = [];
	for (let at = 0; at + 66 <= file.length; at += 66)
		blocks.push(microsoftGsm(file.subarray(at, at + 33), file.subarray(at + 33, at + 66)));
	const data = cat(blocks);
	const seconds = (blocks.length * 320) / 8_000;
	const parts = [{ voice, from: 0, to: Math.min(seconds, voiceSeconds(voice)), held: seconds }];
	return faulty(wave(gsmFormatChunk(), data, random.chance(0.5) ? {} : { dataSize: 0xffffffff }), parts, {
		blur: GSM_BLUR,
	});
}

/** Widths of the parameters of a frame, in their order (ETSI EN 300 961, 1.7). */
const GSM_WIDTHS = [6, 6, 5, 5, 4, 4, 3, 3, ...new Array(4).fill([7, 2, 2, 6, ...new Array(13).fill(3)]).flat()];

function microsoftGsm(...frames) {
	const bytes = Buffer.alloc(65);
	let written = 0;
	for (const frame of frames) {
		let read = 4;
		for (const width of GSM_WIDTHS) {
			let value = 0;
			for (let bit = 0; bit < width; bit++, read++) value = (value << 1) | ((frame[read >> 3] >> (7 - (read & 7))) & 1);
			for (let bit = 0; bit < width; bit++, written++) bytes[written >> 3] |= ((value >> bit) & 1) << (written & 7);
		}
	}
	return bytes;
}

function aiffs(define) {
	const any = (random) =>
		pcmTrack(random.pick(['a', 'b']), PCM.s16be, random.pick([{}, { rate: 44_100 }, { channels: 2 }]));
	everyFileFaults(
		define,
		async (random) => {
			const track = await any(random);
			return { file: aiff(track, random.chance(0.5) ? { compression: 'NONE' } : {}), track };
		},
		{ unit: 0.05, behind: 'AIFF: bytes behind the end' },
	);
	const change = (name, kind, how, more) =>
		define(name, kind, async (random) => {
			const track = await any(random);
			return faulty(aiff(track, how(random, track)), whole(track), { readable: true, ...more });
		});
	change(
		'the number of samples is too small',
		'AIFF: counts',
		(random, track) => ({ frames: Math.floor(sum(track.samples) * random.pick([0, 0.1, 0.5])) }),
		{ readable: false },
	);
	change('the number of samples is too large', 'AIFF: counts', (random, track) => ({
		frames: sum(track.samples) * random.pick([2, 1_000]),
	}));
	change(
		'the data size is that of a streaming writer',
		KIND.unknown,
		(random) => ({
			dataSize: random.pick([0xffffffff, 0x7fffffff, 0x7f000008]),
			formSize: random.pick([0xffffffff, 0x7f000000]),
			frames: random.pick([0x7f000000, 0]),
		}),
		{ readable: false },
	);
	change('the size of FORM is wrong', KIND.unknown, (random) => ({ formSize: random.pick([0, 4, 0xffffffff]) }));
	change('an odd chunk in front, without its pad byte', KIND.odd, (random) => ({
		before: iffChunk('NAME', Buffer.alloc(2 * random.between(2, 40) + 1, 0x41), { pad: false }),
	}));
	change('a chunk in front and one behind', 'control', (random) => ({
		before: iffChunk('NAME', Buffer.alloc(random.between(1, 90), 0x41)),
		behind: iffChunk('ANNO', Buffer.alloc(31, 0x42)),
	}));
	define('joined', KIND.joined, async () => {
		const [first, second] = [await pcmTrack('a', PCM.s16be), await pcmTrack('b', PCM.s16be)];
		return faulty(cat(aiff(first), aiff(second)), whole(first, second));
	});
}

function aus(define) {
	const any = (random) =>
		pcmTrack(
			random.pick(['a', 'b']),
			random.pick([PCM.s16be, PCM.mulaw]),
			random.pick([{}, { rate: 8_000 }, { channels: 2 }]),
		);
	everyFileFaults(
		define,
		async (random) => {
			const track = await any(random);
			return { file: au(track), track };
		},
		{ unit: 0.05, behind: 'AU: bytes behind the end' },
	);
	const change = (name, how, more) =>
		define(name, 'AU: sizes', async (random) => {
			const track = await any(random);
			return faulty(au(track, how(random, track)), whole(track), { readable: true, ...more });
		});
	change('the size is not known', () => ({ size: 0xffffffff }));
	change('the size is zero', () => ({ size: 0 }));
	change(
		'the size is too small',
		(random, track) => ({ size: Math.floor(dataLength(track) * random.pick([0.1, 0.5])) & ~3 }),
		{ readable: false },
	);
	change('the size is that of the file, or of a streaming writer', (random, track) => ({
		size: random.pick([dataLength(track) + 24, 0x7fffffff, 2_000_000_000]),
	}));
	change('a long note in the header', (random) => ({ note: Buffer.alloc(4 * random.between(1, 500)) }));
	define('joined', KIND.joined, async () => {
		const [first, second] = [await pcmTrack('a', PCM.s16be), await pcmTrack('b', PCM.s16be)];
		return faulty(cat(au(first), au(second)), whole(first, second));
	});
}

function cafs(define, any) {
	everyFileFaults(
		define,
		async (random) => {
			const track = await any(random);
			return { file: caf(track), track };
		},
		{ unit: 0.35, behind: 'CAF: bytes behind the end' },
	);
	define('the data size is not known', KIND.caf, async (random) => {
		const track = await any(random);
		return faulty(caf(track, { dataSize: -1 }), whole(track), { readable: true });
	});
	define('the data size is wrong', KIND.caf, async (random) => {
		const track = await any(random);
		return faulty(caf(track, { dataSize: random.pick([4, 0, 0xffffffff, 0x7fffffff]) }), whole(track), {
			errorWords: /size|pipe|data|cut|damaged/i,
		});
	});
	define('as sox writes it to a pipe', KIND.caf, async (random) => {
		const track = await pcmTrack(random.pick(['a', 'b']), PCM.s16le);
		const header = (size) =>
			cat(
				text('caff'),
				Buffer.from('00010000', 'hex'),
				cafChunk('desc', cafParts(track).description),
				text('data'),
				Buffer.alloc(4),
				u32be(size),
				Buffer.alloc(4),
			);
		const data = cat(track.packets);
		return {
			bytes: cat(header(4), header(4), data, header(data.length + 4)),
			expected: { contents: [whole(track)], mayRemark: true, errorWords: /size|pipe/i },
		};
	});
	define('a chunk in front and one behind', 'control', async (random) => {
		const track = await any(random);
		const free = cafChunk('free', Buffer.alloc(random.between(0, 3_000)));
		return complete(caf(track, { front: free, behind: random.chance(0.5) ? free : [] }), whole(track));
	});
	define('ID3 and CAF joined', KIND.joined, async (random) => {
		const [first, second] = [await any(random), await pcmTrack('b', PCM.s16le)];
		return faulty(cat(random.chance(0.5) ? [] : id3(title), caf(first), caf(second)), whole(first, second));
	});
}

function packetTables(define) {
	const any = (random) => random.pick([() => opusTrack('a'), () => aacTrack('b'), () => alacTrack('c')])();
	const change = (name, how, more) =>
		define(name, KIND.caf, async (random) => {
			const track = await any(random);
			return faulty(caf(track, how(random, track)), whole(track), more);
		});
	change('the valid frames are too few', (random, track) => ({
		valid: Math.floor(sum(track.samples) * random.pick([0, 0.1, 0.5])),
	}));
	change('the valid frames are too many', (random, track) => ({ valid: sum(track.samples) * random.pick([2, 1_000]) }));
	change(
		'the priming is too long',
		(random, track) => ({ priming: Math.floor(clamp(sum(track.samples) * random.pick([0.5, 1, 3]), 0, 2 ** 31 - 1)) }),
		{ mayRemark: true },
	);
	change(
		'the remainder is too long',
		(random, track) => ({ remainder: Math.floor(sum(track.samples) * random.pick([0.5, 2])) }),
		{ mayRemark: true },
	);
	change('the table counts too few packets', (random, track) => ({
		packets: Math.floor(track.packets.length * random.pick([0.1, 0.5])),
	}));
	change(
		'the table counts too many packets',
		(random, track) => ({ packets: track.packets.length * random.pick([2, 100]) }),
		{ mayRemark: true },
	);
	change('the table follows the data', () => ({ tableFirst: false }));
}
