import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import type { ItemRun } from '../executionRun';
import { groupIdField } from '../parameters/locators';
import { shownFor } from '../parameters/shownFor';
import { groupOptions, memberField } from './group.fields';
import { modifyMembers } from './modifyMembers';

/** The fields of Add Member. */
export const description: INodeProperties[] = shownFor('group', 'addMember', [groupIdField, memberField, groupOptions]);

/** Adds a person to a group. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
	itemRun: ItemRun,
): Promise<INodeExecutionData[]> {
	return await modifyMembers(context, itemIndex, itemRun, 'add_recipient');
}
