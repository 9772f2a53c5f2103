/** Builds Ogg files page by page (RFC 3533), so that tests can lose, damage and mix pages. */
import { joinBytes, littleEndian } from '../bytes.cts';
import { opusHead, opusTags, type OpusHeadFields } from './opusHead.cts';

/** Everything a page says. */
export interface PageFields {
	serial: number;
	sequence: number;
	granule: number | bigint;
	continued?: boolean;
	first?: boolean;
	last?: boolean;
	lacing: number[];
	body: Uint8Array;
}

/** CRC-32 with 0x04C11DB7, most significant bit first, bit by bit as the specification words it. */
export function oggChecksum(bytes: Uint8Array): number {
	let register = 0n;
	for (const byte of bytes) {
		register ^= BigInt(byte) << 24n;
		for (let bit = 0; bit < 8; bit++) {
			const carry = register & 0x8000_0000n;
			register = (register << 1n) & 0xffff_ffffn;
			if (carry) register ^= 0x04c1_1db7n;
		}
	}
	return Number(register);
}

const REMAINDERS = Uint32Array.from({ length: 256 }, (_, byte) => oggChecksum(Uint8Array.of(byte)));

/** The same as `oggChecksum`, a byte at a time. */
function fastChecksum(bytes: Uint8Array): number {
	let register = 0;
	for (const byte of bytes) register = ((register << 8) ^ REMAINDERS[((register >>> 24) ^ byte) & 0xff]) >>> 0;
	return register;
}

/** One page with its checksum. */
export function oggPage(fields: PageFields): Uint8Array {
	const { serial, sequence, granule, continued = false, first = false, last = false, lacing, body } = fields;
	const page = joinBytes(
		'OggS',
		[0, (continued ? 1 : 0) | (first ? 2 : 0) | (last ? 4 : 0)],
		littleEndian(granule, 8),
		littleEndian(serial, 4),
		littleEndian(sequence, 4),
		[0, 0, 0, 0, lacing.length],
		lacing,
		body,
	);
	page.set(littleEndian(fastChecksum(page), 4), 22);
	return page;
}

/** The lacing values of one packet. */
export const lacingOf = (size: number): number[] => [
	...new Array<number>(Math.floor(size / 255)).fill(255),
	size % 255,
];

/** How an Opus stream is put into pages. */
export interface OggOpusOptions extends OpusHeadFields {
	serial?: number;
	packetsPerPage?: number;
	/** Samples at 48 kHz in one packet. */
	packetSamples?: number;
	/** Granule position before the first packet. */
	startGranule?: number;
	/** Granule position of the last page; by default all samples count. */
	endGranule?: number;
	/** Whether the last page is marked as the end. */
	endOfStream?: boolean;
	/** Bytes of padding in the comment header. */
	tagsPadding?: number;
	/** At most this many segments on a page, so that larger packets go on on the next page. */
	segmentsPerPage?: number;
}

/** The pages of an Opus stream: two header pages (more if the tags are large), then the audio. */
export function oggOpusPages(packets: Uint8Array[], options: OggOpusOptions = {}): Uint8Array[] {
	const { serial = 0x1234, packetsPerPage = 50, packetSamples = 960, startGranule = 0, endOfStream = true } = options;
	const { tagsPadding = 0, segmentsPerPage = 255 } = options;
	const pages: Uint8Array[] = [];
	const addPages = (group: Uint8Array[], granule: number, marks: { first?: boolean; last?: boolean }) => {
		const lacing = group.flatMap(({ length }) => lacingOf(length));
		const body = joinBytes(...group);
		let offset = 0;
		for (let start = 0; start < lacing.length; start += segmentsPerPage) {
			const segments = lacing.slice(start, start + segmentsPerPage);
			const size = segments.reduce((sum, value) => sum + value, 0);
			const ends = segments.some((value) => value < 255);
			const final = start + segmentsPerPage >= lacing.length;
			pages.push(
				oggPage({
					serial,
					sequence: pages.length,
					granule: final ? granule : ends ? granule : -1,
					continued: start > 0 && lacing[start - 1] === 255,
					first: marks.first,
					last: final && marks.last,
					lacing: segments,
					body: body.subarray(offset, offset + size),
				}),
			);
			offset += size;
		}
	};
	addPages([opusHead(options)], 0, { first: true });
	addPages([opusTags(tagsPadding)], 0, {});
	for (let start = 0; start < packets.length; start += packetsPerPage) {
		const group = packets.slice(start, start + packetsPerPage);
		const final = start + packetsPerPage >= packets.length;
		const granule = startGranule + (start + group.length) * packetSamples;
		addPages(group, final ? (options.endGranule ?? granule) : granule, { last: final && endOfStream });
	}
	return pages;
}

/** A whole Ogg Opus file. */
export const oggOpusFile = (packets: Uint8Array[], options: OggOpusOptions = {}): Uint8Array =>
	joinBytes(...oggOpusPages(packets, options));
