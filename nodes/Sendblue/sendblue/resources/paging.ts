/** One page of a list, as the server gave it. */
export interface Page<Entry> {
	entries: Entry[];
	/** The number of entries received, readable or not; by default that of `entries`. */
	received?: number;
	/** Whether the server says that more pages follow; undefined if it says nothing. */
	hasMore?: boolean;
	/** The total number of entries, as the server claims. */
	total?: number;
	/** The number of entries per page, as the server claims. */
	pageSize?: number;
}

/** How a list is read. */
export interface PagingOptions<Entry> {
	/** The number of entries to return; all by default. */
	limit?: number;
	/** Most entries per request. */
	pageSize: number;
	/** Identifies an entry: lists that grow while they are read repeat entries. */
	keyOf(entry: Entry): string | undefined;
	/** Reads one page. */
	readPage(page: { limit: number; offset: number }): Promise<Page<Entry>>;
}

/** Sendblue's default page size, which it may use even if another is requested. */
export const USUAL_PAGE_SIZE = 50;

/** Reads a list page by page, until the limit is reached or the list ends. */
export async function readPages<Entry>(options: PagingOptions<Entry>): Promise<Entry[]> {
	const { limit: wanted = Number.POSITIVE_INFINITY, pageSize, keyOf, readPage } = options;
	const found: Entry[] = [];
	const known = new Set<string>();
	let offset = 0;
	while (found.length < wanted) {
		const request = { limit: Math.min(pageSize, wanted - found.length), offset };
		const page = await readPage(request);
		const before = found.length;
		for (const entry of page.entries) {
			const key = keyOf(entry);
			if (key !== undefined && known.has(key)) continue;
			if (key !== undefined) known.add(key);
			found.push(entry);
		}
		// Nothing new: the server ignores the offset, and would give the same page without end.
		if (found.length === before) break;
		// The next page begins after what was received, not after what was asked for.
		const received = page.received ?? page.entries.length;
		offset += received;
		if (!goesOn(received, page, request)) break;
	}
	// A server that ignores the limit sends more than was asked for.
	return found.slice(0, wanted);
}

/**
 * Whether more pages follow. They do if the total says so; otherwise `hasMore` decides if the server sends it. Without
 * it, more follow a full page. A page also counts as full at the server's own or the default page size, since not every
 * server honors the limit. A total smaller than the number of entries received is none: it may count pages.
 *
 * @param received the number of entries on the page
 */
export function goesOn(
	received: number,
	{ hasMore, total, pageSize }: Pick<Page<unknown>, 'hasMore' | 'total' | 'pageSize'>,
	{ limit, offset }: { limit: number; offset: number },
): boolean {
	if (received === 0) return false;
	const soFar = offset + received;
	if (total !== undefined && total > soFar) return true;
	if (hasMore !== undefined) return hasMore;
	if (total !== undefined && total < soFar) return true;
	// A full page goes on even if it equals the total, which may be that of the page.
	return received >= Math.min(limit, pageSize ?? limit, USUAL_PAGE_SIZE);
}
