/**
 * Whether a request without an answer may have had an effect.
 *
 * `notSent`: it ended before the request was written (connection refused, name not found, certificate refused).
 * `unknown`: the server may have it (timeout, cut connection, half an answer, unreadable answer).
 * `cancelled`: the execution was stopped; the server may have it.
 */
export type TransportFailureKind = 'notSent' | 'unknown' | 'cancelled';

/** The error for a request without an answer. The message is our own and holds no header, body, or key. */
export class TransportFailure extends Error {
	constructor(
		readonly kind: TransportFailureKind,
		message: string,
		/** The system's code, such as `ECONNREFUSED`, if there was one. */
		readonly code?: string,
	) {
		super(message);
		this.name = 'TransportFailure';
	}
}

/** Codes of errors that occur before a request can be written, with what they mean. */
const NOT_SENT: Readonly<Record<string, string>> = {
	UND_ERR_CONNECT_TIMEOUT: 'The connection was not made in time',
	CERT_HAS_EXPIRED: "The server's certificate has expired",
	CERT_NOT_YET_VALID: "The server's certificate is not valid yet",
	DEPTH_ZERO_SELF_SIGNED_CERT: "The server's certificate is self-signed",
	SELF_SIGNED_CERT_IN_CHAIN: "The server's certificate chain is self-signed",
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: "The server's certificate could not be verified",
	UNABLE_TO_GET_ISSUER_CERT: "The server's certificate could not be verified",
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "The server's certificate could not be verified",
	ERR_TLS_CERT_ALTNAME_INVALID: "The server's certificate is for another host",
	ERR_INVALID_URL: 'The address is not a valid URL',
	ERR_INVALID_CHAR: 'A header holds a character that is not allowed',
};

const NO_ANSWER = 'There was no answer in time';
const CUT = 'The connection was cut before the answer was complete';
/**
 * System calls that open a connection: if one of them failed, nothing was written. The code alone does not show that.
 */
const CONNECTING: ReadonlySet<unknown> = new Set(['connect', 'getaddrinfo']);

/** Network codes, with their meaning while a connection is being made. */
const WHILE_CONNECTING: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'The connection was refused',
	ECONNRESET: 'The connection was cut while it was being made',
	ENOTFOUND: 'The host name was not found',
	EAI_AGAIN: 'The host name could not be looked up at the moment',
	EAI_FAIL: 'The host name could not be looked up',
	EHOSTUNREACH: 'The host cannot be reached',
	EHOSTDOWN: 'The host cannot be reached',
	ENETUNREACH: 'The network cannot be reached',
	ENETDOWN: 'The network is down',
	ETIMEDOUT: 'The connection was not made in time',
	EADDRNOTAVAIL: 'There is no free address to connect from',
};

/** System codes after which the server may hold the request, with what they mean. */
const UNKNOWN: Readonly<Record<string, string>> = {
	ETIMEDOUT: NO_ANSWER,
	ESOCKETTIMEDOUT: NO_ANSWER,
	ECONNABORTED: 'The connection was given up before an answer came',
	ECONNRESET: CUT,
	EPIPE: 'The connection was cut while the request was being sent',
	ECONNREFUSED: 'The network gave up the connection',
	EHOSTUNREACH: 'The network lost the route to the host',
	EHOSTDOWN: 'The network lost the route to the host',
	ENETUNREACH: 'The network was lost',
	ENETDOWN: 'The network was lost',
	UND_ERR_HEADERS_TIMEOUT: NO_ANSWER,
	UND_ERR_BODY_TIMEOUT: 'The answer stopped halfway',
	UND_ERR_SOCKET: CUT,
	ERR_BAD_RESPONSE: 'The answer could not be read',
};

const CANCELLED: ReadonlySet<string> = new Set(['ERR_CANCELED', 'ABORT_ERR']);

const CANCELLED_NAMES: ReadonlySet<string> = new Set(['AbortError', 'CanceledError']);

/** The most errors of a chain of causes, or of an aggregate error, that are examined; no real one has more. */
const LONGEST_CHAIN = 20;

/**
 * Classifies a network error by its codes, or by a few known phrases in its text.
 *
 * Wrapped errors (`cause`) and aggregate errors (one for each address tried) are unwrapped. To be safe, an unknown
 * error counts as `unknown`. None of the error's text is passed on.
 *
 * @param error whatever the HTTP library threw
 */
export function classifyNetworkError(error: unknown): TransportFailure {
	if (error instanceof TransportFailure) return error;
	const chain = chainOf(error);
	if (chain.some(isCancellation)) return new TransportFailure('cancelled', 'The execution was stopped.');

	const aggregated = chain.map((link) => link.errors).find((errors) => Array.isArray(errors) && errors.length > 0);
	const parts = ((aggregated ?? []) as unknown[]).slice(0, LONGEST_CHAIN).map(classifyNetworkError);
	const decisive = parts.find((part) => part.kind !== 'notSent') ?? parts[0];
	if (decisive) return decisive;

	// Wrappers repeat the code and leave out the system call, so the innermost error is asked first.
	for (const link of [...chain].reverse()) {
		const failure = classifyLink(link);
		if (failure) return failure;
	}
	const code = chain.map(codeOf).find((found) => found !== undefined);
	return new TransportFailure('unknown', withCode('The connection ended before an answer came', code), code);
}

/** The fields that errors of HTTP libraries may have. */
interface ErrorLike {
	code?: unknown;
	name?: unknown;
	message?: unknown;
	syscall?: unknown;
	cause?: unknown;
	/** Where n8n keeps what it wrapped when that was not an `Error`. */
	errorResponse?: unknown;
	errors?: unknown;
}

function chainOf(error: unknown): ErrorLike[] {
	const chain: ErrorLike[] = [];
	let link = error;
	while (typeof link === 'object' && link !== null && chain.length < LONGEST_CHAIN) {
		chain.push(link);
		link = (link as ErrorLike).cause ?? (link as ErrorLike).errorResponse;
	}
	return chain;
}

function isCancellation(link: ErrorLike): boolean {
	const code = codeOf(link);
	return (code !== undefined && CANCELLED.has(code)) || CANCELLED_NAMES.has(String(link.name));
}

function classifyLink(link: ErrorLike): TransportFailure | undefined {
	const code = codeOf(link) ?? codeInText(link);
	const text = typeof link.message === 'string' ? link.message : '';
	// Node reports this as ECONNRESET, but a request is written only once TLS is established.
	if (/before secure TLS connection was established/i.test(text)) {
		return new TransportFailure('notSent', withCode('The secure connection was not established', code), code);
	}
	if (code !== undefined && wasConnecting(link, code)) {
		const words = WHILE_CONNECTING[code] ?? 'The connection could not be made';
		return new TransportFailure('notSent', withCode(words, code), code);
	}
	const notSent = code && NOT_SENT[code];
	if (notSent) return new TransportFailure('notSent', withCode(notSent, code), code);
	const unknown = code && UNKNOWN[code];
	if (unknown) return new TransportFailure('unknown', withCode(unknown, code), code);
	if (/socket hang up/i.test(text)) {
		return new TransportFailure('unknown', withCode(CUT, 'ECONNRESET'), 'ECONNRESET');
	}
	if (/time(d\s?|-)?out/i.test(text)) {
		return new TransportFailure('unknown', withCode(NO_ANSWER, 'ETIMEDOUT'), 'ETIMEDOUT');
	}
	return undefined;
}

/**
 * Whether an error occurred while the connection was being made. On an established connection the same code, as in
 * `read EHOSTUNREACH`, comes after the request was written, so the server may have it.
 */
function wasConnecting(link: ErrorLike, code: string): boolean {
	if (link.syscall !== undefined) return CONNECTING.has(link.syscall);
	return typeof link.message === 'string' && new RegExp(`\\b(connect|getaddrinfo) ${code}\\b`).test(link.message);
}

/** An error's code if it has the form of a constant; free text under `code` could hold anything. */
function codeOf(link: ErrorLike): string | undefined {
	return typeof link.code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(link.code) ? link.code : undefined;
}

/** A known code in an error's text, where libraries that wrap an error often leave it. */
function codeInText(link: ErrorLike): string | undefined {
	if (typeof link.message !== 'string') return undefined;
	const words = link.message.slice(0, 1000).match(/\b[A-Z][A-Z0-9_]{3,60}\b/g) ?? [];
	return words.find((word) => word in NOT_SENT || word in WHILE_CONNECTING || word in UNKNOWN);
}

function withCode(text: string, code: string | undefined): string {
	return code === undefined ? `${text}.` : `${text} (${code}).`;
}
