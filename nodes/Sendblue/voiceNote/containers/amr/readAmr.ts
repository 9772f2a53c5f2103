/** AMR files (RFC 4867, section 5), which telephones and messengers record: a line of text, then frames. */
import {
	AMR_FRAMES_PER_SECOND,
	AMR_NARROWBAND_MAGIC,
	AMR_WIDEBAND_MAGIC,
	amrFrames,
} from '../../codecs/amr/amrDecoder';
import { VoiceNoteError } from '../../errors';
import type { WorkSlices } from '../../workSlices';
import { secondsPassedOver } from '../passedOver';
import { isTag, startOfZerosOrText } from '../tags';
import type { Container, Demuxed, Finding, Track } from '../track';

/** The magic of any AMR file: of one channel or of several (`_MC1.0`), and whatever the line end is. */
const ANY_MAGIC = /^#!AMR(-WB)?(_MC1\.0\n|[\r\n])?/;
const MAGIC_BYTES = 20;

/** The most parts that are read: real files do not change between the two kinds that often. */
const MAX_PARTS = 1_000;

/** Frames of one kind, with the line before them. */
interface AmrPart {
	bytes: Uint8Array;
	wideband: boolean;
	frames: number;
	/** Bytes of the frames. */
	frameBytes: number;
}

/** Up to this many bytes at the end are not reported: they may be a line end, or the beginning of a frame. */
const MAX_UNREPORTED_BYTES = 2;

/** A file with a larger share of bytes that are not frames is no longer AMR. */
const MAX_DAMAGED_SHARE = 0.5;

/** AMR-NB and AMR-WB. */
export const amr: Container = {
	probe: (bytes) => ANY_MAGIC.test(beginningOf(bytes)),
	async demux(bytes, _request, slices): Promise<Demuxed> {
		const wideband = beginningOf(bytes).startsWith(AMR_WIDEBAND_MAGIC);
		if (!wideband && !beginningOf(bytes).startsWith(AMR_NARROWBAND_MAGIC)) throw otherKind(beginningOf(bytes));
		const { parts, isAll } = await partsOf(bytes, wideband, slices);
		const findings: Finding[] = isAll ? [] : [{ kind: 'joined', converted: parts.length }];
		return { sourceFormat: wideband ? 'amr-wb' : 'amr', tracks: parts.map(trackOf), findings };
	},
};

function trackOf({ bytes, wideband, frames, frameBytes }: AmrPart): Track {
	const ending = endingBytes(bytes);
	const secondsOf = (damaged: number): number | undefined =>
		secondsPassedOver(damaged, { frames, frameBytes, frameSeconds: 1 / AMR_FRAMES_PER_SECOND });
	return {
		codec: { name: 'amr', wideband },
		claims: { skipSeconds: 0, heldSeconds: frames / AMR_FRAMES_PER_SECOND },
		packets: (report) =>
			amrFrames(bytes, 0, wideband, {
				onCut: () => report?.({ kind: 'cutShort' }),
				onDamage: (damaged) => report?.({ kind: 'damaged', seconds: secondsOf(damaged) }),
				isAfterEnd: (position) => isAfterEnd(bytes, position, ending),
			}),
	};
}

/** The number of zeros or text bytes at the end, counted only once since `isAfterEnd` needs it at every frame. */
function endingBytes(bytes: Uint8Array): number {
	return bytes.length - startOfZerosOrText(bytes);
}

/**
 * Whether the audio has ended: all that is left is zeros, text or a tag. If it begins and ends with the same text byte,
 * it may be frames without audio, whose only byte is a `|`.
 *
 * @param ending how many bytes at the end are zeros or text
 */
function isAfterEnd(bytes: Uint8Array, position: number, ending: number): boolean {
	const left = bytes.length - position;
	if (left <= MAX_UNREPORTED_BYTES) return true;
	const isFilling = left <= ending || isTag(bytes, position);
	return isFilling && (bytes[position] === 0 || bytes[position] !== bytes[bytes.length - 1]);
}

function beginningOf(bytes: Uint8Array): string {
	return String.fromCharCode(...bytes.subarray(0, MAGIC_BYTES));
}

/**
 * The parts of a file, with their frames counted: one, unless recordings of both kinds were joined.
 *
 * @throws {VoiceNoteError} `corrupt` if most of the file is not frames: that would be loud noise
 */
async function partsOf(
	bytes: Uint8Array,
	wideband: boolean,
	slices: WorkSlices,
): Promise<{ parts: AmrPart[]; isAll: boolean }> {
	const parts: AmrPart[] = [];
	const ending = endingBytes(bytes);
	let damaged = 0;
	let rest: Uint8Array | undefined = bytes;
	for (let isWideband = wideband; rest && parts.length < MAX_PARTS; isWideband = !isWideband) {
		const part: AmrPart = { bytes: rest, wideband: isWideband, frames: 0, frameBytes: 0 };
		let end: number | undefined;
		const onOtherKind = (position: number): void => void (end = position);
		const file: Uint8Array = rest;
		const handlers = {
			onCut: () => undefined,
			onDamage: (count: number) => (damaged += count),
			isAfterEnd: (position: number) => isAfterEnd(file, position, ending),
			onOtherKind,
		};
		for (const frame of amrFrames(part.bytes, 0, isWideband, handlers)) {
			if (frame.length > 0) part.frames++;
			part.frameBytes += frame.length;
			if (slices.due) await slices.rest();
		}
		part.bytes = part.bytes.subarray(0, end);
		if (part.frames > 0 || parts.length === 0) parts.push(part);
		rest = end === undefined ? undefined : rest.subarray(end);
	}
	if (damaged <= MAX_DAMAGED_SHARE * bytes.length) return { parts, isAll: rest === undefined };
	throw new VoiceNoteError(
		'corrupt',
		'The AMR file is damaged: most of it is not AMR audio',
		'Fetch it again as a file: as binary data, not as text.',
	);
}

function otherKind(beginning: string): VoiceNoteError {
	if (/^#!AMR(-WB)?_MC/.test(beginning)) {
		return new VoiceNoteError('unsupported', 'The AMR file has several channels', 'Export it as WAV, MP3 or M4A.');
	}
	return new VoiceNoteError(
		'corrupt',
		'The AMR file was handled as text on its way here: its first line has the wrong ending',
		'Fetch it again as a file: as binary data, not as text.',
	);
}
