import { rethrow, SendblueApiError } from '../sendblue/errors';
import { withoutQuery } from '../sendblue/urls';
import type { SendLedger } from './ledger';
import { recipientOf, type SendBody } from './sameMessage';

/** How long a node's sends are remembered after its last try, in milliseconds; n8n retries within 5 s. */
const REMEMBERED_FOR_MS = 15 * 60_000;

/** The most sends remembered for idle nodes, besides those of the node that was used last. */
const MAX_REMEMBERED = 20_000;

/** The outcome of an item that must not be sent again. */
export type RememberedSend =
	| { outcome: 'sent'; result: unknown }
	/** It may have gone out. */
	| { outcome: 'unknown'; error: SendblueApiError };

/**
 * What one node sent in one run within an execution. n8n's *Retry On Fail* runs all items again; messages that went out
 * before are returned, not sent again.
 */
export class SentMemory {
	/** What the sends of all tries know about each other; created with the first send. */
	ledger?: SendLedger;

	/** Outcomes by the key of an item, see {@link ItemMemory}. */
	readonly sends = new Map<string, RememberedSend>();

	/** The number of tries in progress. */
	atWork = 0;

	/** When a try last ended, in milliseconds since 1970. */
	lastUsed = 0;
}

/** Memories by execution, node and run. */
const memories = new Map<string, SentMemory>();

/**
 * The memory of a node's run, the same for all its tries. It is dropped when the execution ends or, if that is not
 * reported, some time after its last use.
 *
 * @param scope identifies the run; undefined if executions cannot be told apart, so that nothing is remembered
 * @param onFinish registers a function to be called when the execution ends
 */
export function sentMemory(scope: string | undefined, onFinish?: (forget: () => void) => void): SentMemory {
	forgetOldRuns(Date.now());
	if (scope === undefined) return new SentMemory();

	const known = memories.get(scope);
	const memory = known ?? new SentMemory();
	memory.lastUsed = Date.now();
	// Moved to the end, so that the least recently used is dropped first.
	memories.delete(scope);
	memories.set(scope, memory);
	if (!known) onFinish?.(() => memories.delete(scope));
	return memory;
}

/** The number of memories; lets tests check that they are dropped. */
export function heldMemories(): number {
	return memories.size;
}

function forgetOldRuns(now: number): void {
	const idle = [...memories].filter(([, memory]) => memory.atWork === 0);
	let remembered = idle.reduce((sum, [, memory]) => sum + memory.sends.size, 0);
	const last = idle.at(-1)?.[1];
	for (const [scope, memory] of idle) {
		const isOld = now - memory.lastUsed > REMEMBERED_FOR_MS;
		const isTooMany = remembered > MAX_REMEMBERED && memory !== last;
		if (!isOld && !isTooMany) continue;
		memories.delete(scope);
		remembered -= memory.sends.size;
	}
}

/** What is remembered about one item from try to try. */
export class ItemMemory {
	private constructor(
		private readonly memory: SentMemory,
		/** The key of the item within its memory. */
		private readonly key: string,
		private readonly keepsSent: boolean,
	) {}

	/**
	 * The memory of an item of a run, by its index: it is the same item even if its expressions return something else
	 * on the next try.
	 */
	static ofItem(memory: SentMemory, itemIndex: number): ItemMemory {
		return new ItemMemory(memory, `item ${itemIndex}`, true);
	}

	/**
	 * The memory of a call by an AI agent, whose retries look like new calls. So a message that was sent does not block
	 * another call, but one that may have gone out does: the same text and file to the same person, even if the query
	 * of the file's address differs, as it does each time an address is signed.
	 */
	static ofToolCall(memory: SentMemory, { from_number, content, ...draft }: SendBody, file: string): ItemMemory {
		const parts = [from_number, recipientOf({ from_number, ...draft }), content, withoutQuery(file)];
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

	/** Whether it is unknown whether the item went out. */
	get isUnknown(): boolean {
		return this.memory.sends.get(this.key)?.outcome === 'unknown';
	}

	/** Runs the send and remembers an unknown outcome. */
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
