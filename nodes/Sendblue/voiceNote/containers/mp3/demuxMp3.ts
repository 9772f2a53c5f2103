import { holdsText } from '../../bits/bytes';
import type { MpegAudioFrame, MpegAudioRun } from './mpegAudioFrames';
import { MPEG_AUDIO_HEADER_BYTES, MPEG_DECODER_DELAY, parseMpegAudioHeader } from '../../codecs/mp3/mpegAudio';
import { VoiceNoteError } from '../../errors';
import { MAX_DURATION_SECONDS } from '../../limits';
import type { WorkSlices } from '../../workSlices';
import { secondsPassedOver } from '../passedOver';
import { skipTags, skipZeros } from '../tags';
import type { Claims, Container, Demuxed, Report, Track } from '../track';
import { findMpegAudio, isFreeFormat, mpegAudioFrames, mpegAudioRuns } from './mpegAudioFrames';

/** What the information frame at the start of many MP3 files says. */
export interface LameInfo {
	/** Audio frames in the file, without the information frame. */
	frames?: number;
	/** Bytes of all frames, with the information frame. */
	bytes?: number;
	/** Sample frames that the encoder put before the audio, and after it. */
	gapless?: { delay: number; padding: number };
}

/** Offset of the Fraunhofer encoder's tag, for any number of channels, and of the numbers of bytes and frames in it. */
const VBRI_OFFSET = 32;
const VBRI_BYTES_OFFSET = 10;
const VBRI_FRAMES_OFFSET = 14;

const XING_FRAMES_FLAG = 1;
const XING_BYTES_FLAG = 2;
const XING_TABLE_FLAG = 4;
const XING_QUALITY_FLAG = 8;
const XING_TABLE_BYTES = 100;
/** Offset of the delay and padding field in the tag that follows the Xing fields (LAME tag, revision 1). */
const LAME_DELAY_OFFSET = 21;

/**
 * Reads a frame without audio: Xing/Info with its LAME tag ("Mp3 Info Tag rev 1 specifications", LAME project),
 * or Fraunhofer's VBRI.
 *
 * @returns undefined if the frame is an ordinary audio frame
 */
export function parseLameInfo({ header, bytes }: MpegAudioFrame): LameInfo | undefined {
	if (header.layer !== 3) return undefined;
	if (holdsText(bytes, 'VBRI', MPEG_AUDIO_HEADER_BYTES + VBRI_OFFSET)) {
		const vbri = MPEG_AUDIO_HEADER_BYTES + VBRI_OFFSET;
		return {
			frames: unsignedAt(bytes, vbri + VBRI_FRAMES_OFFSET),
			bytes: unsignedAt(bytes, vbri + VBRI_BYTES_OFFSET),
		};
	}
	const sideInfoBytes = header.version === 1 ? (header.channels === 1 ? 17 : 32) : header.channels === 1 ? 9 : 17;
	let position = MPEG_AUDIO_HEADER_BYTES + sideInfoBytes;
	if (!holdsText(bytes, 'Xing', position) && !holdsText(bytes, 'Info', position)) return undefined;
	const flags = unsignedAt(bytes, position + 4);
	if (flags === undefined) return {};
	position += 8;
	let frames: number | undefined;
	let stated: number | undefined;
	if ((flags & XING_FRAMES_FLAG) !== 0) {
		frames = unsignedAt(bytes, position);
		position += 4;
	}
	if ((flags & XING_BYTES_FLAG) !== 0) {
		stated = unsignedAt(bytes, position);
		position += 4;
	}
	if ((flags & XING_TABLE_FLAG) !== 0) position += XING_TABLE_BYTES;
	if ((flags & XING_QUALITY_FLAG) !== 0) position += 4;
	return { frames, bytes: stated, gapless: parseGapless(bytes, position) };
}

/** A number of 32 bits; undefined if the bytes end before it does. */
function unsignedAt(bytes: Uint8Array, offset: number): number | undefined {
	if (offset + 4 > bytes.length) return undefined;
	return new DataView(bytes.buffer, bytes.byteOffset + offset, 4).getUint32(0);
}

function parseGapless(bytes: Uint8Array, tagStart: number): LameInfo['gapless'] {
	const field = tagStart + LAME_DELAY_OFFSET;
	if (field + 3 > bytes.length || bytes[tagStart] === 0) return undefined;
	const delay = (bytes[field] << 4) | (bytes[field + 1] >> 4);
	const padding = ((bytes[field + 1] & 0x0f) << 8) | bytes[field + 2];
	return delay === 0 && padding === 0 ? undefined : { delay, padding };
}

/** The most junk skipped before the first frame, in bytes: broken tags, or the rest of a cut frame. */
const MAX_JUNK_BYTES = 65_536;

/** Frames by which a count may be off: some writers also count the information frame, or a frame they do not write. */
const COUNTING_TOLERANCE = 2;

/** The information frame itself, which its own count leaves out. */
const INFORMATION_FRAMES = 1;

/** MP3, and its older layers. */
export const mp3: Container = {
	probe: (bytes) => firstFrame(bytes) !== undefined || isFreeFormat(bytes, audioStart(bytes), MAX_JUNK_BYTES),
	async demux(bytes, _request, slices): Promise<Demuxed> {
		const start = firstFrame(bytes);
		if (start === undefined) throw noFrame(bytes);
		const found = await mpegAudioRuns(bytes, start, slices);
		if (found.length === 0) throw noFrame(bytes);
		const runs: MpegAudioRun[] = [];
		for (const run of found) runs.push(...(await encodedParts(bytes, run, slices)));
		return {
			sourceFormat: `mp${runs[0].header.layer}`,
			tracks: runs.map((run) => mpegAudioTrack(bytes, run)),
			findings: [],
			end: runs[runs.length - 1].end,
		};
	},
};

/**
 * The parts of a run that were encoded by themselves, as the information frame at the start of each shows: each has its
 * own priming and padding.
 */
async function encodedParts(bytes: Uint8Array, run: MpegAudioRun, slices: WorkSlices): Promise<MpegAudioRun[]> {
	const parts: MpegAudioRun[] = [];
	for (const frame of mpegAudioFrames(bytes, run)) {
		if (slices.due) await slices.rest();
		if (frame.bytes.length === 0) continue;
		const start = frame.bytes.byteOffset - bytes.byteOffset;
		if (parts.length === 0 || parseLameInfo(frame)?.gapless) {
			parts.push({ header: run.header, start, end: start, frames: 0, frameBytes: 0 });
		}
		const part = parts[parts.length - 1];
		part.end = start + frame.bytes.length;
		part.frames++;
		part.frameBytes += frame.bytes.length;
	}
	return parts.length > 1 && parts.every(({ frames }) => frames > INFORMATION_FRAMES) ? parts : [run];
}

function audioStart(bytes: Uint8Array): number {
	return skipZeros(bytes, skipTags(bytes));
}

function firstFrame(bytes: Uint8Array): number | undefined {
	return findMpegAudio(bytes, audioStart(bytes), MAX_JUNK_BYTES);
}

function noFrame(bytes: Uint8Array): VoiceNoteError {
	if (!isFreeFormat(bytes, audioStart(bytes), MAX_JUNK_BYTES)) {
		return new VoiceNoteError(
			'notAudio',
			'The MP3 file holds no complete audio frame',
			'Check that the previous step really produced audio, and all of it.',
		);
	}
	return new VoiceNoteError(
		'unsupported',
		'This is MP3 in free format, whose frames do not say how long they are; it is not supported',
		'Export it with one of the usual bitrates, such as 64 or 128 kb/s.',
	);
}

function mpegAudioTrack(bytes: Uint8Array, run: MpegAudioRun): Track {
	const info = informationOf(bytes, run);
	return {
		codec: { name: 'mp3', first: run.header, delayAtEnd: info?.gapless !== undefined },
		claims: claimsOf(run, info),
		packets: (report) => audioFrames(bytes, run, info?.frames, report),
	};
}

/** The share of the bytes present that a count must reach to be believed. */
const MIN_CONFIRMING_SHARE = 0.9;

/** Whether all bytes that the tag counts are there; without a count, that is not certain. */
function isWhole({ header, frameBytes }: MpegAudioRun, counted = 0): boolean {
	const isEnough = counted >= MIN_CONFIRMING_SHARE * frameBytes;
	return isEnough && counted <= frameBytes + COUNTING_TOLERANCE * header.frameBytes;
}

/** What the first frame says, if it has no audio. */
function informationOf(bytes: Uint8Array, run: MpegAudioRun): LameInfo | undefined {
	const { start } = run;
	const header = parseMpegAudioHeader(bytes, start);
	const info = header && parseLameInfo({ header, bytes: bytes.subarray(start, start + header.frameBytes) });
	if (!header || !info?.frames) return info;
	// A writer that could not seek back leaves the largest number there, which is longer than any audio we accept.
	const isPlaceholder = (info.frames * header.frameSamples) / header.sampleRate > MAX_DURATION_SECONDS;
	if (isPlaceholder) return { ...info, frames: undefined };
	// More frames than there are, in no more bytes than there are: the frames were counted wrongly.
	const held = run.frames - INFORMATION_FRAMES;
	return info.frames > held && isWhole(run, info.bytes) ? { ...info, frames: held } : info;
}

/** The frames with audio, without information frames: each of several joined files has its own. */
function* audioFrames(
	bytes: Uint8Array,
	run: MpegAudioRun,
	counted: number | undefined,
	report: Report = () => undefined,
): Generator<Uint8Array> {
	const { frames, frameBytes, header } = run;
	const { frameSamples, sampleRate } = header;
	const frameSeconds = frameSamples / sampleRate;
	let count = 0;
	let isDamaged = false;
	const onDamage = (passedOver: number): void => {
		isDamaged = true;
		// If the frames are counted, it is known at the end how many are missing.
		if (counted !== undefined) return;
		report({ kind: 'damaged', seconds: secondsPassedOver(passedOver, { frames, frameBytes, frameSeconds }) });
	};
	for (const frame of mpegAudioFrames(bytes, run, onDamage)) {
		if (parseLameInfo(frame)) continue;
		if (frame.bytes.length > 0) count++;
		yield frame.bytes;
	}
	const missing = (counted ?? 0) - count;
	if (isDamaged && missing > 0) report({ kind: 'damaged', seconds: (missing * frameSamples) / sampleRate });
	if (missing <= COUNTING_TOLERANCE || isDamaged) return;
	report({ kind: 'cutShort', seconds: (missing * frameSamples) / sampleRate });
}

/** The valid range according to the LAME tag; everything if there is none. */
function claimsOf({ header, frames }: MpegAudioRun, info: LameInfo | undefined): Claims {
	const { frameSamples, sampleRate } = header;
	const heldSeconds = (frames * frameSamples) / sampleRate;
	if (!info?.gapless) return { skipSeconds: 0, heldSeconds };
	const { delay, padding } = info.gapless;
	// If files were joined, more frames follow than the tag counts.
	const goesOn = info.frames !== undefined && frames - INFORMATION_FRAMES > info.frames;
	const samples = info.frames && !goesOn ? info.frames * frameSamples - delay - padding : 0;
	return {
		skipSeconds: (delay + MPEG_DECODER_DELAY) / sampleRate,
		keepSeconds: samples > 0 ? samples / sampleRate : undefined,
		heldSeconds,
	};
}
