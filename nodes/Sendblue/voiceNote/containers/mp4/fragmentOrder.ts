/**
 * The order of fragments, and what is lost between them, by their numbers (`mfhd`, ISO/IEC 14496-12, 8.8.5) and the
 * times at which they begin (`tfdt`, 8.8.12). Neither is believed unless both agree: many writers maintain only one of
 * them.
 */
import { areEqual } from '../../bits/bytes';
import type { Box } from './boxes';
import { boxAt, boxesIn, contentsOf, FULL_BOX_BYTES } from './boxes';

/** A fragment: its `moof`, and where the header of that box begins, in bytes. */
export interface Fragment {
	moof: Box;
	start: number;
}

/** A fragment with its number and, for the track in question, its time in units of the track. */
interface NumberedFragment extends Fragment {
	number?: number;
	time?: number;
	/** The box of its audio. */
	media?: Box;
}

/** The fragments in the order in which they are to be played, without repeats, and with swapped ones put right. */
export function fragmentsInOrder(bytes: Uint8Array, trackId: number): Fragment[] {
	return inOrder(bytes, numberedFragments(bytes, trackId));
}

/**
 * How much of a track is lost in fragments whose numbers are missing.
 *
 * @param durationOf the length of a fragment of the track, in its units
 * @returns units of the track
 */
export function lostBetweenFragments(
	bytes: Uint8Array,
	trackId: number,
	durationOf: (fragment: Fragment) => number,
): number {
	let lost = 0;
	let last: NumberedFragment | undefined;
	let previous: NumberedFragment | undefined;
	let jumps = false;
	for (const fragment of inOrder(bytes, numberedFragments(bytes, trackId))) {
		const { number, time } = fragment;
		jumps ||= number !== undefined && previous?.number !== undefined && number > previous.number + 1;
		previous = fragment;
		if (time === undefined) continue;
		if (jumps && last?.time !== undefined) lost += Math.max(0, time - last.time - durationOf(last));
		last = fragment;
		jumps = false;
	}
	return lost;
}

function numberedFragments(bytes: Uint8Array, trackId: number): NumberedFragment[] {
	const fragments: NumberedFragment[] = [];
	let start = 0;
	for (const box of boxesIn(bytes, 0, bytes.length)) {
		if (box.type === 'moof') {
			const number = numberIn(bytes, boxAt(bytes, box, 'mfhd'), 4);
			fragments.push({ moof: box, start, number, time: timeOf(bytes, box, trackId) });
		}
		const latest = fragments.at(-1);
		if (latest && box.type === 'mdat') latest.media ??= box;
		start = box.end;
	}
	return fragments;
}

function timeOf(bytes: Uint8Array, moof: Box, trackId: number): number | undefined {
	for (const traf of boxesIn(bytes, moof.start, moof.end)) {
		if (traf.type !== 'traf' || numberIn(bytes, boxAt(bytes, traf, 'tfhd'), 4) !== trackId) continue;
		const tfdt = boxAt(bytes, traf, 'tfdt');
		const isLarge = tfdt !== undefined && tfdt.start < tfdt.end && bytes[tfdt.start] === 1;
		return numberIn(bytes, tfdt, isLarge ? 8 : 4);
	}
	return undefined;
}

/** The number after the version and flags of a box. */
function numberIn(bytes: Uint8Array, box: Box | undefined, size: 4 | 8): number | undefined {
	const view = box && contentsOf(bytes, box);
	if (!view || view.byteLength < FULL_BOX_BYTES + size) return undefined;
	return size === 8 ? Number(view.getBigUint64(FULL_BOX_BYTES)) : view.getUint32(FULL_BOX_BYTES);
}

function inOrder(bytes: Uint8Array, fragments: readonly NumberedFragment[]): NumberedFragment[] {
	const byNumber = new Map<number, NumberedFragment>();
	let areDistinct = true;
	// If a writer maintains neither, fragments of silence are all the same.
	const areIdentified = differIn(fragments, 'number') || differIn(fragments, 'time');
	const once = fragments.filter((fragment) => {
		const { number } = fragment;
		const before = number === undefined ? undefined : byNumber.get(number);
		if (areIdentified && before && isSame(bytes, fragment, before)) return false;
		areDistinct &&= number !== undefined && !before;
		if (number !== undefined) byNumber.set(number, fragment);
		return true;
	});
	if (!areDistinct || isRising(once)) return once;
	const sorted = [...once].sort((a, b) => (a.number ?? 0) - (b.number ?? 0));
	return isRising(sorted) ? sorted : once;
}

function differIn(fragments: readonly NumberedFragment[], field: 'number' | 'time'): boolean {
	return fragments.some((fragment) => fragment[field] !== fragments[0][field]);
}

/** Whether two fragments are the same one: uncompressed audio can have equal tables for different samples. */
function isSame(bytes: Uint8Array, a: NumberedFragment, b: NumberedFragment): boolean {
	const contents = (box: Box | undefined): Uint8Array => bytes.subarray(box?.start ?? 0, box?.end ?? 0);
	return areEqual(contents(a.moof), contents(b.moof)) && areEqual(contents(a.media), contents(b.media));
}

/** Whether each fragment of the track begins later than the previous one. */
function isRising(fragments: readonly NumberedFragment[]): boolean {
	const times = fragments.flatMap(({ time }) => time ?? []);
	return times.every((time, index) => index === 0 || time > times[index - 1]);
}
