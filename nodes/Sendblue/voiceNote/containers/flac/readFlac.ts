/** Native FLAC files (RFC 9639, sections 6 to 8). */
import {
	type FlacFrameHeader,
	type FlacStreamInfo,
	parseFrameHeader,
	parseStreamInfo,
	STREAM_INFO_BYTES,
} from '../../codecs/flac/flacHeaders';
import type { WorkSlices } from '../../workSlices';
import { fourCC } from '../../bits/fourCC';
import { fileBehind, isFileAt } from '../fileStart';
import { cutBeforeSound } from '../notAudio';
import { isTag } from '../tags';
import type { Container, Demuxed, Track } from '../track';

/** Start and end of the frames of a stream, in bytes. */
export interface FlacFrames {
	info: FlacStreamInfo;
	start: number;
	end: number;
}

/** Consecutive frames with the same sample rate, channels and sample size. */
export interface FlacRun extends FlacFrames {
	/** Sample frames in the run, according to the frames' headers. */
	heldFrames: number;
	/** Start of the last frame, in bytes. */
	lastFrame: number;
}

interface Found {
	header: FlacFrameHeader;
	offset: number;
}

/**
 * Scans the frame headers of a stream, without decoding: one run, unless the frames change their sample rate, channels
 * or sample size. A header that does not continue the count of the previous one has to be confirmed by the next: coded
 * audio can look like a header by chance, but not twice.
 */
async function flacRuns(bytes: Uint8Array, frames: FlacFrames, slices: WorkSlices): Promise<FlacRun[]> {
	const stream = bytes.subarray(0, frames.end);
	const runs: FlacRun[] = [{ ...frames, heldFrames: 0, lastFrame: frames.start }];
	let run = runs[0];
	let last: FlacFrameHeader | undefined;
	let suspect: Found | undefined;
	for (let offset = stream.indexOf(0xff, frames.start); offset >= 0; offset = stream.indexOf(0xff, offset + 1)) {
		if (slices.due) await slices.rest();
		const header = parseFrameHeader(stream, offset, run.info);
		if (!header) continue;
		if (last && follows(header, last, run.info)) {
			run.heldFrames += header.blockFrames;
			run.lastFrame = offset;
			[last, suspect] = [header, undefined];
		} else if (!last && offset === frames.start) {
			if (!isOf(header, run.info)) runs.push((run = { ...run, info: infoOf(header, run.info) }));
			run.heldFrames += header.blockFrames;
			last = header;
		} else if (suspect && follows(header, suspect.header, infoOf(suspect.header, run.info))) {
			if (!isOf(header, run.info)) {
				run.end = suspect.offset;
				const start = suspect.offset;
				run = { info: infoOf(header, run.info), start, end: frames.end, heldFrames: 0, lastFrame: offset };
				runs.push(run);
			}
			run.heldFrames += suspect.header.blockFrames + header.blockFrames;
			run.lastFrame = offset;
			[last, suspect] = [header, undefined];
		} else {
			suspect = { header, offset };
		}
	}
	// After a gap, the last frame has no successor that could confirm it.
	if (suspect && isOf(suspect.header, run.info)) run.heldFrames += suspect.header.blockFrames;
	return runs.filter(({ heldFrames }, index) => heldFrames > 0 || (index === 0 && runs.length === 1));
}

function isOf(header: FlacFrameHeader, info: FlacStreamInfo): boolean {
	return (
		header.sampleRate === info.sampleRate &&
		header.channels === info.channels &&
		header.bitsPerSample === info.bitsPerSample
	);
}

/** STREAMINFO for frames of another kind than the stream claims; its length is unknown. */
function infoOf(header: FlacFrameHeader, info: FlacStreamInfo): FlacStreamInfo {
	if (isOf(header, info)) return info;
	const { sampleRate, channels, bitsPerSample, blockFrames } = header;
	return { sampleRate, channels, bitsPerSample, maxBlockFrames: blockFrames };
}

/** Whether a frame directly follows another one of the same kind, by their numbers. */
function follows(header: FlacFrameHeader, before: FlacFrameHeader, info: FlacStreamInfo): boolean {
	return (
		isOf(header, info) &&
		isOf(before, info) &&
		header.countsSamples === before.countsSamples &&
		header.number === (before.countsSamples ? before.number + before.blockFrames : before.number + 1)
	);
}

/** A FLAC file. */
export interface FlacFile {
	info: FlacStreamInfo;
	/** Where the frames begin, in bytes; beyond the end of a file that is cut off in its metadata. */
	audioStart: number;
}

const MAGIC = 'fLaC';
const MAGIC_BYTES = 4;
const BLOCK_HEADER_BYTES = 4;
const LAST_BLOCK_FLAG = 0x80;

/** Whether a FLAC stream begins at an offset. */
function isFlacAt(bytes: Uint8Array, start: number): boolean {
	return fourCC(bytes, start) === MAGIC;
}

/**
 * Reads the metadata of a stream, as native files and Matroska hold it.
 *
 * @param start offset of `fLaC`
 * @throws {VoiceNoteError} `corrupt` if STREAMINFO is damaged
 */
export function readFlac(bytes: Uint8Array, start: number): FlacFile {
	// STREAMINFO is always the first block.
	const info = parseStreamInfo(bytes.subarray(start + MAGIC_BYTES + BLOCK_HEADER_BYTES));
	let position = start + MAGIC_BYTES;
	let isLast = false;
	while (!isLast && position + BLOCK_HEADER_BYTES <= bytes.length) {
		isLast = (bytes[position] & LAST_BLOCK_FLAG) !== 0;
		const size = (bytes[position + 1] << 16) | (bytes[position + 2] << 8) | bytes[position + 3];
		position += BLOCK_HEADER_BYTES + size;
	}
	return { info, audioStart: position };
}

/** Native FLAC. */
export const flac: Container = {
	probe: (bytes) => isFlacAt(bytes, 0),
	async demux(bytes, _request, slices): Promise<Demuxed> {
		const tracks: Track[] = [];
		let lastFrame = bytes.length;
		for (const stream of flacStreams(bytes)) {
			const runs = await flacRuns(bytes, stream, slices);
			tracks.push(...runs.map((run) => flacTrack(bytes, run, runs.length === 1)));
			lastFrame = runs.at(-1)?.lastFrame ?? bytes.length;
		}
		return { sourceFormat: 'flac', tracks, findings: [], end: await fileInLastFrame(bytes, lastFrame, slices) };
	},
};

/** More than the largest frame: the greatest block of a few channels, uncompressed. */
const MAX_FRAME_BYTES = 262_144;

/** Bytes that are searched between pauses. */
const SLICE_BYTES = 16_384;

/** Frames do not say how long they are, so a file behind the last one is searched for. */
async function fileInLastFrame(bytes: Uint8Array, frameStart: number, slices: WorkSlices): Promise<number | undefined> {
	const limit = Math.min(bytes.length, frameStart + MAX_FRAME_BYTES);
	for (let at = frameStart + 1; at < limit; at++) {
		if (at % SLICE_BYTES === 0 && slices.due) await slices.rest();
		if (isFileAt(bytes, at) || (isTag(bytes, at) && fileBehind(bytes, at) !== undefined)) return at;
	}
	return undefined;
}

/** The streams of a file: one, unless files were joined. */
function flacStreams(bytes: Uint8Array): FlacFrames[] {
	const streams: FlacFrames[] = [];
	for (let start: number | undefined = 0; start !== undefined; ) {
		const { info, audioStart } = readFlac(bytes, start);
		if (audioStart > bytes.length) throw cutBeforeSound('inside its header, in a picture or another tag');
		const next = nextStream(bytes, audioStart);
		streams.push({ info, start: audioStart, end: next ?? bytes.length });
		start = next;
	}
	return streams;
}

/** The start of another stream: `fLaC`, then STREAMINFO. */
function nextStream(bytes: Uint8Array, from: number): number | undefined {
	const first = MAGIC.charCodeAt(0);
	for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
		if (isFlacAt(bytes, at) && isStreamInfo(bytes, at + MAGIC_BYTES)) return at;
	}
	return undefined;
}

/** Whether a whole STREAMINFO block, with a sample rate, is at an offset. */
function isStreamInfo(bytes: Uint8Array, at: number): boolean {
	const [type, ...size] = bytes.subarray(at, at + BLOCK_HEADER_BYTES);
	if ((type & ~LAST_BLOCK_FLAG) !== 0 || size[0] !== 0 || size[1] !== 0 || size[2] !== STREAM_INFO_BYTES) return false;
	try {
		return parseStreamInfo(bytes.subarray(at + BLOCK_HEADER_BYTES)).sampleRate > 0;
	} catch {
		return false;
	}
}

/** @param isWhole whether the run is the whole stream, so that the claimed length applies to it */
function flacTrack(bytes: Uint8Array, { info, start, end, heldFrames }: FlacRun, isWhole: boolean): Track {
	const { sampleRate, maxBlockFrames } = info;
	const total = isWhole ? info.totalFrames : undefined;
	return {
		codec: { name: 'flac', streamInfo: info, undelimited: true },
		claims: {
			skipSeconds: 0,
			keepSeconds: total === undefined ? undefined : total / sampleRate,
			heldSeconds: heldFrames / sampleRate,
			mayCutSeconds: maxBlockFrames / sampleRate,
			isCount: total !== undefined,
		},
		packets: () => [bytes.subarray(start, end)],
	};
}
