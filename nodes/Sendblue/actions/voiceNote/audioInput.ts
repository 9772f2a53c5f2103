import type { IExecuteFunctions } from 'n8n-workflow';

import { base64Input } from '../../n8n/base64Input';
import { binaryInput } from '../../n8n/binaryInput';
import { MAX_AUDIO_BYTES } from '../../n8n/audioFiles';
import { fileFromUrl } from '../fileFromUrl';
import type { ConversionSettings } from './conversionSettings';

/** What to do with a file that stands in the JSON as Base64. */
const BASE64_WAY = "Set 'Audio Source' to Base64 and use the same expression there.";

const URL_PARAMETER = {
	name: 'audioUrl',
	parameter: 'Audio URL',
	example: 'https://example.com/Greeting.mp3',
	base64Way: BASE64_WAY,
	maxBytes: MAX_AUDIO_BYTES,
};

/** Audio that an item brings: known by name, not loaded yet. */
export interface AudioInput {
	/** Shares one conversion among items: equal only if the audio is certainly the same; missing if only the bytes can tell. */
	key?: string;
	/** The address, if the audio comes from one. */
	url?: string;
	/** Finds the item's audio again on a retry: equal for the same audio in every try of an execution. */
	fingerprint: string;
	/** The name the audio came with. */
	fileName?: string;
	/** The media type the source claims, as far as it is known before the audio is loaded. */
	mimeType?: string;
	/** Loads the audio. */
	load(): Promise<LoadedFile>;
	/** The first bytes, if they can be had without loading the rest. */
	head?(): Promise<Uint8Array | undefined>;
}

/** Audio in memory. */
export interface LoadedFile {
	bytes: Uint8Array;
	/** The media type the source claims, with its parameters; of use only for raw PCM, which cannot be recognized by its bytes. */
	mimeType?: string;
}

/**
 * Finds the audio an item is about, as *Audio Source* says.
 *
 * @throws {NodeOperationError} if the file is missing or the address is not one.
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
	const { fingerprint, load, mimeType } = await base64Input(context, itemIndex, parameter);
	return {
		key: `${fingerprint} ${mimeType ?? ''}`,
		fingerprint,
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

/** Media types of raw PCM, which cannot be recognized by its bytes. */
const RAW_TYPE = /^audio\/(l\d+|pcm|x-pcm|raw|basic|x-mulaw|x-alaw|pcmu|pcma|vnd\.wave)/i;

/**
 * Refuses a file whose first bytes show that it is not audio, before the execution sends anything. What may be raw PCM,
 * or is to be read by FFmpeg, is left to the conversion.
 *
 * @throws {VoiceNoteError}
 */
export async function refuseWhatIsNoAudio(
	{ head, mimeType = '' }: AudioInput,
	{ engine, rawFormat }: Pick<ConversionSettings, 'engine' | 'rawFormat'>,
): Promise<void> {
	if (!head || rawFormat !== undefined || engine === 'ffmpeg' || RAW_TYPE.test(mimeType)) return;
	const found = await head();
	if (!found) return;
	const { whyNotAudio } = await import('../../voiceNote');
	const problem = await whyNotAudio(found);
	if (problem) throw problem;
}
