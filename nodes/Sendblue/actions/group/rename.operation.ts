import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { outputItem } from '../../n8n/execution';
import { SendblueInputError } from '../../sendblue/errors';
import type { ItemRun } from '../executionRun';
import { groupIdField } from '../../parameters/locators';
import { noteGroup } from '../../parameters/listSearch';
import { shownFor } from '../../parameters/displayOptions';
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
	const given = context.getNodeParameter('groupName', itemIndex, '');
	const name = textOf(given);
	// An expression that found nothing must not take the name away.
	if (name === '' && given !== '') throw blankName();
	const line = await actingLine(options);
	const client = await run.client();
	checkpoint();
	const answer = await client.groups.rename(id, name === '' ? null : name, line);
	noteGroup(client.account, { id, name });
	return [outputItem(answer, itemIndex)];
}

function blankName(): SendblueInputError {
	return new SendblueInputError(
		"'Group Name' is blank for this item.",
		'Enter a name, or leave the field empty to take the name away.',
		'emptyValue',
	);
}
