import type { INodeProperties } from 'n8n-workflow';

import { DEFAULT_PER_SECOND } from '../sendblue/limits';
import { defaultCountryOption, groupIdField, numbersField, toField } from './shared.fields';
import { DEFAULT_WINDOW_HOURS, MAX_TYPING_SECONDS, MAX_WAIT_SECONDS } from './message';

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
				description: 'A group conversation of these people, which is created if there is none yet',
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

/** The options that avoid duplicates, limit what is sent to whom, and follow the delivery. */
const safetyOptions = {
	allowance: {
		displayName: "When the Line's Allowance Is Used Up",
		name: 'allowance',
		type: 'options',
		options: [
			{ name: 'Fail', value: 'fail', description: 'The item fails with the time the next slot opens' },
			{ name: 'Send Anyway', value: 'send', description: 'The allowance is not checked' },
			{
				name: 'Skip',
				value: 'skip',
				description: 'The item is not sent; its output says why and when the next slot opens',
			},
		],
		default: 'send',
		description:
			'What to do about a person the line has not talked with lately, if Sendblue allows the line no more new contacts for now. Groups are not counted.',
	},
	deduplicationKey: {
		displayName: 'Avoid Duplicates',
		name: 'deduplicationKey',
		type: 'string',
		default: '',
		placeholder: 'e.g. {{ $json.eventId }}',
		description:
			'A text that is always the same for the same message, such as the ID of a CRM event. A person gets only one message for it, in this execution and in later ones; after that, the message already sent is returned.',
	},
	deduplicationWindowHours: {
		displayName: 'Avoid Duplicates Within (Hours)',
		name: 'deduplicationWindowHours',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 2 },
		default: DEFAULT_WINDOW_HOURS,
		description:
			'Used with Avoid Duplicates, for messages that carry no key at Sendblue: a URL that is sent unchanged, or text only. The same URL or text to the same recipient counts as sent for this long.',
	},
	ifNeverReplied: {
		displayName: 'If Never Replied',
		name: 'ifNeverReplied',
		type: 'options',
		options: [
			{ name: 'Fail', value: 'fail', description: 'The item fails' },
			{ name: 'Send Anyway', value: 'send', description: 'Without checking whether the person ever wrote' },
			{
				name: 'Send Text Only',
				value: 'text',
				description: 'The text goes out alone. If it has more than 300 characters or a link, the item fails.',
			},
			{ name: 'Skip', value: 'skip', description: 'The item is not sent; its output says why' },
		],
		default: 'send',
		description:
			'What to do for a person who has never written to the line: Sendblue refuses media, links and all but a few short texts to them. Sendblue is asked once per number; groups are not checked.',
	},
	ifNoIMessage: {
		displayName: 'If Recipient Has No iMessage',
		name: 'ifNoIMessage',
		type: 'options',
		options: [
			{ name: 'Fail', value: 'fail', description: 'The item fails' },
			{
				name: 'Send Audio as Attachment',
				value: 'attachment',
				description:
					'The audio goes out as a file, unconverted. Other phones play MP3 and M4A, but not CAF or raw PCM.',
			},
			{
				name: 'Send MP3 Instead',
				value: 'mp3',
				description: 'Recommended: an MP3, which every phone plays, of up to 13 minutes (5 MB)',
			},
			{ name: 'Send Text Only', value: 'text', description: 'The text goes out without the voice note' },
			{
				name: 'Send Voice Note Anyway',
				value: 'send',
				description: 'Without checking whether the person has iMessage',
			},
			{ name: 'Skip', value: 'skip', description: 'The item is not sent; its output says why' },
		],
		default: 'send',
		description:
			'What to do for a person without iMessage, whose phone may not play a voice note. Sendblue is asked once per number; if it cannot tell, the voice note is sent. Groups are not checked.',
	},
	waitForDelivery: {
		displayName: 'Wait for Delivery (Seconds)',
		name: 'waitForDelivery',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: MAX_WAIT_SECONDS },
		default: 60,
		description:
			'How long to wait until the message is delivered or has failed. The output holds the last status seen, which may not be final.',
	},
} satisfies Record<string, INodeProperties>;

/** The options of a message; the same for every operation that sends. */
export const messageOptions = {
	...safetyOptions,
	defaultCountry: defaultCountryOption,
	messagesPerSecond: {
		displayName: 'Messages per Second',
		name: 'messagesPerSecond',
		type: 'number',
		typeOptions: { minValue: 0.01, numberPrecision: 2 },
		default: DEFAULT_PER_SECOND,
		description:
			'The most messages that a line sends per second. Faster sending makes it more likely that the line is blocked.',
	},
	replyTo: {
		displayName: 'Reply To',
		name: 'replyTo',
		type: 'string',
		default: '',
		placeholder: 'e.g. 99DCC379-DD76-4712-BA65-11EFB33B8CD6',
		description: 'The handle of the message to reply to, from the same conversation and line',
	},
	seatId: {
		displayName: 'Seat Name or ID',
		name: 'seatId',
		type: 'options',
		typeOptions: { loadOptionsMethod: 'getSeats' },
		default: '',
		description:
			'The member of your team the message is attributed to. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
	},
	shareContactCard: {
		displayName: 'Share Contact Card',
		name: 'shareContactCard',
		type: 'boolean',
		default: true,
		description:
			"Whether to show the person the line's name and photo (its contact card) along with the message. Works over iMessage, with one person; the field contactCard of the output says whether it did.",
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
		typeOptions: { minValue: 0, maxValue: MAX_TYPING_SECONDS, numberPrecision: 1 },
		default: 3,
		description:
			'How long the person sees that you are typing before the message goes out. Works in iMessage conversations that exist already; elsewhere the message is sent after the same time.',
	},
} satisfies Record<string, INodeProperties>;
