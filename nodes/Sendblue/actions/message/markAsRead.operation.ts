import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { outputItem } from '../../n8n/execution';
import type { ItemRun } from '../executionRun';
import { fromFields, numberOptions, toField } from '../../parameters/locators';
import { fromLine, phoneNumber } from '../../parameters/values';
import { shownFor } from '../../parameters/displayOptions';

/** The fields of Mark as Read. */
export const description: INodeProperties[] = shownFor('message', 'markAsRead', [
	...fromFields('The line of your Sendblue account that got the messages'),
	{ ...toField, description: 'The phone number of the person whose messages are marked as read (E.164)' },
	numberOptions,
]);

/** Tells a person that their messages were read. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
): Promise<INodeExecutionData[]> {
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const fromNumber = await fromLine(context, itemIndex, options, run);
	const number = await phoneNumber('To', context.getNodeParameter('to', itemIndex), options);
	const client = await run.client();
	checkpoint();
	return [outputItem(await client.messages.markRead({ number, from_number: fromNumber }), itemIndex)];
}
