/**
 * Text instead of a file: bytes that were read as text and written again, and text that never was audio. This is
 * checked before any container is probed, since some such text begins like a container.
 */
import { fourCC } from '../bits/fourCC';
import { AMR_WIDEBAND_MAGIC } from '../codecs/amr/amrDecoder';
import { VoiceNoteError } from '../errors';
import type { WorkSlices } from '../workSlices';
import { notAudio } from './notAudio';

/** Bytes that are examined between pauses. */
const SLICE_BYTES = 65_536;

/** The smallest share of replacement characters in a file that was destroyed by being read as text. */
const MIN_REPLACED = 0.01;
/** The smallest share of characters beyond ASCII in a file whose bytes were each turned into a character. */
const MIN_WIDENED = 0.01;

const REPLACEMENT_CHARACTER = 0xfffd;
const REPLACEMENT_BYTES = 3;
const BYTE_ORDER_MARK = 0xfeff;

/** The characters of Windows-1252 in place of the control characters 0x80 to 0x9F, in their order. */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
const WINDOWS_1252_BYTES = new Map(Array.from(WINDOWS_1252, (character, i) => [character.charCodeAt(0), 0x80 + i]));

/** Counts of characters in a text. */
interface TextFacts {
	characters: number;
	/** Characters beyond ASCII. */
	wide: number;
	/** U+FFFD, which replaced bytes that were not text. */
	replaced: number;
	/** Characters that are not in Latin-1 or Windows-1252. */
	foreign: number;
	/** Control characters that no text has. */
	controls: number;
}

/**
 * The file itself: nearly always the bytes as they are. If each of its bytes was turned into a character, that is
 * undone without loss.
 *
 * @throws {VoiceNoteError} `notAudio` if the bytes are text, or a file that was destroyed by being read as text
 */
export async function fileItself(bytes: Uint8Array, slices: WorkSlices): Promise<Uint8Array> {
	if (isDecodedDataAddress(bytes)) throw decodedDataAddress(bytes);
	const facts = await textFacts(bytes, slices);
	if (!facts || facts.characters === 0) return bytes;
	if (facts.replaced * REPLACEMENT_BYTES >= MIN_REPLACED * bytes.length) throw wentThroughText();
	// The first line of AMR is text, and a file that is cut off within it has nothing else.
	const isFirstLine = bytes.length <= AMR_WIDEBAND_MAGIC.length && fourCC(bytes, 0) === '#!AM';
	if (facts.controls === 0 && !isFirstLine) throw notAudio(bytes, 'plain text');
	const wasWidened = facts.foreign === 0 && facts.wide >= MIN_WIDENED * facts.characters;
	return wasWidened ? await narrowed(bytes, facts.characters, slices) : bytes;
}

/** Counts the characters; undefined if the bytes are not UTF-8. A character cut off at the end is left out. */
async function textFacts(bytes: Uint8Array, slices: WorkSlices): Promise<TextFacts | undefined> {
	const facts: TextFacts = { characters: 0, wide: 0, replaced: 0, foreign: 0, controls: 0 };
	let position = 0;
	while (position < bytes.length) {
		const end = Math.min(bytes.length, position + SLICE_BYTES);
		while (position < end) {
			const size = sequenceBytes(bytes, position);
			if (size === 0) return undefined;
			if (position + size > bytes.length) return facts;
			count(facts, characterAt(bytes, position, size));
			position += size;
		}
		if (slices.due) await slices.rest();
	}
	return facts;
}

function count(facts: TextFacts, character: number): void {
	if (character === BYTE_ORDER_MARK && facts.characters === 0) return;
	facts.characters++;
	if (character < 0x80) {
		if ((character < 0x20 && !isWhiteSpace(character)) || character === 0x7f) facts.controls++;
		return;
	}
	facts.wide++;
	if (character === REPLACEMENT_CHARACTER) facts.replaced++;
	if (byteOf(character) === undefined) facts.foreign++;
	if (character < 0xa0) facts.controls++;
}

/** Tab, line feed, form feed and carriage return. */
function isWhiteSpace(character: number): boolean {
	return character === 0x09 || character === 0x0a || character === 0x0c || character === 0x0d;
}

/** The byte that a character has in Latin-1 or Windows-1252. */
function byteOf(character: number): number | undefined {
	return character < 0x100 ? character : WINDOWS_1252_BYTES.get(character);
}

/** Bytes of the character that begins at an offset (RFC 3629); 0 if none does. */
function sequenceBytes(bytes: Uint8Array, at: number): number {
	const first = bytes[at];
	if (first < 0x80) return 1;
	const size =
		first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
	for (let i = 1; i < size && at + i < bytes.length; i++) {
		if ((bytes[at + i] & 0xc0) !== 0x80) return 0;
	}
	const second = bytes[at + 1] ?? 0x80;
	const isOverlong = (first === 0xe0 && second < 0xa0) || (first === 0xf0 && second < 0x90);
	const isNoCharacter = (first === 0xed && second >= 0xa0) || (first === 0xf4 && second >= 0x90);
	return isOverlong || isNoCharacter ? 0 : size;
}

function characterAt(bytes: Uint8Array, at: number, size: number): number {
	if (size === 1) return bytes[at];
	let character = bytes[at] & (0x7f >> size);
	for (let i = 1; i < size; i++) character = (character << 6) | (bytes[at + i] & 0x3f);
	return character;
}

/** Turns characters back into bytes, one by one. */
async function narrowed(bytes: Uint8Array, characters: number, slices: WorkSlices): Promise<Uint8Array> {
	const file = new Uint8Array(characters);
	let written = 0;
	let position = 0;
	while (position < bytes.length && written < characters) {
		const size = sequenceBytes(bytes, position);
		const character = characterAt(bytes, position, size);
		position += size;
		if (character !== BYTE_ORDER_MARK || written > 0) file[written++] = byteOf(character) ?? 0;
		if (written % SLICE_BYTES === 0 && slices.due) await slices.rest();
	}
	return file;
}

function wentThroughText(): VoiceNoteError {
	return new VoiceNoteError(
		'notAudio',
		'The file was read as text (UTF-8) on its way here, which destroyed it: the bytes that are not text are lost',
		'Fetch it again as a file: as binary data, not as text or as a string.',
	);
}

/** The letters `data` and those of the types that may follow, as a Base64 decoder turns them into bytes. */
const DECODED_DATA = [0x75, 0xab, 0x5a];
const DECODED_TYPES = [
	[0x6a, 0xe7, 0x62], // audi
	[0xbe, 0x27, 0x5e], // vide
	[0x6a, 0x9a, 0x65], // appl
	[0x6d, 0xab, 0x1e], // base
];

/** The most bytes that a data: URI without contents decodes to. */
const LONGEST_BEGINNING = 64;

/** Whether a data: URI was decoded from Base64 together with its prefix, whose colon the decoder ignores. */
function isDecodedDataAddress(bytes: Uint8Array): boolean {
	const begins = (expected: number[], at: number): boolean => expected.every((byte, i) => bytes[at + i] === byte);
	return begins(DECODED_DATA, 0) && DECODED_TYPES.some((type) => begins(type, DECODED_DATA.length));
}

function decodedDataAddress(bytes: Uint8Array): VoiceNoteError {
	const isAll = bytes.length < LONGEST_BEGINNING;
	return new VoiceNoteError(
		'notAudio',
		`This is a data: URI that was decoded from Base64 ${isAll ? 'and holds no sound' : 'together with its prefix'}`,
		'Decode only what follows the comma of the data: URI, or pass the whole URI on as text.',
	);
}
