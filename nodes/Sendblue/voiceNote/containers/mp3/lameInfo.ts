import { fourCharacters } from '../../bits/fourCharacters';
import type { MpegAudioFrame } from './mpegAudioFrames';
import { MPEG_AUDIO_HEADER_BYTES } from '../../codecs/mp3/mpegAudioHeader';

/** What the information frame at the start of many MP3 files says. */
export interface LameInfo {
	/** Audio frames in the file, the information frame not counted. */
	frames?: number;
	/** Sample frames that the encoder put before the audio, and after it. */
	gapless?: { delay: number; padding: number };
}

/** Where the Fraunhofer encoder's tag stands, whatever the channels, and where it has the number of frames. */
const VBRI_OFFSET = 32;
const VBRI_FRAMES_OFFSET = 14;

const XING_FRAMES_FLAG = 1;
const XING_BYTES_FLAG = 2;
const XING_TABLE_FLAG = 4;
const XING_QUALITY_FLAG = 8;
const XING_TABLE_BYTES = 100;
/** Offset of the delay and padding field in the tag that follows the Xing fields (LAME tag, revision 1). */
const LAME_DELAY_OFFSET = 21;

/**
 * Reads a frame that carries no audio: Xing/Info with its LAME tag ("Mp3 Info Tag rev 1 specifications", LAME project),
 * or Fraunhofer's VBRI.
 *
 * @returns undefined where the frame is an ordinary audio frame
 */
export function parseLameInfo({ header, bytes }: MpegAudioFrame): LameInfo | undefined {
	if (header.layer !== 3) return undefined;
	if (fourCharacters(bytes, MPEG_AUDIO_HEADER_BYTES + VBRI_OFFSET) === 'VBRI') {
		return { frames: unsignedAt(bytes, MPEG_AUDIO_HEADER_BYTES + VBRI_OFFSET + VBRI_FRAMES_OFFSET) };
	}
	const sideInfoBytes = header.version === 1 ? (header.channels === 1 ? 17 : 32) : header.channels === 1 ? 9 : 17;
	let position = MPEG_AUDIO_HEADER_BYTES + sideInfoBytes;
	const tag = fourCharacters(bytes, position);
	if (tag !== 'Xing' && tag !== 'Info') return undefined;
	const flags = unsignedAt(bytes, position + 4);
	if (flags === undefined) return {};
	position += 8;
	let frames: number | undefined;
	if ((flags & XING_FRAMES_FLAG) !== 0) {
		frames = unsignedAt(bytes, position);
		position += 4;
	}
	if ((flags & XING_BYTES_FLAG) !== 0) position += 4;
	if ((flags & XING_TABLE_FLAG) !== 0) position += XING_TABLE_BYTES;
	if ((flags & XING_QUALITY_FLAG) !== 0) position += 4;
	return { frames, gapless: parseGapless(bytes, position) };
}

/** A number of 32 bits; undefined where the bytes end before it does. */
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
