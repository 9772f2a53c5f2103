import { VoiceNoteError, type VoiceNoteErrorKind } from '../errors';
import type { Container, Demuxed } from './track';
import { fourCC } from '../bits/fourCC';
import { holdsText } from '../bits/bytes';

interface LookAlike {
	what: string;
	/** Audio in an unsupported format, a video that may contain audio, text, or (the default) something else. */
	kind?: 'audio' | 'video' | 'text';
	/** Whether FFmpeg reads it. */
	ffmpeg?: boolean;
	/** Whether its text may say why there is no audio. */
	isMessage?: boolean;
	/** Whether raw PCM might look like this too. */
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

/** Raw PCM may begin with a sync word of two bytes too. */
const DOUBTFUL = { kind: 'audio', isDoubtful: true } as const;

const has =
	(letters: string, offset: number) =>
	(bytes: Uint8Array): boolean =>
		holdsText(bytes, letters, offset);

/** Characters of Base64, or of its form for URLs, with or without line breaks, and more than a word has. */
const BASE64 = /^\s*[A-Za-z0-9+/_-]{40}[A-Za-z0-9+/_\-\r\n]{24,}={0,2}\s*$/;

/** These are characters of Base64, too, but this much Base64 would have other letters among them. */
const HEXADECIMAL = /^\s*(?:0x)?(?:[0-9a-f]{2}\s*){60,}[0-9a-f]?\s*$/i;

const HEXADECIMAL_FILE = 'the file in hexadecimal digits, as text';
/** A byte order mark, then letters of two bytes, more of them than samples would look like. */
const WIDE_TEXT = /^(?:\xff\xfe(?:[\t\n\r\x20-\x7e]\0){24}|\xfe\xff(?:\0[\t\n\r\x20-\x7e]){24})/;

const HTML_PAGE = 'an HTML page';

/** Documents, images, archives, text. */
const OTHER_FILES: readonly LookAlike[] = [
	{ what: 'a PNG image', matches: startsWith(0x89, 0x50, 0x4e, 0x47) },
	{ what: 'a JPEG image', matches: startsWith(0xff, 0xd8, 0xff) },
	{ what: 'a GIF image', matches: begins('GIF8') },
	{ what: 'a WebP image', matches: (bytes) => isRiffOf(bytes, 'WEBP') },
	{ what: 'a TIFF image', matches: begins('II*\0', 'MM\0*') },
	{ what: 'a PDF document', matches: begins('%PDF') },
	{ what: 'a ZIP archive or an Office document', matches: startsWith(0x50, 0x4b, 0x03, 0x04) },
	{ what: 'an old Office document', matches: startsWith(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1) },
	{ what: 'a 7-Zip archive', matches: startsWith(0x37, 0x7a, 0xbc, 0xaf) },
	{ what: 'a RAR archive', matches: begins('Rar!') },
	{ what: 'a gzip archive', matches: startsWith(0x1f, 0x8b, 0x08) },
	{ what: 'an xz archive', matches: begins('\xfd7zXZ') },
	{ what: 'a bzip2 archive', matches: (_, text) => /^BZh[1-9]1AY&SY/.test(text) },
	{ what: 'a tar archive', matches: has('ustar', 257) },
	{ what: 'a program', matches: begins('MZ\x90\0', '\x7fELF') },
	{ what: 'a database', matches: begins('SQLite format 3') },
	{ what: 'a capture of RTP packets (rtpdump)', matches: begins('#!rtpplay') },
	{ what: 'a capture of network packets (pcap)', matches: begins('\xd4\xc3\xb2\xa1', '\xa1\xb2\xc3\xd4') },
	{ what: 'a capture of network packets (pcapng)', matches: begins('\n\r\r\n') },
	{ what: 'a recording of the Janus server (MJR)', matches: begins('MJR0000') },
	{
		what: 'an HTTP response with its headers in front of the file',
		matches: (_, text) => /^HTTP\/\d(\.\d)? \d{3}/.test(text),
		isDoubtful: true,
	},
	{ what: 'UTF-16 text', matches: (_, text) => WIDE_TEXT.test(text), kind: 'text' },
	{ what: HTML_PAGE, matches: (_, text) => /^\s*(<!doctype html|<html|<head|<body)/i.test(text), kind: 'text' },
	{
		what: 'an XML document',
		matches: (_, text) => /^\s*<(\?xml|svg|[a-z]+:[a-z]+ )/i.test(text),
		kind: 'text',
		isMessage: true,
	},
	{
		what: 'JSON text',
		matches: (_, text) => /^\s*[{[]\s*("|\{|\[|-?\d|\]|\})/.test(text),
		kind: 'text',
		isMessage: true,
	},
	{ what: 'a playlist, not the audio itself', matches: begins('#EXTM3U', '[playlist]'), kind: 'text' },
	{
		what: 'a data: URI as text, not the file itself',
		matches: (_, text) => /^\s*["']?data:[^,\s]{0,200},/i.test(text),
		kind: 'text',
	},
	{
		what: HEXADECIMAL_FILE,
		matches: (_, text) => HEXADECIMAL.test(text),
		kind: 'text',
		isDoubtful: true,
	},
	{
		what: 'a form (multipart) with the file in it',
		matches: (_, text) => /^\s*--[^\r\n]{1,70}\r?\n(?:[\w-]+: [^\r\n]*\r?\n)*Content-[\w-]+: /i.test(text),
	},
	{ what: 'Base64 text, not the file itself', matches: (_, text) => BASE64.test(text), kind: 'text', isDoubtful: true },
	{ what: 'a MIDI file, which holds notes and no sound', matches: begins('MThd') },
];

/** Audio and video in unsupported formats. */
const OTHER_AUDIO: readonly LookAlike[] = [
	{ what: 'an AVI video', matches: (bytes) => isRiffOf(bytes, 'AVI '), kind: 'video', ffmpeg: true },
	{ what: 'an AMV video', matches: (bytes) => isRiffOf(bytes, 'AMV '), kind: 'video', ffmpeg: true },
	{ what: 'a Video CD film', matches: (bytes) => isRiffOf(bytes, 'CDXA'), kind: 'video', ffmpeg: true },
	{ what: 'a Flash video (FLV)', matches: startsWith(0x46, 0x4c, 0x56, 0x01), kind: 'video', ffmpeg: true },
	{ what: 'a Flash film (SWF)', matches: isFlash, kind: 'video' },
	{ what: 'an MPEG program stream video', matches: startsWith(0, 0, 1, 0xba), kind: 'video', ffmpeg: true },
	{ what: 'an MPEG video', matches: startsWith(0, 0, 1, 0xb3), kind: 'video' },
	{ what: 'a NUT file', matches: begins('nut/multimedia container'), kind: 'video', ffmpeg: true },
	{ what: 'Windows Media (WMA)', matches: startsWith(0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66), kind: 'audio', ffmpeg: true },
	{ what: "Monkey's Audio (APE)", matches: begins('MAC '), kind: 'audio', ffmpeg: true },
	{ what: 'WavPack', matches: begins('wvpk'), kind: 'audio', ffmpeg: true },
	{ what: 'True Audio (TTA)', matches: begins('TTA1', 'TTA2'), kind: 'audio', ffmpeg: true },
	{ what: 'TAK', matches: begins('tBaK'), kind: 'audio', ffmpeg: true },
	{ what: 'OptimFROG', matches: begins('OFR '), kind: 'audio' },
	{ what: 'Lossless Audio (LA)', matches: (_, text) => /^LA0[2-4]/.test(text), kind: 'audio' },
	{ what: 'Shorten', matches: begins('ajkg'), kind: 'audio', ffmpeg: true },
	{ what: 'Musepack', matches: begins('MPCK', 'MP+'), kind: 'audio', ffmpeg: true },
	{ what: 'QOA', matches: begins('qoaf'), kind: 'audio' },
	{ what: 'RealMedia', matches: begins('.RMF', '.ra\xfd'), kind: 'audio', ffmpeg: true },
	{ what: 'SILK (WeChat or QQ)', matches: begins('#!SILK', '\x02#!SILK'), kind: 'audio' },
	{ what: 'EVRC', matches: begins('#!EVRC'), kind: 'audio' },
	{ what: 'QCELP', matches: (bytes) => isRiffOf(bytes, 'QLCM'), kind: 'audio', ffmpeg: true },
	{ what: 'Olympus DSS dictation', matches: begins('\x02dss', '\x03dss', '\x03ds2'), kind: 'audio' },
	{ what: 'Sony Wave64', matches: begins('riff\x2e\x91\xcf\x11'), kind: 'audio', ffmpeg: true },
	{ what: 'DSD', matches: begins('DSD ', 'FRM8'), kind: 'audio', ffmpeg: true },
	{ what: 'DTS', matches: startsWith(0x7f, 0xfe, 0x80, 0x01), kind: 'audio', ffmpeg: true },
	{ what: 'Creative Voice (VOC)', matches: begins('Creative Voice File'), kind: 'audio', ffmpeg: true },
	{ what: 'Amiga sound (8SVX)', matches: has('8SVX', 8), kind: 'audio', ffmpeg: true },
	{ what: 'NIST SPHERE', matches: begins('NIST_1A'), kind: 'audio', ffmpeg: true },
	{ what: 'TwinVQ', matches: begins('TWIN97012000', 'TWIN00052200'), kind: 'audio', ffmpeg: true },
	{
		what: 'CRI ADX',
		matches: (bytes) => bytes[0] === 0x80 && bytes[1] === 0 && isAdx(bytes),
		kind: 'audio',
		ffmpeg: true,
	},
	{ what: 'a tracker module (XM)', matches: begins('Extended Module: '), kind: 'audio' },
	{ what: 'a tracker module (IT)', matches: begins('IMPM'), kind: 'audio' },
	{ what: 'a tracker module (S3M)', matches: has('SCRM', 44), kind: 'audio' },
	{ what: 'a tracker module (MOD)', matches: (bytes) => isModule(bytes), kind: 'audio' },
	{
		what: 'AC-4 (Dolby)',
		matches: (bytes) => bytes[0] === 0xac && (bytes[1] === 0x40 || bytes[1] === 0x41),
		...DOUBTFUL,
	},
	{ what: 'E-AC-3 (Dolby Digital Plus)', matches: (bytes) => isDolby(bytes, true), ...DOUBTFUL, ffmpeg: true },
	{ what: 'AC-3 (Dolby Digital)', matches: (bytes) => isDolby(bytes, false), ...DOUBTFUL, ffmpeg: true },
	{
		what: 'AAC (LATM)',
		matches: (bytes) => bytes[0] === 0x56 && (bytes[1] & 0xe0) === 0xe0,
		...DOUBTFUL,
		ffmpeg: true,
	},
	{
		what: 'plain text',
		matches: (bytes, text) => bytes.length > 0 && /^[\t\r\n\x20-\x7e]+$/.test(text),
		kind: 'text',
		isMessage: true,
		isDoubtful: true,
	},
];

/** Files that people often pass instead of audio, by their first bytes. */
const LOOK_ALIKES: readonly LookAlike[] = [...OTHER_FILES, ...OTHER_AUDIO];

/** The most characters of a text that a message quotes. */
const LONGEST_SAYING = 60;

/** The most bytes of a file that are examined as text. */
const TEXT_BYTES = 256;

/** What a MOD file has at offset 1080, by its number of channels. */
const MODULE_LETTERS = /^(M\.K\.|M!K!|FLT[48]|[1-9]CHN|[1-3]\dCH)$/;
const MODULE_LETTERS_OFFSET = 1_080;

/** E-AC-3 has a higher bit stream identification (bsid) than AC-3 (ETSI TS 102 366, E.1.3.1.6). */
const LAST_AC3_VERSION = 10;

/** Refuses known files of other kinds, and says what they are. */
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

/** Whether the bytes certainly have no audio. */
export function isUnmistakablyNotAudio(bytes: Uint8Array): boolean {
	const found = lookAlikeOf(bytes);
	return hasForeignSignature(bytes) && found?.kind !== 'audio' && found?.kind !== 'video';
}

const EXPORT_HINT = 'Export it as MP3, M4A, WAV or Ogg.';

/**
 * The error for a file that ends before its sound begins.
 *
 * @param place completes "The file is cut off …": `inside its tag`
 */
export function cutBeforeSound(place: string): VoiceNoteError {
	return new VoiceNoteError(
		'corrupt',
		`The file is cut off ${place}: the sound is missing`,
		'Download or export the whole file again.',
	);
}

/**
 * The error for bytes that no container probes as its own; it says what they appear to be.
 *
 * @param otherwise the name for text of no particular kind
 */
export function notAudio(bytes: Uint8Array, otherwise?: string): VoiceNoteError {
	if (bytes.length === 0) {
		const hint = 'Check that the previous step really produced audio.';
		return new VoiceNoteError('notAudio', 'The file is empty', hint, 'emptyFile');
	}
	const found = lookAlikeOf(bytes) ?? asText(otherwise);
	const kind = found?.ffmpeg ? 'ffmpegReads' : undefined;
	switch (found?.kind) {
		case 'audio':
			return new VoiceNoteError(
				'unsupported',
				`This is ${found.what} audio, which is not supported`,
				EXPORT_HINT,
				kind,
			);
		case 'video':
			return new VoiceNoteError('notAudio', `This is ${found.what}, not audio that can be read`, EXPORT_HINT, kind);
		default:
			return new VoiceNoteError(
				'notAudio',
				`${nameOf(found?.what)}${found?.isMessage ? saying(bytes) : ''}`,
				...hintFor(found),
			);
	}
}

function asText(what: string | undefined): Pick<LookAlike, 'what' | 'kind' | 'isMessage' | 'ffmpeg'> | undefined {
	return what === undefined ? undefined : { what, kind: 'text', isMessage: true };
}

function nameOf(what: string | undefined): string {
	if (what === undefined) return 'This is not audio in any known format';
	return what.includes(', ') ? `This is ${what}` : `This is ${what}, not audio that can be read`;
}

const WANTED = 'An audio file is needed, such as MP3, M4A, WAV or Ogg.';

/** The beginning of a message that came instead of audio: it says what went wrong at the service. */
function saying(bytes: Uint8Array): string {
	const text = new TextDecoder()
		.decode(bytes.subarray(0, TEXT_BYTES))
		.replace(/^\s*<\?xml.*?\?>/s, '')
		.replace(/\s+/g, ' ')
		.trim();
	const shown = text.length > LONGEST_SAYING ? `${text.slice(0, LONGEST_SAYING)}…` : text;
	return `: ${shown}`;
}

function hintFor(found: Pick<LookAlike, 'what' | 'kind'> | undefined): [hint: string, kind: VoiceNoteErrorKind] {
	if (found?.kind !== 'text') {
		const hint =
			'Check that it is an audio file, such as MP3, M4A, WAV, Ogg, WebM, FLAC or CAF. ' +
			'Raw PCM, which has no header, needs its format as an option.';
		return [hint, found ? 'otherFile' : 'unknownBytes'];
	}
	if (HEXADECIMAL_FILE === found.what) {
		return [
			`Turn the digits into bytes first, two digits for each byte (in JavaScript: Buffer.from(text, 'hex')). ${WANTED}`,
			'message',
		];
	}
	if (/^(Base64|a data:)/.test(found.what)) {
		const hint = `Decode it from Base64 to a file first, or hand the whole text over as Base64. ${WANTED}`;
		return [hint, 'base64Text'];
	}
	const hint = `Check the output of the previous step: it may be a message, or an address instead of the file. ${WANTED}`;
	return [hint, found.what === HTML_PAGE ? 'webPage' : 'message'];
}

function lookAlikeOf(bytes: Uint8Array): LookAlike | undefined {
	const text = String.fromCharCode(...bytes.subarray(0, TEXT_BYTES));
	return LOOK_ALIKES.find(({ matches }) => matches(bytes, text));
}

function isRiffOf(bytes: Uint8Array, form: string): boolean {
	return fourCC(bytes, 0) === 'RIFF' && fourCC(bytes, 8) === form;
}

/** Three letters, then the version, which is not a letter. */
function isFlash(bytes: Uint8Array, text: string): boolean {
	return /^[FCZ]WS/.test(text) && bytes[3] >= 3 && bytes[3] <= 0x30;
}

function isDolby(bytes: Uint8Array, enhanced: boolean): boolean {
	const hasSync = bytes[0] === 0x0b && bytes[1] === 0x77;
	return hasSync && bytes[5] >> 3 > LAST_AC3_VERSION === enhanced;
}

/** The header ends with the mark of its maker, at an offset that it states. */
function isAdx(bytes: Uint8Array): boolean {
	const mark = ((bytes[2] << 8) | bytes[3]) - 2;
	return has('(c)CRI', mark)(bytes);
}

function isModule(bytes: Uint8Array): boolean {
	return MODULE_LETTERS.test(fourCC(bytes, MODULE_LETTERS_OFFSET));
}
