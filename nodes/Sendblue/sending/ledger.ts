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
