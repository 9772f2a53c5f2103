/** Samples of fragmented files, which have a sample table per fragment (ISO/IEC 14496-12, 8.8). */
import type { Box } from './boxes';
import { boxAt, boxesIn, contentsOf, FULL_BOX_BYTES } from './boxes';
import { fragmentsInOrder, lostBetweenFragments } from './fragmentOrder';
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

const SAMPLE_FIELDS = [SAMPLE_DURATION, SAMPLE_SIZE, SAMPLE_FLAGS, SAMPLE_COMPOSITION_OFFSET];

const FLAGS_MASK = 0xff_ffff;

/** Offsets in `trex` of the duration and the size of samples for fragments that do not state them. */
const TREX_DURATION_OFFSET = 12;
const TREX_SIZE_OFFSET = 16;

/** What applies to the runs of a `traf` that do not state it themselves. */
interface FragmentDefaults {
	/** What the offsets of runs count from, in bytes from the start of the file. */
	baseOffset: number;
	/** Size of a sample in bytes; 0 if unknown. */
	size: number;
}

/** A run of samples in a fragment. */
interface FragmentRun extends SampleRun {
	/** Size of every sample in bytes, if the run does not list them. */
	sharedSize?: number;
}

/** Whether the file has fragments. */
export function hasFragments(bytes: Uint8Array): boolean {
	for (const { type } of boxesIn(bytes, 0, bytes.length)) {
		if (type === 'moof') return true;
	}
	return false;
}

/** The runs of a track's samples in all fragments, in the order in which they are to be played. */
export function* fragmentRuns(bytes: Uint8Array, moov: Box, trackId: number): Generator<SampleRun> {
	for (const { moof, start } of fragmentsInOrder(bytes, trackId)) {
		yield* runsOfFragment(bytes, moov, moof, start, trackId);
	}
}

/** How much of a track is lost between its fragments, in its units. */
export function lostInFragments(bytes: Uint8Array, moov: Box, trackId: number): number {
	return lostBetweenFragments(bytes, trackId, ({ moof }) => {
		let duration = 0;
		for (const traf of boxesIn(bytes, moof.start, moof.end)) {
			if (traf.type === 'traf' && fragmentHeader(bytes, traf)?.id === trackId) {
				duration += durationOf(bytes, moov, traf, trackId);
			}
		}
		return duration;
	});
}

/** The length of a `traf` in units of its track. */
function durationOf(bytes: Uint8Array, moov: Box, traf: Box, trackId: number): number {
	const each = headerField(bytes, traf, DEFAULT_DURATION) ?? trackDefault(bytes, moov, trackId, TREX_DURATION_OFFSET);
	let duration = 0;
	for (const trun of boxesIn(bytes, traf.start, traf.end)) {
		if (trun.type === 'trun') duration += runDuration(contentsOf(bytes, trun), each);
	}
	return duration;
}

function runDuration(view: DataView, each: number): number {
	if (view.byteLength < FULL_BOX_BYTES + 4) return 0;
	const flags = view.getUint32(0) & FLAGS_MASK;
	const count = view.getUint32(FULL_BOX_BYTES);
	if ((flags & SAMPLE_DURATION) === 0) return count * each;
	let position = FULL_BOX_BYTES + 4;
	for (const field of [DATA_OFFSET, FIRST_SAMPLE_FLAGS]) if ((flags & field) !== 0) position += 4;
	const entryBytes = 4 * SAMPLE_FIELDS.filter((field) => (flags & field) !== 0).length;
	let duration = 0;
	for (let index = 0; index < count && position + 4 <= view.byteLength; index++, position += entryBytes) {
		duration += view.getUint32(position);
	}
	return duration;
}

/**
 * The runs of a track's samples in a fragment. Offsets count from the fragment's start in its first `traf`; in each
 * later one, unless it says otherwise, from the end of the data of the previous one, whatever its track (8.8.7.1).
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
		for (const run of trackRuns(bytes, traf, id, {
			baseOffset,
			size: trackDefault(bytes, moov, id, TREX_SIZE_OFFSET),
		})) {
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

function trackDefault(bytes: Uint8Array, moov: Box, trackId: number, offset: number): number {
	const mvex = boxAt(bytes, moov, 'mvex');
	for (const box of mvex ? boxesIn(bytes, mvex.start, mvex.end) : []) {
		const view = contentsOf(bytes, box);
		const isOurs = box.type === 'trex' && view.byteLength >= offset + 4 && view.getUint32(4) === trackId;
		if (isOurs) return view.getUint32(offset);
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
	const header = fragmentHeader(bytes, traf);
	if (header?.id !== trackId) return undefined;
	return {
		baseOffset: headerField(bytes, traf, BASE_DATA_OFFSET) ?? inherited.baseOffset,
		size: headerField(bytes, traf, DEFAULT_SIZE) ?? inherited.size,
	};
}

/** The optional fields of `tfhd` in their order, with their sizes in bytes. */
const HEADER_FIELDS: ReadonlyArray<readonly [flag: number, size: 4 | 8]> = [
	[BASE_DATA_OFFSET, 8],
	[SAMPLE_DESCRIPTION, 4],
	[DEFAULT_DURATION, 4],
	[DEFAULT_SIZE, 4],
];

/** An optional field of `tfhd`; undefined if it is not there. */
function headerField(bytes: Uint8Array, traf: Box, wanted: number): number | undefined {
	const tfhd = boxAt(bytes, traf, 'tfhd');
	const view = tfhd && contentsOf(bytes, tfhd);
	if (!view || view.byteLength < FULL_BOX_BYTES + 4) return undefined;
	const flags = view.getUint32(0) & FLAGS_MASK;
	let position = FULL_BOX_BYTES + 4;
	for (const [flag, size] of HEADER_FIELDS) {
		if ((flags & flag) === 0) continue;
		if (position + size > view.byteLength) return undefined;
		if (flag === wanted) return size === 8 ? Number(view.getBigUint64(position)) : view.getUint32(position);
		position += size;
	}
	return undefined;
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
	const entryBytes = 4 * SAMPLE_FIELDS.filter((field) => (flags & field) !== 0).length;
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
