/** Caches the results of work by key, so that the same work is done once even if it is requested concurrently. */
export class PromiseCache<T> {
	private readonly entries = new Map<string, Promise<T>>();

	/** @param most how many entries are kept; the oldest is dropped first */
	constructor(private readonly most = Number.POSITIVE_INFINITY) {}

	/** Whether the work is done or under way. */
	has(key: string): boolean {
		return this.entries.has(key);
	}

	/** The result under `key`, from `create` if there is none yet. Work that fails is forgotten. */
	async get(key: string, create: () => Promise<T>): Promise<T> {
		const known = this.entries.get(key);
		if (known) return await known;
		const entry = create();
		this.entries.set(key, entry);
		if (this.entries.size > this.most) this.entries.delete(this.entries.keys().next().value as string);
		entry.catch(() => this.entries.delete(key));
		return await entry;
	}
}
