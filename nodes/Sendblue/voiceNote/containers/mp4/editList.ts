/** The valid range of a track: edit lists, and what iTunes writes instead. */
import type { Claims } from '../track';
import type { Box } from './boxes';
import { boxAt, boxesIn, contentsOf, FULL_BOX_BYTES } from './boxes';

/** What the boxes claim about the times of a track. */
interface StatedTimes {
	/** Units per second of the track. */
	timeScale: number;
	/** Units per second of the movie, for the durations in edit lists. */
	movieTimeScale: number;
	/** Length of all samples in units of the track; undefined if no table has it. */
	mediaDuration?: number;
}

/** One entry of an edit list: `start` in units of the track, `duration` in units of the movie. */
export interface Edit {
	start: number;
	duration: number;
}

/** By how many units of movie time rounding may shift an end. */
const MOVIE_TIME_TOLERANCE = 1.5;

const EDIT_BYTES = 12;
const LARGE_EDIT_BYTES = 20;
/** The speed, a number of 16 bits before the point and 16 behind it. */
const EDIT_RATE_BYTES = 4;
const EDIT_RATE_ONE = 0x10000;
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

/** How much the sum of the durations may differ from what the samples hold, since the last one may be shortened. */
const HELD_TOLERANCE_SECONDS = 0.15;
const HELD_TOLERANCE_SHARE = 0.01;
/** The iTunes tag leaves out the priming and a remainder of at most this length each; otherwise it is not believed. */
const MAX_GAPLESS_CUT_SECONDS = 0.5;

/** What a track claims about its times. */
export interface TrackTimes extends StatedTimes {
	edits: readonly Edit[];
	gapless?: ITunesGapless;
}

/**
 * The valid range of a track. The tag of iTunes has priority over the edit list, which its older versions did not
 * write.
 *
 * @param heldSeconds what the samples hold, by their codec; undefined if that is not known
 * @param sampleRate of the codec, in Hz
 */
export function claimsOf(times: TrackTimes, heldSeconds: number | undefined, sampleRate: number): Claims {
	const stated = inTrueUnits(times, heldSeconds, sampleRate);
	// The tag counts samples of the output, whose rate is usually the time scale, too.
	for (const rate of [times.timeScale, sampleRate]) {
		const claims = times.gapless && gaplessClaims(times.gapless, rate, heldSeconds);
		if (claims) return claims;
	}
	return editedParts(times.edits, stated);
}

/** What the tag of iTunes claims; undefined if what it leaves out is more than priming and remainder. */
function gaplessClaims(
	{ priming, frames }: ITunesGapless,
	rate: number,
	heldSeconds: number | undefined,
): Claims | undefined {
	const skipSeconds = priming / rate;
	const keepSeconds = frames / rate;
	const left = heldSeconds === undefined ? 0 : heldSeconds - skipSeconds - keepSeconds;
	const isPriming = skipSeconds < MAX_GAPLESS_CUT_SECONDS;
	const isBelieved = isPriming && left > -HELD_TOLERANCE_SECONDS && left < MAX_GAPLESS_CUT_SECONDS;
	return isBelieved ? { skipSeconds, keepSeconds } : undefined;
}

/** The times in their true units: durations that contradict what the samples hold are wrong, or their time scale is. */
function inTrueUnits(times: StatedTimes, heldSeconds: number | undefined, sampleRate: number): StatedTimes {
	const { mediaDuration, timeScale } = times;
	if (mediaDuration === undefined || !heldSeconds) return times;
	const tolerance = HELD_TOLERANCE_SECONDS + HELD_TOLERANCE_SHARE * heldSeconds;
	if (Math.abs(mediaDuration / timeScale - heldSeconds) <= tolerance) return times;
	const trueScale = timeScale === sampleRate ? timeScale : mediaDuration / heldSeconds;
	return { ...times, timeScale: trueScale, mediaDuration: heldSeconds * trueScale };
}

/** The edits in their order (ISO/IEC 14496-12, 8.6.6); a single part if each continues the previous one. */
function editedParts(stated: readonly Edit[], times: StatedTimes): Claims {
	const { timeScale, movieTimeScale, mediaDuration = Infinity } = times;
	// What begins behind the end plays nothing.
	const edits = stated.filter(({ start }) => start < mediaDuration);
	const tolerance = MOVIE_TIME_TOLERANCE / movieTimeScale + 1 / timeScale;
	const isOnePart = edits.every((edit, index) => {
		if (index === 0) return true;
		const before = edits[index - 1];
		const end = before.start / timeScale + before.duration / movieTimeScale;
		return Math.abs(edit.start / timeScale - end) <= tolerance;
	});
	if (isOnePart) return editedPart(edits, times);
	const parts = edits.flatMap(({ start, duration }) => {
		const rest = (mediaDuration - start) / timeScale;
		const keepSeconds = duration === 0 ? rest : Math.min(rest, duration / movieTimeScale);
		return keepSeconds > 0 && Number.isFinite(keepSeconds) ? [{ skipSeconds: start / timeScale, keepSeconds }] : [];
	});
	return parts.length === 0 ? { skipSeconds: 0 } : { ...parts[0], parts };
}

/** From the start of the first edit to the end of the last. */
function editedPart(edits: readonly Edit[], { timeScale, movieTimeScale, mediaDuration }: StatedTimes): Claims {
	if (edits.length === 0) {
		return { skipSeconds: 0, keepSeconds: mediaDuration === undefined ? undefined : mediaDuration / timeScale };
	}
	const first = edits.reduce((a, b) => (b.start < a.start ? b : a));
	const last = edits.reduce((a, b) => (b.start > a.start ? b : a));
	const restSeconds = mediaDuration === undefined ? Infinity : (mediaDuration - first.start) / timeScale;
	const editSeconds =
		last.duration === 0 ? Infinity : (last.start - first.start) / timeScale + last.duration / movieTimeScale;
	// Movie time is coarse, often milliseconds, so the end is taken from the samples if they agree with it.
	const endsWithSamples = Math.abs(restSeconds - editSeconds) < MOVIE_TIME_TOLERANCE / movieTimeScale;
	const keepSeconds = endsWithSamples ? restSeconds : Math.min(restSeconds, editSeconds);
	return {
		skipSeconds: first.start / timeScale,
		keepSeconds: Number.isFinite(keepSeconds) ? Math.max(0, keepSeconds) : undefined,
	};
}

/**
 * `elst` (ISO/IEC 14496-12, 8.6.6), without empty edits, which only delay the track. What is played at another speed
 * keeps its own: the duration is that of the samples.
 */
export function readEdits(bytes: Uint8Array, trak: Box): Edit[] {
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
		const rate = view.getInt32(at + editBytes - EDIT_RATE_BYTES) / EDIT_RATE_ONE;
		if (start >= 0) edits.push({ start, duration: rate > 0 ? duration * rate : duration });
	}
	return edits;
}

/** `iTunSMPB`: hexadecimal numbers; the second is the priming, the third the padding, the fourth the length. */
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
