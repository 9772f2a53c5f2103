import type { INodeProperties } from 'n8n-workflow';

import { FOR_TOOL, NOT_FOR_TOOL } from './displayOptions';

const NUMBER_PLACEHOLDER = 'e.g. +14155550123';

/** A line of the account, chosen or typed. */
export const lineLocator = {
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a line…',
			typeOptions: { searchListMethod: 'searchLines', searchable: true },
		},
		{
			// The editor has room for seven letters here.
			displayName: 'Number',
			name: 'number',
			type: 'string',
			placeholder: NUMBER_PLACEHOLDER,
			hint: 'The number of one of your lines, with + and country code',
		},
	],
} satisfies Partial<INodeProperties>;

/** A person, chosen from the contacts or by number. */
export const personLocator = {
	type: 'resourceLocator',
	default: { mode: 'number', value: '' },
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a contact…',
			typeOptions: { searchListMethod: 'searchContacts', searchable: true },
		},
		{ displayName: 'Number', name: 'number', type: 'string', placeholder: NUMBER_PLACEHOLDER },
	],
} satisfies Partial<INodeProperties>;

/** A group, chosen from those with recent messages or by its ID. */
export const groupLocator = {
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a group…',
			typeOptions: { searchListMethod: 'searchGroups', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 66e3b90d-4447-43c6-9439-15a69408ac24',
		},
	],
} satisfies Partial<INodeProperties>;

/**
 * The line that acts. For an AI agent it is a plain list: n8n lets the model fill in every other kind of field.
 *
 * @param description what the line does in the operation
 */
export function fromFields(description: string): INodeProperties[] {
	return [
		{ ...lineLocator, displayName: 'From', name: 'from', description, displayOptions: NOT_FOR_TOOL },
		{
			displayName: 'From Name or ID',
			name: 'from',
			type: 'options',
			typeOptions: { loadOptionsMethod: 'getLines' },
			default: '',
			description: `${description.replace(/\.$/, '')}. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.`,
			displayOptions: FOR_TOOL,
		},
	];
}

/** The line that a message goes out from. */
export const sendingLineFields: INodeProperties[] = fromFields(
	'The line of your Sendblue account that the message goes out from. May stay empty if the credential has a Default Line, or the account only one line.',
);

/** The person a message goes to. */
export const toField: INodeProperties = {
	...personLocator,
	displayName: 'To',
	name: 'to',
	required: true,
	description:
		'The phone number of the person, with + and country code (E.164). Other spellings work with the option Default Country.',
};

/** The group an operation is about. */
export const groupIdField: INodeProperties = {
	...groupLocator,
	displayName: 'Group',
	name: 'groupId',
	required: true,
	description:
		'The group conversation. The list holds groups that this n8n just made, and those with recent messages; the ID of any group is in group_id of its messages.',
};

/** The people of a group. */
export const numbersField: INodeProperties = {
	displayName: 'Numbers',
	name: 'numbers',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. +14155550123, +14155550124',
	description:
		'The phone numbers of the people in the group, separated by commas, or an expression that returns a list. At most 25 people.',
};

/** The message an operation is about. */
export const messageHandleField: INodeProperties = {
	displayName: 'Message Handle',
	name: 'messageHandle',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. 99DCC379-DD76-4712-BA65-11EFB33B8CD6',
	description:
		'The handle of the message: message_handle in the output of the trigger, of a send or of a list of messages',
};

/** The country of numbers without a country code. */
export const defaultCountryOption: INodeProperties = {
	displayName: 'Default Country',
	name: 'defaultCountry',
	type: 'string',
	default: '',
	placeholder: 'e.g. US',
	description:
		'The country of numbers that come without + and country code, as a two-letter code (ISO 3166). Numbers such as (555) 123-4567 are then completed.',
};

/** The options of an operation. */
export function optionsField(options: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options,
	};
}

/** The filters of an operation that lists. */
export function filtersField(options: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		options,
	};
}

/** The options of an operation whose only option is *Default Country*. */
export const numberOptions: INodeProperties = optionsField([defaultCountryOption]);

/** The formats a voice note can be converted to. */
export const FORMAT_OPTIONS = [
	{
		name: 'MP3',
		value: 'mp3',
		description: 'Small, mono, 24 kHz: played everywhere',
	},
	{
		name: 'Ogg Opus',
		value: 'ogg',
		description: 'Small, and lossless if the voice note is Opus, as those of iPhones are',
	},
	{
		name: 'WAV',
		value: 'wav',
		description: 'Uncompressed, mono, 16 bit: read by every service',
	},
];

/** The sampling rate of a WAV file. */
export const sampleRateField: INodeProperties = {
	displayName: 'Sample Rate',
	name: 'sampleRate',
	type: 'options',
	options: [
		{ name: '16 kHz', value: 16_000, description: 'The rate that speech-to-text services use' },
		{ name: '24 kHz', value: 24_000, description: 'The full quality of iPhone voice notes' },
	],
	default: 16_000,
	description: 'How many samples per second the WAV file has',
};

/** The statuses of a message; only incoming ones are *Received*. */
export const MESSAGE_STATUSES = [
	{ name: 'Accepted', value: 'ACCEPTED' },
	{ name: 'Declined', value: 'DECLINED' },
	{ name: 'Delivered', value: 'DELIVERED' },
	{ name: 'Error', value: 'ERROR' },
	{ name: 'Pending', value: 'PENDING' },
	{ name: 'Queued', value: 'QUEUED' },
	{ name: 'Received', value: 'RECEIVED' },
	{ name: 'Registered', value: 'REGISTERED' },
	{ name: 'Sent', value: 'SENT' },
	{ name: 'Success', value: 'SUCCESS' },
];

/** @param results what is listed, such as `messages` */
export function orderDirectionOption(results: string): INodeProperties {
	return {
		displayName: 'Order Direction',
		name: 'orderDirection',
		type: 'options',
		options: [
			{ name: 'Newest First', value: 'desc' },
			{ name: 'Oldest First', value: 'asc' },
		],
		default: 'desc',
		description: `Whether the newest or the oldest ${results} come first`,
	};
}
