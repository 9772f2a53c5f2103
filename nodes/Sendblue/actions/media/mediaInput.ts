import type { IExecuteFunctions } from 'n8n-workflow';

import { binaryInput } from '../../n8n/binaryInput';
import { UPLOAD_LIMIT_BYTES } from '../../sendblue/limits';
import { fileFromUrl } from '../fileFromUrl';

/** What to do with a file that stands in the JSON as Base64. */
const BASE64_WAY = 'Put a Convert to File node in front of this one, with the operation Move Base64 String to File.';

const URL_PARAMETER = {
	name: 'mediaUrl',
	parameter: 'Media URL',
	example: 'https://example.com/Photo.jpg',
	base64Way: BASE64_WAY,
	maxBytes: UPLOAD_LIMIT_BYTES,
};

/** A media file in memory. */
export interface LoadedMedia {
	bytes: Uint8Array;
	mimeType?: string;
}

/** A media file that an item brings: known by name, not loaded yet. */
export interface MediaInput {
	/** Equal for files that are certainly the same; missing if only the bytes can tell. */
	key?: string;
	/** Equal for the same file in every try of an execution. */
	fingerprint: string;
	/** The address, if the file comes from one. */
	url?: string;
	/** The name the file came with. */
	fileName?: string;
	/** Loads the file. */
	load(): Promise<LoadedMedia>;
}

/**
 * The file of the item that *Input Data Field Name* means.
 *
 * @param otherWay what an AI agent, which gives no files, can do instead; at the start of a sentence
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
 * The file behind *Media URL*.
 *
 * @throws {NodeOperationError} if that is not an address
 */
export function mediaFromUrl(context: IExecuteFunctions, itemIndex: number): MediaInput {
	return fileFromUrl(context, itemIndex, URL_PARAMETER);
}
