/** The frames of an MP3 file, or one of the older layers: where they lie, and what lies between them. */
import { fourCharacters } from '../../bits/fourCharacters';
import { MPEG_AUDIO_HEADER_BYTES, parseMpegAudioHeader } from '../../codecs/mp3/frameHeader';
import type { MpegAudioHeader } from '../../codecs/mp3/frameHeader';

/** Whether two frames can belong to one stream: only bitrate, padding and mode extension change within one. */
function sameStream(a: MpegAudioHeader, b: MpegAudioHeader): boolean {
	return a.version === b.version && a.layer === b.layer && a.sampleRate === b.sampleRate;
}

/** A header by chance is likely; three that point to each other are not. */
const CONFIRMING_FRAMES = 3;
/** Headers that are enough where the file ends behind them. */
const CONFIRMING_FRAMES_AT_END = 2;

/**
 * Finds the first frame of a stream: a header confirmed by the frames that follow it. Right at `from`, the end of the
 * bytes confirms it too.
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

/** Whether MPEG audio begins with the first byte, by a row of frames that cannot be there by chance. */
export function isMpegAudio(bytes: Uint8Array): boolean {
	return isConfirmed(bytes, 0, CONFIRMING_FRAMES);
}

/** @param atEnd headers that are enough where the bytes end */
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

/** What is worth a remark in a row of frames. */
export interface MpegFrameRemarks {
	/** Frames of another version, layer or sample rate than the first are passed over; called once. */
	onOther(): void;
	/** What is no frame stands between frames, and no tag either. */
	onDamage(): void;
}

const NO_REMARKS: MpegFrameRemarks = { onOther: () => undefined, onDamage: () => undefined };

/** At most so many bytes are passed over in one go. */
const PASSED_OVER_BYTES = 65_536;

/** How the tags begin that stand between files put one behind the other: ID3, APE and Lyrics3. */
const TAGS = ['TAG', 'ID3', 'APE', 'LYR'];

/**
 * The complete frames from the given first one on. Junk between frames is passed over; what follows the last complete
 * frame (tags, a frame cut short) is left out, and so are frames of another stream. A frame without bytes stands for
 * what is passed over, so that who pulls can pause there.
 */
export function* mpegAudioFrames(
	bytes: Uint8Array,
	start: number,
	{ onOther, onDamage }: MpegFrameRemarks = NO_REMARKS,
): Generator<MpegAudioFrame> {
	const first = parseMpegAudioHeader(bytes, start);
	if (!first) return;
	let position = start;
	let hasOther = false;
	let inDamage = false;
	while (position + MPEG_AUDIO_HEADER_BYTES <= bytes.length) {
		const header = parseMpegAudioHeader(bytes, position);
		if (!header || !sameStream(first, header)) {
			if (!hasOther && header && isConfirmed(bytes, position, CONFIRMING_FRAMES)) {
				hasOther = true;
				onOther();
			}
			inDamage = inDamage || (!header && !isTag(bytes, position));
			position = findMpegAudio(bytes, position + 1, PASSED_OVER_BYTES) ?? position + PASSED_OVER_BYTES;
			yield { header: first, bytes: bytes.subarray(position, position) };
			continue;
		}
		if (position + header.frameBytes > bytes.length) return;
		if (inDamage) onDamage();
		inDamage = false;
		yield { header, bytes: bytes.subarray(position, position + header.frameBytes) };
		position += header.frameBytes;
	}
}

function isTag(bytes: Uint8Array, offset: number): boolean {
	const letters = fourCharacters(bytes, offset);
	return TAGS.some((tag) => letters.startsWith(tag));
}
