import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { outputItem } from '../../n8n/outputItems';
import type { ItemRun } from '../executionRun';
import { numberOptions, personLocator } from '../../parameters/locators';
import { phoneNumber } from '../../parameters/phoneNumbers';
import { shownFor } from '../../parameters/shownFor';
import { locatorValue, textOf } from '../../parameters/values';

/** Good enough to tell an address from a phone number; Sendblue checks the rest. */
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** The fields of Check iMessage. */
export const description: INodeProperties[] = shownFor('number', 'checkIMessage', [
	{
		...personLocator,
		displayName: 'Phone Number',
		name: 'phoneNumber',
		required: true,
		description: 'The phone number to look up, with + and country code (E.164), or an Apple email address',
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
	const given = locatorValue(context.getNodeParameter('phoneNumber', itemIndex));
	const address = EMAIL.test(textOf(given)) ? textOf(given) : await phoneNumber('Phone Number', given, options);
	const client = await run.client();
	checkpoint();
	const answer = await client.numbers.evaluateService(address);
	return [outputItem({ ...answer, hasIMessage: answer.service === 'iMessage' }, itemIndex)];
}
