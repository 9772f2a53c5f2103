import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { outputItem } from '../../n8n/outputItems';
import type { ItemRun } from '../executionRun';
import { defaultCountryOption, fromField, messageHandleField } from '../../parameters/locators';
import { lineNumber, phoneNumber } from '../../parameters/phoneNumbers';
import { shownFor } from '../../parameters/shownFor';
import { messageHandle } from '../../parameters/values';

/** The fields of React. */
export const description: INodeProperties[] = shownFor('message', 'react', [
	{ ...fromField, description: 'The line of your Sendblue account that got or sent the message' },
	messageHandleField,
	{
		displayName: 'Reaction',
		name: 'reaction',
		type: 'options',
		options: [
			{ name: 'Dislike', value: 'dislike' },
			{ name: 'Emphasize', value: 'emphasize' },
			{ name: 'Laugh', value: 'laugh' },
			{ name: 'Like', value: 'like' },
			{ name: 'Love', value: 'love' },
			{ name: 'Question', value: 'question' },
		],
		default: 'love',
		description: 'The tapback the message gets. It cannot be taken back.',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			defaultCountryOption,
			{
				displayName: 'Part Index',
				name: 'partIndex',
				type: 'number',
				typeOptions: { minValue: 0 },
				default: 0,
				description: 'Which part of a message of several parts gets the reaction, counted from 0',
			},
		],
	},
]);

/** Puts a tapback on a message. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
): Promise<INodeExecutionData[]> {
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const fromNumber = await phoneNumber('From', lineNumber(context, itemIndex), options);
	const handle = messageHandle(context.getNodeParameter('messageHandle', itemIndex));
	const reaction = context.getNodeParameter('reaction', itemIndex) as string;
	const part = options.partIndex === undefined ? {} : { part_index: Number(options.partIndex) };
	const client = await run.client();
	checkpoint();
	const answer = await client.messages.react({ from_number: fromNumber, message_handle: handle, reaction, ...part });
	return [outputItem(answer, itemIndex)];
}
