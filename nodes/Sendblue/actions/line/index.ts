import type { INodeProperties } from 'n8n-workflow';

import * as getAll from './getAll.operation';

/** The operations on lines, by the value of *Operation*. */
export const operations = { getAll: getAll.execute };

/** The fields of the resource Line. */
export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['line'] } },
		options: [
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many lines',
				description: 'List your phone lines with their health and how many new people each may still write to',
			},
		],
		default: 'getAll',
	},
	...getAll.description,
];
