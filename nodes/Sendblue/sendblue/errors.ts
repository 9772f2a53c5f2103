import { explain, SEND_PATH } from './errorTable';
import { bodyOf, readEnvelope, refusedRequest } from './http/envelope';
import type { TransportFailure } from './http/networkErrors';
import { headerOf, type SendblueRequest, type SendblueResponse } from './http/transport';
import { handleOf, holdsMessage, isUncertainCode } from './messageState';
import type { SendblueMessage } from './resources/messages';

/**
 * Whether a failed request had an effect.
 *
 * `rejected`: Sendblue refused it. `notSent`: it never reached Sendblue. `unknown`: it may have been carried out.
 */
export type Outcome = 'rejected' | 'unknown' | 'notSent';

/** The parts of an error. */
export interface SendblueErrorDetails {
	outcome: Outcome;
	explanation: string;
	hint: string;
	httpStatus?: number;
	sendblueCode?: string;
	sendblueMessage?: string;
	/** The handle of the message that the error is about, if there is one. */
	messageHandle?: string;
	/** Whether the execution was stopped. */
	cancelled?: boolean;
	/** How long the server asks to wait, in milliseconds. */
	retryAfterMs?: number;
	/** Whether the same request may soon succeed; by default, true unless it was refused. */
	mayPass?: boolean;
	/** Set if a caller may add to the text. */
	kind?: ErrorKind;
	/** The request, if a server refused one. */
	request?: RefusedRequest;
}

/** The kinds of errors that a caller may add hints to. */
export type ErrorKind =
	| 'baseUrl'
	| 'duplicatesUnchecked'
	| 'emptyValue'
	| 'foreignLine'
	| 'groupLine'
	| 'keysMissing'
	| 'lineAllowance'
	| 'mediaUrl'
	| 'neverReplied'
	| 'neverRepliedUnchecked'
	| 'noCard'
	| 'noIMessage'
	| 'noTextInstead'
	| 'notAllowed'
	| 'notFound'
	| 'notVerified'
	| 'phoneNumber'
	| 'refusedValue'
	| 'tagLost'
	| 'textMissing'
	| 'tooFast'
	| 'unknownContact'
	| 'unknownGroup'
	| 'wrongKeys';

/** The parts of a refused request that its error refers to. */
export interface RefusedRequest {
	path: string;
	/** The names of the fields it had, in the path, the query and the body. */
	fields: readonly string[];
	/** The names of the fields that the refusal is about; empty if that is not known. */
	blamed: readonly string[];
}

/**
 * The error for a request to Sendblue that failed.
 *
 * The message is the explanation, followed by Sendblue's own words, code and HTTP status. It never includes the hint, a
 * key, a header, or the request's body.
 */
export class SendblueApiError extends Error {
	readonly httpStatus?: number;
	/** Sendblue's code as text, such as `4002` or `SMS_LIMIT_REACHED`. */
	readonly sendblueCode?: string;
	/** Sendblue's own words, verbatim. */
	readonly sendblueMessage?: string;
	/** What happened. */
	readonly explanation: string;
	/** What to do. */
	readonly hint: string;
	readonly outcome: Outcome;
	readonly messageHandle?: string;
	readonly cancelled: boolean;
	/** How long the server asks to wait, in milliseconds. */
	readonly retryAfterMs?: number;
	/** Whether the same request may soon succeed. */
	readonly mayPass: boolean;
	/** What kind of error it is, if a caller may add to the text. */
	readonly kind?: ErrorKind;
	/** The request, if a server refused one. */
	readonly request?: RefusedRequest;

	constructor(details: SendblueErrorDetails) {
		super(textOf(details));
		this.name = 'SendblueApiError';
		this.httpStatus = details.httpStatus;
		this.sendblueCode = details.sendblueCode;
		this.sendblueMessage = details.sendblueMessage;
		this.explanation = details.explanation;
		this.hint = details.hint;
		this.outcome = details.outcome;
		this.messageHandle = details.messageHandle;
		this.cancelled = details.cancelled ?? false;
		this.retryAfterMs = details.retryAfterMs;
		this.mayPass = details.mayPass ?? details.outcome !== 'rejected';
		this.kind = details.kind;
		this.request = details.request;
	}
}

/** The error for an invalid value from the user; it was not sent to Sendblue. */
export class SendblueInputError extends Error {
	constructor(
		/** What is wrong with it, and what a valid one looks like. */
		message: string,
		/** What to do. */
		readonly hint: string,
		/** What kind of error it is, if a caller may add to the text. */
		readonly kind?: ErrorKind,
	) {
		super(message);
		this.name = 'SendblueInputError';
	}
}

const CONTRADICTION = "Sendblue's answer contradicts itself: it is an error and names a message.";

const CHECK_FIRST = 'Check in Sendblue whether it was carried out before you run it again.';

/**
 * The error for an answer that is not a success: a status outside 2xx, or a refusal in the body of a 2xx.
 *
 * @param isWrite whether the request changes something at Sendblue and is not a send (`sending/` looks sends up)
 */
export function errorFromResponse(
	response: SendblueResponse,
	request: SendblueRequest,
	isWrite = false,
): SendblueApiError {
	const { code, words, isPage, pageTitle } = readEnvelope(response);
	const httpStatus = isSuccess(response.status) ? undefined : response.status;
	const { hint, kind, field, ...explained } = explain({ httpStatus, code, words, path: request.path });
	const contradictsItself = SEND_PATH.test(request.path) && httpStatus !== undefined && holdsMessage(bodyOf(response));
	const explanation = contradictsItself ? CONTRADICTION : explained.explanation;
	const page = pageTitle === undefined ? '' : ` (“${pageTitle}”)`;
	const outcome = contradictsItself ? 'unknown' : outcomeOf(response.status, code);
	return new SendblueApiError({
		outcome,
		explanation: isPage ? `${explanation} A web page came back instead of an answer${page}.` : explanation,
		hint: isWrite && outcome === 'unknown' ? CHECK_FIRST : hint,
		httpStatus: response.status,
		sendblueCode: code,
		sendblueMessage: words,
		mayPass: mayPass(response, code),
		kind,
		request: refusedRequest(request, words, field),
	});
}

/** The error for a message that Sendblue lists as refused. */
export function errorFromMessage(message: SendblueMessage, request: SendblueRequest): SendblueApiError {
	const error = errorFromResponse({ status: 200, headers: {}, body: message }, request);
	return new SendblueApiError({ ...error, messageHandle: handleOf(message) });
}

/**
 * The error for a request that got no complete answer.
 *
 * @param mayHaveEffect whether the request changes something at Sendblue
 */
export function errorFromFailure(failure: TransportFailure, mayHaveEffect: boolean): SendblueApiError {
	const cancelled = failure.kind === 'cancelled';
	const notSent = failure.kind === 'notSent';
	const lead = notSent ? 'Sendblue could not be reached.' : "Sendblue's answer did not arrive.";
	return new SendblueApiError({
		outcome: notSent ? 'notSent' : 'unknown',
		explanation: cancelled ? failure.message : `${lead} ${failure.message}`,
		hint: hintFor(notSent, cancelled, mayHaveEffect),
		cancelled,
	});
}

/** The error for a request that was not made because the execution was stopped before. */
export function errorForStopped(): SendblueApiError {
	return new SendblueApiError({
		outcome: 'notSent',
		explanation: 'The execution was stopped before this was sent.',
		hint: 'Start it again to send it.',
		cancelled: true,
	});
}

/** The error for a 2xx answer whose body is not what the endpoint returns (a truncated answer, a proxy's page). */
export function errorForUnreadable(response: SendblueResponse, mayHaveEffect: boolean): SendblueApiError {
	return new SendblueApiError({
		outcome: 'unknown',
		explanation: `Sendblue's answer could not be read: ${whatCame(response)} came back.`,
		hint: mayHaveEffect
			? CHECK_FIRST
			: 'Try it again; if that does not help, check the base URL and proxies in between.',
		...(mayHaveEffect ? {} : { kind: 'baseUrl' }),
		httpStatus: response.status,
	});
}

function whatCame(response: SendblueResponse): string {
	const { isPage, pageTitle } = readEnvelope(response);
	if (isPage) return pageTitle === undefined ? 'a web page' : `a web page (“${pageTitle}”)`;
	if (response.status === 206) return 'only a part of the answer';
	const body = bodyOf(response);
	if (typeof body === 'object' && body !== null) return 'JSON without the expected data';
	if (body === '' || body === undefined) return 'nothing';
	return /^\s*[[{]/.test(String(body)) ? 'incomplete JSON' : 'text';
}

/** Rethrows a caught error unchanged. A function, because n8n's lint forbids a bare `throw` in a `catch`. */
export function rethrow(error: unknown): never {
	throw error;
}

/** The most entries of a list that a message names. */
const LISTED_AT_MOST = 10;

/** The longest entry of such a list, in characters; phone numbers and handles are far shorter. */
const LONGEST_ENTRY = 100;

/**
 * The entries as one text, separated by commas; of a long list, only the first are named, and long entries are cut.
 */
export function enumerated(entries: Iterable<string>): string {
	const all = [...entries];
	const more = all.length - LISTED_AT_MOST;
	const named = all
		.slice(0, LISTED_AT_MOST)
		.map((entry) => (entry.length > LONGEST_ENTRY ? `${entry.slice(0, LONGEST_ENTRY)}…` : entry))
		.join(', ');
	return more > 0 ? `${named} and ${more} more` : named;
}

/** The error for a list that could not be read completely, so that its contents remain unknown. */
export function errorForNoList(): SendblueApiError {
	return new SendblueApiError({
		outcome: 'unknown',
		explanation: "Sendblue's list of messages could not be read: its entries are not messages, or its pages repeat.",
		hint: 'Try it again.',
	});
}

/** Whether an HTTP status means success. */
export function isSuccess(status: number): boolean {
	return status >= 200 && status < 300;
}

function outcomeOf(status: number, code: string | undefined): Outcome {
	if (isSuccess(status)) return isUncertainCode(code) ? 'unknown' : 'rejected';
	return leavesOpen(status) ? 'unknown' : 'rejected';
}

/**
 * The client-error statuses that mean a refusal: those that are registered (RFC 9110 and its registry), without 408 and
 * 425, after which the request may have been carried out. Any other is a proxy's own, such as 460 and 499, with which
 * it gives up waiting, or 444, with which it closes the connection.
 */
const REFUSALS: ReadonlySet<number> = new Set([
	...[400, 401, 402, 403, 404, 405, 406, 407, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418],
	...[421, 422, 423, 424, 426, 428, 429, 431, 451],
]);

/**
 * Whether an HTTP status leaves open whether the request was carried out. A redirect does too: it can come after the
 * request had its effect.
 */
function leavesOpen(status: number): boolean {
	return !REFUSALS.has(status);
}

/**
 * Whether the same request may soon succeed: by the header that Sendblue's SDK honors, else by the SDK's rules (npm
 * `sendblue` 3.17.0, `shouldRetry`) and for every status that leaves the outcome open. The rules include 409, by which
 * Sendblue may say that it cannot tell at the moment whether a number has iMessage.
 */
function mayPass(response: SendblueResponse, code: string | undefined): boolean {
	const wish = headerOf(response, 'x-should-retry')?.trim().toLowerCase();
	if (wish === 'true' || wish === 'false') return wish === 'true';
	const { status } = response;
	if (isSuccess(status)) return isUncertainCode(code);
	return status === 409 || status === 429 || (status >= 400 && leavesOpen(status));
}

function hintFor(notSent: boolean, cancelled: boolean, mayHaveEffect: boolean): string {
	if (notSent) {
		return 'Check the network and the base URL, then try it again.';
	}
	if (mayHaveEffect) return CHECK_FIRST;
	return cancelled ? 'Start it again.' : 'Check the network, then try it again.';
}

function textOf(details: SendblueErrorDetails): string {
	const facts = [
		details.sendblueCode === undefined ? '' : `code ${details.sendblueCode}`,
		details.httpStatus === undefined ? '' : `HTTP ${details.httpStatus}`,
	].filter((fact) => fact !== '');
	const inParentheses = facts.length === 0 ? '' : ` (${facts.join(', ')})`;
	if (details.sendblueMessage === undefined) return `${details.explanation}${inParentheses}`;
	return `${details.explanation} Sendblue says: “${details.sendblueMessage}”${inParentheses}`;
}
