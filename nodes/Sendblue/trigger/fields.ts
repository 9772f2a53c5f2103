import type { INodeProperties } from 'n8n-workflow';

import {
	filtersField,
	FORMAT_OPTIONS,
	lineLocator,
	MESSAGE_STATUSES,
	sampleRateField,
} from '../parameters/shared.fields';
import { simplifyField } from '../parameters/outputForm';
import { EVENT_OPTIONS } from './events';

const received = { event: ['messageReceived'] };
const statusChanged = { event: ['messageStatusChanged'] };

const lineFilter: INodeProperties = {
	...lineLocator,
	displayName: 'Line',
	name: 'line',
	description: 'Only messages to or from this line of your account. By default, webhooks cover the whole account.',
};

/** The fields of the trigger. */
export const triggerFields: INodeProperties[] = [
	{
		displayName:
			'Sendblue calls this n8n when something happens, in tests too: it must be reachable from the internet over https.',
		name: 'reachableNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Event',
		name: 'event',
		type: 'options',
		noDataExpression: true,
		options: EVENT_OPTIONS,
		default: 'messageReceived',
		description: 'What starts the workflow',
	},
	{
		displayName: 'Messages',
		name: 'messages',
		type: 'options',
		options: [
			{ name: 'All', value: 'all', description: 'Text, media and voice notes' },
			{
				name: 'Voice Notes Only',
				value: 'voiceNotes',
				description: 'Messages with a voice note (CAF from iPhones; also AMR, M4A, Opus, Ogg and MP3)',
			},
			{ name: 'With Media Only', value: 'withMedia', description: 'Messages with a file of any kind' },
		],
		default: 'all',
		description: 'Which messages start the workflow',
		displayOptions: { show: received },
	},
	{
		displayName: 'Statuses',
		name: 'statuses',
		type: 'multiOptions',
		options: MESSAGE_STATUSES.filter(({ value }) => value !== 'RECEIVED'),
		default: [],
		description: 'The statuses that start the workflow; all of them if none is chosen',
		displayOptions: { show: statusChanged },
	},
	{
		displayName: 'Download Voice Note',
		name: 'downloadVoiceNote',
		type: 'boolean',
		default: true,
		description:
			'Whether to download the voice note of a message at once, since its address expires. The file is put on the item.',
		displayOptions: { show: received },
	},
	{
		displayName: 'Voice Note Format',
		name: 'voiceNoteFormat',
		type: 'options',
		options: [
			{ name: 'As Received', value: 'asReceived', description: 'The file as the sender recorded it, usually CAF' },
			{
				name: 'For Speech to Text',
				value: 'automatic',
				description: 'Lossless Ogg if the voice note is Opus, as those of iPhones are; MP3 otherwise',
			},
			...FORMAT_OPTIONS,
		],
		default: 'automatic',
		description: 'The format of the downloaded file. A file that cannot be converted stays as it was received.',
		displayOptions: { show: { ...received, downloadVoiceNote: [true] } },
	},
	{
		...sampleRateField,
		displayOptions: { show: { ...received, downloadVoiceNote: [true], voiceNoteFormat: ['wav'] } },
	},
	{
		displayName: 'Put Output File in Field',
		name: 'outputBinaryPropertyName',
		type: 'string',
		default: 'data',
		placeholder: 'e.g. data',
		hint: 'The name of the output binary field to put the file in',
		displayOptions: { show: { ...received, downloadVoiceNote: [true] } },
	},
	{ ...simplifyField, displayOptions: { show: { event: [...received.event, ...statusChanged.event] } } },
	{
		...filtersField([
			lineFilter,
			{
				displayName: 'Sender Numbers',
				name: 'senderNumbers',
				type: 'string',
				default: '',
				placeholder: 'e.g. +14155550123, +14155550124',
				description:
					'Only messages from these people: phone numbers with + and country code, or email addresses, separated by commas',
			},
			{
				displayName: 'Text Contains',
				name: 'textContains',
				type: 'string',
				default: '',
				placeholder: 'e.g. appointment',
				description: 'Only messages whose text contains this, in upper or lower case',
			},
		]),
		displayOptions: { show: received },
	},
	{ ...filtersField([lineFilter]), displayOptions: { show: statusChanged } },
];
