/** The operations on messages and conversations that take one request. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { outputItem } from '../../n8n/execution';
import { shownValue } from '../../n8n/wording';
import { shownFor } from '../../parameters/displayOptions';
import {
	defaultCountryOption,
	fromFields,
	messageHandleField,
	numberOptions,
	optionsField,
	toField,
} from '../../parameters/shared.fields';
import { MESSAGE_OUTPUT } from '../../parameters/messageOutput';
import { outputCut, outputFormFields } from '../../parameters/outputForm';
import { fromLine, messageHandle, phoneNumber, textOf } from '../../parameters/values';
import { SendblueInputError } from '../../sendblue/errors';
import type { ItemRun } from '../executionRun';

/** The fields of Delete. */
export const removeDescription: INodeProperties[] = shownFor('message', 'delete', [messageHandleField]);

/** Removes a message from Sendblue's records; it stays on the phones. */
export async function remove(
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

/** The fields of Get. */
export const getDescription: INodeProperties[] = shownFor('message', 'get', [
	messageHandleField,
	...outputFormFields(MESSAGE_OUTPUT),
]);

/** Reads one message with its current status. */
export async function get(
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

/** The fields of Mark as Read. */
export const markAsReadDescription: INodeProperties[] = shownFor('message', 'markAsRead', [
	...fromFields('The line of your Sendblue account that received the messages'),
	{ ...toField, description: 'The phone number of the person whose messages are marked as read (E.164)' },
	numberOptions,
]);

/** Tells a person that their messages were read. */
export async function markAsRead(
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

/** The fields of React. */
export const reactDescription: INodeProperties[] = shownFor('message', 'react', [
	...fromFields('The line of your Sendblue account that received or sent the message'),
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
		description: 'The reaction to add to the message',
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
	optionsField([
		defaultCountryOption,
		{
			displayName: 'Part Index',
			name: 'partIndex',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 0,
			description: 'Which part of a multi-part message to react to, counted from 0',
		},
		{
			displayName: 'Take Back',
			name: 'takeBack',
			type: 'boolean',
			default: true,
			description: 'Whether to remove this reaction, given earlier by the line, instead of adding it',
		},
	]),
]);

/** Adds a reaction to a message, or takes it back. */
export async function react(
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

/** Flags, families and the like have several code points but are one grapheme. */
function singleEmoji(value: unknown): string {
	const text = textOf(value);
	const isOne = [...new Intl.Segmenter().segment(text)].length === 1;
	if (isOne && /\p{Extended_Pictographic}|\p{Regional_Indicator}|[#*0-9]\uFE0F?\u20E3/u.test(text)) return text;
	throw new SendblueInputError("'Emoji' is not a single emoji.", 'Enter one emoji, such as 🔥.');
}

/** The longest that Sendblue shows the typing indicator, in seconds. */
const MAX_INDICATOR_SECONDS = 300;

/** The fields of Send Typing Indicator. */
export const typingDescription: INodeProperties[] = shownFor('message', 'sendTypingIndicator', [
	...fromFields('The line of your Sendblue account that seems to be typing'),
	{ ...toField, description: 'The phone number of the person who sees it (E.164)' },
	{
		displayName: 'State',
		name: 'state',
		type: 'options',
		options: [
			{ name: 'Start', value: 'start', description: 'Show that somebody is typing' },
			{ name: 'Stop', value: 'stop', description: 'Hide the indicator' },
		],
		default: 'start',
		description: 'Whether to show or hide the indicator',
	},
	optionsField([
		defaultCountryOption,
		{
			displayName: 'Maximum Duration (Seconds)',
			name: 'maxDuration',
			type: 'number',
			typeOptions: { minValue: 0.001, maxValue: MAX_INDICATOR_SECONDS },
			default: 60,
			description: 'How long the indicator is shown if no message ends it first',
		},
	]),
]);

/** Starts or stops the typing indicator; the iMessage conversation must already exist. */
export async function sendTypingIndicator(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
): Promise<INodeExecutionData[]> {
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const fromNumber = await fromLine(context, itemIndex, options, run);
	const number = await phoneNumber('To', context.getNodeParameter('to', itemIndex), options);
	const state = context.getNodeParameter('state', itemIndex, 'start') === 'stop' ? 'stop' : 'start';
	const body = { number, from_number: fromNumber, state, ...indicatorDuration(options.maxDuration) } as const;
	const client = await run.client();
	checkpoint();
	return [outputItem(await client.messages.showTyping(body), itemIndex)];
}

function indicatorDuration(given: unknown): { max_duration_ms?: number } {
	if (given === undefined) return {};
	const milliseconds = Math.round(Number(given) * 1000);
	if (milliseconds >= 1 && milliseconds <= MAX_INDICATOR_SECONDS * 1000) return { max_duration_ms: milliseconds };
	throw new SendblueInputError(
		`'Maximum Duration' is “${shownValue(given)}”, which Sendblue does not accept.`,
		`Enter a number of seconds up to ${MAX_INDICATOR_SECONDS}.`,
	);
}
