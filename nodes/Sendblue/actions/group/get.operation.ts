import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { outputItem } from '../../n8n/execution';
import type { ItemRun } from '../executionRun';
import { groupIdField } from '../../parameters/locators';
import { shownFor } from '../../parameters/displayOptions';
import { groupId } from '../../parameters/values';

/** The fields of Get. */
export const description: INodeProperties[] = shownFor('group', 'get', [groupIdField]);

/** Reads a group's name and members. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
): Promise<INodeExecutionData[]> {
	const id = groupId(context.getNodeParameter('groupId', itemIndex));
	const client = await run.client();
	checkpoint();
	return [outputItem(await client.groups.get(id), itemIndex)];
}
