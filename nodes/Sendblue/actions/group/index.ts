import type { INodeProperties } from 'n8n-workflow';

import * as create from './create.operation';
import * as get from './get.operation';
import * as members from './members.operation';
import * as rename from './rename.operation';
import * as setPhoto from './setPhoto.operation';

/** The operations on groups, by the value of *Operation*. */
export const operations = {
	addMember: members.add,
	create: create.execute,
	get: get.execute,
	removeMember: members.remove,
	rename: rename.execute,
	setPhoto: setPhoto.execute,
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
			{
				name: 'Set Photo',
				value: 'setPhoto',
				action: 'Set photo of group',
				description: 'Give a group conversation a photo, or take it away',
			},
		],
		default: 'create',
	},
	...members.addDescription,
	...create.description,
	...get.description,
	...members.removeDescription,
	...rename.description,
	...setPhoto.description,
];
