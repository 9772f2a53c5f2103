/** The operations that bring a file to Sendblue. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { optionsField } from '../../parameters/shared.fields';
import { outputItem } from '../../n8n/execution';
import { shownFor, toolFilesNotice } from '../../parameters/displayOptions';
import { checkPublicUrl } from '../../sendblue/urls';
import type { ItemRun } from '../executionRun';
import { uploadMedia } from './hostMedia';
import { fileField, fileNameOption, mediaFile, mediaFromUrl, mediaUrlField } from './mediaInput';

/** The fields of Upload. */
export const uploadDescription: INodeProperties[] = shownFor('media', 'upload', [
	toolFilesNotice,
	fileField,
	optionsField([fileNameOption]),
]);

/** Uploads a file of the item; the output holds its public address. */
export async function upload(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
): Promise<INodeExecutionData[]> {
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const media = await mediaFile(context, itemIndex, 'Use the operation Upload From URL');
	checkpoint();
	const { mediaUrl, response } = await uploadMedia(run, media, options);
	return [outputItem({ ...response, media_url: mediaUrl }, itemIndex)];
}

/** The fields of Upload From URL. */
export const uploadFromUrlDescription: INodeProperties[] = shownFor('media', 'uploadFromUrl', [
	{
		...mediaUrlField,
		description: 'The http or https address of the file, which must not need a login. It may be signed.',
	},
	optionsField([
		{
			displayName: 'Fetched by Sendblue',
			name: 'fetchedBySendblue',
			type: 'boolean',
			default: false,
			description:
				'Whether Sendblue fetches the file itself, so that it does not pass through n8n. The output then holds mediaObjectId, but no address to send.',
		},
		fileNameOption,
	]),
]);

/** Uploads a file from the web; the output holds its public address at Sendblue. */
export async function uploadFromUrl(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
): Promise<INodeExecutionData[]> {
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const media = mediaFromUrl(context, itemIndex);
	if (options.fetchedBySendblue === true) {
		const client = await run.client();
		const { href } = checkPublicUrl(String(media.url), "'Media URL'", client);
		checkpoint();
		return [outputItem(await client.files.copyFromUrl(href), itemIndex)];
	}
	checkpoint();
	const { mediaUrl, response } = await uploadMedia(run, media, options);
	return [outputItem({ ...response, media_url: mediaUrl }, itemIndex)];
}
