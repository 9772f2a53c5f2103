import type { INodeProperties } from 'n8n-workflow';

import * as addMember from './addMember.operation';
import * as create from './create.operation';
import * as get from './get.operation';
import * as removeMember from './removeMember.operation';
import * as rename from './rename.operation';

/** The operations on groups, by the value of *Operation*. */
export const operations = {
	addMember: addMember.execute,
	create: create.execute,
	get: get.execute,
	removeMember: removeMember.execute,
	rename: rename.execute,
};

/** The fields of the resource Group. */
export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['group'] } },
		options: [
			{
				name: 'Add Member',
				value: 'addMember',
				action: 'Add member to group',
				description: 'Add a person to a group conversation',
			},
			{
				name: 'Create',
				value: 'create',
				action: 'Create group',
				description: 'Make a group conversation of one of your lines and up to 25 people',
			},
			{
				name: 'Get',
				value: 'get',
				action: 'Get group',
				description: 'Get the name and the members of a group',
			},
			{
				name: 'Remove Member',
				value: 'removeMember',
				action: 'Remove member from group',
				description: 'Remove a person from a group conversation of at least four members',
			},
			{
				name: 'Rename',
				value: 'rename',
				action: 'Rename group',
				description: 'Change or clear the name of a group conversation',
			},
		],
		default: 'create',
	},
	...addMember.description,
	...create.description,
	...get.description,
	...removeMember.description,
	...rename.description,
];
