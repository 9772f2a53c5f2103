import type { INodeProperties } from 'n8n-workflow';

import * as group from './group.operations';

/** The operations on groups, by the value of *Operation*. */
export const operations = {
	addMember: group.addMember,
	create: group.create,
	get: group.get,
	removeMember: group.removeMember,
	rename: group.rename,
	setPhoto: group.setPhoto,
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
				description: 'Create a group conversation between one of your lines and up to 25 people',
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
				description: 'Set or remove the photo of a group conversation',
			},
		],
		default: 'create',
	},
	...group.memberDescription('addMember'),
	...group.createDescription,
	...group.getDescription,
	...group.memberDescription('removeMember'),
	...group.renameDescription,
	...group.setPhotoDescription,
];
