import type { AudioFileInfo } from '../voiceNote/types';

/** The largest audio file that is read, in bytes: 256 MiB, about 7 minutes of 24-bit stereo at 96 kHz as WAV. */
export const MAX_AUDIO_BYTES = 256 * 1024 * 1024;

/** The formats a received voice note can be converted to. */
export type AudioFileFormat = AudioFileInfo['format'];

/** The media types that speech-to-text services expect. */
export const AUDIO_MIME_TYPES: Readonly<Record<AudioFileFormat, string>> = {
	mp3: 'audio/mpeg',
	ogg: 'audio/ogg',
	wav: 'audio/wav',
};

/** File extension and media type of each container. */
const CONTAINERS: Readonly<Record<string, { extension: string; mimeType: string }>> = {
	'3gp': { extension: '3gp', mimeType: 'audio/3gpp' },
	aac: { extension: 'aac', mimeType: 'audio/aac' },
	aiff: { extension: 'aiff', mimeType: 'audio/aiff' },
	amr: { extension: 'amr', mimeType: 'audio/amr' },
	'amr-wb': { extension: 'amr', mimeType: 'audio/amr-wb' },
	au: { extension: 'au', mimeType: 'audio/basic' },
	caf: { extension: 'caf', mimeType: 'audio/x-caf' },
	flac: { extension: 'flac', mimeType: 'audio/flac' },
	m4a: { extension: 'm4a', mimeType: 'audio/mp4' },
	matroska: { extension: 'mka', mimeType: 'audio/x-matroska' },
	mp3: { extension: 'mp3', mimeType: 'audio/mpeg' },
	mp4: { extension: 'm4a', mimeType: 'audio/mp4' },
	ogg: { extension: 'ogg', mimeType: 'audio/ogg' },
	opus: { extension: 'opus', mimeType: 'audio/ogg' },
	wav: { extension: 'wav', mimeType: 'audio/wav' },
	webm: { extension: 'webm', mimeType: 'audio/webm' },
};

const UNKNOWN_MIME_TYPE = 'application/octet-stream';

/**
 * Name and media type of a file that is kept as it was received. Its type comes from its bytes, or from its name if the
 * format is unknown; a name without an extension gets one.
 *
 * @param sourceFormat container and codec, as probed from the bytes; undefined if unknown
 */
export function receivedFile(name: string, sourceFormat: string | undefined): { fileName: string; mimeType: string } {
	const extension = /\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase();
	const kind = CONTAINERS[sourceFormat?.split('/')[0] ?? ''] ?? CONTAINERS[extension ?? ''];
	const base = name === '' ? DEFAULT_BASE_NAME : name;
	return {
		fileName: extension === undefined && kind ? `${base}.${kind.extension}` : base,
		mimeType: kind?.mimeType ?? UNKNOWN_MIME_TYPE,
	};
}

/** The default name, without extension. */
const DEFAULT_BASE_NAME = 'VoiceNote';

/** The longest name, in characters, without the extension. */
const MAX_BASE_LENGTH = 96;

/**
 * Makes a file name from what the user typed or from the voice note's own name: letters, digits, `.`, `-` and `_`. It
 * gets the extension of the format, which services rely on.
 */
export function audioFileName(wanted: unknown, format: AudioFileFormat): string {
	const typed = String(wanted ?? '')
		.trim()
		.replace(/\.(ogg|opus|wav|caf|amr|mp3|m4a)$/i, '');
	const base = urlSafeName(typed).slice(0, MAX_BASE_LENGTH);
	return `${base === '' ? DEFAULT_BASE_NAME : base}.${format}`;
}

/**
 * Makes a name that needs no escaping in a URL: letters, digits, `.`, `-` and `_`, without folders. Empty if nothing is
 * left.
 */
export function urlSafeName(text: string): string {
	return text
		.trim()
		.replace(/^.*[\\/]/, '')
		.normalize('NFKD')
		.replace(/\p{M}/gu, '')
		.replace(/\s+/g, '_')
		.replace(/[^A-Za-z0-9._-]/g, '')
		.replace(/\.{2,}/g, '.')
		.replace(/^[._-]+|[._-]+$/g, '');
}

/** The file name at the end of a URL, decoded: `Audio Message.caf` for `…/Audio%20Message.caf`. */
export function nameInUrl({ pathname }: URL): string {
	const path = pathname.replace(/(?:%[0-9a-f]{2})+/gi, decoded);
	return path.slice(path.lastIndexOf('/') + 1);
}

/** Decodes percent escapes; those that are not valid UTF-8 stay as they are. */
function decoded(escapes: string): string {
	try {
		return decodeURIComponent(escapes);
	} catch {
		return escapes;
	}
}
