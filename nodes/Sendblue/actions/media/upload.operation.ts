import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { outputItem } from '../../n8n/execution';
import type { ItemRun } from '../executionRun';
import { shownFor, toolFilesNotice } from '../../parameters/displayOptions';
import { uploadMedia } from './hostMedia';
import { mediaFile } from './mediaInput';
import { fileField, fileNameOption } from './mediaSource.fields';

/** The fields of Upload. */
export const description: INodeProperties[] = shownFor('media', 'upload', [
	toolFilesNotice,
	fileField,
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [fileNameOption],
	},
]);

/** Uploads a file of the item; the output holds its public address. */
export async function execute(
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
