/** What files have before and after the audio, whatever their format: tags (ID3, APE, Lyrics3), zeros, text. */
import { holdsText } from '../bits/bytes';
import { fourCC } from '../bits/fourCC';

const ID3_HEADER_BYTES = 10;
const ID3_SIZE_OFFSET = 6;
const ID3_FOOTER_FLAG = 0x10;

const APE_HEADER_BYTES = 32;
const APE_SIZE_OFFSET = 12;
const APE_VERSION_OFFSET = 8;

/** More tags than any real file has; a walk over empty ones ends here. */
const MAX_TAGS = 100;
/** More padding than any real file has. */
const MAX_PADDING_BYTES = 4 * 1024 * 1024;

/** First bytes of formats that can follow a tag; MPEG audio and AAC have a sync word instead. */
const BEGINNINGS = [
	'ID3',
	'APET',
	'fLaC',
	'RIFF',
	'RF64',
	'OggS',
	'FORM',
	'caff',
	'.snd',
	'#!AM',
	'MAC ',
	'TTA1',
	'wvpk',
];

/** Tab, line feed, carriage return, space. */
const BLANK = [0x09, 0x0a, 0x0d, 0x20];
/** More blanks than any script leaves at its end. */
const MAX_BLANK_BYTES = 64;
/** First bytes of files that never have a tag before them. */
const SIGNATURES = [
	{ letters: 'ftyp', offset: 4 },
	{ letters: '\x1aE\xdf\xa3', offset: 0 },
];

/**
 * The end of what comes before the audio: blank lines, tags and the zeros after them; 0 if there is none of that.
 * If the file ends inside a tag, the length of the file.
 */
export function skipTags(bytes: Uint8Array): number {
	let position = skipBlank(bytes);
	for (let count = 0; count < MAX_TAGS; count++) {
		const end = tagEnd(bytes, position);
		if (end === undefined) break;
		position = skipZeros(bytes, Math.min(end, bytes.length));
	}
	return position;
}

/**
 * Skips blanks only if the letters of a known format follow them. A sync word is not enough, since samples can look
 * like blanks and a sync word; the readers of MPEG audio and AAC search for their frames anyway.
 */
function skipBlank(bytes: Uint8Array): number {
	const position = endOfBlank(bytes);
	if (position === 0) return 0;
	const letters = fourCC(bytes, position);
	const isFile = BEGINNINGS.some((beginning) => letters.startsWith(beginning));
	const isSigned = SIGNATURES.some((signature) => holdsText(bytes, signature.letters, position + signature.offset));
	return isFile || isSigned ? position : 0;
}

/** The end of a byte order mark and of blank lines, which a web server's script may put before a file by mistake. */
export function endOfBlank(bytes: Uint8Array): number {
	const isMarked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
	let position = isMarked ? 3 : 0;
	while (position < MAX_BLANK_BYTES && BLANK.includes(bytes[position])) position++;
	return position;
}

function tagEnd(bytes: Uint8Array, position: number): number | undefined {
	if (isId3At(bytes, position)) return id3End(bytes, position);
	if (fourCC(bytes, position) === 'APET') return apeEnd(bytes, position);
	return undefined;
}

/**
 * The size is a "synchsafe" integer of 7 bits per byte (ID3v2.4, section 3.1); some writers use all 8. If both are
 * possible, the one that leads to something that can follow a tag is right.
 */
function id3End(bytes: Uint8Array, position: number): number {
	const field = [...bytes.subarray(position + ID3_SIZE_OFFSET, position + ID3_HEADER_BYTES)];
	const footer = (bytes[position + 5] & ID3_FOOTER_FLAG) !== 0 ? ID3_HEADER_BYTES : 0;
	const endBy = (base: number): number =>
		position + ID3_HEADER_BYTES + footer + field.reduce((sum, byte) => sum * base + byte, 0);
	const [synchsafe, plain] = [endBy(128), endBy(256)];
	if (field.some((byte) => byte >= 0x80)) return plain <= bytes.length ? plain : position + ID3_HEADER_BYTES;
	return !isBeginning(bytes, synchsafe) && isBeginning(bytes, plain) ? plain : synchsafe;
}

/** The end of an APE tag. Its size does not count the header that version 2 adds. */
function apeEnd(bytes: Uint8Array, position: number): number | undefined {
	if (position + APE_HEADER_BYTES > bytes.length || fourCC(bytes, position + 4) !== 'AGEX') return undefined;
	const view = new DataView(bytes.buffer, bytes.byteOffset + position, APE_HEADER_BYTES);
	const isFirstVersion = view.getUint32(APE_VERSION_OFFSET, true) < 2_000;
	return position + (isFirstVersion ? 0 : APE_HEADER_BYTES) + view.getUint32(APE_SIZE_OFFSET, true);
}

/** The end of the zeros from an offset on. */
export function skipZeros(bytes: Uint8Array, from: number): number {
	const end = Math.min(bytes.length, from + MAX_PADDING_BYTES);
	let position = from;
	while (position < end && bytes[position] === 0) position++;
	return position;
}

function isBeginning(bytes: Uint8Array, at: number): boolean {
	const position = skipZeros(bytes, Math.min(at, bytes.length));
	if (position >= bytes.length) return false;
	const letters = fourCC(bytes, position);
	const isSync = bytes[position] === 0xff && (bytes[position + 1] & 0xe0) === 0xe0;
	return isSync || BEGINNINGS.some((beginning) => letters.startsWith(beginning));
}

function isId3At(bytes: Uint8Array, position: number): boolean {
	return (
		position + ID3_HEADER_BYTES <= bytes.length &&
		fourCC(bytes, position).startsWith('ID3') &&
		bytes[position + 3] < 0xff &&
		bytes[position + 4] < 0xff
	);
}

/** The first letters of tags at the end of files. */
const TAGS = ['ID3', 'TAG', 'APETAGEX', 'LYRICS'];
const LONGEST_TAG = 8;
const FIRST_CAPITAL = 0x41;
const LAST_CAPITAL = 0x5a;

/** The size of an ID3v1 tag, which follows the audio. */
const ID3V1_BYTES = 128;

/** The end of the tags from an offset on: those behind the audio of a file, and those before that of the next one. */
export function skipTagsBehind(bytes: Uint8Array, from: number): number {
	const start = from + (holdsText(bytes, 'TAG', from) ? ID3V1_BYTES : 0);
	return start + skipTags(bytes.subarray(start));
}

/** Whether the bytes from an offset on are not audio in any format, so that nothing is lost by leaving them out. */
export function isFilling(bytes: Uint8Array, start: number, end = bytes.length): boolean {
	return isTag(bytes, start, end) || isZeroOrText(bytes, start, end);
}

/** Whether a tag begins at an offset. */
export function isTag(bytes: Uint8Array, start: number, end = bytes.length): boolean {
	// Searches ask this of every byte.
	if (!(bytes[start] >= FIRST_CAPITAL && bytes[start] <= LAST_CAPITAL)) return false;
	const letters = String.fromCharCode(...bytes.subarray(start, Math.min(end, start + LONGEST_TAG)));
	return TAGS.some((tag) => letters.startsWith(tag));
}

function isZeroOrText(bytes: Uint8Array, start: number, end: number): boolean {
	for (let position = start; position < end; position++) {
		if (!isZeroOrTextByte(bytes[position])) return false;
	}
	return true;
}

/** Fewer bytes of coded audio may all be letters by chance. */
const MIN_TEXT_BYTES = 32;

/** Whether all of the bytes are text, such as an error page of the server between two pieces. */
export function isText(bytes: Uint8Array): boolean {
	return bytes.length >= MIN_TEXT_BYTES && isZeroOrText(bytes, 0, bytes.length) && !bytes.includes(0);
}

/** Where the zeros or the text at the end of the bytes begin; their length if there are none. */
export function startOfZerosOrText(bytes: Uint8Array): number {
	let start = bytes.length;
	while (start > 0 && isZeroOrTextByte(bytes[start - 1])) start--;
	return start;
}

function isZeroOrTextByte(byte: number): boolean {
	return byte === 0 || (byte >= 0x20 && byte <= 0x7e) || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}
