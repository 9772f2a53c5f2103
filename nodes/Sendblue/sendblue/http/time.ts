/** Time: the clock that tests can turn, how long things may take, and the server's clock. */
import { rethrow } from '../errors';
import { TransportFailure } from './networkErrors';
import { headerOf, type SendblueResponse } from './transport';

/** The clock that this room is given, so that tests run in virtual time. */
export interface Clock {
	/** Resolves after `ms` milliseconds; may reject when the execution is stopped. */
	sleep(ms: number): Promise<void>;
	/** Milliseconds since 1970, as `Date.now()`. */
	now(): number;
}

/**
 * Waits; throws as soon as the signal is aborted.
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
 * What a request does at Sendblue; requests of one kind share the pauses after a 429.
 *
 * `read` and `upload` may be repeated freely: a second upload is a second file that nobody is sent. `send` and `write`
 * reach people or change the account, so they are repeated only when they certainly did neither.
 */
export type CallKind = 'read' | 'upload' | 'send' | 'write';

/** Time limits and pauses, in milliseconds. */
export interface Timings {
	/** Time limit of a request that names none, by what it does. */
	timeout: Readonly<Record<CallKind, number>>;
	/** First pause before a repeat; doubled each time. */
	firstPause: number;
	/** Longest pause before a repeat. */
	longestPause: number;
	/**
	 * How long a message whose answer was lost is looked for. Also how long an accepted message may take to be listed,
	 * for *Avoid Duplicates*. docs/sending.md names it.
	 */
	lookUpFor: number;
	/**
	 * Least pause after a 429 before the look whether the message was taken all the same. A refusal that lies is rare,
	 * and one that does not costs this much, so it is shorter than the look-up of a lost answer. docs/sending.md names it.
	 */
	refusalPause: number;
	/** Pause before the first look-up; doubled each time. */
	lookUpFirstPause: number;
	/** Time limit of one look-up. */
	lookUpTimeout: number;
	/** Time limit of a question whose answer is useful but not needed. */
	checkTimeout: number;
	/** How long the account's lines count as known. */
	linesKnownFor: number;
	/** How long the answer to a send is waited for after the execution was stopped. */
	stopGrace: number;
	/** First pause between two looks at the states of messages; grows to the longest. */
	deliveryFirstPause: number;
	/** Longest pause between two looks at the states of messages. */
	deliveryLongestPause: number;
}

/** The times used with Sendblue itself. The first and longest pause are those of Sendblue's SDK, doubled once more. */
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

/** How far the server's clock may be from ours before an answer has shown it, in milliseconds. */
const UNKNOWN_SKEW_MS = 120_000;

/** How far it may be after that: a `date` header counts whole seconds, and an answer takes time; in milliseconds. */
const KNOWN_SKEW_MS = 5_000;

/** A `date` header counts whole seconds, and so may the dates of messages; in milliseconds. */
const SECOND_MS = 1_000;

/** The server's clock, learned from the `date` headers of its answers. */
export class ServerTime {
	/** Server time minus ours as the last answer shows it, in milliseconds. */
	private offsetMs?: number;

	/** The least and the most that this difference can be, by all answers that agree. */
	private bounds?: { least: number; most: number };

	/** Takes note of an answer to a request of `startedAt` that arrived at `now` (milliseconds since 1970, our clock). */
	observe(response: SendblueResponse, startedAt: number, now: number): void {
		const date = Date.parse(headerOf(response, 'date') ?? '');
		if (Number.isNaN(date)) return;
		this.offsetMs = date - now;
		const shown = { least: date - now, most: date + SECOND_MS - startedAt };
		const least = Math.max(shown.least, this.bounds?.least ?? shown.least);
		const most = Math.min(shown.most, this.bounds?.most ?? shown.most);
		// A clock that was set meanwhile.
		this.bounds = least > most ? shown : { least, most };
	}

	/** The latest time of the server's clock that is certainly before `ours`, in milliseconds since 1970. */
	before(ours: number): number {
		if (this.offsetMs === undefined) return ours - UNKNOWN_SKEW_MS;
		return ours + this.offsetMs - KNOWN_SKEW_MS;
	}

	/**
	 * Whether a moment of the server's clock lies within a time of ours, as closely as can be told; all in milliseconds
	 * since 1970. False while the server's clock is not known.
	 */
	isWithin(server: number, from: number, to: number): boolean {
		if (!this.bounds) return false;
		const { least, most } = this.bounds;
		return server >= from + least - SECOND_MS && server <= to + most + SECOND_MS;
	}
}
