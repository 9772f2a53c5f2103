import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { outputItem } from '../../n8n/execution';
import type { ItemRun } from '../executionRun';
import { numberOptions, personLocator } from '../../parameters/locators';
import { phoneNumberOrEmail } from '../../parameters/values';
import { shownFor } from '../../parameters/displayOptions';

/** The fields of Check iMessage. */
export const description: INodeProperties[] = shownFor('number', 'checkIMessage', [
	{
		...personLocator,
		displayName: 'Phone Number',
		name: 'phoneNumber',
		required: true,
		description:
			'The phone number to look up, with + and country code (E.164), or the email address of an iMessage account. For an address, SMS only means that it has no iMessage.',
	},
	numberOptions,
]);

/** Looks up whether a number has iMessage, as far as Sendblue knows. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
): Promise<INodeExecutionData[]> {
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const given = context.getNodeParameter('phoneNumber', itemIndex);
	const address = await phoneNumberOrEmail('Phone Number', given, options);
	const client = await run.client();
	checkpoint();
	const answer = await client.numbers.evaluateService(address);
	return [outputItem({ ...answer, hasIMessage: answer.service === 'iMessage' }, itemIndex)];
}
