/**
 * Finds the frames of MP3 files and of the older layers among whatever else is in the file. Also probes for free format
 * (ISO/IEC 11172-3, 2.4.2.3), whose frames all have one length that the headers do not state.
 */
import { fourCC } from '../../bits/fourCC';
import { MPEG_AUDIO_HEADER_BYTES, type MpegAudioHeader, parseMpegAudioHeader } from '../../codecs/mp3/mpegAudio';
import type { WorkSlices } from '../../workSlices';
import { isText, skipTags } from '../tags';

/** More than the longest frame: layer II with its highest bitrate at 32 kHz. */
const MAX_FRAME_BYTES = 4_096;
/** Less than any frame with audio. */
const MIN_FRAME_BYTES = 24;
const CONFIRMING_FREE_FRAMES = 8;
/** Coded audio has few bytes that are all zeros or all ones. */
const MAX_EXTREME_SHARE = 0.25;

/**
 * Whether frames in free format begin within `limit` bytes: headers that agree, at equal distances except for a byte of
 * padding, and more of them than raw samples would have by chance.
 */
export function isFreeFormat(bytes: Uint8Array, from: number, limit: number): boolean {
	const end = Math.min(bytes.length, from + limit);
	for (let at = bytes.indexOf(0xff, from); at >= 0 && at < end; at = bytes.indexOf(0xff, at + 1)) {
		if (isHeader(bytes, at) && isRepeated(bytes, at)) return true;
	}
	return false;
}

function isHeader(bytes: Uint8Array, at: number): boolean {
	const [, flags, rates] = bytes.subarray(at, at + 3);
	if (rates === undefined || (flags & 0xe0) !== 0xe0) return false;
	const isReserved = (flags & 0x18) === 0x08 || (flags & 0x06) === 0 || (rates & 0x0c) === 0x0c;
	return !isReserved && rates >> 4 === 0;
}

/** Whether two headers agree in everything except padding, mode extension and the like. */
function agrees(bytes: Uint8Array, first: number, other: number): boolean {
	return (
		bytes[other] === 0xff &&
		bytes[other + 1] === bytes[first + 1] &&
		(bytes[other + 2] & 0xfc) === (bytes[first + 2] & 0xfc) &&
		(bytes[other + 3] & 0xc0) === (bytes[first + 3] & 0xc0)
	);
}

function isRepeated(bytes: Uint8Array, at: number): boolean {
	for (let length = MIN_FRAME_BYTES; length <= MAX_FRAME_BYTES; length++) {
		if (agrees(bytes, at, at + length) && isRow(bytes, at, length)) return true;
	}
	return false;
}

/** Whether headers follow each other. A periodic signal also repeats, but then all of its bytes do. */
function isRow(bytes: Uint8Array, first: number, length: number): boolean {
	let position = first;
	let isPeriodic = true;
	for (let count = 1; count < CONFIRMING_FREE_FRAMES; count++) {
		const next = [0, -1, 1].map((padding) => position + length + padding).find((at) => agrees(bytes, first, at));
		if (next === undefined) return false;
		for (let index = 4; index < MIN_FRAME_BYTES; index++) {
			isPeriodic = isPeriodic && bytes[next + index] === bytes[first + index];
		}
		position = next;
	}
	return !isPeriodic && !isQuietPcm(bytes.subarray(first, position));
}

/** Whether bytes look like quiet 16-bit samples, in which every second byte is all zeros or all ones. */
function isQuietPcm(bytes: Uint8Array): boolean {
	const signs = bytes.reduce((count, byte) => count + (byte === 0 || byte === 0xff ? 1 : 0), 0);
	return signs > MAX_EXTREME_SHARE * bytes.length;
}

/** Whether two frames can belong to one stream: only bitrate, padding and mode extension change within one. */
function sameStream(a: MpegAudioHeader, b: MpegAudioHeader): boolean {
	return a.version === b.version && a.layer === b.layer && a.sampleRate === b.sampleRate;
}

/** A single header may occur by chance, but not three that point to each other. */
const CONFIRMING_FRAMES = 3;
/** Headers that are enough if the file ends after them. */
const CONFIRMING_FRAMES_AT_END = 2;

/**
 * Finds the first frame of a stream: a header confirmed by the frames that follow it. A frame right at `from` is also
 * confirmed if the bytes end with it.
 *
 * @param limit how many bytes from `from` may be passed over
 * @returns its offset, or undefined
 */
export function findMpegAudio(bytes: Uint8Array, from: number, limit: number): number | undefined {
	const end = Math.min(bytes.length, from + limit);
	for (let offset = bytes.indexOf(0xff, from); offset >= 0 && offset < end; offset = bytes.indexOf(0xff, offset + 1)) {
		if (isConfirmed(bytes, offset, offset === from ? 1 : CONFIRMING_FRAMES_AT_END)) return offset;
	}
	return undefined;
}

/** Whether MPEG audio begins with the first byte: several frames in a row cannot be there by chance. */
export function isMpegAudio(bytes: Uint8Array): boolean {
	return isConfirmed(bytes, 0, CONFIRMING_FRAMES);
}

/** @param atEnd headers that are enough at the end of the bytes */
function isConfirmed(bytes: Uint8Array, offset: number, atEnd: number): boolean {
	const first = parseMpegAudioHeader(bytes, offset);
	if (!first) return false;
	let position = offset + first.frameBytes;
	let count = 1;
	for (; count < CONFIRMING_FRAMES && position < bytes.length; count++) {
		const next = parseMpegAudioHeader(bytes, position);
		if (!next || !sameStream(first, next)) return false;
		position += next.frameBytes;
	}
	return count >= atEnd;
}

/** A frame of the stream, `bytes` a view into the file. */
export interface MpegAudioFrame {
	header: MpegAudioHeader;
	bytes: Uint8Array;
}

/** A part of a file whose frames have one version, layer and sample rate. */
export interface MpegAudioRun {
	/** Of the first frame, but with two channels if any frame has two. */
	header: MpegAudioHeader;
	/** Offset of the first frame in bytes. */
	start: number;
	/** End of the last frame. */
	end: number;
	/** The number of whole frames, and their size in bytes. */
	frames: number;
	frameBytes: number;
}

/** At most this many bytes are passed over at once. */
const PASSED_OVER_BYTES = 65_536;

/**
 * Up to this many frames of another stream, or this much audio, count as stray. Anything longer is part of the
 * recording.
 */
const STRAY_FRAMES = 3;
const STRAY_SECONDS = 0.1;

/** The first letters of tags between joined files: ID3, APE and Lyrics3. */
const TAGS = ['TAG', 'ID3', 'APE', 'LYR'];

/**
 * The parts of a file from its first frame on: one, unless files were joined or the stream changes its sample rate.
 * Stray frames are left out, unless there are no others.
 */
export async function mpegAudioRuns(bytes: Uint8Array, start: number, slices: WorkSlices): Promise<MpegAudioRun[]> {
	const found: MpegAudioRun[] = [];
	let position = start;
	while (position + MPEG_AUDIO_HEADER_BYTES <= bytes.length) {
		if (slices.due) await slices.rest();
		const header = parseMpegAudioHeader(bytes, position);
		const run = found.at(-1);
		const belongs = header !== undefined && run !== undefined && sameStream(run.header, header);
		if (!header || !(belongs || found.length === 0 || isConfirmed(bytes, position, CONFIRMING_FRAMES))) {
			position = nextFrame(bytes, position);
			continue;
		}
		const end = position + header.frameBytes;
		if (end > bytes.length) break;
		const frame = { header, start: position, end, frames: 1, frameBytes: header.frameBytes };
		if (belongs) extend(run, frame);
		else found.push(frame);
		position = end;
	}
	return withoutStrays(found);
}

function withoutStrays(found: MpegAudioRun[]): MpegAudioRun[] {
	const parts = found.filter((run) => !isStray(run));
	const runs: MpegAudioRun[] = [];
	for (const run of parts.length > 0 ? parts : found) {
		const last = runs.at(-1);
		if (last && sameStream(last.header, run.header)) extend(last, run);
		else runs.push(run);
	}
	return runs;
}

function isStray({ header, frames }: MpegAudioRun): boolean {
	return frames <= STRAY_FRAMES || (frames * header.frameSamples) / header.sampleRate <= STRAY_SECONDS;
}

/** Extends a run by the next one; if any of their frames is stereo, the whole run counts as stereo. */
function extend(run: MpegAudioRun, { header, end, frames, frameBytes }: MpegAudioRun): void {
	if (header.channels > run.header.channels) run.header = { ...run.header, channels: header.channels };
	run.end = end;
	run.frames += frames;
	run.frameBytes += frameBytes;
}

/**
 * The complete frames of a run. Junk between frames is skipped, and so are frames of another stream. An empty frame
 * stands for what is skipped, so that the caller can pause there.
 *
 * @param onDamage called with the number of bytes between frames that are neither frames nor tags
 */
export function* mpegAudioFrames(
	file: Uint8Array,
	{ header: first, start, end }: Pick<MpegAudioRun, 'header' | 'start' | 'end'>,
	onDamage: (passedOver: number) => void = () => undefined,
): Generator<MpegAudioFrame> {
	const bytes = file.subarray(0, end);
	let position = start;
	let passedOver = 0;
	while (position + MPEG_AUDIO_HEADER_BYTES <= bytes.length) {
		const header = parseMpegAudioHeader(bytes, position);
		if (!header || !sameStream(first, header)) {
			const next = nextFrame(bytes, position);
			const isOther = isTag(bytes, position) || isText(bytes.subarray(position, next));
			if (passedOver > 0 || (!header && !isOther)) passedOver += next - position;
			position = next;
			yield { header: first, bytes: bytes.subarray(position, position) };
			continue;
		}
		if (position + header.frameBytes > bytes.length) return;
		if (passedOver > 0) onDamage(passedOver);
		passedOver = 0;
		yield { header, bytes: bytes.subarray(position, position + header.frameBytes) };
		position += header.frameBytes;
	}
}

/**
 * Where to go on: after a tag, whose pictures may look like frames, or at the next frames that confirm each other. If
 * there are none nearby, it is only as far as was searched, so that the caller can pause.
 */
function nextFrame(bytes: Uint8Array, position: number): number {
	const end = position + skipTags(bytes.subarray(position));
	// A size is believed only if something valid follows.
	if (end > position && (isTag(bytes, end) || parseMpegAudioHeader(bytes, end))) return end;
	return findMpegAudio(bytes, position + 1, PASSED_OVER_BYTES) ?? position + PASSED_OVER_BYTES;
}

function isTag(bytes: Uint8Array, offset: number): boolean {
	const letters = fourCC(bytes, offset);
	return TAGS.some((tag) => letters.startsWith(tag));
}
