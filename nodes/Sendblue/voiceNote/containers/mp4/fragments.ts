/** Samples of fragmented files, which have a sample table per fragment (ISO/IEC 14496-12, 8.8). */
import type { Box } from './boxes';
import { boxAt, boxesIn, contentsOf, FULL_BOX_BYTES } from './boxes';
import type { SampleRun } from './sampleTable';

/** Flags of `tfhd`: which of its optional fields are there. */
const BASE_DATA_OFFSET = 0x01;
const SAMPLE_DESCRIPTION = 0x02;
const DEFAULT_DURATION = 0x08;
const DEFAULT_SIZE = 0x10;
const DEFAULT_BASE_IS_MOOF = 0x02_0000;

/** Flags of `trun`. */
const DATA_OFFSET = 0x001;
const FIRST_SAMPLE_FLAGS = 0x004;
const SAMPLE_DURATION = 0x100;
const SAMPLE_SIZE = 0x200;
const SAMPLE_FLAGS = 0x400;
const SAMPLE_COMPOSITION_OFFSET = 0x800;

const FLAGS_MASK = 0xff_ffff;

/** Offset in `trex` of the size of samples for fragments that do not say it. */
const TREX_DEFAULT_SIZE_OFFSET = 16;

/** A run of samples with its duration, which is unknown if nothing says it. */
interface FragmentDefaults {
	baseOffset: number;
	size: number;
}

/** Samples of a fragment. */
interface FragmentRun extends SampleRun {
	/** Size of every sample in bytes, if the run does not list them. */
	sharedSize?: number;
}

/** Whether the file goes on in fragments. */
export function hasFragments(bytes: Uint8Array): boolean {
	for (const { type } of boxesIn(bytes, 0, bytes.length)) {
		if (type === 'moof') return true;
	}
	return false;
}

/** The runs of a track's samples in all fragments, in file order. */
export function* fragmentRuns(bytes: Uint8Array, moov: Box, trackId: number): Generator<SampleRun> {
	let boxStart = 0;
	for (const moof of boxesIn(bytes, 0, bytes.length)) {
		if (moof.type === 'moof') yield* runsOfFragment(bytes, moov, moof, boxStart, trackId);
		boxStart = moof.end;
	}
}

/**
 * Offsets count from the fragment's start in its first `traf`; in each later one, unless it says otherwise, from the
 * end of the data of the one before, whatever its track (8.8.7.1).
 */
function* runsOfFragment(
	bytes: Uint8Array,
	moov: Box,
	moof: Box,
	moofStart: number,
	trackId: number,
): Generator<SampleRun> {
	let dataEnd = moofStart;
	for (const traf of boxesIn(bytes, moof.start, moof.end)) {
		const header = traf.type === 'traf' ? fragmentHeader(bytes, traf) : undefined;
		if (!header) continue;
		const { id, flags } = header;
		const baseOffset = (flags & DEFAULT_BASE_IS_MOOF) !== 0 ? moofStart : dataEnd;
		for (const run of trackRuns(bytes, traf, id, { baseOffset, size: trackDefaultSize(bytes, moov, id) })) {
			dataEnd = endOf(run);
			if (id === trackId) yield run;
		}
	}
}

/** The track of a `traf`, and the flags of its header. */
function fragmentHeader(bytes: Uint8Array, traf: Box): { id: number; flags: number } | undefined {
	const tfhd = boxAt(bytes, traf, 'tfhd');
	const view = tfhd && contentsOf(bytes, tfhd);
	if (!view || view.byteLength < FULL_BOX_BYTES + 4) return undefined;
	return { id: view.getUint32(FULL_BOX_BYTES), flags: view.getUint32(0) & FLAGS_MASK };
}

function trackDefaultSize(bytes: Uint8Array, moov: Box, trackId: number): number {
	const mvex = boxAt(bytes, moov, 'mvex');
	for (const box of mvex ? boxesIn(bytes, mvex.start, mvex.end) : []) {
		const view = contentsOf(bytes, box);
		const isOurs =
			box.type === 'trex' && view.byteLength >= TREX_DEFAULT_SIZE_OFFSET + 4 && view.getUint32(4) === trackId;
		if (isOurs) return view.getUint32(TREX_DEFAULT_SIZE_OFFSET);
	}
	return 0;
}

function* trackRuns(
	bytes: Uint8Array,
	traf: Box,
	trackId: number,
	inherited: FragmentDefaults,
): Generator<FragmentRun> {
	const defaults = fragmentDefaults(bytes, traf, trackId, inherited);
	if (!defaults) return;
	let previous: FragmentRun | undefined;
	for (const box of boxesIn(bytes, traf.start, traf.end)) {
		if (box.type !== 'trun') continue;
		const run = readRun(bytes, box, defaults, previous);
		if (!run) return;
		yield run;
		previous = run;
	}
}

function endOf({ offset, count, sharedSize, sizeOf }: FragmentRun): number {
	if (sharedSize !== undefined) return offset + count * sharedSize;
	let end = offset;
	for (let index = 0; index < count; index++) end += sizeOf(index);
	return end;
}

function fragmentDefaults(
	bytes: Uint8Array,
	traf: Box,
	trackId: number,
	inherited: FragmentDefaults,
): FragmentDefaults | undefined {
	const tfhd = boxAt(bytes, traf, 'tfhd');
	if (!tfhd) return undefined;
	const view = contentsOf(bytes, tfhd);
	if (view.byteLength < FULL_BOX_BYTES + 4 || view.getUint32(FULL_BOX_BYTES) !== trackId) return undefined;
	const flags = view.getUint32(0) & FLAGS_MASK;
	let position = FULL_BOX_BYTES + 4;
	const has = (flag: number, size: number): boolean => (flags & flag) !== 0 && position + size <= view.byteLength;
	let { baseOffset, size } = inherited;
	if (has(BASE_DATA_OFFSET, 8)) {
		baseOffset = Number(view.getBigUint64(position));
		position += 8;
	}
	if (has(SAMPLE_DESCRIPTION, 4)) position += 4;
	if (has(DEFAULT_DURATION, 4)) position += 4;
	if (has(DEFAULT_SIZE, 4)) size = view.getUint32(position);
	return { baseOffset, size };
}

function readRun(
	bytes: Uint8Array,
	trun: Box,
	defaults: FragmentDefaults,
	previous: FragmentRun | undefined,
): FragmentRun | undefined {
	const view = contentsOf(bytes, trun);
	if (view.byteLength < FULL_BOX_BYTES + 4) return undefined;
	const flags = view.getUint32(0) & FLAGS_MASK;
	let position = FULL_BOX_BYTES + 4;
	const statesOffset = (flags & DATA_OFFSET) !== 0 && position + 4 <= view.byteLength;
	const stated = statesOffset ? defaults.baseOffset + view.getInt32(position) : undefined;
	if (statesOffset) position += 4;
	if ((flags & FIRST_SAMPLE_FLAGS) !== 0) position += 4;
	const fields = [SAMPLE_DURATION, SAMPLE_SIZE, SAMPLE_FLAGS, SAMPLE_COMPOSITION_OFFSET];
	const entryBytes = 4 * fields.filter((field) => (flags & field) !== 0).length;
	const sizeOffset = (flags & SAMPLE_DURATION) !== 0 ? 4 : 0;
	const statesSizes = (flags & SAMPLE_SIZE) !== 0;
	if (!statesSizes && defaults.size === 0) return undefined;
	// Limited by the bytes that are there, of entries or of samples: the count may be false.
	const room = entryBytes > 0 ? (view.byteLength - position) / entryBytes : bytes.length / defaults.size;
	return {
		offset: stated ?? (previous ? endOf(previous) : defaults.baseOffset),
		sharedSize: statesSizes ? undefined : defaults.size,
		count: Math.max(0, Math.min(view.getUint32(FULL_BOX_BYTES), Math.floor(room))),
		sizeOf: (index) => (statesSizes ? view.getUint32(position + index * entryBytes + sizeOffset) : defaults.size),
	};
}
