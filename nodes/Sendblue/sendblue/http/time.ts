/** Time: the injected clock, time limits, and the server's clock. */
import { rethrow } from '../errors';
import { TransportFailure } from './networkErrors';
import { headerOf, type SendblueResponse } from './transport';

/** The injected clock, with which tests run in virtual time. */
export interface Clock {
	/** Resolves after `ms` milliseconds; may reject when the execution is stopped. */
	sleep(ms: number): Promise<void>;
	/** Milliseconds since 1970, as `Date.now()`. */
	now(): number;
}

/**
 * Waits, or throws as soon as the signal is aborted.
 *
 * @param ms milliseconds; returns at once for 0 or less
 * @throws {TransportFailure} `cancelled`
 */
export async function sleepUnlessCancelled(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
	refuseIfCancelled(signal);
	if (ms <= 0) return;
	if (!signal) return await clock.sleep(ms);

	let onAbort: () => void = () => undefined;
	const aborted = new Promise<void>((resolve) => {
		onAbort = resolve;
		signal.addEventListener('abort', onAbort, { once: true });
	});
	// A sleep that rejects on abort ends the same way as one that ignores the signal.
	const slept = clock.sleep(ms).catch((error: unknown) => {
		if (!signal.aborted) rethrow(error);
	});
	try {
		await Promise.race([slept, aborted]);
	} finally {
		signal.removeEventListener('abort', onAbort);
	}
	refuseIfCancelled(signal);
}

/** @throws {TransportFailure} `cancelled` if the signal is aborted */
export function refuseIfCancelled(signal?: AbortSignal): void {
	if (signal?.aborted) throw new TransportFailure('cancelled', 'The execution was stopped.');
}

/**
 * The kinds of requests by their effect. Requests of one kind share the pauses after a 429.
 *
 * `read` and `upload` may be repeated freely: a second upload only makes another file. `send` and `write` reach people
 * or change the account, so they are repeated only if they certainly had no effect.
 */
export type CallKind = 'read' | 'upload' | 'send' | 'write';

/** Time limits and pauses, in milliseconds. */
export interface Timings {
	/** The default time limit of a request, by kind. */
	timeout: Readonly<Record<CallKind, number>>;
	/** The first pause before a repeat; doubled each time. */
	firstPause: number;
	/** The longest pause before a repeat. */
	longestPause: number;
	/**
	 * How long a message whose answer was lost is looked for. Also how long an accepted message may take to be listed,
	 * for *Avoid Duplicates*. docs/sending.md states it, too.
	 */
	lookUpFor: number;
	/**
	 * The shortest pause after a 429 before looking whether the message was accepted all the same. That is rare, and
	 * every true refusal costs this pause, so it is shorter than the look-up after a lost answer. docs/sending.md
	 * states it, too.
	 */
	refusalPause: number;
	/** The pause before the first look-up; doubled each time. */
	lookUpFirstPause: number;
	/** Time limit of one look-up. */
	lookUpTimeout: number;
	/** Time limit of a request whose answer is useful but not needed. */
	checkTimeout: number;
	/** How long the account's list of lines is cached. */
	linesKnownFor: number;
	/** How long to wait for the answer to a send after the execution was stopped. */
	stopGrace: number;
	/** The first pause between two reads of the states of messages; grows up to the longest. */
	deliveryFirstPause: number;
	/** The longest pause between two reads of the states of messages. */
	deliveryLongestPause: number;
}

/** The times used with Sendblue itself. Pauses begin as in Sendblue's SDK; the longest is twice the SDK's. */
export const DEFAULT_TIMINGS: Timings = {
	timeout: { read: 30_000, upload: 300_000, send: 60_000, write: 60_000 },
	firstPause: 500,
	longestPause: 16_000,
	lookUpFor: 30_000,
	refusalPause: 10_000,
	lookUpFirstPause: 500,
	lookUpTimeout: 10_000,
	checkTimeout: 10_000,
	linesKnownFor: 300_000,
	stopGrace: 5_000,
	deliveryFirstPause: 1_000,
	deliveryLongestPause: 10_000,
};

/** How far the server's clock is assumed to be off, at most, until an answer shows it, in milliseconds. */
const UNKNOWN_SKEW_MS = 120_000;

/** The tolerance after an answer, in milliseconds: a `date` header counts whole seconds, and an answer takes time. */
const KNOWN_SKEW_MS = 5_000;

/** The resolution of a `date` header, and perhaps of the dates of messages, in milliseconds. */
const SECOND_MS = 1_000;

/** The server's clock, learned from the `date` headers of its answers. */
export class ServerTime {
	/** Server time minus ours by the last answer, in milliseconds. */
	private offsetMs?: number;

	/** The smallest and largest difference that is consistent with all answers. */
	private bounds?: { least: number; most: number };

	/**
	 * Learns from the answer, received at `now`, to a request made at `startedAt` (both in milliseconds since 1970
	 * by our clock).
	 */
	observe(response: SendblueResponse, startedAt: number, now: number): void {
		const date = Date.parse(headerOf(response, 'date') ?? '');
		if (Number.isNaN(date)) return;
		this.offsetMs = date - now;
		const shown = { least: date - now, most: date + SECOND_MS - startedAt };
		const least = Math.max(shown.least, this.bounds?.least ?? shown.least);
		const most = Math.min(shown.most, this.bounds?.most ?? shown.most);
		// If no difference fits all answers, one of the clocks was set in the meantime: start over.
		this.bounds = least > most ? shown : { least, most };
	}

	/** The latest time of the server's clock that is certainly before `ours`, in milliseconds since 1970. */
	before(ours: number): number {
		if (this.offsetMs === undefined) return ours - UNKNOWN_SKEW_MS;
		return ours + this.offsetMs - KNOWN_SKEW_MS;
	}

	/**
	 * Whether a moment of the server's clock is within a period of ours, up to the known tolerance; all in milliseconds
	 * since 1970. False while the server's clock is unknown.
	 */
	isWithin(server: number, from: number, to: number): boolean {
		if (!this.bounds) return false;
		const { least, most } = this.bounds;
		return server >= from + least - SECOND_MS && server <= to + most + SECOND_MS;
	}
}
