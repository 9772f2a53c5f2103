import { urlSafeName } from '../../n8n/audioFiles';
import { shownValue } from '../../n8n/wording';
import { SendblueInputError } from '../../sendblue/errors';

/** The longest file name, extension included. */
const MAX_NAME_LENGTH = 100;

const EXTENSION = /\.[A-Za-z0-9]{1,8}$/;

/** Extensions of the media types messages are made of (IANA's registry, and what phones write). */
const EXTENSIONS: Readonly<Record<string, string>> = {
	'application/pdf': '.pdf',
	'audio/3gpp': '.3gp',
	'audio/aac': '.aac',
	'audio/aiff': '.aiff',
	'audio/amr': '.amr',
	'audio/flac': '.flac',
	'audio/m4a': '.m4a',
	'audio/mp3': '.mp3',
	'audio/mp4': '.m4a',
	'audio/mpeg': '.mp3',
	'audio/ogg': '.ogg',
	'audio/opus': '.opus',
	'audio/wav': '.wav',
	'audio/webm': '.webm',
	'audio/x-aiff': '.aiff',
	'audio/x-caf': '.caf',
	'audio/x-flac': '.flac',
	'audio/x-m4a': '.m4a',
	'audio/x-wav': '.wav',
	'image/gif': '.gif',
	'image/heic': '.heic',
	'image/jpeg': '.jpg',
	'image/png': '.png',
	'image/webp': '.webp',
	'text/calendar': '.ics',
	'text/plain': '.txt',
	'text/vcard': '.vcf',
	'video/mp4': '.mp4',
	'video/quicktime': '.mov',
};

/**
 * The name a file is uploaded under: what the user typed, else the name it came with, with an extension, by which
 * Sendblue tells what it is.
 *
 * @throws {SendblueInputError} if neither names nor media type give an extension
 */
export function mediaFileName(wanted: unknown, given: string | undefined, mimeType: string): string {
	const typed = partsOf(String(wanted ?? ''));
	const original = partsOf(given ?? '');
	const [plainType = ''] = mimeType.toLowerCase().split(';');
	const extension = typed.extension ?? original.extension ?? EXTENSIONS[plainType.trim()];
	if (extension === undefined) {
		throw new SendblueInputError(
			`The file has no extension and is of an unusual type (${shownValue(mimeType)}); Sendblue tells media by their extension.`,
			"Give it a name with an extension, such as Photo.jpg: in the step it comes from, or by the option 'File Name'.",
		);
	}
	const base = [typed.base, original.base, 'File'].find((name) => name !== '') ?? '';
	return `${base.slice(0, MAX_NAME_LENGTH - extension.length)}${extension}`;
}

function partsOf(name: string): { base: string; extension?: string } {
	const trimmed = name.trim();
	return { base: urlSafeName(trimmed.replace(EXTENSION, '')), extension: EXTENSION.exec(trimmed)?.[0] };
}
