import type { INodeProperties } from 'n8n-workflow';

import * as contact from './contact.operations';
import * as createMany from './createMany.operation';
import * as getAll from './getAll.operation';

/** The operations on contacts, by the value of *Operation*. */
export const operations = {
	createMany: createMany.execute,
	delete: contact.remove,
	get: contact.get,
	getAll: getAll.execute,
	optIn: contact.optIn,
	optOut: contact.optOut,
	upsert: contact.upsert,
	verify: contact.verify,
};

/** The fields of the resource Contact. */
export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['contact'] } },
		options: [
			{
				name: 'Create Many',
				value: 'createMany',
				action: 'Create many contacts',
				description: 'Create many contacts with one request',
			},
			{
				name: 'Create or Update',
				value: 'upsert',
				action: 'Create or update contact',
				description: 'Create a new record, or update the current one if it already exists (upsert)',
			},
			{
				name: 'Delete',
				value: 'delete',
				action: 'Delete contact',
				description: 'Remove a contact from the account',
			},
			{
				name: 'Get',
				value: 'get',
				action: 'Get contact',
				description: 'Get one contact by its phone number',
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many contacts',
				description: 'List the contacts of the account',
			},
			{
				name: 'Opt In',
				value: 'optIn',
				action: 'Opt contact in',
				description: 'Allow messages to a contact that had opted out',
			},
			{
				name: 'Opt Out',
				value: 'optOut',
				action: 'Opt contact out',
				description: 'Block all further messages to a contact',
			},
			{
				name: 'Verify',
				value: 'verify',
				action: 'Verify contact',
				description: 'Let the shared line of a free plan write to a person, once they have written to it',
			},
		],
		default: 'upsert',
	},
	...createMany.description,
	...contact.contactDescription('delete'),
	...contact.getDescription,
	...getAll.description,
	...contact.contactDescription('optIn'),
	...contact.contactDescription('optOut'),
	...contact.upsertDescription,
	...contact.contactDescription('verify'),
];
