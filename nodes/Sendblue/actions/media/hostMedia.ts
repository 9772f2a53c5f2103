import type { IDataObject } from 'n8n-workflow';

import { isShareLink } from '../../n8n/download';
import type { SendblueClient } from '../../sendblue/client';
import { checkMediaUrl } from '../../sendblue/mediaUrl';
import type { UploadedFile } from '../../sendblue/resources/files';
import type { ExecutionRun } from '../executionRun';
import { taggedName } from '../../sending/duplicates';
import type { MediaInput } from './mediaInput';
import { mediaFileName } from './mediaFileName';

/** A file extension at the end of a path, with its dot. */
const EXTENSION = /\.[A-Za-z0-9]{1,8}$/;

/**
 * Brings media to an address Sendblue can send: as they are if they are at one already, else uploaded, the same
 * file once per execution.
 *
 * @param options the item's options, for *File Name* and *Re-Host*
 * @param tag to be put into the name of the uploaded file
 * @returns the address
 * @throws {SendblueInputError} if the file has no name to tell its kind by
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

/** Loads a file and uploads it, few at a time, since each is in memory meanwhile; see {@link hostMedia}. */
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

/** Whether an address is handed to Sendblue as it is: it can be sent, and the user does not want an upload. */
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
