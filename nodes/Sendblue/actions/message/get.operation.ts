import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { outputItem } from '../../n8n/execution';
import type { ItemRun } from '../executionRun';
import { messageHandleField } from '../../parameters/locators';
import { outputCut, outputFormFields } from '../../parameters/outputForm';
import { shownFor } from '../../parameters/displayOptions';
import { messageHandle } from '../../parameters/values';
import { MESSAGE_OUTPUT } from '../../parameters/messageOutput';

/** The fields of Get. */
export const description: INodeProperties[] = shownFor('message', 'get', [
	messageHandleField,
	...outputFormFields(MESSAGE_OUTPUT),
]);

/** Reads one message with its present status. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
): Promise<INodeExecutionData[]> {
	const handle = messageHandle(context.getNodeParameter('messageHandle', itemIndex));
	const client = await run.client();
	checkpoint();
	const message = await client.messages.get(handle);
	return [outputItem(outputCut(context, itemIndex, MESSAGE_OUTPUT)(message), itemIndex)];
}
