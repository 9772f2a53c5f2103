import { errorForStopped } from '../sendblue/errors';
import { sleepUnlessCancelled, type Clock } from '../sendblue/http/time';
import { DEFAULT_PER_SECOND } from '../sendblue/limits';

/** The most lines remembered; idle ones that sent longest ago are dropped first. */
const MAX_LINES = 1_000;

/** A message that has waited longer than this many times its spacing goes first. */
const PATIENCE = 2;

/** A prepared message that waits for its line. */
interface Waiting {
	/** When it started to wait, in milliseconds since 1970. */
	since: number;
	/** Its distance from the message before, in milliseconds. */
	spacingMs: number;
}

/**
 * Spaces the messages of one line across all executions of this process. Each execution waits with one message at a
 * time, so that they take turns; see {@link LineSpacing.next} for which of the waiting messages goes next.
 */
class LineSpacing {
	/** When the last message was started, in milliseconds since 1970. */
	lastStart = Number.NEGATIVE_INFINITY;

	private readonly waiting: Waiting[] = [];

	/** Whether nothing waits. */
	get isIdle(): boolean {
		return this.waiting.length === 0;
	}

	/**
	 * Waits until a message may start.
	 *
	 * @throws {TransportFailure} `cancelled` if the execution is stopped before
	 */
	async turn(spacingMs: number, clock: Clock, signal?: AbortSignal): Promise<void> {
		const mine = { since: clock.now(), spacingMs };
		this.waiting.push(mine);
		try {
			for (;;) {
				const now = clock.now();
				const { next, at } = this.next(now, mine);
				if (next === mine && at <= now) {
					this.lastStart = now;
					return;
				}
				await sleepUnlessCancelled(clock, Math.max(1, at - now), signal);
			}
		} finally {
			this.waiting.splice(this.waiting.indexOf(mine), 1);
		}
	}

	/**
	 * The message that goes next, and when: the one whose spacing ends first, unless the oldest has waited too long.
	 */
	private next(now: number, mine: Waiting): { next: Waiting; at: number } {
		const oldest = this.waiting[0] ?? mine;
		const dueAt = ({ spacingMs }: Waiting): number => Math.max(now, this.lastStart + spacingMs);
		const isPassedBy = now - oldest.since > PATIENCE * oldest.spacingMs;
		const next = isPassedBy
			? oldest
			: this.waiting.reduce((first, one) => (dueAt(one) < dueAt(first) ? one : first), oldest);
		return { next, at: dueAt(next) };
	}
}

/** The lines used in this process, by account and number. */
const lineSpacings = new Map<string, LineSpacing>();

/** The spacing of an account's line in this process. */
export function lineSpacing(account: string, line: string): LineSpacing {
	const key = `${account} ${line}`;
	const spacing = lineSpacings.get(key) ?? new LineSpacing();
	// Moved to the end, so that the least recently used is dropped first.
	lineSpacings.delete(key);
	lineSpacings.set(key, spacing);
	for (const [known, { isIdle }] of lineSpacings) {
		if (lineSpacings.size <= MAX_LINES) break;
		if (isIdle) lineSpacings.delete(known);
	}
	return spacing;
}

/** How a line's messages are spaced. */
export interface LinePacerOptions extends Clock {
	/** Aborted when the execution is stopped: nothing is run after that. */
	signal?: AbortSignal;
	/** Called with the time that a prepared message waited for its line, in milliseconds. */
	onWaited?(line: string, ms: number): void;
}

/** A place in a line's queue. It must be run or released, or the tickets behind it wait forever. */
export interface Ticket {
	/**
	 * Waits for the earlier tickets of the line and for the spacing, then runs the task. The place is given up when the
	 * task is done, or earlier if it calls `next`, so that the next ticket starts while the task goes on.
	 *
	 * @param spacing the spacing of the line that all executions of the process share; by default, one for this pacer
	 * @throws {SendblueApiError} `notSent` if the execution was stopped before; also whatever the task throws
	 */
	run<T>(task: (next: () => void) => Promise<T>, spacing?: LineSpacing): Promise<T>;
	/** Gives the place up without running anything; does nothing if it was already given up. */
	release(): void;
}

/** One line's queue in one execution. */
interface Lane {
	/** Resolves when every ticket reserved so far is done. */
	tail: Promise<void>;
	/** Used if {@link Ticket.run} is given no spacing. */
	spacing: LineSpacing;
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
		const lane = this.lanes.get(line) ?? { tail: Promise.resolve(), spacing: new LineSpacing() };
		this.lanes.set(line, lane);

		const before = lane.tail;
		let release: () => void = () => undefined;
		const mine = new Promise<void>((resolve) => {
			release = resolve;
		});
		lane.tail = before.then(async () => await mine);
		return {
			release: () => release(),
			run: async (task, spacing = lane.spacing) => {
				try {
					await before;
					await this.waitFor(line, spacing, perSecond);
					return await task(() => release());
				} finally {
					release();
				}
			},
		};
	}

	private async waitFor(line: string, spacing: LineSpacing, perSecond: number): Promise<void> {
		const ready = this.options.now();
		try {
			await spacing.turn(perSecond > 0 ? 1000 / perSecond : 0, this.options, this.options.signal);
		} catch {
			throw errorForStopped();
		}
		this.options.onWaited?.(line, this.options.now() - ready);
	}
}
