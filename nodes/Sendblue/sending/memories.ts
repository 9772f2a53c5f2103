import { rethrow, SendblueApiError } from '../sendblue/errors';
import type { SendLedger } from './ledger';
import { recipientOf, type SendBody } from './sameMessage';

/** How long a node's sends are remembered after it was last at work, in milliseconds; n8n retries within 5 s. */
const REMEMBERED_FOR_MS = 15 * 60_000;

/** How many sends of nodes that are not at work are remembered, besides those of the node that worked last. */
const MOST_REMEMBERED = 20_000;

/** What became of an item that must not be sent again. */
export type RememberedSend =
	| { outcome: 'sent'; result: unknown }
	/** It may have gone out. */
	| { outcome: 'unknown'; error: SendblueApiError };

/**
 * What one node sent in one of its runs within an execution. n8n's *Retry On Fail* runs all items again; what went out
 * before is then returned rather than sent.
 */
export class SentMemory {
	/** What the sends of all tries know of each other; made with the first send. */
	ledger?: SendLedger;

	/** By what tells an item from the others, see {@link ItemMemory}. */
	readonly sends = new Map<string, RememberedSend>();

	/** Tries under way. */
	atWork = 0;

	/** When a try last ended, in milliseconds since 1970. */
	lastUsed = 0;
}

/** Memories by execution, node and run. */
const memories = new Map<string, SentMemory>();

/**
 * The memory of a node's run, the same for all its tries. It is given up when the execution ends, if that is told,
 * and otherwise some time after its last use.
 *
 * @param scope what tells the run from all others; undefined if executions could be taken for one another, so that
 * nothing is remembered
 * @param onFinish has its argument called when the execution ends
 */
export function sentMemory(scope: string | undefined, onFinish?: (forget: () => void) => void): SentMemory {
	forgetOldRuns(Date.now());
	if (scope === undefined) return new SentMemory();

	const known = memories.get(scope);
	const memory = known ?? new SentMemory();
	memory.lastUsed = Date.now();
	// Moved to the end: the one used last is the last to be forgotten.
	memories.delete(scope);
	memories.set(scope, memory);
	if (!known) onFinish?.(() => memories.delete(scope));
	return memory;
}

/** How many memories are held; for tests of their end. */
export function heldMemories(): number {
	return memories.size;
}

function forgetOldRuns(now: number): void {
	const idle = [...memories].filter(([, memory]) => memory.atWork === 0);
	let remembered = idle.reduce((sum, [, memory]) => sum + memory.sends.size, 0);
	const last = idle.at(-1)?.[1];
	for (const [scope, memory] of idle) {
		const isOld = now - memory.lastUsed > REMEMBERED_FOR_MS;
		const isTooMany = remembered > MOST_REMEMBERED && memory !== last;
		if (!isOld && !isTooMany) continue;
		memories.delete(scope);
		remembered -= memory.sends.size;
	}
}

/** What is remembered of one item from try to try. */
export class ItemMemory {
	private constructor(
		private readonly memory: SentMemory,
		/** What tells the item from others of the same memory. */
		private readonly key: string,
		private readonly keepsSent: boolean,
	) {}

	/** The memory of an item of a run: whatever the expressions return the next time, it is the same item. */
	static ofItem(memory: SentMemory, itemIndex: number): ItemMemory {
		return new ItemMemory(memory, `item ${itemIndex}`, true);
	}

	/**
	 * The memory of a call by an AI agent, whose tries cannot be told from its further calls. So what was sent is not
	 * held against a further call, but what may have gone out is: the same text and file to the same person, even if
	 * the address of the file has another query, as signed ones do.
	 */
	static ofToolCall(memory: SentMemory, { from_number, content, ...draft }: SendBody, file: string): ItemMemory {
		const parts = [from_number, recipientOf({ from_number, ...draft }), content, file.split(/[?#]/)[0]];
		return new ItemMemory(memory, JSON.stringify(parts), false);
	}

	/**
	 * What an earlier try sent.
	 *
	 * @returns undefined if the item may be sent
	 * @throws {SendblueApiError} the same `unknown` as before, if it may have gone out
	 */
	recall<T extends object>(): T | undefined {
		this.refuseUnknown();
		const known = this.memory.sends.get(this.key);
		return known?.outcome === 'sent' ? (known.result as T) : undefined;
	}

	/** @throws {SendblueApiError} the same `unknown` as before, if the item may have gone out */
	refuseUnknown(): void {
		const known = this.memory.sends.get(this.key);
		if (known?.outcome === 'unknown') throw known.error;
	}

	/** Remembers that the item was sent, for the next try. */
	keep(result: object): void {
		if (this.keepsSent) this.memory.sends.set(this.key, { outcome: 'sent', result });
	}

	/** Whether the item may have gone out, and nobody knows. */
	get isUnknown(): boolean {
		return this.memory.sends.get(this.key)?.outcome === 'unknown';
	}

	/** Carries out the send itself and remembers an unknown outcome. */
	async guard<T>(send: () => Promise<T>): Promise<T> {
		try {
			return await send();
		} catch (error) {
			if (error instanceof SendblueApiError && error.outcome === 'unknown') {
				this.memory.sends.set(this.key, { outcome: 'unknown', error });
			}
			return rethrow(error);
		}
	}
}
