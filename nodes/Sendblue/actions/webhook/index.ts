import type { INodeProperties } from 'n8n-workflow';

import * as getAll from './getAll.operation';

/** The operations on webhooks, by the value of *Operation*. */
export const operations = { getAll: getAll.execute };

/** The fields of the resource Webhook. */
export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['webhook'] } },
		options: [
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many webhooks',
				description: 'List the webhooks registered in the account, whoever registered them',
			},
		],
		default: 'getAll',
	},
	...getAll.description,
];
