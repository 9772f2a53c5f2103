import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { outputItem } from '../../n8n/execution';
import type { ItemRun } from '../executionRun';
import { defaultCountryOption, fromFields, messageHandleField } from '../../parameters/locators';
import { fromLine, messageHandle, textOf } from '../../parameters/values';
import { shownFor } from '../../parameters/displayOptions';
import { SendblueInputError } from '../../sendblue/errors';

/** The fields of React. */
export const description: INodeProperties[] = shownFor('message', 'react', [
	...fromFields('The line of your Sendblue account that got or sent the message'),
	messageHandleField,
	{
		displayName: 'Reaction',
		name: 'reaction',
		type: 'options',
		options: [
			{ name: 'Dislike', value: 'dislike' },
			{ name: 'Emoji', value: 'emoji', description: 'Any other emoji' },
			{ name: 'Emphasize', value: 'emphasize' },
			{ name: 'Laugh', value: 'laugh' },
			{ name: 'Like', value: 'like' },
			{ name: 'Love', value: 'love' },
			{ name: 'Question', value: 'question' },
		],
		default: 'love',
		description: 'The reaction that the message gets',
	},
	{
		displayName: 'Emoji',
		name: 'emoji',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 🔥',
		description: 'A single emoji',
		displayOptions: { show: { reaction: ['emoji'] } },
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
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
			{
				displayName: 'Take Back',
				name: 'takeBack',
				type: 'boolean',
				default: true,
				description: 'Whether to remove this reaction, which the line gave before, instead of giving it',
			},
		],
	},
]);

/** Puts a reaction on a message, or takes it back. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
): Promise<INodeExecutionData[]> {
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const fromNumber = await fromLine(context, itemIndex, options, run);
	const handle = messageHandle(context.getNodeParameter('messageHandle', itemIndex));
	const chosen = context.getNodeParameter('reaction', itemIndex) as string;
	const named = chosen === 'emoji' ? singleEmoji(context.getNodeParameter('emoji', itemIndex, '')) : chosen;
	const reaction = options.takeBack === true ? `-${named}` : named;
	const part = options.partIndex === undefined ? {} : { part_index: Number(options.partIndex) };
	const client = await run.client();
	checkpoint();
	const answer = await client.messages.react({ from_number: fromNumber, message_handle: handle, reaction, ...part });
	return [outputItem(answer, itemIndex)];
}

/** Of several parts, such as flags and families, an emoji is one grapheme. */
function singleEmoji(value: unknown): string {
	const text = textOf(value);
	const isOne = [...new Intl.Segmenter().segment(text)].length === 1;
	if (isOne && /\p{Extended_Pictographic}|\p{Regional_Indicator}|[#*0-9]\uFE0F?\u20E3/u.test(text)) return text;
	throw new SendblueInputError("'Emoji' is not a single emoji.", 'Enter one emoji, such as 🔥.');
}
