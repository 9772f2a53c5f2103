import type { INodeProperties } from 'n8n-workflow';

import { FOR_TOOL, toolFilesNotice } from '../../parameters/displayOptions';

/** The field that says which file of the item is meant. */
export const fileField: INodeProperties = {
	displayName: 'Input Data Field Name',
	name: 'binaryPropertyName',
	type: 'string',
	default: 'data',
	required: true,
	placeholder: 'e.g. data',
	hint: 'The name of the input field that holds the file, or an expression that returns the file',
	description:
		'The file to use. A name of a field, or an expression that returns the file, such as {{ $binary.data }}.',
};

/** The field for the address of a file. */
export const mediaUrlField: INodeProperties = {
	displayName: 'Media URL',
	name: 'mediaUrl',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. https://example.com/Photo.jpg',
};

/** The fields that say which media go with a message. */
export const mediaSourceFields: INodeProperties[] = [
	{
		displayName: 'Media Source',
		name: 'mediaSource',
		type: 'options',
		options: [
			{ name: 'None', value: 'none', description: 'The message is text alone' },
			{ name: 'Binary File', value: 'binary', description: 'A file that comes with the input item' },
			{ name: 'URL', value: 'url', description: 'A file on the web' },
		],
		default: 'none',
		description: 'Where the picture, video, document or other file comes from, if there is one',
	},
	{ ...toolFilesNotice, displayOptions: { show: { ...FOR_TOOL.show, mediaSource: ['binary'] } } },
	{ ...fileField, displayOptions: { show: { mediaSource: ['binary'] } } },
	{
		...mediaUrlField,
		description:
			'The address of the file. A public https address that ends in the extension of the file is handed to Sendblue as it is; any other is downloaded by n8n and uploaded to Sendblue.',
		displayOptions: { show: { mediaSource: ['url'] } },
	},
];

/** The name an uploaded file gets. */
export const fileNameOption: INodeProperties = {
	displayName: 'File Name',
	name: 'fileName',
	type: 'string',
	default: '',
	placeholder: 'e.g. Photo.jpg',
	description:
		'The name of the uploaded file, which ends up in its address. Spaces are replaced. By default the name the file already has.',
};
