import type { IExecuteFunctions, IN8nHttpFullResponse, IWebhookFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { megabytes } from './limits';
import { networkFailure } from './transport';
import { inItem, shownValue } from './wording';

/** Longest silence of the server while a file is downloaded, in milliseconds. */
const DOWNLOAD_TIMEOUT_MS = 60_000;

const MAX_REDIRECTS = 5;

/** The body of a streamed response: chunks to read, and a way to stop the server. */
type StreamedBody = AsyncIterable<Uint8Array> & { destroy?: () => void };

/** A file from the web. */
export interface DownloadedFile {
	bytes: Uint8Array;
	/** The media type the server claims, with its parameters. */
	mimeType?: string;
}

/** What is downloaded, and within which limits. */
export interface DownloadRequest {
	/** The name of the parameter or field that holds the address, for messages. */
	parameter: string;
	maxBytes: number;
	/** Ends the download; the execution's own signal by default. */
	signal?: AbortSignal;
}

/** A file could not be had from its address. */
export class DownloadError extends Error {
	constructor(
		/** What happened. */
		message: string,
		/** What to do. */
		readonly advice: string,
	) {
		super(message);
		this.name = 'DownloadError';
	}
}

/**
 * Checks an address that n8n downloads from.
 *
 * @param parameter The parameter's name in the editor.
 * @param example An address that would be right.
 * @returns The address in its normal form.
 * @throws {NodeOperationError} where it is not an http or https address.
 */
export function checkedUrl(
	context: IExecuteFunctions,
	itemIndex: number,
	value: unknown,
	{ parameter, example }: { parameter: string; example: string },
): string {
	const text = typeof value === 'string' ? value.trim() : '';
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (url?.protocol === 'https:' || url?.protocol === 'http:') return url.href;
	throw new NodeOperationError(
		context.getNode(),
		`'${parameter}' is not a web address: '${shownValue(value)}' ${inItem(itemIndex)}`,
		{ itemIndex, description: `Enter a full address such as ${example}.` },
	);
}

/**
 * Downloads a file, without any credentials.
 * @throws {DownloadError} where the server does not give the file, or it is larger than `maxBytes`.
 */
export async function downloadFile(
	context: IExecuteFunctions | IWebhookFunctions,
	url: string,
	{ parameter, maxBytes, signal = cancelSignal(context) }: DownloadRequest,
): Promise<DownloadedFile> {
	const unreachable = (error: unknown): never => {
		throw new DownloadError(
			`The file at '${parameter}' could not be downloaded`,
			`${networkFailure(error).message} Address: ${shownUrl(url)}`,
		);
	};

	const response = await requestFile(context, url, signal).catch(unreachable);
	const body = response.body as StreamedBody;
	if (response.statusCode < 200 || response.statusCode > 299) {
		body.destroy?.();
		throw new DownloadError(
			`The server of '${parameter}' answered ${response.statusCode} ${response.statusMessage ?? ''}`.trimEnd(),
			`Check that ${shownUrl(url)} opens in a private browser window: the file must be public.`,
		);
	}

	const bytes = await readBody(body, Number(response.headers['content-length']), maxBytes).catch(unreachable);
	if (bytes) return { bytes, ...mimeTypeOf(response) };
	throw new DownloadError(
		`The file at '${parameter}' is larger than ${megabytes(maxBytes)}`,
		'Compress or split the file first.',
	);
}

/** An address for messages: without login, query and fragment, which may hold a secret. */
function shownUrl(url: string): string {
	const { origin, pathname, search } = new URL(url);
	return `${origin}${pathname}${search === '' ? '' : '?…'}`;
}

/** A trigger has none: there is no execution yet. */
function cancelSignal(context: IExecuteFunctions | IWebhookFunctions): AbortSignal | undefined {
	return 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
}

async function requestFile(
	context: IExecuteFunctions | IWebhookFunctions,
	url: string,
	signal: AbortSignal | undefined,
): Promise<IN8nHttpFullResponse> {
	return (await context.helpers.httpRequest({
		url,
		method: 'GET',
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		maxRedirects: MAX_REDIRECTS,
		timeout: DOWNLOAD_TIMEOUT_MS,
		...(signal ? { abortSignal: signal } : {}),
	})) as IN8nHttpFullResponse;
}

/** Reads a body up to the limit; undefined where it is larger, whatever the server said about its length. */
async function readBody(body: StreamedBody, declaredBytes: number, maxBytes: number): Promise<Uint8Array | undefined> {
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	if (!(declaredBytes > maxBytes)) {
		for await (const chunk of body) {
			bytes += chunk.byteLength;
			if (bytes > maxBytes) break;
			chunks.push(chunk);
		}
		if (bytes <= maxBytes) return Buffer.concat(chunks);
	}
	body.destroy?.();
	return undefined;
}

function mimeTypeOf(response: IN8nHttpFullResponse): { mimeType?: string } {
	const mimeType = String(response.headers['content-type'] ?? '').trim();
	return mimeType === '' ? {} : { mimeType };
}
