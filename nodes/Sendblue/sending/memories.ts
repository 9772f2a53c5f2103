import { rethrow, SendblueApiError } from '../sendblue/errors';
import type { SendblueMessage } from '../sendblue/resources/messages';
import { recipientOf, type SendBody } from './sameMessage';

/** How many handles of an account are remembered as claimed; the oldest go first. */
const MOST_CLAIMED = 50_000;

/** How many accounts are remembered; the one used least lately goes first. */
const MOST_ACCOUNTS = 100;

/**
 * What the sends of one account know of each other within this process, so that one message is never taken for two.
 *
 * A *key* stands for sends that look the same in Sendblue's list: same line, recipient, media URL and text.
 */
class AccountLedger {
	private readonly claimed = new Set<string>();

	private readonly awaited = new Map<string, number>();

	/** See {@link SendLedger.claim}. */
	claim(handle: string): boolean {
		if (this.claimed.has(handle)) return false;
		this.claimed.add(handle);
		if (this.claimed.size > MOST_CLAIMED) this.claimed.delete(this.claimed.values().next().value as string);
		return true;
	}

	/** See {@link SendLedger.isClaimed}. */
	isClaimed(handle: string): boolean {
		return this.claimed.has(handle);
	}

	/** See {@link SendLedger.await}. */
	await(key: string): () => void {
		this.awaited.set(key, (this.awaited.get(key) ?? 0) + 1);
		return () => {
			const left = (this.awaited.get(key) ?? 0) - 1;
			if (left > 0) this.awaited.set(key, left);
			else this.awaited.delete(key);
		};
	}

	/** See {@link SendLedger.awaitsTwin}. */
	awaitsTwin(key: string): boolean {
		return this.awaited.has(key);
	}
}

const accountLedgers = new Map<string, AccountLedger>();

/** The ledger of an account in this process. */
export function accountLedger(account: string): AccountLedger {
	const ledger = accountLedgers.get(account) ?? new AccountLedger();
	accountLedgers.delete(account);
	accountLedgers.set(account, ledger);
	if (accountLedgers.size > MOST_ACCOUNTS) accountLedgers.delete(accountLedgers.keys().next().value as string);
	return ledger;
}

/** What the sends of one run of a node know of each other, and of all others of the account. */
export class SendLedger {
	private readonly tails = new Map<string, Promise<void>>();

	private readonly unresolved = new Map<string, number[]>();

	constructor(private readonly account = new AccountLedger()) {}

	/** Marks a message as belonging to one send; false if it belongs to one already. */
	claim(handle: string): boolean {
		return this.account.claim(handle);
	}

	/** Whether a message belongs to a send already. */
	isClaimed(handle: string): boolean {
		return this.account.isClaimed(handle);
	}

	/** Remembers a send whose outcome stayed unknown: its message may still turn up. */
	leaveUnresolved(key: string, requestedAt: number): void {
		this.unresolved.set(key, [...this.unresolvedSince(key), requestedAt]);
	}

	/** Times of the sends of this key that stayed unknown, in milliseconds since 1970. */
	unresolvedSince(key: string): readonly number[] {
		return this.unresolved.get(key) ?? [];
	}

	/** Notes that the answer to a send is waited for; returns what is to be called when it came, or did not. */
	await(key: string): () => void {
		return this.account.await(key);
	}

	/** Whether another send of the key waits for its answer: what is listed may be its message. */
	awaitsTwin(key: string): boolean {
		return this.account.awaitsTwin(key);
	}

	/** How many keys sends are under way for; for tests of their end. */
	get keysAtWork(): number {
		return this.tails.size;
	}

	/**
	 * Runs sends of one key one after the other, look-up included: while one is being looked up, a message of its twin
	 * could be mistaken for it.
	 */
	async oneAtATime<T>(key: string, run: () => Promise<T>): Promise<T> {
		const before = this.tails.get(key) ?? Promise.resolve();
		let open: () => void = () => undefined;
		const mine = new Promise<void>((resolve) => {
			open = resolve;
		});
		const tail = before.then(async () => await mine);
		this.tails.set(key, tail);
		await before;
		try {
			return await run();
		} finally {
			open();
			if (this.tails.get(key) === tail) this.tails.delete(key);
		}
	}
}

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

/** How long a send can matter to a look-up that was made before it, in milliseconds. */
const TAG_KEPT_FOR_MS = 60 * 60_000;

/** How many sends are kept; the oldest go first. */
const MOST_TAGS_KEPT = 5_000;

interface TaggedSend {
	/** The execution's own {@link SentByTag}. */
	owner: SentByTag;
	sending: Promise<SendblueMessage>;
	/** In milliseconds since 1970; missing while it is under way. */
	settledAt?: number;
}

/** Sends of this process by tag: executions that run at the same time do not see each other in Sendblue's list. */
const sends = new Map<string, TaggedSend>();

/** How a tagged message is sent. */
export interface TaggedSending {
	/** What stands for the message, each unique among all accounts: any of them makes it a duplicate. */
	tags: readonly string[];
	/** When Sendblue's list was asked for an earlier message, in milliseconds since 1970. */
	lookedUpAt: number;
	/** How long Sendblue may take to list a message it accepted, in milliseconds. */
	listedWithinMs: number;
	send(): Promise<SendblueMessage>;
	/** Whether Sendblue has refused a message since; it may then be sent again. */
	wasRefused(message: SendblueMessage): Promise<boolean>;
}

/** The tagged sends of one execution. */
export class SentByTag {
	/** Whether another item of the execution sent under one of the tags, or is about to. */
	has(tags: readonly string[]): boolean {
		return tags.some((tag) => sends.get(tag)?.owner === this);
	}

	/**
	 * Sends, or returns what another item, or an execution at the same time, sent under one of the tags.
	 *
	 * @throws {SendblueApiError} whatever the send threw; a message that surely did not go out may be tried again
	 */
	async once(sending: TaggedSending): Promise<{ message: SendblueMessage; isDuplicate: boolean }> {
		const { tags, send, wasRefused } = sending;
		const earlier = this.countedAmong(sending);
		if (earlier) {
			const message = await earlier.sending;
			if (earlier.owner === this || !(await wasRefused(message))) return { message, isDuplicate: true };
			for (const tag of tags) if (sends.get(tag) === earlier) sends.delete(tag);
			// While that was asked, yet another execution may have begun to send.
			return await this.once(sending);
		}
		return { message: await this.begin(tags, send()), isDuplicate: false };
	}

	/** An earlier send that the look-up could have missed. */
	private countedAmong({ tags, lookedUpAt, listedWithinMs }: TaggedSending): TaggedSend | undefined {
		return tags
			.map((tag) => sends.get(tag))
			.find(
				(earlier) =>
					earlier &&
					(earlier.owner === this ||
						earlier.settledAt === undefined ||
						earlier.settledAt > lookedUpAt - listedWithinMs),
			);
	}

	private async begin(tags: readonly string[], sending: Promise<SendblueMessage>): Promise<SendblueMessage> {
		const entry: TaggedSend = { owner: this, sending };
		forgetOldTags();
		for (const tag of tags) {
			sends.delete(tag);
			sends.set(tag, entry);
		}
		try {
			return await sending;
		} catch (error) {
			const mayHaveGoneOut = error instanceof SendblueApiError && error.outcome === 'unknown';
			for (const tag of tags) if (!mayHaveGoneOut && sends.get(tag) === entry) sends.delete(tag);
			return rethrow(error);
		} finally {
			entry.settledAt = Date.now();
		}
	}
}

/** Entries stand in the order in which they began. */
function forgetOldTags(): void {
	const now = Date.now();
	for (const [tag, { settledAt }] of sends) {
		const isOld = settledAt !== undefined && now - settledAt > TAG_KEPT_FOR_MS;
		if (!isOld && sends.size < MOST_TAGS_KEPT) return;
		sends.delete(tag);
	}
}
