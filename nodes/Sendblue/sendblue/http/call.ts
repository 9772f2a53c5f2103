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
import { bodyOf, isRecord, readEnvelope } from './envelope';
import { listIn } from './lists';
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

/** The rules for one request. */
export interface CallRule {
	kind: CallKind;
	/**
	 * The shape of a successful answer; anything else counts as incomplete. `data` is an object or a list; `list` is a
	 * list of entries in any envelope.
	 */
	expects: 'object' | 'data' | 'list' | 'anything';
	/** Whether a 2xx body can be a refusal; false if its `status` is a message's own. */
	bodyMayRefuse: boolean;
	/** False if the caller can do without the answer: then there are fewer attempts and less time. */
	needed?: boolean;
	/** Replaces the default limits of the kind. */
	limits?: RetryLimits;
}

/**
 * Makes one request, with repeats as its rule allows; returns the body of the 2xx answer.
 *
 * @throws {SendblueApiError}
 */
export type Call = (request: SendblueRequest, rule: CallRule) => Promise<unknown>;

/** The services and settings that calls use. */
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
	/** Removes the account's keys from an answer, in case the server repeats them. */
	blank(answer: unknown): unknown;
}

/** The slowest uplink that an upload is given time for, in bytes per second: half a megabit per second. */
const SLOWEST_UPLINK = 64_000;

/** Builds the function that makes all requests. */
export function createCall(context: CallContext): Call {
	return async (request, rule) => {
		const { clock, random, throttle, timings, signal } = context;
		const timeoutMs = rule.needed === false ? timings.checkTimeout : timings.timeout[rule.kind];
		// A send gets extra time for its answer, the only proof of whether it went out.
		const grace = rule.kind === 'send' ? { stopGraceMs: timings.stopGrace } : {};
		const timed = { timeoutMs: timeoutMs + (1_000 * (request.formBytes ?? 0)) / SLOWEST_UPLINK, ...grace, ...request };
		const safe = rule.kind === 'read' || rule.kind === 'upload';
		const limits = rule.limits ?? limitsOf(rule, safe);
		const run = { clock, random, throttle, kind: rule.kind, limits, timings, signal };
		try {
			return await withRetries(async () => await attemptOf(timed, rule, safe, context), run);
		} catch (error) {
			// A `TransportFailure` here is a stop between attempts, when no request was under way.
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
		// A send is not repeated here: `sending/` first looks the message up.
		const repeat = rule.kind !== 'send' && error.mayPass;
		const afterMs = retryAfterMs(response, now);
		return { error: new SendblueApiError({ ...error, retryAfterMs: afterMs }), repeat, throttled: { afterMs } };
	}
	return { error, repeat: safe && error.mayPass };
}

/**
 * The answer as data, without the account's keys, which are removed before anything is read, shortened or passed on.
 */
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

/** Statuses of answers that are pending, partial, or good in parts. */
const NOT_ALL: ReadonlySet<number> = new Set([202, 206, 207]);

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

/** Whether a text is a proxy's page or truncated JSON. */
function isBroken(response: SendblueResponse, body: string): boolean {
	return readEnvelope(response).isPage || /^\s*[<{[]/.test(body);
}

function mayRepeat(failure: TransportFailure, safe: boolean): boolean {
	return failure.kind === 'notSent' || (safe && failure.kind === 'unknown');
}

/** A read that returns an object or a list. */
export const READ: CallRule = { kind: 'read', expects: 'data', bodyMayRefuse: true };

/** A read of a list: an answer without a list proves nothing and is an error. */
export const READ_LIST: CallRule = { ...READ, expects: 'list' };

/** A read that the caller can do without. */
export const CHECK: CallRule = { ...READ, needed: false };

/** A read of a message, whose `status` and `error_code` are the message's own. */
export const READ_MESSAGE: CallRule = { kind: 'read', expects: 'object', bodyMayRefuse: false };

/** A file upload. */
export const UPLOAD: CallRule = { kind: 'upload', expects: 'object', bodyMayRefuse: true };

/** A message to people; `verdictOf` judges its answer. */
export const SEND: CallRule = { kind: 'send', expects: 'object', bodyMayRefuse: false };

/** Any other change; some answers are empty. */
export const WRITE: CallRule = { kind: 'write', expects: 'anything', bodyMayRefuse: true };
