/** MP4 (ISO 14496-12): whole with its index, or in fragments. */
import { cat, text, u16be, u24be, u32be, u64be, u8 } from '../bytes.mjs';
import { sum } from '../sources/track.mjs';
import { esds } from './plain.mjs';

const box = (type, ...parts) => {
	const body = cat(parts);
	return cat(u32be(body.length + 8), text(type), body);
};
const full = (type, flags, ...parts) => box(type, u8(0), u24be(flags), ...parts);

const MATRIX = cat([0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000].map(u32be));
const MOVIE_SCALE = 1_000;

function sampleEntry(track, how) {
	const rate = how.entryRate ?? track.rate;
	const audio = (type, ...parts) =>
		box(
			type,
			Buffer.alloc(6),
			u16be(1),
			Buffer.alloc(8),
			u16be(track.channels),
			u16be(16),
			u32be(0),
			u16be(rate > 65_535 ? 0 : rate),
			u16be(0),
			...parts,
		);
	if (how.fourcc) return audio(how.fourcc);
	if (track.codec === 'aac') return audio('mp4a', full('esds', 0, esds(track, how.config)));
	if (track.codec === 'opus')
		return audio('Opus', box('dOps', u8(0, track.channels), u16be(track.delay), u32be(48_000), u16be(0), u8(0)));
	if (track.codec === 'flac') return audio('fLaC', full('dfLa', 0, u8(0x80, 0, 0, 34), track.config.streamInfo));
	if (track.codec === 'alac') return audio('alac', full('alac', 0, track.config.cookie));
	if (track.codec === 'mp3')
		return audio(
			'mp4a',
			full('esds', 0, cat(u8(3, 23), u16be(0), u8(0, 4, 15, 0x6b, 0x15), Buffer.alloc(11), u8(6, 1, 2))),
		);
	if (track.codec === 'amr') return audio('samr', box('damr', text('wild'), u8(0), u16be(0x81ff), u8(0, 1)));
	throw new Error(`No sample entry for ${track.codec}`);
}

/** Runs of equal numbers, as [count, value]. */
function runs(numbers) {
	const list = [];
	for (const value of numbers) {
		if (list.at(-1)?.[1] === value) list.at(-1)[0]++;
		else list.push([1, value]);
	}
	return list;
}

/** The edit list: [seconds, start in samples of the media, or −1 for an empty one]. */
const editList = (edits) =>
	box(
		'edts',
		full(
			'elst',
			0,
			u32be(edits.length),
			edits.map(([seconds, start]) => [u32be(Math.round(seconds * MOVIE_SCALE)), u32be(start), u32be(0x10000)]),
		),
	);

/** Seconds of the track without what the encoder put in front. */
const presented = (track) => (sum(track.samples) - track.delay) / track.rate;

function trackBox(track, index, how, chunkOffsets, perChunk, fragmented) {
	const scale = how.timescale ?? track.rate;
	const durations = fragmented ? [] : track.samples.map((count) => how.sampleDuration ?? count);
	const edits = how.edits === undefined ? [[presented(track), track.delay]] : how.edits;
	const sizes = fragmented ? [] : track.packets.map(({ length }) => length);
	const chunks = fragmented ? [] : runs(chunkSizes(track, perChunk));
	let first = 1;
	const sampleToChunk = chunks.map(([count, size]) => {
		const entry = [u32be(first), u32be(size), u32be(1)];
		first += count;
		return entry;
	});
	const table = box(
		'stbl',
		full('stsd', 0, u32be(1), sampleEntry(track, how)),
		full(
			'stts',
			0,
			u32be(runs(durations).length),
			runs(durations).map(([count, value]) => [u32be(count), u32be(value)]),
		),
		full('stsc', 0, u32be(sampleToChunk.length), sampleToChunk),
		full('stsz', 0, u32be(0), u32be(sizes.length), sizes.map(u32be)),
		full('stco', 0, u32be(chunkOffsets.length), chunkOffsets.map(u32be)),
	);
	const mediaDuration = how.mediaDuration ?? (fragmented ? 0 : sum(durations));
	const movieDuration = how.movieDuration ?? (fragmented ? 0 : Math.round(presented(track) * MOVIE_SCALE));
	const media = box(
		'mdia',
		full('mdhd', 0, u32be(0), u32be(0), u32be(scale), u32be(mediaDuration), u16be(0x55c4), u16be(0)),
		full('hdlr', 0, u32be(0), text('soun'), Buffer.alloc(12), text('\0')),
		box('minf', full('smhd', 0, u32be(0)), box('dinf', full('dref', 0, u32be(1), full('url ', 1))), table),
	);
	const header = full(
		'tkhd',
		3,
		u32be(0),
		u32be(0),
		u32be(index + 1),
		u32be(0),
		u32be(movieDuration),
		Buffer.alloc(8),
		u16be(0),
		u16be(0),
		u16be(0x0100),
		u16be(0),
		MATRIX,
		u32be(0),
		u32be(0),
	);
	return box('trak', header, edits ? editList(edits) : [], media);
}

function chunkSizes(track, perChunk) {
	const sizes = [];
	for (let from = 0; from < track.packets.length; from += perChunk)
		sizes.push(Math.min(perChunk, track.packets.length - from));
	return sizes;
}

const movieHeader = (duration, tracks) =>
	full(
		'mvhd',
		0,
		u32be(0),
		u32be(0),
		u32be(MOVIE_SCALE),
		u32be(duration),
		u32be(0x10000),
		u16be(0x100),
		Buffer.alloc(10),
		MATRIX,
		Buffer.alloc(24),
		u32be(tracks + 1),
	);

const fileType = () => box('ftyp', text('M4A '), u32be(0x200), text('M4A isom'));

/**
 * One file of one or several tracks, their chunks by turns.
 *
 * @param {object} how   indexFirst, perChunk, gap (bytes between chunks), mdatExtra (what mdat claims too much), offsetShift,
 *   behind (bytes), and per track `each[index]`: edits (null for none), timescale, sampleDuration, config, fourcc,
 *   mediaDuration, movieDuration
 */
export function mp4(
	tracks,
	{ indexFirst = true, perChunk = 10, gap = 0, mdatExtra = 0, offsetShift = 0, behind = [], each = [] } = {},
) {
	const build = (start) => {
		const offsets = tracks.map(() => []);
		const data = [];
		let at = start;
		for (let from = 0; tracks.some(({ packets }) => from < packets.length); from += perChunk)
			tracks.forEach(({ packets }, index) => {
				if (from >= packets.length) return;
				offsets[index].push(at + offsetShift);
				const bytes = cat(packets.slice(from, from + perChunk), Buffer.alloc(gap));
				data.push(bytes);
				at += bytes.length;
			});
		const duration = Math.round(Math.max(...tracks.map(presented)) * MOVIE_SCALE);
		const index = box(
			'moov',
			movieHeader(duration, tracks.length),
			tracks.map((track, number) => trackBox(track, number, each[number] ?? {}, offsets[number], perChunk, false)),
		);
		return { index, data: cat(data) };
	};
	const type = fileType();
	const before = indexFirst ? build(0).index.length : 0;
	const { index, data } = build(type.length + before + 8);
	const media = cat(u32be(data.length + 8 + mdatExtra), text('mdat'), data);
	return cat(type, indexFirst ? [index, media] : [media, index], behind);
}

/**
 * The start, and the fragments one by one.
 *
 * @param {object} how  perFragment; base: 'moof' (default-base-is-moof), 'offset' (base-data-offset), 'none'; runs in a
 *   fragment; times (decode time of each fragment as it says it)
 */
export function fragmented(
	track,
	{ perFragment = 15, base = 'moof', trafs = 1, time = (value) => value, each = {} } = {},
) {
	const extends_ = box('mvex', full('trex', 0, u32be(1), u32be(1), u32be(track.samples[0]), u32be(0), u32be(0)));
	const start = cat(
		fileType(),
		box('moov', movieHeader(0, 1), trackBox(track, 0, { edits: null, ...each }, [], 1, true), extends_),
	);
	const fragments = [];
	let at = start.length;
	let decoded = 0;
	for (let from = 0; from < track.packets.length; from += perFragment) {
		const packets = track.packets.slice(from, from + perFragment);
		const samples = track.samples.slice(from, from + perFragment);
		const share = Math.ceil(packets.length / trafs);
		const build = (length) => {
			let data = length + 8;
			let passed = decoded;
			const boxes = [];
			for (let first = 0; first < packets.length; first += share) {
				const part = packets.slice(first, first + share);
				// Without base offset only the first counts from the moof; the others follow the data before (8.8.7.1).
				const offset = base === 'none' && first > 0 ? undefined : data;
				const header =
					base === 'moof'
						? full('tfhd', 0x020000, u32be(1))
						: base === 'offset'
							? full('tfhd', 1, u32be(1), u64be(at))
							: full('tfhd', 0, u32be(1));
				const run = full(
					'trun',
					0x300 | (offset === undefined ? 0 : 1),
					u32be(part.length),
					offset === undefined ? [] : u32be(offset),
					part.map((packet, index) => [u32be(samples[first + index]), u32be(packet.length)]),
				);
				boxes.push(box('traf', header, full('tfdt', 0, u32be(time(passed, fragments.length))), run));
				data += sum(part.map((packet) => packet.length));
				passed += sum(samples.slice(first, first + share));
			}
			return box('moof', full('mfhd', 0, u32be(fragments.length + 1)), boxes);
		};
		const fragment = cat(build(build(0).length), box('mdat', packets));
		fragments.push(fragment);
		at += fragment.length;
		decoded += sum(samples);
	}
	return { start, fragments };
}
