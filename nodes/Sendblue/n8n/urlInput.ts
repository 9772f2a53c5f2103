import type { IExecuteFunctions, IN8nHttpFullResponse } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { MAX_AUDIO_BYTES, megabytes } from './limits';
import { networkFailure } from './transport';

/** Longest silence of the server while audio is downloaded, in milliseconds. */
const DOWNLOAD_TIMEOUT_MS = 60_000;

const MAX_REDIRECTS = 5;

/** The body of a streamed response: chunks to read, and a way to stop the server. */
type StreamedBody = AsyncIterable<Uint8Array> & { destroy?: () => void };

/**
 * Checks what stands in *Audio URL*.
 *
 * @returns The address in its normal form.
 * @throws {NodeOperationError} where it is not an http or https address.
 */
export function checkedAudioUrl(context: IExecuteFunctions, itemIndex: number, value: unknown): string {
	const text = typeof value === 'string' ? value.trim() : '';
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (url?.protocol === 'https:' || url?.protocol === 'http:') return url.href;
	throw new NodeOperationError(
		context.getNode(),
		`'Audio URL' is not a web address: '${text.slice(0, 200)}' [item ${itemIndex}]`,
		{ itemIndex, description: 'Enter a full address such as https://example.com/Greeting.mp3.' },
	);
}

/** Audio could not be had from its address. */
export class AudioDownloadError extends Error {
	constructor(
		/** What happened. */
		message: string,
		/** What to do. */
		readonly advice: string,
	) {
		super(message);
		this.name = 'AudioDownloadError';
	}
}

/**
 * Downloads audio, without any credentials.
 *
 * @throws {AudioDownloadError} where the server does not give the file, or it is larger than `MAX_AUDIO_BYTES`.
 */
export async function downloadAudio(context: IExecuteFunctions, url: string): Promise<Uint8Array> {
	const unreachable = async (error: unknown): Promise<never> =>
		await Promise.reject(
			new AudioDownloadError(
				"The file at 'Audio URL' could not be downloaded",
				`${networkFailure(error).message} Address: ${url}`,
			),
		);

	const response = await requestAudio(context, url).catch(unreachable);
	const body = response.body as StreamedBody;
	if (response.statusCode < 200 || response.statusCode > 299) {
		body.destroy?.();
		throw new AudioDownloadError(
			`The server of 'Audio URL' answered ${response.statusCode} ${response.statusMessage ?? ''}`.trimEnd(),
			`Check that ${url} opens in a private browser window: the file must be public.`,
		);
	}

	const bytes = await readBody(body, Number(response.headers['content-length'])).catch(unreachable);
	if (bytes) return bytes;
	throw new AudioDownloadError(
		`The file at 'Audio URL' is larger than ${megabytes(MAX_AUDIO_BYTES)}`,
		'Compress or split the file first.',
	);
}

async function requestAudio(context: IExecuteFunctions, url: string): Promise<IN8nHttpFullResponse> {
	const signal = context.getExecutionCancelSignal();
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
async function readBody(body: StreamedBody, declaredBytes: number): Promise<Uint8Array | undefined> {
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	if (!(declaredBytes > MAX_AUDIO_BYTES)) {
		for await (const chunk of body) {
			bytes += chunk.byteLength;
			if (bytes > MAX_AUDIO_BYTES) break;
			chunks.push(chunk);
		}
		if (bytes <= MAX_AUDIO_BYTES) return Buffer.concat(chunks);
	}
	body.destroy?.();
	return undefined;
}
