import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { outputItem } from '../../n8n/outputItems';
import type { ItemRun } from '../executionRun';
import { groupIdField } from '../../parameters/locators';
import { shownFor } from '../../parameters/shownFor';
import { groupId, textOf } from '../../parameters/values';
import { actingLine, groupNameField, groupOptions } from './group.fields';

/** The fields of Rename. */
export const description: INodeProperties[] = shownFor('group', 'rename', [
	groupIdField,
	{ ...groupNameField, description: 'The new name everybody in the group sees. Leave empty to take the name away.' },
	groupOptions,
]);

/** Gives a group another name, or none; for groups that talk over iMessage already. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
): Promise<INodeExecutionData[]> {
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const id = groupId(context.getNodeParameter('groupId', itemIndex));
	const name = textOf(context.getNodeParameter('groupName', itemIndex, ''));
	const line = await actingLine(options);
	const client = await run.client();
	checkpoint();
	return [outputItem(await client.groups.rename(id, name === '' ? null : name, line), itemIndex)];
}
