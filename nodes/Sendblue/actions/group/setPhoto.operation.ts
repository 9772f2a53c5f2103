import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { outputItem } from '../../n8n/execution';
import { groupIdField } from '../../parameters/locators';
import { shownFor } from '../../parameters/displayOptions';
import { groupId, textOf } from '../../parameters/values';
import { checkPublicUrl } from '../../sendblue/mediaUrl';
import type { ItemRun } from '../executionRun';
import { actingLine, groupOptions } from './group.fields';

/** The fields of Set Photo. */
export const description: INodeProperties[] = shownFor('group', 'setPhoto', [
	groupIdField,
	{
		displayName: 'Photo URL',
		name: 'photoUrl',
		type: 'string',
		default: '',
		placeholder: 'e.g. https://example.com/Photo.jpg',
		description:
			'A public address of a picture of up to 5 MB; Media: Upload gives one for a file. Leave empty to take the photo away.',
	},
	groupOptions,
]);

/** Gives a group a photo, or takes it away. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
): Promise<INodeExecutionData[]> {
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const id = groupId(context.getNodeParameter('groupId', itemIndex));
	const url = textOf(context.getNodeParameter('photoUrl', itemIndex, ''));
	const line = await actingLine(options);
	const client = await run.client();
	if (url !== '') checkPublicUrl(url, 'Photo URL', client);
	checkpoint();
	return [outputItem(await client.groups.setPhoto(id, url === '' ? null : url, line), itemIndex)];
}
