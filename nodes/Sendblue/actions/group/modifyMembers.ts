import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { outputItem } from '../../n8n/outputItems';
import type { ModifyGroupBody } from '../../sendblue/types';
import type { ItemRun } from '../executionRun';
import { phoneNumber } from '../parameters/phoneNumbers';
import { groupId } from '../parameters/values';
import { actingLine } from './actingLine';

/** Adds the item's person to its group or removes them; the output is Sendblue's answer. */
export async function modifyMembers(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
	change: ModifyGroupBody['modify_type'],
): Promise<INodeExecutionData[]> {
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const body: ModifyGroupBody = {
		group_id: groupId(context.getNodeParameter('groupId', itemIndex)),
		modify_type: change,
		number: await phoneNumber('Phone Number', context.getNodeParameter('phoneNumber', itemIndex), options),
		from_number: await actingLine(options),
	};
	const client = await run.client();
	checkpoint();
	return [outputItem(await client.modifyGroup(body), itemIndex)];
}
