import type { IDataObject } from 'n8n-workflow';

import type { SendblueClient } from '../../sendblue/client';
import { checkMediaUrl } from '../../sendblue/mediaUrl';
import type { UploadedFile } from '../../sendblue/types';
import type { ExecutionRun } from '../executionRun';
import type { MediaInput } from './mediaInput';
import { mediaFileName } from './mediaFileName';

/** A file extension at the end of a path, with its dot. */
const EXTENSION = /\.[A-Za-z0-9]{1,8}$/;

/**
 * Brings media to an address Sendblue can send: as they are where they are at one already, else uploaded, the same
 * file once per execution.
 *
 * @param options the item's options, for *File Name* and *Re-Host*
 * @returns the address
 * @throws {SendblueInputError} where the file has no name to tell its kind by
 */
export async function hostMedia(run: ExecutionRun, media: MediaInput, options: IDataObject): Promise<string> {
	const client = await run.client();
	if (media.url !== undefined && options.rehost !== true && isSendable(media.url, client)) return media.url;
	const upload = async (): Promise<string> => (await uploadMedia(client, media, options)).mediaUrl;
	if (media.key === undefined) return await upload();
	return await run.hostedMedia.get(`${media.key} ${String(options.fileName ?? '')}`, upload);
}

/** Loads a file and uploads it; see {@link hostMedia}. */
export async function uploadMedia(
	client: SendblueClient,
	media: MediaInput,
	options: IDataObject,
): Promise<UploadedFile> {
	const { bytes, mimeType = 'application/octet-stream' } = await media.load();
	const fileName = mediaFileName(options.fileName, media.fileName, mimeType);
	return await client.uploadFile({ bytes, fileName, mimeType });
}

/** Whether Sendblue can fetch and send what is at an address. */
function isSendable(url: string, client: SendblueClient): boolean {
	const extension = EXTENSION.exec(new URL(url).pathname)?.[0];
	if (extension === undefined) return false;
	try {
		checkMediaUrl(url, extension, client);
		return true;
	} catch {
		return false;
	}
}
