import type { INodeProperties } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';

import { audioSourceFields, outputField, voiceNoteOptions } from './audioSource.fields';

/** The line a message goes out from. */
const from: INodeProperties = {
	displayName: 'From',
	name: 'from',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description: 'The line of your Sendblue account that the message goes out from',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a line…',
			typeOptions: { searchListMethod: 'searchLines', searchable: true },
		},
		{
			displayName: 'By Number',
			name: 'number',
			type: 'string',
			placeholder: 'e.g. +14155550123',
			hint: 'The number of one of your lines, with + and country code',
		},
	],
};

const recipient: INodeProperties[] = [
	{
		displayName: 'Send To',
		name: 'recipientType',
		type: 'options',
		options: [
			{ name: 'Phone Number', value: 'number', description: 'One person' },
			{ name: 'Group', value: 'group', description: 'A group conversation that exists already' },
		],
		default: 'number',
		description: 'Whether the message goes to one person or to a group',
	},
	{
		displayName: 'To',
		name: 'to',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. +14155550123',
		description:
			'The phone number of the person, with + and country code (E.164). Other spellings work with the option Default Country.',
		displayOptions: { show: { recipientType: ['number'] } },
	},
	{
		displayName: 'Group ID',
		name: 'groupId',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 66e3b90d-4447-43c6-9439-15a69408ac2',
		description: 'The ID of the group, as the trigger and the response to a group message carry it in group_id',
		displayOptions: { show: { recipientType: ['group'] } },
	},
];

const content: INodeProperties = {
	displayName: 'Text',
	name: 'content',
	type: 'string',
	typeOptions: { rows: 2 },
	default: '',
	placeholder: 'e.g. A short message for you',
	description: 'Text that goes along with the voice note, in a bubble of its own. May be left empty.',
};

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		voiceNoteOptions.alwaysReencode,
		voiceNoteOptions.bitrate,
		{
			displayName: 'Default Country',
			name: 'defaultCountry',
			type: 'string',
			default: '',
			placeholder: 'e.g. US',
			description:
				'The country of numbers that come without + and country code, as a code of two letters (ISO 3166). Numbers such as (555) 123-4567 are then completed.',
		},
		voiceNoteOptions.fileName,
		{
			displayName: 'Include CAF',
			name: 'includeCaf',
			type: 'boolean',
			default: false,
			description: 'Whether to put the voice note that was sent on the output item as a file',
		},
		{
			displayName: 'Messages per Second',
			name: 'messagesPerSecond',
			type: 'number',
			typeOptions: { minValue: 0.01, numberPrecision: 2 },
			default: 1,
			description:
				'How many messages a line sends per second at most. Faster sending makes it likelier that the line is blocked.',
		},
		{
			displayName: 'Re-Host',
			name: 'rehost',
			type: 'boolean',
			default: false,
			description:
				'Whether to upload to Sendblue even a valid voice note that is at a public URL ending in .caf. By default such a URL is checked and sent as it is.',
		},
		{
			displayName: 'Reply To',
			name: 'replyTo',
			type: 'string',
			default: '',
			placeholder: 'e.g. 99DCC379-DD76-4712-BA65-11EFB33B8CD6',
			description: 'The message handle of the message to answer, of the same conversation and line',
		},
		{
			displayName: 'Status Callback URL',
			name: 'statusCallback',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://example.com/webhook/message-status',
			description: 'The address Sendblue calls when the status of the message changes',
		},
	],
};

/** The fields of Send Voice Note. */
export const sendFields: INodeProperties[] = updateDisplayOptions(
	{ show: { resource: ['voiceNote'], operation: ['send'] } },
	[
		from,
		...recipient,
		...audioSourceFields,
		content,
		options,
		// Always shown: n8n drops fields whose display depends on a value within a collection.
		{ ...outputField, hint: 'Used only with the option Include CAF' },
	],
);
