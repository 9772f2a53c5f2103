import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { outputItem } from '../n8n/execution';
import { shownFor } from '../parameters/displayOptions';
import { numberOptions, personLocator } from '../parameters/shared.fields';
import { phoneNumberOrEmail } from '../parameters/values';
import type { ItemRun } from './executionRun';

/** The fields of Check iMessage. */
const checkIMessageFields: INodeProperties[] = shownFor('number', 'checkIMessage', [
	{
		...personLocator,
		displayName: 'Phone Number',
		name: 'phoneNumber',
		required: true,
		description:
			'The phone number to look up, with + and country code (E.164), or the email address of an iMessage account. For an email address, SMS just means that it has no iMessage.',
	},
	numberOptions,
]);

/** Looks up whether a number has iMessage, as far as Sendblue knows. */
async function checkIMessage(
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

/** The operations on phone numbers, by the value of *Operation*. */
export const operations = { checkIMessage };

/** The fields of the resource Number. */
export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['number'] } },
		options: [
			{
				name: 'Check iMessage',
				value: 'checkIMessage',
				action: 'Check number',
				description: 'Check whether a phone number can receive iMessages or only SMS',
			},
		],
		default: 'checkIMessage',
	},
	...checkIMessageFields,
];
