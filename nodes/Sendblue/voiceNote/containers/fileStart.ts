/** Where a file begins inside other bytes: behind another one, or in a container that is no place for it. */
import { holdsText } from '../bits/bytes';
import { isAdts } from './adts/demuxAdts';
import { isMpegAudio } from './mp3/mpegAudioFrames';
import { skipTagsBehind } from './tags';

/** Letters that audio does not have by chance: those at the beginning, and others at an offset. */
interface Signature {
	letters: string;
	others?: { letters: string; offset: number };
}

const SIGNATURES: readonly Signature[] = [
	...['RIFF', 'RIFX', 'RF64', 'BW64'].map((letters) => ({ letters, others: { letters: 'WAVE', offset: 8 } })),
	...['AIFF', 'AIFC'].map((kind) => ({ letters: 'FORM', others: { letters: kind, offset: 8 } })),
	{ letters: 'caff', others: { letters: 'desc', offset: 8 } },
	...['Opus', '\x01vor', '\x7fFLA'].map((codec) => ({ letters: 'OggS', others: { letters: codec, offset: 28 } })),
	{ letters: 'fLaC\0\0\0"' },
	{ letters: '#!AMR\n' },
	{ letters: '\x1aE\xdf\xa3' },
];

/** The signatures by their first byte: searches ask at every byte, and most are ruled out by one look. */
const SIGNATURES_BY_BYTE = Array.from({ length: 256 }, (_, byte) =>
	SIGNATURES.filter(({ letters }) => letters.charCodeAt(0) === byte),
);

/** MP4 begins with the size of its first box. */
const MP4_LETTERS = 'ftyp';
const MP4_LETTERS_OFFSET = 4;

/**
 * The start of a file that follows here, behind the tags of this one and its own; undefined if none does.
 *
 * @param from where the previous file ends, in bytes
 */
export function fileBehind(bytes: Uint8Array, from: number): number | undefined {
	const start = skipTagsBehind(bytes, from);
	return isFileAt(bytes, start) ? start : undefined;
}

/** Whether a file begins at an offset: by its signature, or by frames that follow each other. */
export function isFileAt(bytes: Uint8Array, at: number): boolean {
	if (at >= bytes.length) return false;
	if (holdsText(bytes, MP4_LETTERS, at + MP4_LETTERS_OFFSET)) return true;
	const isSigned = SIGNATURES_BY_BYTE[bytes[at]].some(
		({ letters, others }) =>
			holdsText(bytes, letters, at) && (!others || holdsText(bytes, others.letters, at + others.offset)),
	);
	if (isSigned) return true;
	if (bytes[at] !== 0xff) return false;
	const rest = bytes.subarray(at);
	return isMpegAudio(rest) || isAdts(rest);
}
