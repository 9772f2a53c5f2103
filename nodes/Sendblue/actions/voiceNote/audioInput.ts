/** Where the audio of an item comes from: the fields in the editor, and the audio these point to. */
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { BASE64_PARAMETER, base64Input } from '../../n8n/base64Input';
import { binaryInput } from '../../n8n/binaryInput';
import { MAX_AUDIO_BYTES } from '../../n8n/audioFiles';
import { FOR_TOOL, NOT_FOR_TOOL, toolFilesNotice } from '../../parameters/displayOptions';
import { fileFromUrl } from '../fileFromUrl';
import type { ConversionSettings } from './conversionSettings';

const BASE64_SOURCE = {
	name: 'Base64',
	value: 'base64',
	description: 'Text in the JSON of the input item, as Gemini, Google and OpenAI return audio',
};
const FILE_SOURCE = {
	name: 'Binary File',
	value: 'binary',
	description: 'A file that comes with the input item, for example from a text-to-speech or chat node',
};
const URL_SOURCE = { name: 'URL', value: 'url', description: 'A file on the web, which n8n downloads' };

const audioSource = {
	displayName: 'Audio Source',
	name: 'audioSource',
	description: 'Where the audio comes from',
} satisfies Partial<INodeProperties>;

/** The fields that say where the audio comes from; the same for every operation on voice notes. */
export const audioSourceFields: INodeProperties[] = [
	{
		...audioSource,
		type: 'options',
		options: [BASE64_SOURCE, FILE_SOURCE, URL_SOURCE],
		default: 'binary',
		displayOptions: NOT_FOR_TOOL,
	},
	{
		...audioSource,
		type: 'options',
		options: [URL_SOURCE, BASE64_SOURCE, FILE_SOURCE],
		default: 'url',
		displayOptions: FOR_TOOL,
	},
	toolFilesNotice,
	{
		displayName: 'Input Data Field Name',
		name: 'binaryPropertyName',
		type: 'string',
		default: 'data',
		required: true,
		placeholder: 'e.g. data',
		hint: "The name of the field that holds the audio. With the default, data, the item's only audio file is found even if its field has another name.",
		description:
			'The audio to use: MP3, WAV, Ogg, WebM, CAF and others are recognized by their content. Enter the name of the field that holds the file, or an expression that returns the file, such as {{ $binary.data }}.',
		displayOptions: { show: { audioSource: ['binary'] } },
	},
	{
		displayName: 'Audio URL',
		name: 'audioUrl',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. https://example.com/Greeting.mp3',
		description: 'The http or https address of the audio, which must not need a login',
		displayOptions: { show: { audioSource: ['url'] } },
	},
	{
		displayName: BASE64_PARAMETER,
		name: 'audioBase64',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. {{ $json.audioContent }}',
		hint: 'Drag the field that holds the text here from the input panel, or write an expression that returns it',
		description:
			'The audio as Base64 text, plain or URL-safe, or as a data: URI. Raw PCM can be described by the type in a data: URI, for example data:audio/L16;rate=24000;base64,AAAA.',
		displayOptions: { show: { audioSource: ['base64'] } },
	},
];

/** The hint for a file that is in the JSON as Base64. */
const BASE64_WAY = "Set 'Audio Source' to Base64 and use the same expression there.";

const URL_PARAMETER = {
	name: 'audioUrl',
	parameter: 'Audio URL',
	example: 'https://example.com/Greeting.mp3',
	base64Way: BASE64_WAY,
	maxBytes: MAX_AUDIO_BYTES,
};

/** The audio of an item: located, but not loaded yet. */
export interface AudioInput {
	/**
	 * Items with the same key share one conversion. Keys are equal only if the audio is certainly the same; missing if
	 * only the bytes can show that.
	 */
	key?: string;
	/** The address, if the audio comes from one. */
	url?: string;
	/** Identifies the item's audio; stays the same when n8n retries the node. */
	fingerprint: string;
	/** The name the audio came with. */
	fileName?: string;
	/** The media type the source claims, if known before the audio is loaded. */
	mimeType?: string;
	/** Loads the audio. */
	load(): Promise<LoadedFile>;
	/** Reads only the first bytes; undefined if that is not possible. */
	head?(): Promise<Uint8Array | undefined>;
}

/** Audio in memory. */
export interface LoadedFile {
	bytes: Uint8Array;
	/**
	 * The media type the source claims, with its parameters. Only raw PCM needs it: its bytes do not show what it is.
	 */
	mimeType?: string;
}

/**
 * Locates the audio of an item, as *Audio Source* says.
 *
 * @throws {NodeOperationError} if the file is missing or the address is not one
 */
export async function audioInput(context: IExecuteFunctions, itemIndex: number): Promise<AudioInput> {
	switch (context.getNodeParameter('audioSource', itemIndex, 'binary')) {
		case 'url':
			return fileFromUrl(context, itemIndex, URL_PARAMETER);
		case 'base64':
			return await audioFromText(context, itemIndex);
		default:
			return await audioFromFile(context, itemIndex);
	}
}

async function audioFromText(context: IExecuteFunctions, itemIndex: number): Promise<AudioInput> {
	const parameter: unknown = context.getNodeParameter('audioBase64', itemIndex);
	const { fingerprint, load, mimeType, head } = await base64Input(context, itemIndex, parameter);
	return {
		key: `${fingerprint} ${mimeType ?? ''}`,
		fingerprint,
		...(mimeType ? { mimeType } : {}),
		head,
		load: async () => ({ bytes: await load(), ...(mimeType ? { mimeType } : {}) }),
	};
}

async function audioFromFile(context: IExecuteFunctions, itemIndex: number): Promise<AudioInput> {
	const parameter: unknown = context.getNodeParameter('binaryPropertyName', itemIndex);
	const { data, fingerprint, load, head } = await binaryInput(context, itemIndex, parameter);
	const { fileName, mimeType } = data;
	return {
		...(data.id ? { key: `${fingerprint} ${mimeType}` } : {}),
		fingerprint,
		...(fileName ? { fileName } : {}),
		mimeType,
		head,
		load: async () => ({ bytes: await load(), mimeType }),
	};
}

/**
 * Refuses a file whose first bytes show that it is not audio, before the execution sends anything. Possible raw PCM,
 * and files for FFmpeg, are left to the conversion.
 *
 * @throws {VoiceNoteError}
 */
export async function refuseNonAudio(
	{ head, mimeType }: AudioInput,
	{ engine, rawFormat }: Pick<ConversionSettings, 'engine' | 'rawFormat'>,
): Promise<void> {
	if (!head || rawFormat !== undefined || engine === 'ffmpeg') return;
	const found = await head();
	if (!found) return;
	const { whyNotAudio } = await import('../../voiceNote');
	const problem = await whyNotAudio(found, mimeType);
	if (problem) throw problem;
}
