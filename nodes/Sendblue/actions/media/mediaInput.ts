/** The media of a message: the fields for them in the editor, and the file that these point to. */
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { binaryInput } from '../../n8n/binaryInput';
import { FOR_TOOL, toolFilesNotice } from '../../parameters/displayOptions';
import { UPLOAD_LIMIT_BYTES } from '../../sendblue/limits';
import { fileFromUrl } from '../fileFromUrl';

/** The field that says which file of the item to use. */
export const fileField: INodeProperties = {
	displayName: 'Input Data Field Name',
	name: 'binaryPropertyName',
	type: 'string',
	default: 'data',
	required: true,
	placeholder: 'e.g. data',
	hint: 'The name of the input field that holds the file, or an expression that returns the file',
	description:
		'The file to use: the name of the field that holds it, or an expression that returns the file, such as {{ $binary.data }}',
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
			{ name: 'None', value: 'none', description: 'The message is text only' },
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
			'The address of the file. A public https address that ends in the extension of the file is passed on to Sendblue unchanged; any other is downloaded by n8n and uploaded to Sendblue.',
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
		'The name of the uploaded file, which becomes part of its address. Spaces are replaced. If empty, the file keeps its name.',
};

/** The hint for a file that is in the JSON as Base64. */
const BASE64_WAY = 'Put a Convert to File node in front of this one, with the operation Move Base64 String to File.';

const URL_PARAMETER = {
	name: 'mediaUrl',
	parameter: 'Media URL',
	example: 'https://example.com/Photo.jpg',
	base64Way: BASE64_WAY,
	maxBytes: UPLOAD_LIMIT_BYTES,
	mayBePage: true,
};

/** A media file in memory. */
export interface LoadedMedia {
	bytes: Uint8Array;
	mimeType?: string;
}

/** A media file of an item: located, but not loaded yet. */
export interface MediaInput {
	/** Files with the same key are certainly identical; missing if only the bytes can show that. */
	key?: string;
	/** Identifies the file; stays the same when n8n retries the node. */
	fingerprint: string;
	/** The address, if the file comes from one. */
	url?: string;
	/** The name the file came with. */
	fileName?: string;
	/** Loads the file. */
	load(): Promise<LoadedMedia>;
}

/**
 * The file of the item that *Input Data Field Name* refers to.
 *
 * @param otherWay what to do instead if there is no file, as the start of a sentence
 * @throws {NodeOperationError} if there is no such file, or it is larger than Sendblue takes
 */
export async function mediaFile(context: IExecuteFunctions, itemIndex: number, otherWay: string): Promise<MediaInput> {
	const parameter: unknown = context.getNodeParameter('binaryPropertyName', itemIndex);
	const use = { what: 'file', maxBytes: UPLOAD_LIMIT_BYTES, otherWay, base64Way: BASE64_WAY };
	const { data, fingerprint, load } = await binaryInput(context, itemIndex, parameter, use);
	const { fileExtension, fileName, mimeType } = data;
	const named = fileName ?? (fileExtension ? `File.${fileExtension}` : undefined);
	return {
		...(data.id ? { key: fingerprint } : {}),
		fingerprint,
		...(named ? { fileName: named } : {}),
		load: async () => ({ bytes: await load(), mimeType }),
	};
}

/**
 * The file that *Media URL* points to.
 *
 * @throws {NodeOperationError} if it is not a valid address
 */
export function mediaFromUrl(context: IExecuteFunctions, itemIndex: number): MediaInput {
	return fileFromUrl(context, itemIndex, URL_PARAMETER);
}
