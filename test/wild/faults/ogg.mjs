/** Ogg: positions, serial numbers, chains and checksums. */
import { cat, edited, text, u16be, u16le, u32be, u32le } from '../bytes.mjs';
import { ogg, oggPages } from '../containers/ogg.mjs';
import { LAST, sealed } from '../containers/oggPages.mjs';
import { flacTrack, opusTrack, vorbisTrack } from '../sources/encoders.mjs';
import { partOf, sum } from '../sources/track.mjs';
import { complete, everyFileFaults, faultsOf, faulty, refused, silence, whole } from './common.mjs';

const CODECS = {
	opus: (voice, random) => opusTrack(voice, random.pick([{}, {}, { channels: 2 }, { milliseconds: 60 }])),
	vorbis: (voice, random) => vorbisTrack(voice, random.pick([{}, { rate: 24_000 }, { channels: 2 }])),
	flac: (voice, random) => flacTrack(voice, random.pick([{}, { rate: 44_100 }, { channels: 2 }])),
};

export const oggFaults = () =>
	Object.entries(CODECS).flatMap(([codec, make]) => faultsOf(`ogg/${codec}`, (define) => fill(define, codec, make)));

const KIND = {
	position: 'Ogg: positions',
	serial: 'Ogg: other serial number',
	chain: 'Ogg: chains and several streams',
	checksum: 'Ogg: checksums',
};
const pageLength = (random) => ({ seconds: random.pick([0.02, 0.1, 0.25, 0.5, 1]) });
const CHANGED = { opus: 'vorbis', vorbis: 'opus', flac: 'opus' };

function fill(define, codec, make) {
	const any = (random) => make(random.pick(['a', 'b', 'c']), random);
	everyFileFaults(
		define,
		async (random) => {
			const track = await any(random);
			return { file: ogg(track, { seconds: 0.3 }), track };
		},
		{ unit: 0.4, behind: 'Ogg: bytes behind the end', tagInFront: false },
	);
	positions(define, any);
	trims(define, codec, any);

	define('no page says that it is the last', 'no false remarks: no end of stream', async (random) => {
		const track = await any(random);
		return complete(ogg(track, { ...pageLength(random), eos: false }), whole(track));
	});
	define('the last page is said early', KIND.position, async (random) => {
		const track = await any(random);
		const pages = oggPages(track, { seconds: 0.2 });
		const early = random.between(3, pages.length - 2);
		const marked = pages.map((page, index) =>
			index === early ? sealed(edited(page, (copy) => (copy[5] |= LAST))) : page,
		);
		return faulty(cat(marked), whole(track), { mayRemark: true });
	});
	define('checksums wrong', KIND.checksum, async (random) => {
		const track = await any(random);
		const pages = oggPages(track, pageLength(random)).map((page) =>
			edited(page, (copy) => copy.writeUInt32LE(random.pick([0, 0xffffffff, 1]), 22)),
		);
		return faulty(cat(pages), whole(track), { mayRemark: true, errorWords: /checksum|damaged|corrupt|CRC/i });
	});
	define('page numbers start anew or jump', 'Ogg: page numbers', async (random) => {
		const track = await any(random);
		const step = random.pick([0, 2, 7]);
		const pages = oggPages(track, { seconds: 0.2 }).map((page, index) =>
			sealed(edited(page, (copy) => copy.writeUInt32LE(index * step, 18))),
		);
		return faulty(cat(pages), whole(track), { mayRemark: true });
	});
	define('a page is written twice', 'Ogg: page numbers', async (random) => {
		const track = await any(random);
		const pages = oggPages(track, { seconds: 0.3 });
		const twice = random.between(codec === 'vorbis' ? 3 : 2, pages.length - 1);
		return complete(cat(pages.flatMap((page, index) => (index === twice ? [page, page] : page))), whole(track), {
			mayRemark: true,
		});
	});
	define('a page is missing', 'Ogg: page numbers', async (random) => {
		const track = await any(random);
		const pages = oggPages(track, { seconds: 0.3 });
		const headers = codec === 'vorbis' ? 3 : 2;
		const lost = random.between(headers + 1, pages.length - 2);
		const rest = cat(pages.filter((_, index) => index !== lost));
		const gone = packetsOf(pages, headers, lost, track);
		return faulty(rest, [partOf(track, 0, gone.from), partOf(track, gone.to)], { mayRemark: true });
	});
	define('two pages are swapped', 'Ogg: page numbers', async (random) => {
		const track = await any(random);
		const pages = oggPages(track, { seconds: 0.2 });
		const at = random.between(codec === 'vorbis' ? 3 : 2, pages.length - 2);
		[pages[at], pages[at + 1]] = [pages[at + 1], pages[at]];
		return complete(cat(pages), whole(track));
	});
	define('the serial number changes, without headers', KIND.serial, async (random) => {
		const track = await any(random);
		const pages = oggPages(track, { seconds: 0.2 });
		const from = random.between(4, pages.length - 2);
		return faulty(cat(pages.map((page, index) => (index < from ? page : renumbered(page, 99)))), whole(track), {
			mayRemark: true,
		});
	});
	define('another recording is behind it', KIND.chain, async (random) => {
		const [first, second] = [await make('a', random), await make('b', random)];
		const serial = random.pick([7, 8]);
		return faulty(cat(ogg(first), ogg(second, { serial, sequence: random.pick([0, 40]) })), whole(first, second));
	});
	define('a recording of another codec is behind it', KIND.chain, async (random) => {
		const [first, second] = [await make('a', random), await CODECS[CHANGED[codec]]('b', random)];
		return faulty(cat(ogg(first), ogg(second, { serial: 8 })), whole(first, second));
	});
	define('two speakers at once', KIND.chain, async (random) => {
		const [first, second] = [await make('a', random), await make('b', random)];
		const [left, right] = [oggPages(first, { seconds: 0.2 }), oggPages(second, { seconds: 0.2, serial: 8 })];
		const bytes = cat(byTurns(left, right));
		return { bytes, expected: { contents: [whole(first), whole(second)], mustRemark: true } };
	});
	define('headers twice', KIND.chain, async (random) => {
		const track = await any(random);
		const pages = oggPages(track, { seconds: 0.2 });
		const headers = codec === 'vorbis' ? 3 : 2;
		return faulty(cat(pages.slice(0, headers), pages), whole(track), { mayRemark: true });
	});
	define('the beginning is missing', 'the beginning is missing', async (random) => {
		const track = await any(random);
		const pages = oggPages(track, { seconds: 0.2 });
		return {
			bytes: cat(pages.slice(codec === 'vorbis' ? 3 : 2)),
			expected: { contents: [whole(track)], mayRemark: true, errorWords: /begin|head|start|first|missing/i },
		};
	});
	if (codec === 'opus') rawOpus(define);
}

function positions(define, any) {
	const change = (name, position, more) =>
		define(name, KIND.position, async (random) => {
			const track = await any(random);
			const how = { ...pageLength(random), position: position(random, track) };
			const contents = [whole(track), ...byTheLetter(track, how), ...(more?.alsoAs?.(track, how) ?? [])];
			return faulty(ogg(track, how), whole(track), { contents, readable: true });
		});
	change('positions scaled', (random, track) => {
		const factor = random.pick([
			1 / 2,
			1 / 3,
			2 / 3,
			track.rate / 48_000 === 1 ? 44_100 / 48_000 : 48_000 / track.rate,
			16_000 / 48_000,
			8_000 / 48_000,
			2,
			3,
		]);
		return (end) => Math.round(end * factor);
	});
	change('positions count packets or pages', () => (_end, index) => index + 1);
	change('positions in milliseconds', (_, track) => (end) => Math.round((end / track.rate) * 1_000));
	change('positions all the same', (random, track) => {
		const value = random.pick([0, 1, Math.round(0.02 * track.rate), sum(track.samples)]);
		return () => value;
	});
	change('positions all −1', () => () => -1n);
	change('positions shifted', (random, track) => {
		const shift = track.rate * random.pick([1, 60, 3 * 3_600]);
		return (end) => end + shift;
	});
	change('positions wrap at 32 bits or turn negative', (random, track) => {
		const before = track.rate * random.pick([0.5, 1]);
		const begin = random.chance(0.5) ? 2 ** 32 - before : 2 ** 31 - before;
		return (end) => {
			const value = Math.round(begin + end);
			return begin > 2 ** 31 ? value % 2 ** 32 : value | 0;
		};
	});
	change('positions start anew after a pause', (random, track) => {
		const pause = Math.round(sum(track.samples) * (0.3 + 0.5 * random.next()));
		return (end) => (end > pause ? end - pause : end);
	});
	change(
		'positions jump over a pause',
		(random, track) => {
			const pause = Math.round(sum(track.samples) * (0.3 + 0.5 * random.next()));
			const jump = track.rate * random.pick([1, 3]);
			return (end) => (end > pause ? end + jump : end);
		},
		{ alsoAs: withPause },
	);
	change('positions out of order', (random) => {
		const offset = random.between(1, 5);
		return (end, index, count) => (index === count - 1 ? end : index % 2 ? end : end + offset * 4_000);
	});
	change('the last position is too low', (random, track) => {
		const last = random.pick([0, 1, Math.round(track.rate * 0.2), Math.round(sum(track.samples) / 3)]);
		return (end, index, count) => (index === count - 1 && count > 4 ? last : end);
	});
	change('the last position is too high', (random, track) => {
		const more = track.rate * random.pick([0.5, 5, 100_000]);
		return (end, index, count) => (index === count - 1 ? end + more : end);
	});
}

const endsOf = (track, how) =>
	oggPages(track, { ...how, position: undefined }).map((page) => Number(page.readBigInt64LE(6)));

/** The last page cut as its position and the one before have it, which the format allows (RFC 7845, 4.4). */
function byTheLetter(track, how) {
	const said = oggPages(track, how).map((page) => Number(page.readBigInt64LE(6)));
	const ends = endsOf(track, how);
	const kept = said.at(-1) - said.at(-2);
	if (ends.length < 5 || kept < 0 || kept >= ends.at(-1) - ends.at(-2)) return [];
	const part = partOf(track);
	const end = ends.at(-2) + kept;
	return [[{ ...part, to: Math.min(part.to, Math.max(0, end - track.delay) / track.rate), held: end / track.rate }]];
}

/** The pause that the positions tell, as silence. */
function withPause(track, how) {
	const ends = endsOf(track, how).filter((end) => end > 0);
	const first = ends.findIndex((end, index) => how.position(end) !== end && index > 0);
	if (first < 0) return [];
	const at = ends[first - 1];
	const pause = (how.position(ends[first]) - ends[first]) / track.rate;
	const part = partOf(track);
	const middle = Math.max(0, at - track.delay) / track.rate;
	return [
		[
			{ ...part, to: middle, held: at / track.rate },
			silence(pause),
			{ ...part, from: middle, held: part.held - at / track.rate },
		],
	];
}

/** The end that the format allows: within the last page (RFC 7845, 4.4). */
function trims(define, codec, any) {
	if (codec === 'flac') return;
	define('the end trimmed within the last page', 'control', async (random) => {
		const track = await any(random);
		const length = sum(track.samples);
		const lengthOfLast = lastPage(track, 0.5);
		const trim = Math.round(lengthOfLast * random.next() * 0.9);
		const bytes = ogg(track, {
			seconds: 0.5,
			position: (end, index, count) => (index === count - 1 ? length - trim : end),
		});
		const part = partOf(track);
		return complete(bytes, [
			{
				...part,
				to: Math.min(part.to, (length - trim - track.delay) / track.rate),
				held: (length - trim) / track.rate,
			},
		]);
	});
}

function lastPage(track, seconds) {
	const pages = oggPages(track, { seconds });
	const [before, last] = pages.slice(-2).map((page) => Number(page.readBigInt64LE(6)));
	return last - before;
}

function rawOpus(define) {
	define('packets one behind the other, no container', 'Ogg: raw Opus packets', async () => {
		const track = await opusTrack('a');
		return refused(cat(track.packets), /Opus|packets|container/i);
	});
	define('packets behind their lengths, no container', 'Ogg: raw Opus packets', async (random) => {
		const track = await opusTrack(random.pick(['a', 'b']), random.pick([{}, { channels: 2 }, { milliseconds: 60 }]));
		const length = random.pick([u16le, u16be, u32le, u32be]);
		const json = text('{"dca":{"version":1}}');
		const header = length === u16le && random.chance(0.5) ? [text('DCA1'), u32le(json.length), json] : [];
		return complete(
			cat(
				header,
				track.packets.map((packet) => [length(packet.length), packet]),
			),
			whole(track),
		);
	});
	define('packets behind their lengths, cut off', 'Ogg: raw Opus packets', async (random) => {
		const track = await opusTrack('a');
		const at = random.between(20, track.packets.length - 1);
		const bytes = cat(track.packets.map((packet) => [u16le(packet.length), packet]));
		const start = sum(track.packets.slice(0, at).map(({ length }) => length + 2));
		const parts = [partOf(track, 0, at)];
		return { bytes: bytes.subarray(0, start + 10), expected: { contents: [parts], cut: true, mustRemark: true } };
	});
	define('Opus tags missing', 'Ogg: headers', async () => {
		const track = await opusTrack('b');
		const pages = oggPages(track, { seconds: 0.2 });
		return faulty(cat(pages.filter((_, index) => index !== 1)), whole(track), { mayRemark: true });
	});
	define('the pre-skip is too long', 'Ogg: headers', async (random) => {
		const track = await opusTrack('a');
		const head = edited(track.config.head, (copy) => copy.writeUInt16LE(random.pick([0, 3_840, 0xffff, 48_000]), 10));
		const skip = head.readUInt16LE(10);
		const changed = { ...track, config: { head } };
		const part = partOf({ ...track, delay: Math.max(skip, track.delay) });
		const from = Math.max(0, (skip - track.delay) / 48_000);
		return faulty(ogg(changed), whole(track), {
			contents: [whole(track), [{ ...part, from, to: partOf(track).to, held: part.held - skip / 48_000 }]],
		});
	});
}

function renumbered(page, serial) {
	return sealed(edited(page, (copy) => copy.writeUInt32LE(serial, 14)));
}

function byTurns(left, right) {
	const first = [left[0], right[0]];
	const rest = [];
	for (let index = 1; index < Math.max(left.length, right.length); index++)
		rest.push(left[index] ?? [], right[index] ?? []);
	return cat(first, rest);
}

/** Which packets of the track lie on a page, found by the positions of well-made pages. */
function packetsOf(pages, headers, index, track) {
	const end = (number) => (number < headers ? 0 : Number(pages[number].readBigInt64LE(6)));
	const indexAt = (position) => {
		let passed = 0;
		let count = 0;
		while (count < track.samples.length && passed + track.samples[count] <= position) passed += track.samples[count++];
		return count;
	};
	return { from: indexAt(end(index - 1)), to: indexAt(end(index)) };
}
