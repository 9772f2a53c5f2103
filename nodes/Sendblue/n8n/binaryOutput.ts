import type { BinaryHelperFunctions, IBinaryData, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { AUDIO_MIME_TYPES, urlSafeName } from './audioFiles';
import { FILES_IN_JSON } from './binaryInput';
import { inItem } from './wording';

/** The media type of Apple's Core Audio Format. */
export const CAF_MIME_TYPE = 'audio/x-caf';

/** The default name of a voice note. Sendblue wants no spaces in names. */
export const DEFAULT_FILE_NAME = 'AudioMessage.caf';

/** The longest file name, extension included. */
const MAX_NAME_LENGTH = 100;

/**
 * Makes a file name from what the user typed: letters, digits, `.`, `-` and `_`, ending in `.caf`, so that it needs no
 * escaping in a URL.
 */
export function cafFileName(wanted: unknown): string {
	const typed = String(wanted ?? '')
		.trim()
		.replace(/\.caf$/i, '');
	const base = urlSafeName(typed).slice(0, MAX_NAME_LENGTH - '.caf'.length);
	return base === '' ? DEFAULT_FILE_NAME : `${base}.caf`;
}

/** Stores a voice note as n8n binary data. */
export async function cafBinary(context: IExecuteFunctions, bytes: Uint8Array, fileName: string): Promise<IBinaryData> {
	return await storedFile(context.helpers, bytes, fileName, CAF_MIME_TYPE);
}

/** The field of the output item that the playable copy of a voice note is put in. */
export const PLAYABLE_FIELD = 'playable';

/** The name of a voice note's MP3: the note's name with the extension `.mp3`. */
export function mp3FileName(noteName: string): string {
	return `${noteName.replace(/\.caf$/i, '')}.mp3`;
}

/** Stores the MP3 of a voice note as n8n binary data. */
export async function mp3Binary(context: IExecuteFunctions, bytes: Uint8Array, fileName: string): Promise<IBinaryData> {
	return await storedFile(context.helpers, bytes, fileName, AUDIO_MIME_TYPES.mp3);
}

/** Stores a file as n8n binary data. */
export async function storedFile(
	helpers: Pick<BinaryHelperFunctions, 'prepareBinaryData'>,
	bytes: Uint8Array,
	fileName: string,
	mimeType: string,
): Promise<IBinaryData> {
	const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	return await helpers.prepareBinaryData(buffer, fileName, mimeType);
}

/**
 * The name of the field an operation puts its file in, as *Put Output File in Field* says.
 *
 * @param parameter the raw value; the field is called `data` if nothing was entered
 * @throws {NodeOperationError} if an expression gave nothing: the file would end up in a field called "undefined"
 */
export function outputFieldName(context: IExecuteFunctions, itemIndex: number, parameter: unknown): string {
	if (typeof parameter === 'string') return parameter.trim() || 'data';
	throw new NodeOperationError(context.getNode(), `'Put Output File in Field' is not a name ${inItem(itemIndex)}`, {
		itemIndex,
		description: 'Check the expression: it must return text for this item, such as data.',
	});
}

/**
 * As {@link outputFieldName}, for a note that may come with a playable copy.
 *
 * @throws {NodeOperationError} also if both would go into the same field
 */
export function noteFieldName(
	context: IExecuteFunctions,
	itemIndex: number,
	parameter: unknown,
	{ playableCopy }: { playableCopy?: boolean },
): string {
	const field = outputFieldName(context, itemIndex, parameter);
	if (!playableCopy || field !== PLAYABLE_FIELD) return field;
	throw new NodeOperationError(
		context.getNode(),
		`The voice note and its playable copy cannot both go into the field '${PLAYABLE_FIELD}' ${inItem(itemIndex)}`,
		{ itemIndex, description: "Enter another name in 'Put Output File in Field', such as data." },
	);
}

/** The files of an input item, to be kept on the output: in `binary`, and in the JSON in combined mode. */
export function keptFiles(item: INodeExecutionData): Pick<INodeExecutionData, 'json' | 'binary'> {
	const inJson = item.json[FILES_IN_JSON];
	return {
		json: inJson === undefined ? {} : { [FILES_IN_JSON]: inJson },
		...(item.binary ? { binary: { ...item.binary } } : {}),
	};
}
