import type { IExecuteFunctions } from 'n8n-workflow';

import { isToolExecution } from '../../n8n/toolExecution';
import { SendLedger } from '../../sendblue/sendLedger';
import type { SendblueApiError } from '../../sendblue/errors';

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
	/** Shared by the clients of all tries. */
	readonly ledger = new SendLedger();

	/** By item, recipient and content. */
	readonly sends = new Map<string, RememberedSend>();

	/** Tries under way. */
	atWork = 0;

	/** When a try last ended, in milliseconds since 1970. */
	lastUsed = 0;
}

/** Memories by execution, node and run. */
const memories = new Map<string, SentMemory>();

/**
 * The memory of the node's present run, the same for all tries; of all its runs where an AI agent calls it, since n8n
 * counts each try of a tool as a run of its own. It is given up when the execution ends, where n8n tells
 * so, and otherwise some time after its last use.
 */
export function sentMemory(context: IExecuteFunctions): SentMemory {
	forgetOld(Date.now());
	const executionId = context.getExecutionId();
	// Without an ID, executions could be taken for one another.
	if (!executionId) return new SentMemory();

	const run = isToolExecution(context) ? 'tool' : context.getWorkflowDataProxy(0).$runIndex;
	const scope = JSON.stringify([executionId, context.getNode().id, run]);
	const known = memories.get(scope);
	const memory = known ?? new SentMemory();
	memory.lastUsed = Date.now();
	// Moved to the end: the one used last is the last to be forgotten.
	memories.delete(scope);
	memories.set(scope, memory);
	if (!known) context.onExecutionFinish?.(() => memories.delete(scope));
	return memory;
}

/** How many memories are held; for tests of their end. */
export function heldMemories(): number {
	return memories.size;
}

function forgetOld(now: number): void {
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
