import { createHash } from 'crypto';
import type { IBinaryData, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { rethrow } from '../sendblue/errors';
import { MAX_AUDIO_BYTES } from './audioFiles';
import { looksLikeBase64 } from './base64Input';
import { pause } from './concurrency';
import { isToolExecution } from './execution';
import { inItem, jsonExpression, listed, megabytes, shownValue } from './wording';

/** Where a workflow with binary mode "combined" keeps the files of an item: in its JSON, under this key. */
export const FILES_IN_JSON = '_files';

/** The parameter's name in the editor, for messages, and its default. */
const PARAMETER = 'Input Data Field Name';
const DEFAULT_FIELD = 'data';

/** What a file is needed for, phrased for error messages. */
export interface FileUse {
	/** What the file must hold, such as `audio`. */
	what: string;
	/** In bytes. */
	maxBytes: number;
	/** What to do instead if there is no file: the start of a sentence. */
	otherWay: string;
	/** The hint for a file that is in the JSON as Base64. */
	base64Way: string;
}

const AUDIO: FileUse = {
	what: 'audio',
	maxBytes: MAX_AUDIO_BYTES,
	otherWay: "Set 'Audio Source' to URL",
	base64Way: "Set 'Audio Source' to Base64 and use the same expression there.",
};

/** A file of the input: found, but not loaded yet. */
export interface BinaryInput {
	/** What n8n knows about the file. Its own field `data` may not hold the bytes, which n8n can store elsewhere. */
	data: IBinaryData;
	/** Identifies the file; stays the same when n8n retries the node. */
	fingerprint: string;
	/** Loads the bytes. */
	load(): Promise<Uint8Array>;
	/** Reads only the first bytes; undefined if n8n cannot. */
	head(): Promise<Uint8Array | undefined>;
}

/** Size of a file's head, in bytes. */
const HEAD_BYTES = 65_536;

/**
 * Finds the file of a binary parameter, which holds the name of a field or, from an expression, the file itself.
 *
 * @param parameter The parameter's raw value.
 * @throws {NodeOperationError} if there is no such file, or it is too large
 */
export async function binaryInput(
	context: IExecuteFunctions,
	itemIndex: number,
	parameter: unknown,
	use: FileUse = AUDIO,
): Promise<BinaryInput> {
	const search = new FileSearch(context, itemIndex, use);
	const bytesInJson = serializedBytes(parameter);
	const data = bytesInJson ? { data: '', mimeType: 'application/octet-stream' } : search.find(parameter);
	const bytes = bytesInJson ? bytesInJson.length : await sizeOf(context, data).catch(search.lost);
	if (bytes > use.maxBytes) {
		throw search.failure(
			`The file in '${PARAMETER}' is too large: ${megabytes(bytes)}`,
			`Files of up to ${megabytes(use.maxBytes)} are read. Compress or split the file first.`,
		);
	}
	if (bytesInJson) {
		return {
			data,
			fingerprint: await contentHash(bytesInJson),
			load: async () => await Promise.resolve(bytesInJson),
			head: async () => await Promise.resolve(bytesInJson.subarray(0, HEAD_BYTES)),
		};
	}
	return {
		data,
		// A file that is held in the item itself has no ID, so its content identifies it.
		fingerprint: data.id ? `file ${data.id}` : await contentHash(data.data),
		load: async () => await context.helpers.getBinaryDataBuffer(itemIndex, data).catch(search.lost),
		head: async () => await headOf(context, data),
	};
}

/** The search for an item's file, and the errors if there is none. */
class FileSearch {
	private readonly item: INodeExecutionData | undefined;

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly itemIndex: number,
		private readonly use: FileUse,
	) {
		this.item = context.getInputData()[itemIndex];
	}

	find(parameter: unknown): IBinaryData {
		if (isBinaryValue(parameter)) return parameter;
		if (typeof parameter === 'object' && parameter !== null) return this.fileOfObject(parameter);
		if (typeof parameter !== 'string' || parameter.trim() === '') {
			throw this.failure(
				`'${PARAMETER}' holds no file and no field name`,
				`Enter the name of the input field that holds the ${this.use.what}, for example 'data', or an expression that returns the file, for example {{ $binary.data }}.`,
			);
		}
		return this.fileOfName(parameter.trim());
	}

	/** An error about this item, with a hint. */
	failure(message: string, description: string): NodeOperationError {
		const { context, itemIndex } = this;
		return new NodeOperationError(context.getNode(), `${message} ${inItem(itemIndex)}`, { itemIndex, description });
	}

	/** Explains that n8n cannot find a file; rethrows any other error. */
	readonly lost = (error: unknown): never => {
		if (!isMissingFile(error)) return rethrow(error);
		throw this.failure(
			`n8n no longer has the file in '${PARAMETER}'`,
			'n8n deletes files together with the execution that made them. Run the workflow again from the step that makes the file.',
		);
	};

	private fileOfObject(parameter: object): IBinaryData {
		const described = 'mimeType' in parameter ? this.fileDescribed(parameter) : undefined;
		if (described) return described;
		const files = Object.entries(parameter).filter(([, value]) => isBinaryValue(value));
		// All files of an item, as $binary or $node["…"].binary return them.
		const [first] = files;
		if (first && files.length === 1) return first[1] as IBinaryData;
		if (files.length > 1) {
			throw this.failure(
				`The expression in '${PARAMETER}' gives several files`,
				`Name one of them at its end: ${listed(files.map(([name]) => `.${name}`))}.`,
			);
		}
		if (hasContent(parameter)) return { data: '', ...parameter, mimeType: 'application/octet-stream' };
		throw this.failure(
			`The expression in '${PARAMETER}' returns an object that is not a file: ${shownValue(parameter)}`,
			'It must return a file of an item, for example {{ $binary.data }}, or the name of a field.',
		);
	}

	/**
	 * The file of the item that an object describes. `$binary` leaves out the bytes, so a file held in the item, which
	 * has no ID, is matched by its other fields.
	 *
	 * @throws {NodeOperationError} if files with different content match, since the wrong one could be taken
	 */
	private fileDescribed(description: object): IBinaryData | undefined {
		const fields = Object.entries(description);
		const fitting = this.files().filter(([, file]) => {
			return fields.every(([name, value]) => file[name as keyof IBinaryData] === value);
		});
		if (new Set(fitting.map(([, file]) => file.id ?? file.data)).size <= 1) return fitting[0]?.[1];
		throw this.failure(
			`The expression in '${PARAMETER}' matches several files of the item`,
			`Enter the name of the field instead: ${listed(this.files().map(([name]) => name))}.`,
		);
	}

	private fileOfName(name: string): IBinaryData {
		if (isToolExecution(this.context)) {
			throw new NodeOperationError(
				this.context.getNode(),
				`A tool gets no files from the agent, so the field '${shownValue(name)}' cannot be read`,
				{
					itemIndex: this.itemIndex,
					description: `${this.use.otherWay}, or set '${PARAMETER}' to an expression that returns the file, for example {{ $('Get File').item.binary.data }}.`,
				},
			);
		}
		const files = this.files();
		const path = name.startsWith(`${FILES_IN_JSON}.`) ? name.slice(FILES_IN_JSON.length + 1) : name;
		const file = files.find(([field]) => field === path)?.[1];
		if (file) return file;
		const [audio, ...more] = files.filter(([, each]) => isAudio(each));
		if (path === DEFAULT_FIELD && this.use === AUDIO && audio && more.length === 0) return audio[1];
		throw this.notFound(name, files);
	}

	private notFound(name: string, files: Array<[string, IBinaryData]>): NodeOperationError {
		if (looksLikeBase64(name)) {
			return this.failure(
				`'${PARAMETER}' holds Base64 text, not the name of a field: ${shownValue(name)}`,
				this.use.base64Way,
			);
		}
		if (/^https?:\/\//i.test(name)) {
			return this.failure(
				`'${PARAMETER}' holds a web address, not the name of a field: ${shownValue(name)}`,
				`${this.use.otherWay} and use the address there.`,
			);
		}
		const message = `The item has no file in the field '${shownValue(name)}', set in '${PARAMETER}'`;
		if (files.length > 0) {
			return this.failure(
				message,
				`The item has files in: ${listed(files.map(([field]) => field))}. Enter one of these names.`,
			);
		}
		const inJson = this.item?.json[name];
		if (typeof inJson === 'string' && looksLikeBase64(inJson.trim())) {
			return this.failure(
				message,
				`Its JSON has Base64 text in a field of that name. ${this.use.base64Way.replace('the same expression', jsonExpression(name))}`,
			);
		}
		if (typeof inJson === 'string' && /^https?:\/\//.test(inJson)) {
			return this.failure(
				message,
				`Its JSON has a web address in a field of that name. ${this.use.otherWay} and use ${jsonExpression(name)} there.`,
			);
		}
		const isInJson = inJson === undefined ? '' : ' Its JSON has a field of that name, which is not a file.';
		return this.failure(
			message,
			`The item has no files at all.${isInJson} Put a node before this one that outputs the ${this.use.what} as a file. ${this.use.otherWay} if it is on the web.`,
		);
	}

	/** The files of the item by field name, including those that combined mode keeps in the JSON. */
	private files(): Array<[string, IBinaryData]> {
		const all = [...Object.entries(this.item?.binary ?? {}), ...Object.entries(filesInJson(this.item))];
		return all.flatMap(([name, file]): Array<[string, IBinaryData]> => (isBinaryValue(file) ? [[name, file]] : []));
	}
}

function filesInJson(item: INodeExecutionData | undefined): Record<string, unknown> {
	const files = item?.json[FILES_IN_JSON];
	return typeof files === 'object' && files !== null ? (files as Record<string, unknown>) : {};
}

/** Whether the media type or the name of a file says audio or video; the conversion goes by the bytes. */
function isAudio({ mimeType, fileName = '' }: IBinaryData): boolean {
	return (
		/^(audio|video)\//.test(mimeType) ||
		/\.(mp3|m4a|aac|wav|ogg|oga|opus|webm|flac|amr|caf|aiff?|mp4|mov)$/i.test(fileName)
	);
}

/** The bytes of a Buffer that was serialized to JSON. */
function serializedBytes(value: unknown): Uint8Array | undefined {
	const isBuffer = typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer';
	return isBuffer && 'data' in value && Array.isArray(value.data) ? Uint8Array.from(value.data as number[]) : undefined;
}

/** Whether an object is a file that only lacks its media type. */
function hasContent(value: object): value is Partial<IBinaryData> {
	return ('data' in value && typeof value.data === 'string') || ('id' in value && typeof value.id === 'string');
}

/** Whether an error of n8n's storage means that the file no longer exists. */
function isMissingFile(error: unknown): boolean {
	if (!(error instanceof Error)) return false;
	return (
		('code' in error && error.code === 'ENOENT') || /not ?found|no such file/i.test(`${error.name} ${error.message}`)
	);
}

/** The file's size in bytes, from n8n's storage if the file is not in the item itself. */
async function sizeOf(context: IExecuteFunctions, data: IBinaryData): Promise<number> {
	if (data.id) {
		if (typeof data.bytes === 'number') return data.bytes;
		return (await context.helpers.getBinaryMetadata(data.id)).fileSize;
	}
	return Math.floor((data.data.length * 3) / 4);
}

/** The first bytes of a file, streamed if n8n stores it elsewhere. */
async function headOf(context: IExecuteFunctions, data: IBinaryData): Promise<Uint8Array | undefined> {
	// Four characters encode three bytes.
	if (!data.id) return Buffer.from(data.data.slice(0, Math.ceil(HEAD_BYTES / 3) * 4), 'base64');
	try {
		const chunks: Uint8Array[] = [];
		let bytes = 0;
		// Leaving the loop closes the stream.
		for await (const chunk of await context.helpers.getBinaryStream(data.id, HEAD_BYTES)) {
			chunks.push(chunk as Uint8Array);
			bytes += (chunk as Uint8Array).byteLength;
			if (bytes >= HEAD_BYTES) break;
		}
		return Buffer.concat(chunks);
	} catch {
		return undefined;
	}
}

/** Whether a value is a file in n8n's form. n8n 1.x exports no such check. */
function isBinaryValue(value: unknown): value is IBinaryData {
	return (
		typeof value === 'object' &&
		value !== null &&
		'mimeType' in value &&
		typeof value.mimeType === 'string' &&
		('data' in value || 'id' in value)
	);
}

/** How much is hashed in one time slice, about 5 ms of work: bytes, or characters of a text. */
const SLICE = 4 * 1024 * 1024;

/** The SHA-256 of a file or text, in hexadecimal; other work runs between its slices. */
export async function contentHash(content: string | Uint8Array): Promise<string> {
	const hash = createHash('sha256');
	for (let start = 0; start < content.length; start += SLICE) {
		if (start > 0) await pause();
		const end = start + SLICE;
		hash.update(typeof content === 'string' ? content.slice(start, end) : content.subarray(start, end));
	}
	return hash.digest('hex');
}
