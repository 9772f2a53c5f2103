import {
	ebmlChildren,
	EbmlId,
	ebmlSigned,
	ebmlUnsigned,
	findCluster,
	isOfCluster,
	isOfSegment,
	readEbmlSize,
} from './ebml';
import type { EbmlElement } from './ebml';
import { areEqual } from '../../bits/bytes';
import { LatestPieces } from '../latestPieces';
import { isFilling } from '../tags';
import type { MatroskaTrack } from './readMatroska';

/** A packet of a track. */
export interface MatroskaPacket {
	bytes: Uint8Array;
	/** How much to trim at the end of the packet, in nanoseconds; if negative, at its start. */
	discardPadding: number;
	/** Whether the file ends inside the cluster that holds the packet. */
	truncated: boolean;
	/** When it begins, in ticks; undefined for all laced frames but the first. */
	time?: number;
	/** Whether it is the first packet of its cluster. */
	startsCluster: boolean;
}

const LACING_MASK = 0x06;
const XIPH_LACING = 0x02;
const FIXED_SIZE_LACING = 0x04;
/** A block begins with the track number (one byte or more), a timestamp (two bytes) and flags (one byte). */
const TIME_STAMP_AND_FLAGS_BYTES = 3;

/** ID and size of an element take up to this many bytes; fewer that are left at the end are not damage. */
const ELEMENT_HEADER_BYTES = 12;
/** Damage is skipped up to this many times. */
const MAX_GAPS = 1_000;

/**
 * The packets of one track, in file order (RFC 9559, section 10).
 *
 * @param onDamage called for damaged elements, which are left out
 */
export function* matroskaPackets(
	bytes: Uint8Array,
	segment: EbmlElement,
	track: MatroskaTrack,
	onDamage: () => void = () => undefined,
): Generator<MatroskaPacket> {
	const repeats = new RepeatedBlocks(bytes);
	for (const cluster of segmentElements(bytes, segment, onDamage)) {
		if (cluster.id !== EbmlId.Cluster) continue;
		const begin = timeOf(bytes, cluster);
		let startsCluster = true;
		const onStop = (position: number): void => {
			if (position + ELEMENT_HEADER_BYTES < cluster.end) onDamage();
		};
		for (const element of ebmlChildren(bytes, cluster.start, cluster.end, undefined, onStop)) {
			if (!isOfCluster(element.id) || (element.truncated && !cluster.truncated)) onDamage();
			const block = blockIn(bytes, element);
			if (!block || block.truncated) continue;
			const { frames, time } = framesOf(bytes, block, track.number);
			if (frames.length > 0 && repeats.isRepeat(begin + time, block)) continue;
			for (let index = 0; index < frames.length; index++) {
				const last = index === frames.length - 1;
				yield {
					bytes: withStrippedHeader(frames[index], track.strippedHeader),
					discardPadding: last ? discardPaddingIn(bytes, element) : 0,
					truncated: cluster.truncated,
					time: index === 0 ? begin + time : undefined,
					startsCluster,
				};
				startsCluster = false;
			}
		}
	}
}

/** The time of a cluster, in ticks. */
function timeOf(bytes: Uint8Array, { start, end }: EbmlElement): number {
	for (const child of ebmlChildren(bytes, start, end)) {
		if (child.id === EbmlId.Timestamp) return ebmlUnsigned(bytes, child);
		if (child.id === EbmlId.SimpleBlock || child.id === EbmlId.BlockGroup) break;
	}
	return 0;
}

/** A repeat must begin with a block of at least this size: smaller ones may be silence, whose blocks are all alike. */
const MIN_TELLING_BYTES = 24;
/** This many different timestamps show that blocks have their own; some writers leave all of them at zero. */
const MIN_TIMES = 3;
/**
 * Timestamps identify blocks if at most this share of the blocks has the timestamp of a different block. The first two
 * blocks of Vorbis have the same.
 */
const MAX_SHARED_TIMES = 0.25;

/** Recognizes blocks that are written again: their time and their contents are the same. */
class RepeatedBlocks {
	private readonly latest = new LatestPieces<EbmlElement>();

	private wasRepeated = false;

	private blocks = 0;

	/** How many blocks have the time of a different one, as in files whose writer gives times to clusters only. */
	private shared = 0;

	constructor(private readonly bytes: Uint8Array) {}

	/** Takes a block, and returns whether it is a repeat. */
	isRepeat(time: number, block: EbmlElement): boolean {
		const before = this.latest.get(time);
		const isSame = before !== undefined && areEqual(this.contentsOf(block), this.contentsOf(before));
		this.blocks++;
		if (before !== undefined && !isSame) this.shared++;
		const timesTell = this.latest.size >= MIN_TIMES && this.shared <= MAX_SHARED_TIMES * this.blocks;
		this.wasRepeated = isSame && timesTell && (this.wasRepeated || block.end - block.start >= MIN_TELLING_BYTES);
		if (this.wasRepeated) return true;
		this.latest.add(time, block);
		return false;
	}

	private contentsOf({ start, end }: EbmlElement): Uint8Array {
		return this.bytes.subarray(start, end);
	}
}

/** The elements of a segment; after damage the walk goes on at the next cluster. */
function* segmentElements(bytes: Uint8Array, segment: EbmlElement, onDamage: () => void): Generator<EbmlElement> {
	let position: number | undefined = segment.start;
	for (let gaps = 0; position !== undefined && gaps < MAX_GAPS; gaps++) {
		let stopped = segment.end;
		for (const element of ebmlChildren(bytes, position, segment.end, undefined, (at) => (stopped = at))) {
			if (!isOfSegment(element.id) || swallowsClusters(bytes, element, segment.end)) {
				stopped = element.start;
				break;
			}
			yield element;
		}
		position = findCluster(bytes, stopped, segment.end);
		if (
			position === undefined &&
			(segment.end - stopped < ELEMENT_HEADER_BYTES || isFilling(bytes, stopped, segment.end))
		)
			return;
		onDamage();
	}
}

/** Whether an element other than a cluster claims to go on beyond the end, with clusters in it: damage looks like that. */
function swallowsClusters(bytes: Uint8Array, element: EbmlElement, end: number): boolean {
	if (!element.truncated || element.id === EbmlId.Cluster) return false;
	return findCluster(bytes, element.start, end) !== undefined;
}

/** The block of an element: the element itself, or the block in a group. */
function blockIn(bytes: Uint8Array, element: EbmlElement): EbmlElement | undefined {
	if (element.id === EbmlId.SimpleBlock) return element;
	return element.id === EbmlId.BlockGroup ? lastChild(bytes, element, EbmlId.Block) : undefined;
}

/** How much to trim at the end of an element's block, in nanoseconds; if negative, at its start. */
function discardPaddingIn(bytes: Uint8Array, element: EbmlElement): number {
	const padding = element.id === EbmlId.BlockGroup ? lastChild(bytes, element, EbmlId.DiscardPadding) : undefined;
	return padding ? ebmlSigned(bytes, padding) : 0;
}

function lastChild(bytes: Uint8Array, { start, end }: EbmlElement, id: number): EbmlElement | undefined {
	let last: EbmlElement | undefined;
	for (const child of ebmlChildren(bytes, start, end)) if (child.id === id) last = child;
	return last;
}

/** The frames of a block, none if it is of another track, and its time relative to its cluster's, in ticks. */
function framesOf(bytes: Uint8Array, block: EbmlElement, trackNumber: number): { frames: Uint8Array[]; time: number } {
	const number = readEbmlSize(bytes, block.start, block.end);
	if (!number || number.value !== trackNumber) return { frames: [], time: 0 };
	const timeStart = block.start + number.length;
	const dataStart = timeStart + TIME_STAMP_AND_FLAGS_BYTES;
	if (dataStart > block.end) return { frames: [], time: 0 };
	const time = ((bytes[timeStart] << 24) | (bytes[timeStart + 1] << 16)) >> 16;
	const lacing = bytes[dataStart - 1] & LACING_MASK;
	if (lacing === 0) return { frames: [bytes.subarray(dataStart, block.end)], time };
	const sizes = laceSizes(bytes, dataStart, block.end, lacing);
	return { frames: sizes ? cut(bytes, sizes.dataStart, block.end, sizes.known) : [], time };
}

/** Sizes of all laced frames but the last, and the start of the frames; undefined if they run past the block. */
function laceSizes(bytes: Uint8Array, start: number, end: number, lacing: number) {
	if (start >= end) return undefined;
	const count = bytes[start] + 1;
	let position = start + 1;
	const known: number[] = [];
	if (lacing === FIXED_SIZE_LACING) {
		const size = Math.floor((end - position) / count);
		return { known: new Array<number>(count - 1).fill(size), dataStart: position };
	}
	while (known.length < count - 1) {
		if (lacing === XIPH_LACING) {
			let size = 0;
			let byte = 255;
			while (byte === 255) {
				if (position >= end) return undefined;
				byte = bytes[position++];
				size += byte;
			}
			known.push(size);
			continue;
		}
		const value = readEbmlSize(bytes, position, end);
		if (!value) return undefined;
		position += value.length;
		// EBML lacing: the first size as it is, the others as differences with a bias (RFC 9559, section 10.3.3).
		const bias = 2 ** (7 * value.length - 1) - 1;
		known.push(known.length === 0 ? value.value : known[known.length - 1] + value.value - bias);
	}
	return { known, dataStart: position };
}

function cut(bytes: Uint8Array, start: number, end: number, knownSizes: number[]): Uint8Array[] {
	const frames: Uint8Array[] = [];
	let position = start;
	for (const size of knownSizes) {
		if (size < 0 || position + size > end) return [];
		frames.push(bytes.subarray(position, position + size));
		position += size;
	}
	frames.push(bytes.subarray(position, end));
	return frames;
}

function withStrippedHeader(frame: Uint8Array, header: Uint8Array): Uint8Array {
	if (header.length === 0) return frame;
	const whole = new Uint8Array(header.length + frame.length);
	whole.set(header);
	whole.set(frame, header.length);
	return whole;
}
