import { VoiceNoteError } from '../errors';
import { fourCharacters } from '../containers/fourCharacters';

interface LookAlike {
	what: string;
	matches(bytes: Uint8Array, text: string): boolean;
}

const startsWith =
	(...signature: number[]) =>
	(bytes: Uint8Array): boolean =>
		signature.every((value, index) => bytes[index] === value);

/** Files that often stand where audio was meant, by their first bytes. */
const LOOK_ALIKES: readonly LookAlike[] = [
	{ what: 'a PNG image', matches: startsWith(0x89, 0x50, 0x4e, 0x47) },
	{ what: 'a JPEG image', matches: startsWith(0xff, 0xd8, 0xff) },
	{ what: 'a GIF image', matches: startsWith(0x47, 0x49, 0x46, 0x38) },
	{ what: 'a WebP image', matches: (bytes) => isRiffOf(bytes, 'WEBP') },
	{ what: 'an AVI video', matches: (bytes) => isRiffOf(bytes, 'AVI ') },
	{ what: 'a PDF document', matches: startsWith(0x25, 0x50, 0x44, 0x46) },
	{ what: 'a ZIP archive or an Office document', matches: startsWith(0x50, 0x4b, 0x03, 0x04) },
	{ what: 'a gzip archive', matches: startsWith(0x1f, 0x8b) },
	{ what: 'an HTML page', matches: (_, text) => /^\s*(<!doctype html|<html|<head|<body)/i.test(text) },
	{ what: 'an XML document', matches: (_, text) => /^\s*<\?xml/i.test(text) },
	{ what: 'JSON text', matches: (_, text) => /^\s*[{[]\s*("|\{|\[|\d|\]|\})/.test(text) },
	{ what: 'Base64 text, not the file itself', matches: (_, text) => /^[A-Za-z0-9+/\r\n]{200,}/.test(text) },
	{ what: 'Windows Media (WMA/ASF) audio', matches: startsWith(0x30, 0x26, 0xb2, 0x75) },
	{ what: 'AC-3 audio', matches: startsWith(0x0b, 0x77) },
	{ what: 'a MIDI file', matches: startsWith(0x4d, 0x54, 0x68, 0x64) },
	{ what: 'plain text', matches: (bytes, text) => bytes.length > 0 && /^[\t\r\n\x20-\x7e]+$/.test(text) },
];

/** How much of a file is looked at as text. */
const TEXT_BYTES = 256;

/** The error for bytes that no format recognises; says what they look like. */
export function notAudio(bytes: Uint8Array): VoiceNoteError {
	if (bytes.length === 0) {
		return new VoiceNoteError('notAudio', 'The file is empty', 'Check that the earlier step really produced audio.');
	}
	const text = String.fromCharCode(...bytes.subarray(0, TEXT_BYTES));
	const found = LOOK_ALIKES.find(({ matches }) => matches(bytes, text));
	return new VoiceNoteError(
		'notAudio',
		found ? `This is ${found.what}, not audio that can be read` : 'This is not audio in any format that is known',
		'Check that the field holds an audio file, such as MP3, M4A, WAV, Ogg, WebM, FLAC or CAF.',
	);
}

function isRiffOf(bytes: Uint8Array, form: string): boolean {
	return fourCharacters(bytes, 0) === 'RIFF' && fourCharacters(bytes, 8) === form;
}
