/** Where a file begins inside other bytes: behind another one, or in a container that is no place for it. */
import { holdsText } from '../bits/bytes';
import { fourCC } from '../bits/fourCC';
import { isAdts } from './adts/demuxAdts';
import { isMpegAudio } from './mp3/mpegAudioFrames';
import { isTag, skipTags } from './tags';

/** Letters that audio does not have by chance: each at its offset, all of them needed. */
const SIGNATURES: ReadonlyArray<ReadonlyArray<readonly [offset: number, letters: string]>> = [
	...['RIFF', 'RIFX', 'RF64', 'BW64'].map((form) => [[0, form] as const, [8, 'WAVE'] as const]),
	...['AIFF', 'AIFC'].map((kind) => [[0, 'FORM'] as const, [8, kind] as const]),
	[
		[0, 'caff'],
		[8, 'desc'],
	],
	[
		[0, 'OggS'],
		[28, 'Opus'],
	],
	[
		[0, 'OggS'],
		[28, '\x01vor'],
	],
	[
		[0, 'OggS'],
		[28, '\x7fFLA'],
	],
	[
		[0, 'fLaC'],
		[4, '\0\0\0"'],
	],
	[
		[0, '#!AM'],
		[4, 'R\n'],
	],
	[[4, 'ftyp']],
	[[0, '\x1aE\xdf\xa3']],
];

/** The size of an ID3v1 tag, which stands behind the audio. */
const ID3V1_BYTES = 128;

/**
 * The start of a file that follows here, behind the tags of this one and its own; undefined if none does.
 *
 * @param from where the previous file ends, in bytes
 */
export function fileBehind(bytes: Uint8Array, from: number): number | undefined {
	const isOldTag = fourCC(bytes, from).startsWith('TAG') && isTag(bytes, from);
	const start = from + (isOldTag ? ID3V1_BYTES : 0);
	if (start >= bytes.length) return undefined;
	const behindTags = start + skipTags(bytes.subarray(start));
	return isFileAt(bytes, behindTags) ? behindTags : undefined;
}

/** Whether a file begins at an offset: by its signature, or by frames that follow each other. */
export function isFileAt(bytes: Uint8Array, at: number): boolean {
	const isSigned = SIGNATURES.some((parts) =>
		parts.every(([offset, letters]) => holdsText(bytes, letters, at + offset)),
	);
	if (isSigned) return true;
	if (bytes[at] !== 0xff) return false;
	const rest = bytes.subarray(at);
	return isMpegAudio(rest) || isAdts(rest);
}
