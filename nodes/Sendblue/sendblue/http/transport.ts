/** One request to the Sendblue API, free of host and keys. */
export interface SendblueRequest {
	method: 'GET' | 'POST' | 'PUT' | 'DELETE';
	/** Path below the base URL; starts with a slash, and its variable parts are percent-encoded already. */
	path: string;
	/** Query parameters, not yet encoded; undefined and empty ones are left out. */
	query?: Record<string, string | number | boolean | undefined>;
	/** JSON body; excludes `form`. */
	json?: object;
	/** Multipart body; excludes `json`. */
	form?: FormData;
	/** Size of the file in `form`, in bytes: a large one is given more time. */
	formBytes?: number;
	/** The time limit of the whole exchange, in milliseconds. */
	timeoutMs?: number;
	/** How long the exchange may go on after the execution was stopped, in milliseconds; 0 by default. */
	stopGraceMs?: number;
}

/** The server's answer, whatever its HTTP status. */
export interface SendblueResponse {
	/** HTTP status code. */
	status: number;
	headers: Record<string, string>;
	/** Parsed JSON, or the text if it was not JSON. */
	body: unknown;
}

/**
 * Carries one request to the server, once: it neither retries nor follows redirects.
 *
 * Resolves for every HTTP status. Rejects with `TransportFailure` if there is no complete answer; anything else it
 * rejects with goes through `classifyNetworkError`.
 *
 * @param url the request's full address
 */
export type Transport = (request: SendblueRequest, url: string) => Promise<SendblueResponse>;

/**
 * The full address of a request: base URL, path, and query with every character that matters encoded
 * (a `+` of a phone number becomes `%2B`).
 *
 * @param baseUrl without a trailing slash
 */
export function requestUrl(baseUrl: string, request: SendblueRequest): string {
	const query = Object.entries(request.query ?? {})
		.filter(([, value]) => value !== undefined && value !== '')
		.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
		.join('&');
	return `${baseUrl}${request.path}${query === '' ? '' : `?${query}`}`;
}

/** A header's value, whatever the case of its name. */
export function headerOf(response: SendblueResponse, name: string): string | undefined {
	const wanted = name.toLowerCase();
	const found = Object.entries(response.headers ?? {}).find(([key]) => key.toLowerCase() === wanted);
	return found === undefined ? undefined : String(found[1]);
}
