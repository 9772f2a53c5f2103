import {
	errorForStopped,
	errorForUnreadable,
	errorFromFailure,
	errorFromResponse,
	isSuccess,
	rethrow,
	SendblueApiError,
} from '../errors';
import { reportsRefusal } from '../messageState';
import { bodyOf, isRecord, listIn, readEnvelope } from './envelope';
import { classifyNetworkError, TransportFailure } from './networkErrors';
import {
	type Attempt,
	CHECK_LIMITS,
	retryAfterMs,
	type RetryLimits,
	SAFE_LIMITS,
	SEND_LIMITS,
	type Throttle,
	withRetries,
} from './retry';
import { type CallKind, type Clock, refuseIfCancelled, type ServerTime, type Timings } from './time';
import { requestUrl, type SendblueRequest, type SendblueResponse, type Transport } from './transport';

/** How one request is made. */
export interface CallRule {
	kind: CallKind;
	/**
	 * What a success returns; anything else is half an answer. `data` is an object or a list; `list` is a list of entries,
	 * however it is wrapped.
	 */
	expects: 'object' | 'data' | 'list' | 'anything';
	/** Whether a 2xx body may say that the request was refused; false if it tells of a message's state. */
	bodyMayRefuse: boolean;
	/** False if whoever asks goes on without the answer: it is asked for less patiently. */
	needed?: boolean;
	/** Other limits than those of the kind. */
	limits?: RetryLimits;
}

/**
 * Makes one request, with repeats as its rule allows; returns the body of the 2xx answer.
 *
 * @throws {SendblueApiError}
 */
export type Call = (request: SendblueRequest, rule: CallRule) => Promise<unknown>;

/** What calls are made with. */
export interface CallContext {
	transport: Transport;
	/** Without a trailing slash. */
	baseUrl: string;
	clock: Clock;
	random(): number;
	throttle: Throttle;
	serverTime: ServerTime;
	timings: Timings;
	signal?: AbortSignal;
	/** Takes the account's keys out of an answer, in which the server may have repeated them. */
	blank(answer: unknown): unknown;
}

/** The slowest uplink that a file is still waited for, in bytes per second: half a megabit. */
const SLOWEST_UPLINK = 64_000;

/** Builds the one function through which all requests go. */
export function createCall(context: CallContext): Call {
	return async (request, rule) => {
		const { clock, random, throttle, timings, signal } = context;
		const timeoutMs = rule.needed === false ? timings.checkTimeout : timings.timeout[rule.kind];
		// The answer to a send tells whether somebody has the message.
		const grace = rule.kind === 'send' ? { stopGraceMs: timings.stopGrace } : {};
		const timed = { timeoutMs: timeoutMs + (1_000 * (request.formBytes ?? 0)) / SLOWEST_UPLINK, ...grace, ...request };
		const safe = rule.kind === 'read' || rule.kind === 'upload';
		const limits = rule.limits ?? limitsOf(rule, safe);
		const run = { clock, random, throttle, kind: rule.kind, limits, timings, signal };
		try {
			return await withRetries(async () => await attemptOf(timed, rule, safe, context), run);
		} catch (error) {
			// A stop between attempts is told as such; at that moment no request is under way.
			return rethrow(error instanceof TransportFailure ? errorForStopped() : error);
		}
	};
}

function limitsOf(rule: CallRule, safe: boolean): RetryLimits {
	if (rule.needed === false) return CHECK_LIMITS;
	return safe ? SAFE_LIMITS : SEND_LIMITS;
}

async function attemptOf(
	request: SendblueRequest,
	rule: CallRule,
	safe: boolean,
	context: CallContext,
): Promise<Attempt<unknown>> {
	refuseIfCancelled(context.signal);
	const startedAt = context.clock.now();
	let response: SendblueResponse;
	try {
		response = readable(await context.transport(request, requestUrl(context.baseUrl, request)), context);
	} catch (error) {
		const failure = classifyNetworkError(error);
		return { error: errorFromFailure(failure, !safe), repeat: mayRepeat(failure, safe) };
	}
	const now = context.clock.now();
	context.serverTime.observe(response, startedAt, now);
	if (isSuccess(response.status)) return judgeSuccess(response, request, rule, safe);

	const error = errorFromResponse(response, request, rule.kind === 'write');
	if (response.status === 429) {
		// A message is looked up before it is sent again, so its sender repeats it.
		const repeat = rule.kind !== 'send' && error.mayPass;
		const afterMs = retryAfterMs(response, now);
		return { error: new SendblueApiError({ ...error, retryAfterMs: afterMs }), repeat, throttled: { afterMs } };
	}
	return { error, repeat: safe && error.mayPass };
}

/** The answer as data, without the account's keys: they are taken out before anything is read, shortened or passed on. */
function readable(response: SendblueResponse, { blank }: CallContext): SendblueResponse {
	return { ...response, body: blank(bodyOf(response)) };
}

function judgeSuccess(
	response: SendblueResponse,
	request: SendblueRequest,
	rule: CallRule,
	safe: boolean,
): Attempt<unknown> {
	const { body } = response;
	if (!isWhole(response, body, rule)) return { error: errorForUnreadable(response, !safe), repeat: safe };
	if (rule.bodyMayRefuse && reportsRefusal(body)) {
		const error = errorFromResponse(response, request, rule.kind === 'write');
		return { error, repeat: safe && error.mayPass };
	}
	return { value: body };
}

/** Statuses of answers that are not there yet, or not whole. */
const NOT_ALL: ReadonlySet<number> = new Set([202, 206]);

function isWhole(response: SendblueResponse, body: unknown, { expects }: CallRule): boolean {
	switch (expects) {
		case 'anything':
			return typeof body !== 'string' || !isBroken(response, body);
		case 'object':
			return isRecord(body);
		case 'data':
			return isRecord(body) || Array.isArray(body);
		case 'list':
			return !NOT_ALL.has(response.status) && (listIn(body) !== undefined || reportsRefusal(body));
	}
}

/** Whether a text is the page of somebody in between, or JSON that is not whole. */
function isBroken(response: SendblueResponse, body: string): boolean {
	return readEnvelope(response).isPage || /^\s*[<{[]/.test(body);
}

function mayRepeat(failure: TransportFailure, safe: boolean): boolean {
	return failure.kind === 'notSent' || (safe && failure.kind === 'unknown');
}

/** A read that returns an object or a list. */
export const READ: CallRule = { kind: 'read', expects: 'data', bodyMayRefuse: true };

/** A read of a list: an answer without one says nothing about what there is. */
export const READ_LIST: CallRule = { ...READ, expects: 'list' };

/** A read that whoever asks can do without. */
export const CHECK: CallRule = { ...READ, needed: false };

/** A read of a message, whose `status` and `error_code` are the message's own. */
export const READ_MESSAGE: CallRule = { kind: 'read', expects: 'object', bodyMayRefuse: false };

/** A file on its way up. */
export const UPLOAD: CallRule = { kind: 'upload', expects: 'object', bodyMayRefuse: true };

/** A message to people; what its answer says about it, `verdictOf` judges. */
export const SEND: CallRule = { kind: 'send', expects: 'object', bodyMayRefuse: false };

/** A change of any other kind; some of these answer with nothing. */
export const WRITE: CallRule = { kind: 'write', expects: 'anything', bodyMayRefuse: true };
