/**
 * What a request does at Sendblue; requests of one kind share the pauses after a 429.
 *
 * `read` and `upload` may be repeated freely: a second upload is a second file that nobody is sent. `send` and `write`
 * reach people or change the account, so they are repeated only when they certainly did neither.
 */
export type CallKind = 'read' | 'upload' | 'send' | 'write';

/** How long things may take and how long is waited between them, in milliseconds. */
export interface Timings {
	/** Longest exchange of a request that names none, by what it does. */
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
	/** Pause before the first look-up; doubled each time. */
	lookUpFirstPause: number;
	/** Longest exchange of one look-up. */
	lookUpTimeout: number;
	/** Longest exchange of a question whose answer is useful but not needed. */
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
	lookUpFirstPause: 500,
	lookUpTimeout: 10_000,
	checkTimeout: 10_000,
	linesKnownFor: 300_000,
	stopGrace: 5_000,
	deliveryFirstPause: 1_000,
	deliveryLongestPause: 10_000,
};
