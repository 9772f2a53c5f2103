/** Matroska and WebM (RFC 9559): clusters of simple blocks. */
import { cat, f64be, text, u16be, u8 } from '../bytes.mjs';
import { sum } from '../sources/track.mjs';
import { audioSpecificConfig } from './adts.mjs';

const id = (value) => Buffer.from(value.toString(16), 'hex');

/** A length in eight bytes; undefined is the unknown length. */
function length(value) {
	if (value === undefined) return Buffer.from('01ffffffffffffff', 'hex');
	const bytes = Buffer.alloc(8);
	bytes.writeBigUInt64BE(BigInt(value));
	bytes[0] = 1;
	return bytes;
}

const element = (name, ...parts) => {
	const body = cat(parts);
	return cat(id(name), length(body.length), body);
};
const open = (name, ...parts) => cat(id(name), length(undefined), parts);

function unsigned(name, value) {
	const bytes = Buffer.alloc(8);
	bytes.writeBigUInt64BE(BigInt(Math.max(0, Math.round(value))));
	return element(name, bytes);
}
const signed = (name, value) => {
	const bytes = Buffer.alloc(8);
	bytes.writeBigInt64BE(BigInt(Math.round(value)));
	return element(name, bytes);
};

/** Xiph lacing of the headers of Vorbis, in CodecPrivate. */
function laced(headers) {
	const sizes = headers
		.slice(0, -1)
		.flatMap((header) => [...new Array(Math.floor(header.length / 255)).fill(255), header.length % 255]);
	return cat(u8(headers.length - 1, ...sizes), headers);
}

function codecOf(track) {
	if (track.codec === 'opus') return ['A_OPUS', track.config.head];
	if (track.codec === 'vorbis') return ['A_VORBIS', laced(track.config.headers)];
	if (track.codec === 'aac') return ['A_AAC', audioSpecificConfig(track)];
	if (track.codec === 'flac') return ['A_FLAC', cat(text('fLaC'), u8(0x80, 0, 0, 34), track.config.streamInfo)];
	if (track.codec === 'mp3') return ['A_MPEG/L3', undefined];
	if (track.codec === 'pcm') return ['A_PCM/INT/LIT', undefined];
	throw new Error(`No Matroska codec for ${track.codec}`);
}

function trackEntry(track, number, { codecId, codecDelay }) {
	const [name, configuration] = codecOf(track);
	const delay = codecDelay ?? (track.codec === 'opus' ? (track.delay / track.rate) * 1e9 : 0);
	return element(
		0xae,
		unsigned(0xd7, number),
		unsigned(0x73c5, number),
		unsigned(0x83, 2),
		element(0x86, text(codecId ?? name)),
		delay ? unsigned(0x56aa, delay) : [],
		configuration ? element(0x63a2, configuration) : [],
		element(
			0xe1,
			element(0xb5, f64be(track.rate)),
			unsigned(0x9f, track.channels),
			track.codec === 'pcm' ? unsigned(0x6264, track.config.format.bits) : [],
		),
	);
}

const header = (type) =>
	element(
		0x1a45dfa3,
		unsigned(0x4286, 1),
		unsigned(0x42f7, 1),
		unsigned(0x42f2, 4),
		unsigned(0x42f3, 8),
		element(0x4282, text(type)),
		unsigned(0x4287, 4),
		unsigned(0x4285, 2),
	);

/**
 * The head of a file and its clusters.
 *
 * @param {object} how  seconds of a cluster; unknown (sizes); time(milliseconds, index of the cluster): what a cluster says;
 *   duration (milliseconds; null for none); scale (nanoseconds of a tick); discard(index of the packet): nanoseconds or undefined;
 *   each[index]: codecId, codecDelay
 */
export function matroskaParts(
	tracks,
	{
		seconds = 0.5,
		unknown = false,
		time = (value) => value,
		duration,
		scale = 1_000_000,
		type = 'webm',
		discard = () => undefined,
		each = [],
	} = {},
) {
	const wholes = tracks.map((track) => (sum(track.samples) / track.rate) * 1_000);
	const info = element(
		0x1549a966,
		unsigned(0x2ad7b1, scale),
		duration === null ? [] : element(0x4489, f64be(duration ?? Math.max(...wholes))),
		element(0x4d80, text('careless')),
		element(0x5741, text('careless')),
	);
	const head = cat(
		info,
		element(
			0x1654ae6b,
			tracks.map((track, index) => trackEntry(track, index + 1, each[index] ?? {})),
		),
	);
	const blocks = tracks.flatMap((track, number) => {
		let passed = 0;
		return track.packets.map((packet, index) => {
			const begin = (passed / track.rate) * 1_000;
			passed += track.samples[index];
			return { number: number + 1, begin, packet, discard: number === 0 ? discard(index) : undefined };
		});
	});
	blocks.sort((a, b) => a.begin - b.begin || a.number - b.number);
	const clusters = [];
	for (let from = 0; from < blocks.length; ) {
		const base = Math.floor(blocks[from].begin);
		let to = from;
		while (to < blocks.length && blocks[to].begin - base < seconds * 1_000) to++;
		const written = blocks.slice(from, to).map((block) => blockElement(block, base));
		clusters.push((unknown ? open : element)(0x1f43b675, unsigned(0xe7, time(base, clusters.length)), written));
		from = to;
	}
	return { ebml: header(type), head, clusters };
}

function blockElement({ number, begin, packet, discard }, base) {
	const body = cat(u8(0x80 | number), u16be(Math.round(begin) - base), u8(discard === undefined ? 0x80 : 0), packet);
	if (discard === undefined) return element(0xa3, body);
	return element(0xa0, element(0xa1, body), signed(0x75a2, discard));
}

/** The whole file; `segmentExtra` is what the segment claims too much. */
export function matroska(tracks, how = {}) {
	const { ebml, head, clusters } = matroskaParts(tracks, how);
	return assembled({ ebml, head, clusters }, how);
}

export function assembled({ ebml, head, clusters }, { unknown = false, segmentExtra = 0 } = {}) {
	const body = cat(head, clusters);
	return cat(ebml, id(0x18538067), unknown ? length(undefined) : length(body.length + segmentExtra), body);
}
