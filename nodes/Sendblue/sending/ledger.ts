/** The most claimed handles remembered per account; the oldest are dropped first. */
const MAX_CLAIMED = 50_000;

/** The most accounts remembered; the least recently used is dropped first. */
const MAX_ACCOUNTS = 100;

/**
 * What the sends of one account know about each other in this process, so that no message counts for two sends.
 *
 * A *key* identifies sends that look the same in Sendblue's list: same line, recipient, media URL and text.
 */
class AccountLedger {
	private readonly claimed = new Set<string>();

	private readonly awaited = new Map<string, number>();

	/** See {@link SendLedger.claim}. */
	claim(handle: string): boolean {
		if (this.claimed.has(handle)) return false;
		this.claimed.add(handle);
		if (this.claimed.size > MAX_CLAIMED) this.claimed.delete(this.claimed.values().next().value as string);
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
	if (accountLedgers.size > MAX_ACCOUNTS) accountLedgers.delete(accountLedgers.keys().next().value as string);
	return ledger;
}

/** What the sends of one run of a node know about each other, and about all others of the account. */
export class SendLedger {
	private readonly tails = new Map<string, Promise<void>>();

	private readonly unresolved = new Map<string, number[]>();

	constructor(private readonly account = new AccountLedger()) {}

	/** Claims a message for one send; false if it is already claimed. */
	claim(handle: string): boolean {
		return this.account.claim(handle);
	}

	/** Whether a message is already claimed. */
	isClaimed(handle: string): boolean {
		return this.account.isClaimed(handle);
	}

	/** Remembers a send whose outcome remained unknown: its message may yet appear in the list. */
	leaveUnresolved(key: string, requestedAt: number): void {
		this.unresolved.set(key, [...this.unresolvedSince(key), requestedAt]);
	}

	/** Times of the sends of this key that remained unknown, in milliseconds since 1970. */
	unresolvedSince(key: string): readonly number[] {
		return this.unresolved.get(key) ?? [];
	}

	/** Notes that a send is waiting for its answer; returns a function to call when the wait is over. */
	await(key: string): () => void {
		return this.account.await(key);
	}

	/** Whether another send with the key is waiting for its answer: a listed message may be that of the other. */
	awaitsTwin(key: string): boolean {
		return this.account.awaitsTwin(key);
	}

	/** The number of keys with sends in progress; lets tests check that they end. */
	get keysAtWork(): number {
		return this.tails.size;
	}

	/**
	 * Runs sends of one key one at a time, look-up included: otherwise a look-up could mistake another send's
	 * message for its own.
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
