/** Builds WebM and Matroska files element by element (RFC 8794, RFC 9559). */
import { bigEndian, joinBytes } from '../bytes.cts';
import { opusHead, type OpusHeadFields } from './opusHead.cts';

type Part = Uint8Array | number[] | string;

const idBytes = (id: number): Uint8Array => bigEndian(id, Math.ceil(id.toString(16).length / 2));

/** A size in the given number of bytes. */
function vint(value: number, byteCount = 1): Uint8Array {
	const bytes = bigEndian(value, byteCount);
	bytes[0] |= 0x80 >> (byteCount - 1);
	return bytes;
}

/** An element with its size in four bytes. */
export function element(id: number, ...parts: Part[]): Uint8Array {
	const data = joinBytes(...parts);
	return joinBytes(idBytes(id), vint(data.length, 4), data);
}

/** An element whose size is not known, as a live recorder writes it. */
const openElement = (id: number, ...parts: Part[]): Uint8Array =>
	joinBytes(idBytes(id), [0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], ...parts);

/** An element that holds a number. */
export const numberElement = (id: number, value: number, byteCount = 1): Uint8Array =>
	element(id, bigEndian(value, byteCount));

/** How frames are put into one block. */
export type Lacing = 'none' | 'xiph' | 'ebml' | 'fixed';

const LACING_FLAGS: Record<Lacing, number> = { none: 0, xiph: 2, fixed: 4, ebml: 6 };

/** The contents of a (Simple)Block. */
export function block(frames: Uint8Array[], track = 1, lacing: Lacing = 'none'): Uint8Array {
	const head = joinBytes(vint(track), [0, 0, 0x80 | LACING_FLAGS[lacing]]);
	if (lacing === 'none') return joinBytes(head, ...frames);
	const sizes = frames.slice(0, -1).map(({ length }) => length);
	let laceSizes: Uint8Array = new Uint8Array(0);
	if (lacing === 'xiph') {
		laceSizes = joinBytes(
			sizes.flatMap((size) => [...new Array<number>(Math.floor(size / 255)).fill(255), size % 255]),
		);
	}
	if (lacing === 'ebml') {
		// Two bytes for each: the first as it is, the others as a difference plus 2^13 − 1.
		laceSizes = joinBytes(...sizes.map((size, i) => vint(i === 0 ? size : size - sizes[i - 1] + 8_191, 2)));
	}
	return joinBytes(head, [frames.length - 1], laceSizes, ...frames);
}

/** A SimpleBlock. */
export const simpleBlock = (frames: Uint8Array[], track = 1, lacing: Lacing = 'none'): Uint8Array =>
	element(0xa3, block(frames, track, lacing));

/** A BlockGroup, if asked for with DiscardPadding in nanoseconds. */
export function blockGroup(frames: Uint8Array[], track = 1, discardPadding?: number): Uint8Array {
	const padding = discardPadding === undefined ? [] : numberElement(0x75a2, discardPadding, 4);
	return element(0xa0, element(0xa1, block(frames, track)), padding);
}

/** What a track entry says. */
export interface TrackFields {
	number?: number;
	/** 1 is video, 2 is audio. */
	type?: number;
	codecId?: string;
	codecPrivate?: Uint8Array;
	/** Further elements. */
	extra?: Uint8Array;
}

/** A TrackEntry element. */
export function trackEntry({
	number = 1,
	type = 2,
	codecId = 'A_OPUS',
	codecPrivate,
	extra = new Uint8Array(0),
}: TrackFields): Uint8Array {
	return element(
		0xae,
		numberElement(0xd7, number),
		numberElement(0x83, type),
		element(0x86, codecId),
		codecPrivate ? element(0x63a2, codecPrivate) : [],
		extra,
	);
}

/** The EBML header. */
export const ebmlHeader = (docType = 'webm'): Uint8Array => element(0x1a45dfa3, element(0x4282, docType));

/** How a WebM file is put together. */
export interface WebmOptions extends OpusHeadFields {
	docType?: string;
	/** Track entries; one Opus track by default. */
	tracks?: Uint8Array[];
	/** Further elements of the Opus track. */
	trackExtra?: Uint8Array;
	/** Leaves the sizes of the segment and its clusters open. */
	live?: boolean;
}

/** A WebM file with the given clusters, each a list of its blocks. */
export function webmFile(clusters: Uint8Array[][], options: WebmOptions = {}): Uint8Array {
	const { docType, live = false, trackExtra } = options;
	const tracks = options.tracks ?? [trackEntry({ codecPrivate: opusHead(options), extra: trackExtra })];
	const container = live ? openElement : element;
	return joinBytes(
		ebmlHeader(docType),
		container(
			0x18538067,
			element(0x1549a966, numberElement(0x2ad7b1, 1_000_000, 4)),
			element(0x1654ae6b, ...tracks),
			...clusters.map((blocks, i) => container(0x1f43b675, numberElement(0xe7, i * 1_000, 4), ...blocks)),
		),
	);
}
