import { errorForStopped } from '../sendblue/errors';
import { sleepUnlessCancelled, type Clock } from '../sendblue/http/clock';
import { DEFAULT_PER_SECOND } from '../sendblue/limits';

/** How a line's messages are spaced. */
export interface LinePacerOptions extends Clock {
	/** Aborted when the execution is stopped: nothing is run after that. */
	signal?: AbortSignal;
}

/** A place in a line's queue. It must be run or released, or the tickets behind it wait for ever. */
export interface Ticket {
	/**
	 * Waits for the earlier tickets of the line and for the spacing, then runs the task. The place is given up when the
	 * task is done, or when it calls `next` before (the next ticket may start while the task goes on).
	 *
	 * @throws {SendblueApiError} `notSent` where the execution was stopped before; also whatever the task throws
	 */
	run<T>(task: (next: () => void) => Promise<T>): Promise<T>;
	/** Gives the place up without running anything; harmless afterwards. */
	release(): void;
}

/** What is known of one line. */
interface Lane {
	/** Resolves when every ticket reserved so far is done. */
	tail: Promise<void>;
	/** When the last task started, in milliseconds since 1970. */
	lastStart: number;
}

/**
 * Keeps the messages of each line in order and apart from each other; lines do not wait for one another.
 *
 * Places are reserved in the order of the items, so that the order of messages does not depend on whose audio was
 * converted first.
 */
export class LinePacer {
	private readonly lanes = new Map<string, Lane>();

	constructor(private readonly options: LinePacerOptions) {}

	/**
	 * Takes the next place in a line's queue.
	 *
	 * @param perSecond messages per second on the line; 0 means no spacing from the message before
	 */
	reserve(line: string, perSecond = DEFAULT_PER_SECOND): Ticket {
		const lane = this.lanes.get(line) ?? { tail: Promise.resolve(), lastStart: Number.NEGATIVE_INFINITY };
		this.lanes.set(line, lane);

		const before = lane.tail;
		let release: () => void = () => undefined;
		const mine = new Promise<void>((resolve) => {
			release = resolve;
		});
		lane.tail = before.then(async () => await mine);
		return {
			release: () => release(),
			run: async (task) => {
				try {
					await before;
					await this.waitForSpacing(lane, perSecond);
					lane.lastStart = this.options.now();
					return await task(() => release());
				} finally {
					release();
				}
			},
		};
	}

	private async waitForSpacing(lane: Lane, perSecond: number): Promise<void> {
		const spacingMs = perSecond > 0 ? 1000 / perSecond : 0;
		const wait = lane.lastStart + spacingMs - this.options.now();
		try {
			await sleepUnlessCancelled(this.options, wait, this.options.signal);
		} catch {
			throw errorForStopped();
		}
	}
}
