/** Where the samples (packets) of a track lie, by its sample table (ISO/IEC 14496-12, 8.6 and 8.7). */
import type { Box } from './boxes';
import { boxAt, contentsOf } from './boxes';
import type { BoxTable } from './tables';
import { boxTable } from './tables';

/** Samples that lie one behind the other. */
export interface SampleRun {
	/** Where the first one starts, in bytes of the file. */
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
	/** The chunks in order. */
	runs(): Iterable<SampleRun>;
}

/** Offsets in `stsz`: a size that all samples share, then the count. */
const SHARED_SIZE_OFFSET = 4;
const SIZE_COUNT_OFFSET = 8;
const SIZE_BOX_BYTES = 12;

/** Reads the tables of an `stbl` box; nothing is expanded, so that lying counts cost nothing. */
export function readSampleTable(bytes: Uint8Array, stbl: Box): SampleTable {
	const sizes = sampleSizes(bytes, stbl);
	const chunksOf = boxTable(bytes, boxAt(bytes, stbl, 'stsc'), 12);
	const offsets = chunkOffsets(bytes, stbl);
	return {
		duration: totalDuration(boxTable(bytes, boxAt(bytes, stbl, 'stts'), 8)),
		runs: () => chunkRuns(offsets, chunksOf, sizes),
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

/** Each entry of `stsc` says from which chunk on (counted from 1) a chunk has how many samples. */
function* chunkRuns(
	offsets: { length: number; offsetOf(chunk: number): number },
	chunksOf: BoxTable,
	sizes: SampleSizes,
): Generator<SampleRun> {
	let entry = 0;
	let sample = 0;
	for (let chunk = 0; chunk < offsets.length && sample < sizes.count; chunk++) {
		while (entry + 1 < chunksOf.length && chunksOf.get(entry + 1, 0) <= chunk + 1) entry++;
		if (chunksOf.length === 0) return;
		const first = sample;
		const count = Math.min(chunksOf.get(entry, 1), sizes.count - first);
		yield { offset: offsets.offsetOf(chunk), count, sizeOf: (index) => sizes.sizeOf(first + index) };
		sample += count;
	}
}
