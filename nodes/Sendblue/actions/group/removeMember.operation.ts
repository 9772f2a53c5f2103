import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import type { ItemRun } from '../executionRun';
import { groupIdField } from '../parameters/locators';
import { shownFor } from '../parameters/shownFor';
import { groupOptions, memberField } from './group.fields';
import { modifyMembers } from './modifyMembers';

/** The fields of Remove Member. */
export const description: INodeProperties[] = shownFor('group', 'removeMember', [
	groupIdField,
	memberField,
	groupOptions,
]);

/** Removes a person from a group, which must have at least four members. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
	itemRun: ItemRun,
): Promise<INodeExecutionData[]> {
	return await modifyMembers(context, itemIndex, itemRun, 'remove_recipient');
}
