import type { IExecuteFunctions } from 'n8n-workflow';

import { binaryInput } from '../../n8n/binaryInput';
import { checkedUrl, downloadFile } from '../../n8n/download';
import { MAX_AUDIO_BYTES } from '../../n8n/limits';

const URL_PARAMETER = {
	parameter: 'Audio URL',
	example: 'https://example.com/Greeting.mp3',
	maxBytes: MAX_AUDIO_BYTES,
};

/** Audio that an item brings: known by name, not loaded yet. */
export interface AudioInput {
	/** Equal for audio that is certainly the same; missing where only the bytes can tell. */
	key?: string;
	/** The address, where the audio comes from one. */
	url?: string;
	/** Equal for the same audio in every try of an execution. */
	fingerprint: string;
	/** The name the audio came with. */
	fileName?: string;
	/** The media type the source claims; of use only for raw PCM. */
	mimeType?: string;
	/** Loads the audio. */
	load(): Promise<Uint8Array>;
}

/**
 * Finds the audio an item is about, as *Audio Source* says.
 *
 * @throws {NodeOperationError} where the file is missing or the address is not one.
 */
export async function audioInput(context: IExecuteFunctions, itemIndex: number): Promise<AudioInput> {
	if (context.getNodeParameter('audioSource', itemIndex, 'binary') === 'url') {
		const url = checkedUrl(context, itemIndex, context.getNodeParameter('audioUrl', itemIndex), URL_PARAMETER);
		const { pathname } = new URL(url);
		const fileName = pathname.slice(pathname.lastIndexOf('/') + 1);
		const key = `url ${url}`;
		return {
			key,
			fingerprint: key,
			url,
			fileName,
			load: async () => (await downloadFile(context, url, URL_PARAMETER)).bytes,
		};
	}
	const parameter: unknown = context.getNodeParameter('binaryPropertyName', itemIndex);
	const { data, fingerprint, load } = await binaryInput(context, itemIndex, parameter);
	const { fileName, mimeType } = data;
	const named = fileName ? { fileName } : {};
	return { ...(data.id ? { key: fingerprint } : {}), fingerprint, ...named, mimeType, load };
}
