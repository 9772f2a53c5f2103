/** MPEG transport streams (ISO 13818-1) with one program of audio. */
import { cat, u16be, u32be, u8 } from '../bytes.mjs';
import { adtsFrame } from './adts.mjs';

const PACKET = 188;
const TABLES = Array.from({ length: 256 }, (_, index) => {
	let value = index << 24;
	for (let bit = 0; bit < 8; bit++) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1;
	return value >>> 0;
});

function section(tableId, identifier, body) {
	const bytes = cat(u8(tableId), u16be(0xb000 | (body.length + 9)), u16be(identifier), u8(0xc1, 0, 0), body);
	let value = 0xffffffff;
	for (const byte of bytes) value = ((value << 8) ^ TABLES[((value >>> 24) ^ byte) & 255]) >>> 0;
	return cat(u8(0), bytes, u32be(value));
}

/** Presentation times in 90 kHz, 33 bits. */
function timeStamp(value) {
	const time = ((BigInt(Math.round(value)) % 2n ** 33n) + 2n ** 33n) % 2n ** 33n;
	const high = Number(time >> 30n);
	const middle = Number((time >> 15n) & 0x7fffn);
	const low = Number(time & 0x7fffn);
	return cat(u8(0x21 | (high << 1)), u16be((middle << 1) | 1), u16be((low << 1) | 1));
}

const STREAM_TYPES = { aac: 0x0f, mp3: 0x03 };

/**
 * @param {object} how  pid; perPes (frames of one packet of the stream); time(ticks, index); counter(number): continuity;
 *   streamType: what the tables say the stream is; tables: whether the program's tables are written; lengthOf(bytes): what a PES packet says about its length
 */
export function mpegTs(
	track,
	{
		pid = 0x100,
		perPes = 6,
		time = (value) => value,
		counter = (value) => value,
		tables = true,
		lengthOf = (value) => value,
		from = 0,
		streamType = STREAM_TYPES[track.codec],
	} = {},
) {
	const out = [];
	const counters = new Map();
	const packet = (id, payload, first) => {
		const number = counters.get(id) ?? from;
		counters.set(id, number + 1);
		const room = PACKET - 4;
		const stuffing = room - payload.length;
		const adaptation =
			stuffing === 0 ? [] : stuffing === 1 ? u8(0) : u8(stuffing - 1, 0, ...new Array(stuffing - 2).fill(0xff));
		const flags = (stuffing ? 0x30 : 0x10) | (counter(number) & 15);
		out.push(cat(u8(0x47), u16be((first ? 0x4000 : 0) | id), u8(flags), adaptation, payload));
	};
	const send = (id, bytes) => {
		for (let at = 0; at < bytes.length; at += PACKET - 4) packet(id, bytes.subarray(at, at + PACKET - 4), at === 0);
	};
	if (tables) {
		send(0, section(0, 1, cat(u16be(1), u16be(0xe000 | 0x1000))));
		send(
			0x1000,
			section(2, 1, cat(u16be(0xe000 | pid), u16be(0xf000), u8(streamType), u16be(0xe000 | pid), u16be(0xf000))),
		);
	}
	let passed = 0;
	let index = 0;
	for (let first = 0; first < track.packets.length; first += perPes) {
		const frames = track.packets
			.slice(first, first + perPes)
			.map((frame) => (track.codec === 'aac' ? adtsFrame(frame, track) : frame));
		const body = cat(u8(0x80, 0x80, 5), timeStamp(time((passed / track.rate) * 90_000 + 126_000, index++)), frames);
		send(pid, cat(u32be(0x000001c0), u16be(lengthOf(body.length)), body));
		for (let frame = first; frame < Math.min(first + perPes, track.packets.length); frame++)
			passed += track.samples[frame];
	}
	return cat(out);
}
