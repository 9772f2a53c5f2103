import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { outputItem } from '../../n8n/outputItems';
import type { ItemRun } from '../executionRun';
import { isSimplified, simplifyField } from '../../parameters/listing';
import { messageHandleField } from '../../parameters/locators';
import { shownFor } from '../../parameters/shownFor';
import { messageHandle } from '../../parameters/values';
import { simplifyMessage } from './simplifyMessage';

/** The fields of Get. */
export const description: INodeProperties[] = shownFor('message', 'get', [messageHandleField, simplifyField]);

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
	return [outputItem(isSimplified(context, itemIndex) ? simplifyMessage(message) : message, itemIndex)];
}
