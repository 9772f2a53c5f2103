import type { INodeProperties } from 'n8n-workflow';

import { listingFields, outputFormFields } from '../../parameters/outputForm';
import { defaultCountryOption, groupLocator, lineLocator, personLocator } from '../../parameters/locators';
import { shownFor } from '../../parameters/displayOptions';
import { MESSAGE_OUTPUT } from '../../parameters/messageOutput';

const filters: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add Filter',
	default: {},
	options: [
		{
			displayName: 'Direction',
			name: 'direction',
			type: 'options',
			options: [
				{ name: 'Inbound', value: 'inbound', description: 'Messages you got' },
				{ name: 'Outbound', value: 'outbound', description: 'Messages you sent' },
			],
			default: 'inbound',
			description: 'Whether to return messages you got or messages you sent',
		},
		{ ...groupLocator, displayName: 'Group', name: 'groupId', description: 'Only messages of this group' },
		{ ...lineLocator, displayName: 'Line', name: 'line', description: 'Only messages of this line of your account' },
		{
			displayName: 'Message Type',
			name: 'messageType',
			type: 'options',
			options: [
				{ name: 'Group', value: 'group', description: 'Messages in groups' },
				{ name: 'Message', value: 'message', description: 'Messages between two' },
			],
			default: 'message',
			description: 'Whether to return messages between two or in groups',
		},
		{
			...personLocator,
			displayName: 'Phone Number',
			name: 'phoneNumber',
			description: 'Only messages from or to this person',
		},
		{
			displayName: 'Sent After',
			name: 'sentAfter',
			type: 'dateTime',
			default: '',
			description: 'Only messages sent at this time or later',
		},
		{
			displayName: 'Sent Before',
			name: 'sentBefore',
			type: 'dateTime',
			default: '',
			description: 'Only messages sent at this time or earlier',
		},
		{
			displayName: 'Service',
			name: 'service',
			type: 'options',
			options: [
				{ name: 'iMessage', value: 'iMessage' },
				{ name: 'RCS', value: 'RCS' },
				{ name: 'SMS', value: 'SMS' },
			],
			default: 'iMessage',
			description: 'Only messages that went this way',
		},
		{
			displayName: 'Status',
			name: 'status',
			type: 'options',
			options: [
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
			],
			default: 'DELIVERED',
			description: 'Only messages in this state',
		},
		{
			displayName: 'Updated After',
			name: 'updatedAfter',
			type: 'dateTime',
			default: '',
			description: 'Only messages whose status changed at this time or later',
		},
	],
};

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		defaultCountryOption,
		{
			displayName: 'Order By',
			name: 'orderBy',
			type: 'options',
			options: [
				{ name: 'Created', value: 'createdAt' },
				{ name: 'Sent', value: 'sentAt' },
				{ name: 'Updated', value: 'updatedAt' },
			],
			default: 'createdAt',
			description: 'The time by which the messages are sorted',
		},
		{
			displayName: 'Order Direction',
			name: 'orderDirection',
			type: 'options',
			options: [
				{ name: 'Newest First', value: 'desc' },
				{ name: 'Oldest First', value: 'asc' },
			],
			default: 'desc',
			description: 'Whether the newest or the oldest messages come first',
		},
	],
};

/** The fields of Get Many. */
export const getAllFields: INodeProperties[] = shownFor('message', 'getAll', [
	...listingFields,
	filters,
	...outputFormFields(MESSAGE_OUTPUT),
	options,
]);
