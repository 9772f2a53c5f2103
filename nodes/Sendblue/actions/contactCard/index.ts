import type { INodeProperties } from 'n8n-workflow';

import * as card from './contactCard.operations';

/** The operations on contact cards, by the value of *Operation*. */
export const operations = { get: card.get, remove: card.remove, set: card.set, share: card.share };

/** The fields of the resource Contact Card. */
export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['contactCard'] } },
		options: [
			{
				name: 'Get',
				value: 'get',
				action: 'Get contact card',
				description: 'Get the name that one of your lines shows to people',
			},
			{
				name: 'Remove',
				value: 'remove',
				action: 'Remove contact card',
				description: 'Remove the name and photo of a line',
			},
			{
				name: 'Set',
				value: 'set',
				action: 'Set contact card',
				description: 'Set the name and photo that one of your lines shows to people',
			},
			{
				name: 'Share',
				value: 'share',
				action: 'Share contact card',
				description: 'Show the name and photo of a line to a person it has an iMessage conversation with',
			},
		],
		default: 'get',
	},
	...card.lineDescription,
	...card.setDescription,
	...card.shareDescription,
];
