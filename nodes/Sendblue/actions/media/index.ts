import type { INodeProperties } from 'n8n-workflow';

import * as media from './upload.operations';

/** The operations on media, by the value of *Operation*. */
export const operations = { upload: media.upload, uploadFromUrl: media.uploadFromUrl };

/** The fields of the resource Media. */
export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['media'] } },
		options: [
			{
				name: 'Upload',
				value: 'upload',
				action: 'Upload file',
				description: 'Upload a file from the input item to Sendblue and get its public address',
			},
			{
				name: 'Upload From URL',
				value: 'uploadFromUrl',
				action: 'Upload file from URL',
				description: 'Upload a file from the web to Sendblue and get its public address',
			},
		],
		default: 'upload',
	},
	...media.uploadDescription,
	...media.uploadFromUrlDescription,
];
