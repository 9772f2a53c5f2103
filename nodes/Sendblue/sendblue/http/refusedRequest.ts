import type { RefusedRequest } from '../errors';
import { isRecord } from './envelope';
import type { SendblueRequest } from './transport';

/** What the variable part of a path names. */
const IN_PATH: readonly [RegExp, string][] = [
	[/^\/api\/v2\/groups\/./, 'group_id'],
	[/^\/api\/(v2\/messages|message)\/./, 'message_handle'],
	[/^\/api\/v2\/contacts\/[+%]/, 'number'],
];

/** What tells the name of a field, if it is a word that sentences have anyway. */
const NAMED = String.raw`(?:^|[\`'"“‘.]|\b(?:parameter|field|property):?\s+[\`'"“‘]?)`;

/**
 * A request as its refusal speaks of it.
 *
 * @param words Sendblue's own
 * @param field the field it is about, if that is known without the words
 */
export function refusedRequest({ path, json, query }: SendblueRequest, words = '', field?: string): RefusedRequest {
	const given = { ...query, ...(isRecord(json) ? json : {}) };
	const inPath = IN_PATH.flatMap(([pattern, name]) => (pattern.test(path) ? [name] : []));
	const inBody = Object.keys(given).filter((name) => given[name] !== undefined);
	const fields = [...new Set([...inPath, ...inBody])];
	const named = fields.filter((name) => isNamed(name, words));
	// Sendblue's own words go before what is usual.
	return { path, fields, blamed: named.length > 0 || field === undefined ? named : [field] };
}

function isNamed(field: string, words: string): boolean {
	const isWord = !/[_A-Z]/.test(field);
	return new RegExp(`${isWord ? NAMED : '(?<![A-Za-z_])'}${field}(?![A-Za-z_])`, 'i').test(words);
}
