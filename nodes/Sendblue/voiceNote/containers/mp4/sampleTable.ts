/**
 * The sample table of a track (ISO/IEC 14496-12, 8.6 and 8.7): where its samples are, which is MP4's word for packets,
 * and how long they last.
 */
import type { Box } from './boxes';
import { boxAt, contentsOf, FULL_BOX_BYTES } from './boxes';
import { piecesOf } from '../packetBuffer';

/** A table whose entries are several 32-bit numbers, or one 64-bit number. */
export interface BoxTable {
	/** Entries that are really there, whatever the count claims. */
	readonly length: number;
	/** One of the 32-bit numbers of an entry; entries and their fields are counted from 0. */
	get(entry: number, field?: number): number;
	/** An entry that is one 64-bit number. */
	getLarge(entry: number): number;
}

const COUNT_BYTES = 4;
const EMPTY: BoxTable = { length: 0, get: () => 0, getLarge: () => 0 };

/**
 * A table of `stts`, `stsc`, `stco`, `co64` or `stsz`: a count, then entries of one size.
 *
 * @param entryBytes size of an entry
 * @param countOffset offset of the number of entries in the contents of the box
 */
function boxTable(bytes: Uint8Array, box: Box | undefined, entryBytes: number, countOffset = FULL_BOX_BYTES): BoxTable {
	const start = countOffset + COUNT_BYTES;
	if (!box || box.end - box.start < start) return EMPTY;
	const view = contentsOf(bytes, box);
	// A false count must not make us read beyond the box.
	const length = Math.min(view.getUint32(countOffset), Math.floor((view.byteLength - start) / entryBytes));
	return {
		length,
		get: (entry, field = 0) => view.getUint32(start + entry * entryBytes + 4 * field),
		getLarge: (entry) => Number(view.getBigUint64(start + entry * entryBytes)),
	};
}

/** Consecutive samples in the file. */
export interface SampleRun {
	/** Start of the first one, in bytes from the start of the file. */
	offset: number;
	/** Number of samples. */
	count: number;
	/** Size of a sample in bytes; the index counts within the run. */
	sizeOf(index: number): number;
}

/** A track's samples. */
export interface SampleTable {
	/** Sum of the samples' durations, in units of the track's time scale. */
	duration: number;
	/** The samples of each chunk, in order. */
	runs(): Iterable<SampleRun>;
}

/** Offsets in `stsz`: a size that all samples share, then the count. */
const SHARED_SIZE_OFFSET = 4;
const SIZE_COUNT_OFFSET = 8;
const SIZE_BOX_BYTES = 12;

/** Reads the tables of an `stbl` box. Nothing is expanded, so that false counts cost nothing. */
export function readSampleTable(bytes: Uint8Array, stbl: Box): SampleTable {
	const sizes = sampleSizes(bytes, stbl);
	const sampleToChunk = boxTable(bytes, boxAt(bytes, stbl, 'stsc'), 12);
	const offsets = chunkOffsets(bytes, stbl);
	return {
		duration: totalDuration(boxTable(bytes, boxAt(bytes, stbl, 'stts'), 8)),
		runs: () => chunkRuns(offsets, sampleToChunk, sizes),
	};
}

interface SampleSizes {
	count: number;
	sizeOf(sample: number): number;
}

function sampleSizes(bytes: Uint8Array, stbl: Box): SampleSizes {
	const compact = boxAt(bytes, stbl, 'stz2');
	if (compact) return compactSizes(bytes, compact);
	const box = boxAt(bytes, stbl, 'stsz');
	if (!box || box.end - box.start < SIZE_BOX_BYTES) return { count: 0, sizeOf: () => 0 };
	const view = contentsOf(bytes, box);
	const shared = view.getUint32(SHARED_SIZE_OFFSET);
	if (shared > 0) return { count: view.getUint32(SIZE_COUNT_OFFSET), sizeOf: () => shared };
	const table = boxTable(bytes, box, 4, SIZE_COUNT_OFFSET);
	return { count: table.length, sizeOf: (sample) => table.get(sample) };
}

/** `stz2`: sizes of 4, 8 or 16 bits. */
function compactSizes(bytes: Uint8Array, box: Box): SampleSizes {
	const view = contentsOf(bytes, box);
	if (view.byteLength < SIZE_BOX_BYTES) return { count: 0, sizeOf: () => 0 };
	const fieldBits = view.getUint8(7);
	const available = Math.floor(((view.byteLength - SIZE_BOX_BYTES) * 8) / (fieldBits || 8));
	const count = Math.min(view.getUint32(SIZE_COUNT_OFFSET), available);
	if (fieldBits === 16) return { count, sizeOf: (sample) => view.getUint16(SIZE_BOX_BYTES + 2 * sample) };
	if (fieldBits === 8) return { count, sizeOf: (sample) => view.getUint8(SIZE_BOX_BYTES + sample) };
	if (fieldBits !== 4) return { count: 0, sizeOf: () => 0 };
	return {
		count,
		sizeOf: (sample) => (view.getUint8(SIZE_BOX_BYTES + (sample >> 1)) >> (sample % 2 === 0 ? 4 : 0)) & 0x0f,
	};
}

function chunkOffsets(bytes: Uint8Array, stbl: Box): { length: number; offsetOf(chunk: number): number } {
	const small = boxTable(bytes, boxAt(bytes, stbl, 'stco'), 4);
	if (small.length > 0) return { length: small.length, offsetOf: (chunk) => small.get(chunk) };
	const large = boxTable(bytes, boxAt(bytes, stbl, 'co64'), 8);
	return { length: large.length, offsetOf: (chunk) => large.getLarge(chunk) };
}

function totalDuration(timeToSample: BoxTable): number {
	let duration = 0;
	for (let entry = 0; entry < timeToSample.length; entry++) {
		duration += timeToSample.get(entry, 0) * timeToSample.get(entry, 1);
	}
	return duration;
}

/** Each entry of `stsc` has the number of a chunk, counted from 1, and the samples in every chunk from there on. */
function* chunkRuns(
	offsets: { length: number; offsetOf(chunk: number): number },
	sampleToChunk: BoxTable,
	sizes: SampleSizes,
): Generator<SampleRun> {
	let entry = 0;
	let sample = 0;
	for (let chunk = 0; chunk < offsets.length && sample < sizes.count; chunk++) {
		while (entry + 1 < sampleToChunk.length && sampleToChunk.get(entry + 1, 0) <= chunk + 1) entry++;
		if (sampleToChunk.length === 0) return;
		const first = sample;
		const count = Math.min(sampleToChunk.get(entry, 1), sizes.count - first);
		yield { offset: offsets.offsetOf(chunk), count, sizeOf: (index) => sizes.sizeOf(first + index) };
		sample += count;
	}
}

/** How samples that are too small to be handled one by one (PCM) are grouped. */
export interface SmallSamples {
	/** Bytes that must not be split: a frame of all channels, or a block of ADPCM. */
	unitBytes: number;
	/** Samples in a unit, for tables that count each sample as one byte, as old QuickTime does. */
	samplesPerUnit: number;
}

/**
 * The samples one by one.
 *
 * @param onCut called if the file ends before the samples do, which ends the packets
 */
export function* samplePackets(bytes: Uint8Array, runs: Iterable<SampleRun>, onCut: () => void): Generator<Uint8Array> {
	for (const { offset, count, sizeOf } of runs) {
		let position = offset;
		for (let index = 0; index < count; index++) {
			const size = sizeOf(index);
			if (position < 0 || position + size > bytes.length) return onCut();
			yield bytes.subarray(position, position + size);
			position += size;
		}
	}
}

/** How many whole units a run has. PCM samples all have one size; in QuickTime, 1 means "see the description". */
export function unitsIn({ count, sizeOf }: SampleRun, { unitBytes, samplesPerUnit }: SmallSamples): number {
	const size = count > 0 ? sizeOf(0) : 0;
	return Math.floor(size === 1 && unitBytes > 1 ? count / samplesPerUnit : (count * size) / unitBytes);
}

/** Small samples in larger pieces of whole units; otherwise like `samplePackets`. */
export function* samplePieces(
	bytes: Uint8Array,
	runs: Iterable<SampleRun>,
	small: SmallSamples,
	onCut: () => void,
): Generator<Uint8Array> {
	for (const run of runs) {
		if (run.count === 0) continue;
		const { offset } = run;
		const end = offset + unitsIn(run, small) * small.unitBytes;
		yield* piecesOf(bytes.subarray(offset, Math.max(offset, end)), small.unitBytes);
		if (end > bytes.length) return onCut();
	}
}

/**
 * Bytes by which the offsets of a track miss its samples: programs that move the index may forget to adjust them. It is
 * certain only if the samples are one after the other and fill the only `mdat` of the file exactly; otherwise it is 0.
 *
 * @param mdat start and end of the contents of that box
 */
export function offsetError(runs: Iterable<SampleRun>, mdat: { start: number; end: number }): number {
	const heldBytes = mdat.end - mdat.start;
	let first: number | undefined;
	let end = 0;
	for (const { offset, count, sizeOf } of runs) {
		first ??= end = offset;
		// Either the offsets are right, or the samples are not one after the other.
		if (first === mdat.start || offset !== end) return 0;
		for (let index = 0; index < count; index++) {
			end += sizeOf(index);
			// A table may claim billions of samples.
			if (end - first > heldBytes) return 0;
		}
	}
	return first !== undefined && end - first === heldBytes ? mdat.start - first : 0;
}
