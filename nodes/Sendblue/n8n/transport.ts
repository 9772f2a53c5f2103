import type {
	IDataObject,
	IExecuteFunctions,
	IHookFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';

import { rethrow } from '../sendblue/errors';
import { classifyNetworkError, TransportFailure } from '../sendblue/http/networkErrors';
import type { SendblueRequest, SendblueResponse, Transport } from '../sendblue/http/transport';
import { ANSWER_LIMIT_BYTES } from '../sendblue/limits';
import { Deadline, isStreamed, readBody } from './exchange';
import { megabytes } from './wording';

/** The n8n contexts that requests are made from. */
export type RequestContext = IExecuteFunctions | IHookFunctions | ILoadOptionsFunctions;

/** The default time limit of an exchange, in milliseconds. */
const DEFAULT_TIMEOUT_MS = 60_000;

/**
 * Carries requests to Sendblue through n8n's own HTTP helper, which adds the credential's headers and applies the
 * instance's proxy and its protection of internal addresses.
 *
 * Redirects are not followed, since the keys would be sent along. The answer is read as a stream: n8n itself reads any
 * amount and decompresses it, and a few megabytes can expand to gigabytes.
 */
export function n8nTransport(context: RequestContext): Transport {
	return async (request, url) => {
		const deadline = new Deadline(
			request.timeoutMs ?? DEFAULT_TIMEOUT_MS,
			executionSignal(context),
			request.stopGraceMs,
		);
		try {
			const response = (await context.helpers.httpRequestWithAuthentication.call(
				endingWith(context, deadline.signal),
				'sendblueApi',
				httpOptions(request, url, deadline.signal),
			)) as IN8nHttpFullResponse;
			return await toSendblueResponse(response, deadline);
		} catch (error) {
			return rethrow(deadline.passed ? outOfTime() : networkFailure(error));
		} finally {
			deadline.clear();
		}
	};
}

function executionSignal(context: RequestContext): AbortSignal | undefined {
	return 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
}

/**
 * The same context, but with the given signal as its cancel signal, which n8n's helper prefers to the request's own.
 */
function endingWith(context: RequestContext, signal: AbortSignal): RequestContext {
	const getExecutionCancelSignal = (): AbortSignal => signal;
	return Object.create(context, { getExecutionCancelSignal: { value: getExecutionCancelSignal } }) as RequestContext;
}

function httpOptions(request: SendblueRequest, url: string, signal: AbortSignal): IHttpRequestOptions {
	return {
		method: request.method,
		url,
		headers: { accept: 'application/json' },
		...(request.form ? { body: request.form as unknown as IHttpRequestOptions['body'] } : {}),
		...(request.json ? { body: request.json as IDataObject, json: true } : {}),
		timeout: request.timeoutMs ?? DEFAULT_TIMEOUT_MS,
		encoding: 'stream',
		abortSignal: signal,
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
	};
}

async function toSendblueResponse(response: IN8nHttpFullResponse, deadline: Deadline): Promise<SendblueResponse> {
	const headers: Record<string, string> = {};
	for (const [name, value] of Object.entries(response.headers ?? {})) headers[name.toLowerCase()] = String(value);
	return { status: response.statusCode, headers, body: await readAnswer(response.body, headers, deadline) };
}

async function readAnswer(body: unknown, headers: Record<string, string>, deadline: Deadline): Promise<unknown> {
	if (!isStreamed(body)) return body;
	const declaredBytes = Number(headers['content-length']);
	const bytes = await readBody(body, { declaredBytes, maxBytes: ANSWER_LIMIT_BYTES, deadline });
	if (bytes) return bytes.toString('utf8').replace(/^\uFEFF/, '');
	throw new TransportFailure('unknown', `It is larger than ${megabytes(ANSWER_LIMIT_BYTES)}.`);
}

function outOfTime(): TransportFailure {
	return new TransportFailure('unknown', 'It did not finish in time (ETIMEDOUT).', 'ETIMEDOUT');
}

/**
 * Classifies an error of n8n's HTTP helper. n8n's protection of internal addresses blocks a request before anything is
 * sent.
 */
export function networkFailure(error: unknown): TransportFailure {
	let link = error;
	for (let depth = 0; depth < 10 && link instanceof Error; depth++) {
		if (/^Ssrf/.test(link.name) || /was blocked because .* restricted/i.test(link.message)) {
			return new TransportFailure('notSent', "n8n's protection of internal addresses blocked the request.");
		}
		link = link.cause;
	}
	return classifyNetworkError(error);
}
