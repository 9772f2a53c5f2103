import { createHash } from 'crypto';

import type { IBinaryData, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { MAX_AUDIO_BYTES, megabytes } from './limits';
import { isToolExecution } from './toolExecution';

/** Where a workflow with binary mode "combined" keeps the files of an item: in its JSON, under this key. */
export const FILES_IN_JSON = '_files';

/** The name the parameter has in the editor, for messages. */
const PARAMETER = 'Input Data Field Name';

/** What a file is wanted for, as messages tell it. */
export interface FileUse {
	/** What the file holds, such as `audio`. */
	what: string;
	/** In bytes. */
	maxBytes: number;
	/** What can be done where there are no files to read, at the start of a sentence. */
	otherWay: string;
}

const AUDIO: FileUse = { what: 'audio', maxBytes: MAX_AUDIO_BYTES, otherWay: "Set 'Audio Source' to URL" };

/** A file on the way in: found, but not yet loaded. */
export interface BinaryInput {
	/** What n8n knows about the file; `data` is not to be read, since the bytes may be stored elsewhere. */
	data: IBinaryData;
	/** Equal for the same file in every try of an execution. */
	fingerprint: string;
	/** Loads the bytes. */
	load(): Promise<Uint8Array>;
}

/**
 * Finds the file a binary parameter means: the name of a field, or an expression that returned the file itself.
 *
 * @param parameter The parameter's value as it came.
 * @throws {NodeOperationError} where there is no such file, or it is too large.
 */
export async function binaryInput(
	context: IExecuteFunctions,
	itemIndex: number,
	parameter: unknown,
	use: FileUse = AUDIO,
): Promise<BinaryInput> {
	const data = findFile(context, itemIndex, parameter, use);
	const bytes = await sizeOf(context, data);
	if (bytes > use.maxBytes) {
		throw new NodeOperationError(
			context.getNode(),
			`The file in '${PARAMETER}' is too large: ${megabytes(bytes)} [item ${itemIndex}]`,
			{
				itemIndex,
				description: `Files of up to ${megabytes(use.maxBytes)} are read. Compress or split the file first.`,
			},
		);
	}
	return {
		data,
		fingerprint: fingerprintOf(data),
		load: async () => await context.helpers.getBinaryDataBuffer(itemIndex, data),
	};
}

function findFile(
	context: IExecuteFunctions,
	itemIndex: number,
	parameter: unknown,
	{ what, otherWay }: FileUse,
): IBinaryData {
	if (isBinaryValue(parameter)) return parameter;
	const item = context.getInputData()[itemIndex];
	if (typeof parameter === 'object' && parameter !== null && 'mimeType' in parameter) {
		const described = fileDescribed(context, itemIndex, parameter, item);
		if (described) return described;
	}

	if (typeof parameter !== 'string' || parameter.trim() === '') {
		throw new NodeOperationError(
			context.getNode(),
			`The parameter '${PARAMETER}' holds no file and no field name [item ${itemIndex}]`,
			{
				itemIndex,
				description: `Enter the name of the input field that holds the ${what}, for example 'data', or an expression that returns the file, for example {{ $binary.data }}.`,
			},
		);
	}

	const name = parameter.trim();
	if (isToolExecution(context)) {
		throw new NodeOperationError(
			context.getNode(),
			`A tool gets no files from the agent, so the field '${name}' cannot be read`,
			{
				itemIndex,
				description: `${otherWay}, or set '${PARAMETER}' to an expression that returns the file, for example {{ $('Get File').item.binary.${name} }}.`,
			},
		);
	}

	const file = fileCalled(name, item);
	if (file) return file;

	const names = fileNames(item);
	throw new NodeOperationError(
		context.getNode(),
		`The item has no file in the field '${name}', set in '${PARAMETER}' [item ${itemIndex}]`,
		{
			itemIndex,
			description:
				names.length > 0
					? `The item has files in: ${listed(names)}. Enter one of these names.`
					: `The item carries no files at all. Check that the previous node outputs the ${what} as a binary file.`,
		},
	);
}

/** The file an item holds under a name, or under its path in combined mode. */
function fileCalled(path: string, item: INodeExecutionData | undefined): IBinaryData | undefined {
	const name = path.startsWith(`${FILES_IN_JSON}.`) ? path.slice(FILES_IN_JSON.length + 1) : path;
	const file = item?.binary?.[name] ?? filesInJson(item)[name];
	return isBinaryValue(file) ? file : undefined;
}

/**
 * The file of an item that a description means. `$binary` leaves out the bytes, so that a file which is held in the
 * item, without an ID, is known by the rest of its fields only.
 *
 * @throws {NodeOperationError} where these fit files with different content, so that the wrong one could be taken
 */
function fileDescribed(
	context: IExecuteFunctions,
	itemIndex: number,
	description: object,
	item: INodeExecutionData | undefined,
): IBinaryData | undefined {
	const files = [...Object.values(item?.binary ?? {}), ...Object.values(filesInJson(item)).filter(isBinaryValue)];
	const fields = Object.entries(description);
	const fitting = files.filter((file) => fields.every(([name, value]) => file[name as keyof IBinaryData] === value));
	if (new Set(fitting.map(fingerprintOf)).size <= 1) return fitting[0];
	throw new NodeOperationError(
		context.getNode(),
		`The expression in '${PARAMETER}' fits several files of the item [item ${itemIndex}]`,
		{ itemIndex, description: `Enter the name of the field instead: ${listed(fileNames(item))}.` },
	);
}

function fileNames(item: INodeExecutionData | undefined): string[] {
	return [...Object.keys(item?.binary ?? {}), ...Object.keys(filesInJson(item))];
}

function listed(names: string[]): string {
	return names.map((each) => `'${each}'`).join(', ');
}

function filesInJson(item: INodeExecutionData | undefined): Record<string, unknown> {
	const files = item?.json[FILES_IN_JSON];
	return typeof files === 'object' && files !== null ? (files as Record<string, unknown>) : {};
}

/** A file that is held in the item has no ID, so that its content stands for it. */
function fingerprintOf(data: IBinaryData): string {
	return data.id ? `file ${data.id}` : createHash('sha256').update(data.data).digest('hex');
}

/** The file's size in bytes, asked from the storage where the file is not held inline. */
async function sizeOf(context: IExecuteFunctions, data: IBinaryData): Promise<number> {
	if (data.id) {
		if (typeof data.bytes === 'number') return data.bytes;
		return (await context.helpers.getBinaryMetadata(data.id)).fileSize;
	}
	return Math.floor((data.data.length * 3) / 4);
}

/** Whether a value is a file as n8n describes one. Our own, as n8n 1.x lacks the platform's. */
function isBinaryValue(value: unknown): value is IBinaryData {
	return (
		typeof value === 'object' &&
		value !== null &&
		'mimeType' in value &&
		typeof value.mimeType === 'string' &&
		('data' in value || 'id' in value)
	);
}
