/** Concurrency: giving the thread back, and limiting how much runs at once. */

/**
 * Lets n8n do its other work (timers, sockets, other executions) and resolves in a later turn of the event loop. It
 * posts a message to itself: a timer of 0 ms takes at least a millisecond, and much longer on a busy machine.
 */
export async function pause(): Promise<void> {
	const { port1, port2 } = new MessageChannel();
	await new Promise<void>((resolve) => {
		port1.once('message', () => resolve());
		port2.postMessage(undefined);
	});
	// An open port would keep the process alive.
	port1.close();
}

/** Lets at most a fixed number of tasks run at once; tasks that wait are served first come, first served. */
export class Limiter {
	private free: number;

	private readonly waiting: Array<() => void> = [];

	/** @param slots How many tasks may run at once, at least 1. */
	constructor(slots: number) {
		this.free = slots;
	}

	/** How many tasks wait for a slot. */
	get length(): number {
		return this.waiting.length;
	}

	/** Waits for a slot and returns a function that gives it back; calling that again does nothing. */
	async acquire(): Promise<() => void> {
		if (this.free > 0) this.free -= 1;
		else await new Promise<void>((resolve) => this.waiting.push(resolve));
		let held = true;
		return () => {
			if (!held) return;
			held = false;
			const next = this.waiting.shift();
			if (next) next();
			else this.free += 1;
		};
	}

	/** Runs a task in a slot of its own. */
	async run<T>(task: () => Promise<T>): Promise<T> {
		const release = await this.acquire();
		try {
			return await task();
		} finally {
			release();
		}
	}
}

/** How many items are worked on at once. Most of an item's time is spent waiting for the network. */
const ITEMS_IN_FLIGHT = 16;

/** What became of one item. */
export type ItemOutcome<T> =
	| { kind: 'done'; value: T }
	| { kind: 'failed'; error: unknown }
	/** Not started, or stopped at a checkpoint, because an earlier item failed or the execution was cancelled. */
	| { kind: 'stopped' };

/** How `runItems` behaves. */
export interface RunItemsOptions {
	/** How many items are worked on at once; 16 by default. */
	inFlight?: number;
	/** Whether a failed item stops those after it. */
	stopAfterFailure: boolean;
	/** Stops all items at their next checkpoint. */
	signal?: AbortSignal;
}

/** Thrown by a checkpoint to abandon an item that must not go on; never leaves `runItems`. */
class ItemStopped extends Error {}

/**
 * Works on a limited number of items at a time, and returns their outcomes in the order of the items.
 *
 * Items start in order. After a failure (with `stopAfterFailure`) no further item starts, and items after the failed
 * one stop at their next checkpoint; an item past its last checkpoint runs to its end, and so does every item before
 * the failed one, as if the items had run one by one.
 *
 * @param work gets the item's index; the checkpoint, to call before each step that costs something or cannot be undone;
 *   and a function to call as soon as the item is certain to fail, before anything that waited for it continues
 */
export async function runItems<T>(
	count: number,
	options: RunItemsOptions,
	work: (index: number, checkpoint: () => void, fails: () => void) => Promise<T>,
): Promise<Array<ItemOutcome<T>>> {
	const outcomes = Array.from({ length: count }, (): ItemOutcome<T> => ({ kind: 'stopped' }));
	let firstFailed = count;
	let next = 0;

	const mustStop = (index: number): boolean =>
		options.signal?.aborted === true || (options.stopAfterFailure && index > firstFailed);

	const runOne = async (index: number): Promise<ItemOutcome<T>> => {
		const checkpoint = (): void => {
			if (mustStop(index)) throw new ItemStopped();
		};
		const fails = (): void => {
			firstFailed = Math.min(firstFailed, index);
		};
		try {
			return { kind: 'done', value: await work(index, checkpoint, fails) };
		} catch (error) {
			if (error instanceof ItemStopped) return { kind: 'stopped' };
			fails();
			return { kind: 'failed', error };
		}
	};

	const runNextItems = async (): Promise<void> => {
		while (next < count && !mustStop(next)) {
			const index = next++;
			outcomes[index] = await runOne(index);
		}
	};

	const workers = Math.min(options.inFlight ?? ITEMS_IN_FLIGHT, count);
	await Promise.all(Array.from({ length: workers }, runNextItems));
	return outcomes;
}
