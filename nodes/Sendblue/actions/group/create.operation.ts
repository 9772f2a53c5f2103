import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { outputItem } from '../../n8n/execution';
import type { ItemRun } from '../executionRun';
import { numberOptions, numbersField } from '../../parameters/locators';
import { fromLine, groupNumbers, textOf } from '../../parameters/values';
import { noteGroup } from '../../parameters/listSearch';
import { shownFor } from '../../parameters/displayOptions';
import { groupLineFields, groupNameField } from './group.fields';

/** The fields of Create. */
export const description: INodeProperties[] = shownFor('group', 'create', [
	...groupLineFields,
	numbersField,
	{ ...groupNameField, description: 'The name everybody in the group sees. May be left empty.' },
	numberOptions,
]);

/** Makes a group of a line and some people. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
): Promise<INodeExecutionData[]> {
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const fromNumber = await fromLine(context, itemIndex, options, run);
	const numbers = await groupNumbers(context.getNodeParameter('numbers', itemIndex), options);
	const name = textOf(context.getNodeParameter('groupName', itemIndex, ''));
	const body = { from_number: fromNumber, numbers, ...(name === '' ? {} : { group_name: name }) };
	const client = await run.client();
	checkpoint();
	const group = await client.groups.create(body);
	const id = textOf(group.group_id);
	if (id !== '') noteGroup(client.account, { id, name, numbers });
	return [outputItem(group, itemIndex)];
}
