import { VoiceNoteError } from '../errors';
import type { Container, Demuxed } from './track';
import { fourCharacters } from '../bits/fourCharacters';

interface LookAlike {
	what: string;
	/** Audio in a format that is not read, as opposed to something else altogether. */
	isAudio?: boolean;
	/** Video in a container that is not read, which may hold audio. */
	mayHoldAudio?: boolean;
	/** Raw PCM might look like this too. */
	isDoubtful?: boolean;
	matches(bytes: Uint8Array, text: string): boolean;
}

const startsWith =
	(...signature: number[]) =>
	(bytes: Uint8Array): boolean =>
		signature.every((value, index) => bytes[index] === value);

const begins =
	(...beginnings: string[]) =>
	(_: Uint8Array, text: string): boolean =>
		beginnings.some((beginning) => text.startsWith(beginning));

/** Files that often stand where audio was meant, by their first bytes. */
const LOOK_ALIKES: readonly LookAlike[] = [
	{ what: 'a PNG image', matches: startsWith(0x89, 0x50, 0x4e, 0x47) },
	{ what: 'a JPEG image', matches: startsWith(0xff, 0xd8, 0xff) },
	{ what: 'a GIF image', matches: begins('GIF8') },
	{ what: 'a WebP image', matches: (bytes) => isRiffOf(bytes, 'WEBP') },
	{ what: 'an AVI video', matches: (bytes) => isRiffOf(bytes, 'AVI '), mayHoldAudio: true },
	{ what: 'a Flash video', matches: startsWith(0x46, 0x4c, 0x56, 0x01), mayHoldAudio: true },
	{ what: 'an MPEG program stream video', matches: startsWith(0, 0, 1, 0xba), mayHoldAudio: true },
	{ what: 'a PDF document', matches: begins('%PDF') },
	{ what: 'a ZIP archive or an Office document', matches: startsWith(0x50, 0x4b, 0x03, 0x04) },
	{ what: 'a 7-Zip archive', matches: startsWith(0x37, 0x7a, 0xbc, 0xaf) },
	{ what: 'a RAR archive', matches: begins('Rar!') },
	{ what: 'a gzip archive', matches: startsWith(0x1f, 0x8b, 0x08) },
	{ what: 'an HTML page', matches: (_, text) => /^\s*(<!doctype html|<html|<head|<body)/i.test(text) },
	{ what: 'an XML document', matches: (_, text) => /^\s*<\?xml/i.test(text) },
	{ what: 'JSON text', matches: (_, text) => /^\s*[{[]\s*("|\{|\[|\d|\]|\})/.test(text) },
	{ what: 'a playlist, not the audio itself', matches: begins('#EXTM3U', '[playlist]') },
	{
		what: 'Base64 text, not the file itself',
		matches: (_, text) => /^[A-Za-z0-9+/\r\n]{200,}/.test(text),
		isDoubtful: true,
	},
	{ what: 'a MIDI file', matches: begins('MThd') },
	{ what: 'Windows Media (WMA)', matches: startsWith(0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66), isAudio: true },
	{ what: "Monkey's Audio", matches: begins('MAC '), isAudio: true },
	{ what: 'WavPack', matches: begins('wvpk'), isAudio: true },
	{ what: 'True Audio (TTA)', matches: begins('TTA1', 'TTA2'), isAudio: true },
	{ what: 'Musepack', matches: begins('MPCK', 'MP+'), isAudio: true },
	{ what: 'RealMedia', matches: begins('.RMF', '.ra\xfd'), isAudio: true },
	{ what: 'SILK (WeChat or QQ)', matches: begins('#!SILK', '\x02#!SILK'), isAudio: true },
	{ what: 'Sony Wave64', matches: begins('riff\x2e\x91\xcf\x11'), isAudio: true },
	{ what: 'DSD', matches: begins('DSD ', 'FRM8'), isAudio: true },
	{ what: 'DTS', matches: startsWith(0x7f, 0xfe, 0x80, 0x01), isAudio: true },
	{ what: 'E-AC-3 (Dolby Digital Plus)', matches: (bytes) => isDolby(bytes, true), isAudio: true, isDoubtful: true },
	{ what: 'AC-3 (Dolby Digital)', matches: (bytes) => isDolby(bytes, false), isAudio: true, isDoubtful: true },
	{
		what: 'AAC (LATM)',
		matches: (bytes) => bytes[0] === 0x56 && (bytes[1] & 0xe0) === 0xe0,
		isAudio: true,
		isDoubtful: true,
	},
	{
		what: 'plain text',
		matches: (bytes, text) => bytes.length > 0 && /^[\t\r\n\x20-\x7e]+$/.test(text),
		isDoubtful: true,
	},
];

/** How much of a file is looked at as text. */
const TEXT_BYTES = 256;

/** E-AC-3 has higher numbers of the bit stream's version than AC-3 (ETSI TS 102 366, E.1.3.1.6). */
const LAST_AC3_VERSION = 10;

/** Files of other kinds, which are called by their names. */
export const foreignFile: Container = {
	probe: hasForeignSignature,
	demux(bytes): Demuxed {
		throw notAudio(bytes);
	},
};

/** Whether the bytes have a signature of their own, so that they cannot be raw PCM. */
function hasForeignSignature(bytes: Uint8Array): boolean {
	const found = lookAlikeOf(bytes);
	return bytes.length === 0 || (found !== undefined && !found.isDoubtful);
}

/** Whether the bytes are certainly something that holds no audio. */
export function isUnmistakablyNotAudio(bytes: Uint8Array): boolean {
	const found = lookAlikeOf(bytes);
	return hasForeignSignature(bytes) && !found?.isAudio && !found?.mayHoldAudio;
}

/** The error for bytes that no format recognises; says what they look like. */
export function notAudio(bytes: Uint8Array): VoiceNoteError {
	if (bytes.length === 0) {
		return new VoiceNoteError('notAudio', 'The file is empty', 'Check that the earlier step really produced audio.');
	}
	const found = lookAlikeOf(bytes);
	if (found?.isAudio) {
		return new VoiceNoteError(
			'unsupported',
			`This is ${found.what} audio, which is not read`,
			'Export it as MP3, M4A, WAV or Ogg.',
		);
	}
	return new VoiceNoteError(
		'notAudio',
		found ? `This is ${found.what}, not audio that can be read` : 'This is not audio in any format that is known',
		'Check that the field holds an audio file, such as MP3, M4A, WAV, Ogg, WebM, FLAC or CAF. ' +
			'Raw PCM, which has no header, needs its format as an option.',
	);
}

function lookAlikeOf(bytes: Uint8Array): LookAlike | undefined {
	const text = String.fromCharCode(...bytes.subarray(0, TEXT_BYTES));
	return LOOK_ALIKES.find(({ matches }) => matches(bytes, text));
}

function isRiffOf(bytes: Uint8Array, form: string): boolean {
	return fourCharacters(bytes, 0) === 'RIFF' && fourCharacters(bytes, 8) === form;
}

function isDolby(bytes: Uint8Array, enhanced: boolean): boolean {
	const hasSync = bytes[0] === 0x0b && bytes[1] === 0x77;
	return hasSync && bytes[5] >> 3 > LAST_AC3_VERSION === enhanced;
}
