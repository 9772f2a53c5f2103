/** One page of a list, as the server gave it. */
export interface Page<Entry> {
	entries: Entry[];
	/** How many entries came, readable or not; as many as `entries` if it is left out. */
	received?: number;
	/** Whether the server says that there is more than this page; undefined if it says nothing. */
	hasMore?: boolean;
	/** How many entries there are in all, as the server says. */
	total?: number;
	/** How many entries the server puts on a page, as it says. */
	pageSize?: number;
}

/** How a list is read. */
export interface PagingOptions<Entry> {
	/** How many entries are wanted; all if it is left out. */
	limit?: number;
	/** Most entries per request. */
	pageSize: number;
	/** Equal for entries that are the same one; lists that grow while they are read repeat entries. */
	keyOf(entry: Entry): string | undefined;
	/** Reads one page. */
	readPage(page: { limit: number; offset: number }): Promise<Page<Entry>>;
}

/** How many entries Sendblue puts on a page if it is not told, or ignores what it is told. */
const USUAL_PAGE_SIZE = 50;

/** Reads a list page by page, until there are as many entries as are wanted or no more. */
export async function readPages<Entry>(options: PagingOptions<Entry>): Promise<Entry[]> {
	const { limit: wanted = Number.POSITIVE_INFINITY, pageSize, keyOf, readPage } = options;
	const found: Entry[] = [];
	const known = new Set<string>();
	let offset = 0;
	while (found.length < wanted) {
		const request = { limit: Math.min(pageSize, wanted - found.length), offset };
		const page = await readPage(request);
		for (const entry of page.entries) {
			const key = keyOf(entry);
			if (key !== undefined && known.has(key)) continue;
			if (key !== undefined) known.add(key);
			found.push(entry);
		}
		// The next page begins after what came, whatever was asked for.
		const received = page.received ?? page.entries.length;
		offset += received;
		if (!goesOn(received, page, request)) break;
	}
	return found;
}

/**
 * Whether a list has more than a page: by its total, else by what the server says, else if the page is full. A page
 * is full, too, with what the server or Sendblue usually puts on one, since not every server does as it is asked.
 *
 * @param received how many entries the page brought
 */
export function goesOn(
	received: number,
	{ hasMore, total, pageSize }: Pick<Page<unknown>, 'hasMore' | 'total' | 'pageSize'>,
	{ limit, offset }: { limit: number; offset: number },
): boolean {
	if (received === 0) return false;
	if (total !== undefined && total > offset + received) return true;
	if (hasMore !== undefined) return hasMore;
	if (total !== undefined) return false;
	return received >= Math.min(limit, pageSize ?? limit, USUAL_PAGE_SIZE);
}
