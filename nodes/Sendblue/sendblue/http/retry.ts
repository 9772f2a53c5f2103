import { type Clock, sleepUnlessCancelled, type Timings } from './time';
import type { SendblueApiError } from '../errors';
import { headerOf, type SendblueResponse } from './transport';

/** The limits on attempts. */
export interface RetryLimits {
	/** The number of attempts, including the first. */
	attempts: number;
	/** No repeat is planned for later than this after the first attempt, in milliseconds. */
	totalMs: number;
}

/** For requests that may be repeated freely. */
export const SAFE_LIMITS: RetryLimits = { attempts: 5, totalMs: 120_000 };

/** For requests with an effect, which are repeated only if they certainly had none. */
export const SEND_LIMITS: RetryLimits = { attempts: 6, totalMs: 300_000 };

/** For requests whose answer is useful but not needed, so that the caller does not wait long. */
export const CHECK_LIMITS: RetryLimits = { attempts: 2, totalMs: 10_000 };

/** The result of one attempt. */
export type Attempt<T> =
	| { value: T }
	| {
			error: SendblueApiError;
			/** Whether the request may be tried again. */
			repeat: boolean;
			/**
			 * Set after a 429: all requests of this kind wait, for `afterMs` milliseconds if the server named a time.
			 */
			throttled?: { afterMs?: number };
	  };

/** The services and limits for a series of attempts. */
export interface RetryContext {
	clock: Clock;
	/** 0 … 1. */
	random(): number;
	throttle: Throttle;
	/** The kind of request; requests of one kind share pauses. */
	kind: string;
	limits: RetryLimits;
	timings: Pick<Timings, 'firstPause' | 'longestPause'>;
	signal?: AbortSignal;
}

/** Pauses that a 429 imposes on all requests of its kind. */
export class Throttle {
	private readonly pauses = new Map<string, { until: number; error: SendblueApiError }>();

	constructor(private readonly clock: Clock) {}

	/** Lets no request of this kind start for `ms` milliseconds; never shortens a pause. */
	pause(kind: string, ms: number, error: SendblueApiError): void {
		const until = this.clock.now() + ms;
		if (until > (this.pauses.get(kind)?.until ?? 0)) this.pauses.set(kind, { until, error });
	}

	/**
	 * Waits until no pause applies, even if one is extended in the meantime.
	 *
	 * @param longestMs the longest pause to wait for, in milliseconds
	 * @throws {SendblueApiError} the 429 that caused the pause, if it is longer than that
	 * @throws {TransportFailure} `cancelled` if the execution is stopped before
	 */
	async pass(kind: string, longestMs: number, signal?: AbortSignal): Promise<void> {
		for (;;) {
			const pause = this.pauses.get(kind);
			const wait = (pause?.until ?? 0) - this.clock.now();
			if (!pause || wait <= 0) return;
			if (wait > longestMs) throw pause.error;
			await sleepUnlessCancelled(this.clock, wait, signal);
		}
	}
}

/**
 * Repeats a request until it succeeds, may not be repeated, or the limits are reached.
 *
 * @throws {SendblueApiError} the last attempt's, or the 429 behind a pause that is too long to wait for
 * @throws {TransportFailure} `cancelled` if the execution was stopped between attempts
 */
export async function withRetries<T>(attempt: () => Promise<Attempt<T>>, context: RetryContext): Promise<T> {
	const { clock, throttle, kind, limits, timings, signal } = context;
	await throttle.pass(kind, limits.totalMs, signal);
	const startedAt = clock.now();
	for (let tried = 1; ; tried++) {
		const result = await attempt();
		if ('value' in result) return result.value;

		// A server may say "now" again and again; the pauses grow anyway.
		const pause = Math.max(result.throttled?.afterMs ?? 0, backOff(tried, context.random(), timings));
		if (result.throttled) throttle.pause(kind, pause, result.error);
		const tooLate = clock.now() - startedAt + pause > limits.totalMs;
		if (!result.repeat || tried >= limits.attempts || tooLate) throw result.error;

		await sleepUnlessCancelled(clock, pause, signal);
		await throttle.pass(kind, limits.totalMs, signal);
	}
}

/**
 * Milliseconds before the next attempt: doubled each time, half of it random, so that clients do not retry in step.
 *
 * @param tried the attempts so far, at least 1
 * @param chance a random number, 0 … 1
 */
export function backOff(tried: number, chance: number, { firstPause, longestPause }: RetryContext['timings']): number {
	const pause = Math.min(firstPause * 2 ** (tried - 1), longestPause);
	return pause / 2 + (pause / 2) * chance;
}

/**
 * The time a 429 or 503 asks to wait, in milliseconds; undefined if it names none, or an impossible one.
 *
 * Reads `retry-after-ms`, and `retry-after` as seconds or as a date (RFC 9110, 10.2.3). A date is measured against the
 * answer's own `date` if there is one, so that a wrong clock does no harm.
 *
 * @param now milliseconds since 1970 by our clock
 */
export function retryAfterMs(response: SendblueResponse, now: number): number | undefined {
	const milliseconds = headerOf(response, 'retry-after-ms')?.trim() ?? '';
	if (/^\d+(\.\d+)?$/.test(milliseconds)) return Number(milliseconds);

	const value = headerOf(response, 'retry-after')?.trim() ?? '';
	if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
	// `Date.parse` would read a bare number such as "-5" as a month.
	const date = /[a-z]/i.test(value) ? Date.parse(value) : Number.NaN;
	if (Number.isNaN(date)) return undefined;
	const reference = Date.parse(headerOf(response, 'date') ?? '');
	return Math.max(0, date - (Number.isNaN(reference) ? now : reference));
}
