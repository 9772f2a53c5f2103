/**
 * What the sends of one execution know of each other, so that one message is never taken for two.
 *
 * A *key* stands for sends that look the same in Sendblue's list: same line, recipient, media URL and text.
 */
export class SendLedger {
	private readonly claimed = new Set<string>();

	private readonly unresolved = new Map<string, number[]>();

	private readonly tails = new Map<string, Promise<void>>();

	/** Marks a message as belonging to one send; false where it belongs to one already. */
	claim(handle: string): boolean {
		if (this.claimed.has(handle)) return false;
		this.claimed.add(handle);
		return true;
	}

	/** Whether a message belongs to a send already. */
	isClaimed(handle: string): boolean {
		return this.claimed.has(handle);
	}

	/** Remembers a send whose outcome stayed unknown: its message may still turn up. */
	leaveUnresolved(key: string, requestedAt: number): void {
		this.unresolved.set(key, [...this.unresolvedSince(key), requestedAt]);
	}

	/** Times of the sends of this key that stayed unknown, in milliseconds since 1970. */
	unresolvedSince(key: string): readonly number[] {
		return this.unresolved.get(key) ?? [];
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
