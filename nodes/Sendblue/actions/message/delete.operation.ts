import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { outputItem } from '../../n8n/execution';
import type { ItemRun } from '../executionRun';
import { messageHandleField } from '../../parameters/locators';
import { shownFor } from '../../parameters/displayOptions';
import { messageHandle } from '../../parameters/values';

/** The fields of Delete. */
export const description: INodeProperties[] = shownFor('message', 'delete', [messageHandleField]);

/** Removes a message from Sendblue's records; it stays on the phones. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
): Promise<INodeExecutionData[]> {
	const handle = messageHandle(context.getNodeParameter('messageHandle', itemIndex));
	const client = await run.client();
	checkpoint();
	await client.messages.delete(handle);
	return [outputItem({ deleted: true }, itemIndex)];
}
