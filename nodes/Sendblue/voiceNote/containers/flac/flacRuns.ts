/** The parts of a FLAC stream: one, unless its frames change their sample rate, channels or sample size on the way. */
import { parseFrameHeader } from '../../codecs/flac/frameHeader';
import type { FlacFrameHeader } from '../../codecs/flac/frameHeader';
import type { FlacStreamInfo } from '../../codecs/flac/streamInfo';
import type { WorkSlices } from '../../workSlices';

/** Where the frames of a stream lie, in bytes. */
export interface FlacFrames {
	info: FlacStreamInfo;
	start: number;
	end: number;
}

/** Frames of one kind, one behind the other. */
export interface FlacRun extends FlacFrames {
	/** Frames (samples per channel) that the headers count. */
	heldFrames: number;
}

interface Found {
	header: FlacFrameHeader;
	offset: number;
}

/**
 * Looks through the headers of a stream's frames, without decoding. A header that does not go on counting where the one
 * before it ends is one only where the next goes on from it: coded audio may look like a header by chance, but not twice.
 */
export async function flacRuns(bytes: Uint8Array, frames: FlacFrames, slices: WorkSlices): Promise<FlacRun[]> {
	const stream = bytes.subarray(0, frames.end);
	const runs: FlacRun[] = [{ ...frames, heldFrames: 0 }];
	let run = runs[0];
	let last: FlacFrameHeader | undefined;
	let suspect: Found | undefined;
	for (let offset = stream.indexOf(0xff, frames.start); offset >= 0; offset = stream.indexOf(0xff, offset + 1)) {
		if (slices.due) await slices.rest();
		const header = parseFrameHeader(stream, offset, run.info);
		if (!header) continue;
		if (last && follows(header, last, run.info)) {
			run.heldFrames += header.blockFrames;
			[last, suspect] = [header, undefined];
		} else if (!last && offset === frames.start) {
			if (!isOf(header, run.info)) runs.push((run = { ...run, info: infoOf(header, run.info) }));
			run.heldFrames += header.blockFrames;
			last = header;
		} else if (suspect && follows(header, suspect.header, infoOf(suspect.header, run.info))) {
			if (!isOf(header, run.info)) {
				run.end = suspect.offset;
				run = { info: infoOf(header, run.info), start: suspect.offset, end: frames.end, heldFrames: 0 };
				runs.push(run);
			}
			run.heldFrames += suspect.header.blockFrames + header.blockFrames;
			[last, suspect] = [header, undefined];
		} else {
			suspect = { header, offset };
		}
	}
	// The last frame behind a gap has nothing behind it that would confirm it.
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

/** The description of a stream whose frames are of another kind than it says; how long it is is not known. */
function infoOf(header: FlacFrameHeader, info: FlacStreamInfo): FlacStreamInfo {
	if (isOf(header, info)) return info;
	const { sampleRate, channels, bitsPerSample, blockFrames } = header;
	return { sampleRate, channels, bitsPerSample, maxBlockFrames: blockFrames };
}

/** Whether a frame is the next of the same kind. */
function follows(header: FlacFrameHeader, before: FlacFrameHeader, info: FlacStreamInfo): boolean {
	return (
		isOf(header, info) &&
		isOf(before, info) &&
		header.countsSamples === before.countsSamples &&
		header.number === (before.countsSamples ? before.number + before.blockFrames : before.number + 1)
	);
}
