/** Ogg with Opus (RFC 7845), Vorbis and FLAC, packet by packet. */
import { cat, text, u16be, u32be, u32le, u8 } from '../bytes.mjs';
import { sum } from '../sources/track.mjs';
import { FIRST, LAST, page } from './oggPages.mjs';

const VENDOR = 'careless';
const comment = cat(u32le(VENDOR.length), text(VENDOR), u32le(0));

function headersOf({ codec, config }) {
	if (codec === 'opus') return [config.head, cat(text('OpusTags'), comment)];
	if (codec === 'vorbis') return config.headers;
	const first = cat(u8(0x7f), text('FLAC'), u8(1, 0), u16be(1), text('fLaC'), u8(0, 0, 0, 34), config.streamInfo);
	return [first, cat(u8(0x84), u32be(comment.length).subarray(1), comment)];
}

/** Samples a packet adds, in units of the stream's positions: Opus counts at 48 kHz, the others at their own rate. */
const positionsOf = ({ samples }) => samples;

/**
 * A track as a list of pages.
 *
 * @param {object} how
 * @param {number} [how.seconds]    of packets on each page
 * @param {(end: number, index: number, count: number) => number | bigint} [how.position] what a page says instead of `end`,
 *   the samples up to its end
 * @param {number} [how.base]       samples that lie before the first packet
 */
export function oggPages(
	track,
	{ seconds = 0.3, serial = 7, sequence = 0, headers = true, eos = true, position, base = 0 } = {},
) {
	const list = [];
	let number = sequence;
	const add = (flags, at, packets) => list.push(page({ serial, sequence: number++, flags, position: at }, packets));
	const [first, ...others] = headersOf(track);
	if (headers) {
		add(FIRST, 0, [first]);
		for (const header of others) add(0, 0, [header]);
	} else number += 1 + others.length;
	const samples = positionsOf(track);
	const groups = groupsOf(samples, seconds * track.rate, track.packets);
	let end = base;
	groups.forEach(([from, to], index) => {
		end += sum(samples.slice(from, to));
		const flags = eos && index === groups.length - 1 ? LAST : 0;
		add(flags, position ? position(end, index, groups.length) : end, track.packets.slice(from, to));
	});
	return list;
}

function groupsOf(samples, most, packets) {
	const groups = [];
	for (let from = 0; from < samples.length; ) {
		let to = from;
		let length = 0;
		let segments = 0;
		do {
			length += samples[to];
			segments += Math.floor(packets[to].length / 255) + 1;
			to++;
		} while (
			to < samples.length &&
			length + samples[to] <= most &&
			segments + Math.floor(packets[to].length / 255) + 1 <= 255
		);
		groups.push([from, to]);
		from = to;
	}
	return groups;
}

export const ogg = (track, how) => cat(oggPages(track, how));
