/** Lists in answers: whether there is one, and whether the answer itself says that it is not all there is. */
import { isRecord } from './envelope';

type Fields = Record<string, unknown>;

/** A list in an answer. */
export interface ListedEntries {
	/** The entries that have fields. */
	entries: Fields[];
	/** How many entries came, readable or not. */
	received: number;
	/** Whether the server says that more entries follow; undefined if it says nothing. */
	hasMore?: boolean;
	/** The total number of entries, as the server claims. */
	total?: number;
	/** The most entries per page, as the server claims. */
	pageSize?: number;
}

/** Fields with the number of all entries. */
const TOTALS = ['total', 'totalCount', 'total_count', 'totalResults', 'total_results'];

/** Fields that say whether more entries follow. */
const MORE = ['hasMore', 'has_more', 'hasNext', 'has_next', 'hasNextPage', 'has_next_page'];

/** Fields that lead to the next page, if there is one. */
const NEXT = [
	'next',
	'nextCursor',
	'next_cursor',
	'nextPage',
	'next_page',
	'nextPageToken',
	'next_page_token',
	'nextOffset',
	'next_offset',
];

/** Fields that are true if the server could not search everything. */
const INCOMPLETE = [
	'partial',
	'isPartial',
	'is_partial',
	'incomplete',
	'incompleteResults',
	'incomplete_results',
	'truncated',
	'isTruncated',
	'is_truncated',
	'timedOut',
	'timed_out',
];

/** Fields that are false if the request failed. */
const SUCCESS = ['success', 'ok'];

/**
 * The list in an answer, in any envelope; undefined if there is none, which does not mean that the list is empty. An
 * empty list and an answer with a total of 0 count as lists, unless the answer itself says that they are not everything.
 */
export function listIn(body: unknown): ListedEntries | undefined {
	const outer = isRecord(body) ? body : {};
	const inner = isRecord(outer.data) ? outer.data : {};
	const places = [outer.pagination, inner.pagination, outer.meta, inner.meta, outer.links, outer, inner].filter(
		isRecord,
	);
	if (isUnreliable(places)) return undefined;
	const total = firstOf(places, TOTALS, countOf);
	const hasMore = firstOf(places, MORE, flagOf) ?? (firstOf(places, NEXT, pageOf) ? true : undefined);
	const found = [body, outer.data, outer.messages, inner.messages, inner.data].find(Array.isArray) as
		| unknown[]
		| undefined;
	const list = found ?? (total === 0 ? [] : undefined);
	if (!list) return undefined;
	// An empty first page that claims entries, or more pages, contradicts itself and is not believed.
	const claimed = Math.max(total ?? 0, firstOf(places, ['count'], countOf) ?? 0);
	const isFirstPage = (firstOf(places, ['offset'], countOf) ?? 0) === 0;
	if (list.length === 0 && (hasMore === true || claimed > 0) && isFirstPage) return undefined;
	const pageSize = firstOf(places, ['limit'], countOf);
	return { entries: list.filter(isRecord), received: list.length, hasMore, total, pageSize };
}

/** Whether an answer says that the search failed or did not see everything. */
function isUnreliable(places: readonly Fields[]): boolean {
	if (firstOf(places, INCOMPLETE, (value) => flagOf(value) === true || undefined)) return true;
	if (firstOf(places, SUCCESS, flagOf) === false) return true;
	return places.some(({ errors }) => (Array.isArray(errors) ? errors.length > 0 : isRecord(errors)));
}

/** The first value that can be read from one of several fields in one of several places. */
function firstOf<Value>(
	places: readonly Fields[],
	names: readonly string[],
	read: (value: unknown) => Value | undefined,
): Value | undefined {
	for (const place of places) {
		for (const name of names) {
			const value = read(place[name]);
			if (value !== undefined) return value;
		}
	}
	return undefined;
}

function countOf(value: unknown): number | undefined {
	const count = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
	return value !== '' && Number.isInteger(count) && count >= 0 ? count : undefined;
}

function flagOf(value: unknown): boolean | undefined {
	if (value === true || value === 'true') return true;
	return value === false || value === 'false' ? false : undefined;
}

/** A cursor, number or address of another page; undefined if there is none. */
function pageOf(value: unknown): string | undefined {
	const text = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';
	return ['', '0', 'null', 'false'].includes(text) ? undefined : text;
}
