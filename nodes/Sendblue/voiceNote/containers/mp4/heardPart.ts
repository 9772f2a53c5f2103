/** Which part of a track is to be heard: edit lists, and what iTunes writes instead. */
import type { Claims } from '../track';
import type { Box } from './boxes';
import { boxAt, boxesIn, contentsOf, FULL_BOX_BYTES } from './boxes';

/** The times of a track that the boxes state. */
export interface TrackTimes {
	/** Units per second of the track's own times. */
	timeScale: number;
	/** Units per second of the edit list's durations. */
	movieTimeScale: number;
	/** Length of all samples in units of the track; undefined where no table tells it. */
	mediaDuration?: number;
}

/** One entry of an edit list: `start` in units of the track, `duration` in units of the movie. */
interface Edit {
	start: number;
	duration: number;
}

/** Units of movie time by which rounding may move an end. */
const MOVIE_TIME_TOLERANCE = 1.5;

const EDIT_BYTES = 12;
const LARGE_EDIT_BYTES = 20;
const ITUNES_GAPLESS_NAME = 'iTunSMPB';
/** More text than any real tag has. */
const MAX_TAG_BYTES = 512;
/** `data` boxes begin with a type and a locale. */
const DATA_HEADER_BYTES = 8;

/** What iTunes writes about the whole movie, in sample frames. */
export interface ITunesGapless {
	priming: number;
	frames: number;
}

/**
 * The part of a track that is to be heard. iTunes' own tag goes before the edit list, which its older versions did
 * not write.
 */
export function heardPart(bytes: Uint8Array, trak: Box, times: TrackTimes, gapless: ITunesGapless | undefined): Claims {
	if (gapless) {
		return { skipSeconds: gapless.priming / times.timeScale, keepSeconds: gapless.frames / times.timeScale };
	}
	return editedPart(readEdits(bytes, trak), times);
}

/** From the start of the first edit to the end of the last one. Empty edits, which only delay, are passed over. */
function editedPart(edits: Edit[], { timeScale, movieTimeScale, mediaDuration }: TrackTimes): Claims {
	if (edits.length === 0) {
		return { skipSeconds: 0, keepSeconds: mediaDuration === undefined ? undefined : mediaDuration / timeScale };
	}
	const first = edits.reduce((a, b) => (b.start < a.start ? b : a));
	const last = edits.reduce((a, b) => (b.start > a.start ? b : a));
	const restSeconds = mediaDuration === undefined ? Infinity : (mediaDuration - first.start) / timeScale;
	const editSeconds =
		last.duration === 0 ? Infinity : (last.start - first.start) / timeScale + last.duration / movieTimeScale;
	// Movie time is coarse, often milliseconds: an end that the samples have exactly is taken from them.
	const endsWithSamples = Math.abs(restSeconds - editSeconds) < MOVIE_TIME_TOLERANCE / movieTimeScale;
	const keepSeconds = endsWithSamples ? restSeconds : Math.min(restSeconds, editSeconds);
	return {
		skipSeconds: first.start / timeScale,
		keepSeconds: Number.isFinite(keepSeconds) ? Math.max(0, keepSeconds) : undefined,
	};
}

/** `elst` (ISO/IEC 14496-12, 8.6.6). */
function readEdits(bytes: Uint8Array, trak: Box): Edit[] {
	const elst = boxAt(bytes, trak, 'edts', 'elst');
	if (!elst) return [];
	const view = contentsOf(bytes, elst);
	const headerBytes = FULL_BOX_BYTES + 4;
	if (view.byteLength < headerBytes) return [];
	const isLarge = view.getUint8(0) === 1;
	const editBytes = isLarge ? LARGE_EDIT_BYTES : EDIT_BYTES;
	const count = Math.min(view.getUint32(FULL_BOX_BYTES), Math.floor((view.byteLength - headerBytes) / editBytes));
	const edits: Edit[] = [];
	for (let index = 0; index < count; index++) {
		const at = headerBytes + index * editBytes;
		const duration = isLarge ? Number(view.getBigUint64(at)) : view.getUint32(at);
		const start = isLarge ? Number(view.getBigInt64(at + 8)) : view.getInt32(at + 4);
		if (start >= 0) edits.push({ start, duration });
	}
	return edits;
}

/** `iTunSMPB`: hexadecimal numbers, the second is the priming, the third the padding, the fourth the length. */
export function readITunesGapless(bytes: Uint8Array, moov: Box): ITunesGapless | undefined {
	for (const tag of itunesTags(bytes, moov)) {
		if (tag.type !== '----' || textOf(bytes, boxAt(bytes, tag, 'name'), FULL_BOX_BYTES) !== ITUNES_GAPLESS_NAME)
			continue;
		const numbers = textOf(bytes, boxAt(bytes, tag, 'data'), DATA_HEADER_BYTES)
			.trim()
			.split(/\s+/);
		const [priming, frames] = [parseInt(numbers[1], 16), parseInt(numbers[3], 16)];
		if (priming >= 0 && frames > 0) return { priming, frames };
	}
	return undefined;
}

function* itunesTags(bytes: Uint8Array, moov: Box): Generator<Box> {
	for (const udta of boxesIn(bytes, moov.start, moov.end)) {
		const meta = udta.type === 'udta' ? boxAt(bytes, udta, 'meta') : undefined;
		const list = meta && boxAt(bytes, { ...meta, start: meta.start + FULL_BOX_BYTES }, 'ilst');
		if (list) yield* boxesIn(bytes, list.start, list.end);
	}
}

function textOf(bytes: Uint8Array, box: Box | undefined, headerBytes: number): string {
	if (!box) return '';
	const end = Math.min(box.end, box.start + MAX_TAG_BYTES);
	return String.fromCharCode(...bytes.subarray(Math.min(box.start + headerBytes, end), end));
}
