import type { IDataObject } from 'n8n-workflow';

import { urlSafeName } from '../../n8n/audioFiles';
import { isShareLink } from '../../n8n/download';
import { shownValue } from '../../n8n/wording';
import type { SendblueClient } from '../../sendblue/client';
import { SendblueInputError } from '../../sendblue/errors';
import { checkMediaUrl } from '../../sendblue/urls';
import type { UploadedFile } from '../../sendblue/resources/files';
import { taggedName } from '../../sending/duplicates';
import type { ExecutionRun } from '../executionRun';
import type { MediaInput } from './mediaInput';

/** A file extension at the end of a path, with its dot. */
const EXTENSION = /\.[A-Za-z0-9]{1,8}$/;

/**
 * Returns an address of a file that Sendblue can send: the file's own address if that is usable, else that of an
 * upload. The same file is uploaded once per execution.
 *
 * @param options the item's options, for *File Name* and *Re-Host*
 * @param tag goes into the name of the uploaded file
 * @throws {SendblueInputError} if neither its names nor its media type give an extension
 */
export async function hostMedia(
	run: ExecutionRun,
	media: MediaInput,
	options: IDataObject,
	tag?: string,
): Promise<string> {
	const client = await run.client();
	if (media.url !== undefined && sendsMediaUrl(media.url, client, options)) return media.url;
	const upload = async (): Promise<string> => (await uploadMedia(run, media, options, tag)).mediaUrl;
	if (media.key === undefined) return await upload();
	return await run.hostedMedia.get(`${media.key} ${String(options.fileName ?? '')} ${tag ?? ''}`, upload);
}

/** Loads and uploads a file; see {@link hostMedia}. Few run at a time, since each holds its file in memory. */
export async function uploadMedia(
	run: ExecutionRun,
	media: MediaInput,
	options: IDataObject,
	tag?: string,
): Promise<UploadedFile> {
	const client = await run.client();
	return await run.conversions.loaded.run(async () => {
		const { bytes, mimeType: claimed = 'application/octet-stream' } = await media.load();
		const mimeType = claimed.replace(/;.*$/s, '').trim().toLowerCase();
		const fileName = taggedName(mediaFileName(options.fileName, media.fileName, mimeType), tag);
		return await client.files.upload({ bytes, fileName, mimeType });
	});
}

/** Whether Sendblue gets an address unchanged: Sendblue can use it, and the user does not want a re-upload. */
export function sendsMediaUrl(url: string | undefined, client: SendblueClient, options: IDataObject): boolean {
	if (url === undefined || options.rehost === true || isShareLink(url)) return false;
	const extension = EXTENSION.exec(new URL(url).pathname)?.[0];
	if (extension === undefined) return false;
	try {
		checkMediaUrl(url, extension, client);
		return true;
	} catch {
		return false;
	}
}

/** The longest file name, extension included. */
const MAX_NAME_LENGTH = 100;

/** Extensions by media type (IANA's registry, and what phones write). */
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
 * The name a file is uploaded under: what the user typed, else the name it came with. It gets an extension, by which
 * Sendblue recognizes the kind of file.
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
			`The file has no extension and an unusual type (${shownValue(mimeType)}). Sendblue recognizes media by their extension.`,
			"Give it a name with an extension, such as Photo.jpg: in the step it comes from, or with the option 'File Name'.",
		);
	}
	const base = [typed.base, original.base, 'File'].find((name) => name !== '') ?? '';
	return `${base.slice(0, MAX_NAME_LENGTH - extension.length)}${extension}`;
}

function partsOf(name: string): { base: string; extension?: string } {
	const trimmed = name.trim();
	return { base: urlSafeName(trimmed.replace(EXTENSION, '')), extension: EXTENSION.exec(trimmed)?.[0] };
}
