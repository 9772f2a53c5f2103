import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { outputItem } from '../../n8n/execution';
import { groupIdField } from '../../parameters/locators';
import { groupId, phoneNumberOrEmail } from '../../parameters/values';
import { shownFor } from '../../parameters/displayOptions';
import type { ModifyGroupBody } from '../../sendblue/resources/groups';
import type { ItemRun } from '../executionRun';
import { actingLine, groupOptions, memberField } from './group.fields';

const fields = [groupIdField, memberField, groupOptions];

/** The fields of Add Member. */
export const addDescription: INodeProperties[] = shownFor('group', 'addMember', fields);

/** The fields of Remove Member. */
export const removeDescription: INodeProperties[] = shownFor('group', 'removeMember', fields);

/** Adds a person to a group. */
export async function add(
	context: IExecuteFunctions,
	itemIndex: number,
	itemRun: ItemRun,
): Promise<INodeExecutionData[]> {
	return await modifyMembers(context, itemIndex, itemRun, 'add_recipient');
}

/** Removes a person from a group, which must have at least four members. */
export async function remove(
	context: IExecuteFunctions,
	itemIndex: number,
	itemRun: ItemRun,
): Promise<INodeExecutionData[]> {
	return await modifyMembers(context, itemIndex, itemRun, 'remove_recipient');
}

/** Adds the item's person to its group or removes them; the output is Sendblue's answer. */
async function modifyMembers(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
	change: ModifyGroupBody['modify_type'],
): Promise<INodeExecutionData[]> {
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const body: ModifyGroupBody = {
		group_id: groupId(context.getNodeParameter('groupId', itemIndex)),
		modify_type: change,
		number: await phoneNumberOrEmail('Phone Number', context.getNodeParameter('phoneNumber', itemIndex), options),
		from_number: await actingLine(options),
	};
	const client = await run.client();
	checkpoint();
	return [outputItem(await client.groups.modify(body), itemIndex)];
}
