import type { INodeProperties } from 'n8n-workflow';

import { defaultCountryOption, groupIdField, numbersField, toField } from '../parameters/locators';
import { safetyOptions } from './safety.fields';

/** Who a message goes to; the same for every operation that sends. */
export const recipientFields: INodeProperties[] = [
	{
		displayName: 'Send To',
		name: 'recipientType',
		type: 'options',
		options: [
			{ name: 'Phone Number', value: 'number', description: 'One person' },
			{ name: 'Group', value: 'group', description: 'A group conversation that exists already' },
			{
				name: 'Group of Numbers',
				value: 'numbers',
				description: 'A group conversation of these people, which is made where there is none yet',
			},
		],
		default: 'number',
		description: 'Whether the message goes to one person or to a group',
	},
	{ ...toField, displayOptions: { show: { recipientType: ['number'] } } },
	{ ...groupIdField, displayOptions: { show: { recipientType: ['group'] } } },
	{ ...numbersField, displayOptions: { show: { recipientType: ['numbers'] } } },
];

/** The text of a message. */
export const contentField: INodeProperties = {
	displayName: 'Text',
	name: 'content',
	type: 'string',
	typeOptions: { rows: 2 },
	default: '',
	placeholder: 'e.g. A short message for you',
};

/** The options of a message; the same for every operation that sends. */
export const messageOptions = {
	...safetyOptions,
	defaultCountry: defaultCountryOption,
	messagesPerSecond: {
		displayName: 'Messages per Second',
		name: 'messagesPerSecond',
		type: 'number',
		typeOptions: { minValue: 0.01, numberPrecision: 2 },
		default: 1,
		description:
			'How many messages a line sends per second at most; the first item decides for all. Faster sending makes it likelier that the line is blocked.',
	},
	replyTo: {
		displayName: 'Reply To',
		name: 'replyTo',
		type: 'string',
		default: '',
		placeholder: 'e.g. 99DCC379-DD76-4712-BA65-11EFB33B8CD6',
		description: 'The message handle of the message to answer, of the same conversation and line',
	},
	statusCallback: {
		displayName: 'Status Callback URL',
		name: 'statusCallback',
		type: 'string',
		default: '',
		placeholder: 'e.g. https://example.com/webhook/message-status',
		description: 'The address Sendblue calls when the status of the message changes',
	},
	typingSeconds: {
		displayName: 'Typing Indicator (Seconds)',
		name: 'typingSeconds',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 60, numberPrecision: 1 },
		default: 3,
		description:
			'How long the person sees that you are typing before the message goes out. Works in iMessage conversations that exist already; elsewhere the message is sent after the same time.',
	},
} satisfies Record<string, INodeProperties>;
