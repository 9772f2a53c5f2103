import type { INodeProperties } from 'n8n-workflow';

import * as checkIMessage from './checkIMessage.operation';

/** The operations on phone numbers, by the value of *Operation*. */
export const operations = { checkIMessage: checkIMessage.execute };

/** The fields of the resource Number. */
export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['number'] } },
		options: [
			{
				name: 'Check iMessage',
				value: 'checkIMessage',
				action: 'Check service of number',
				description: 'Find out whether a phone number can get iMessages or only SMS',
			},
		],
		default: 'checkIMessage',
	},
	...checkIMessage.description,
];
