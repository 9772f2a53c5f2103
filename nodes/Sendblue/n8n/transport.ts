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

/** The n8n contexts requests are made from. */
export type RequestContext = IExecuteFunctions | IHookFunctions | ILoadOptionsFunctions;

/** Longest time for an exchange that names none, in milliseconds. */
const DEFAULT_TIMEOUT_MS = 60_000;

/**
 * Carries requests to Sendblue through n8n's own HTTP helper, which adds the credential's headers and applies the
 * instance's proxy and its protection of internal addresses.
 *
 * Redirects are not followed, since the keys would go along. The execution's cancel signal is added by the helper.
 */
export function n8nTransport(context: RequestContext): Transport {
	return async (request, url) => {
		try {
			const response = (await context.helpers.httpRequestWithAuthentication.call(
				context,
				'sendblueApi',
				httpOptions(request, url),
			)) as IN8nHttpFullResponse;
			return toSendblueResponse(response);
		} catch (error) {
			return rethrow(networkFailure(error));
		}
	};
}

function httpOptions(request: SendblueRequest, url: string): IHttpRequestOptions {
	return {
		method: request.method,
		url,
		headers: { accept: 'application/json' },
		...(request.form ? { body: request.form as unknown as IHttpRequestOptions['body'] } : {}),
		...(request.json ? { body: request.json as IDataObject, json: true } : {}),
		timeout: request.timeoutMs ?? DEFAULT_TIMEOUT_MS,
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
	};
}

function toSendblueResponse(response: IN8nHttpFullResponse): SendblueResponse {
	const headers: Record<string, string> = {};
	for (const [name, value] of Object.entries(response.headers ?? {})) headers[name.toLowerCase()] = String(value);
	return { status: response.statusCode, headers, body: response.body };
}

/**
 * What an error of n8n's HTTP helper means; n8n's protection against requests into its own network refuses before
 * anything is sent.
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
