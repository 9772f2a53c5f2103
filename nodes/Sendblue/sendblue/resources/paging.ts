/** One page of a list. */
export interface Page<Entry> {
	entries: Entry[];
	/** Whether the server has more than this page. */
	hasMore: boolean;
}

/** How a list is read. */
export interface PagingOptions<Entry> {
	/** How many entries are wanted; all where it is left out. */
	limit?: number;
	/** Most entries per request. */
	pageSize: number;
	/** Equal for entries that are the same one; lists that grow while they are read repeat entries. */
	keyOf(entry: Entry): string | undefined;
	/** Reads one page. */
	readPage(page: { limit: number; offset: number }): Promise<Page<Entry>>;
}

/** Reads a list page by page, until there are as many entries as are wanted or no more. */
export async function readPages<Entry>(options: PagingOptions<Entry>): Promise<Entry[]> {
	const { limit: wanted = Number.POSITIVE_INFINITY, pageSize, keyOf, readPage } = options;
	const found: Entry[] = [];
	const known = new Set<string>();
	let offset = 0;
	while (found.length < wanted) {
		const { entries, hasMore } = await readPage({ limit: Math.min(pageSize, wanted - found.length), offset });
		for (const entry of entries) {
			const key = keyOf(entry);
			if (key !== undefined && known.has(key)) continue;
			if (key !== undefined) known.add(key);
			found.push(entry);
		}
		offset += entries.length;
		if (!hasMore || entries.length === 0) break;
	}
	return found;
}
