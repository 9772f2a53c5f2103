import type { RefusedRequest } from '../errors';
import { headerOf, type SendblueRequest, type SendblueResponse } from './transport';

/** An answer whose fields are passed on unchanged. */
export interface SendblueAnswer {
	status?: string;
	message?: string;
	[field: string]: unknown;
}

/** Code and words of an answer, whichever of Sendblue's envelopes they came in. */
export interface Envelope {
	/** The code as text; undefined if there is none, or one that means all is well (`0`, `null`, empty). */
	code?: string;
	/** Sendblue's own words, verbatim, joined by a dash if several fields have some. */
	words?: string;
	/** Title of the page, if a web page came in place of Sendblue's answer. */
	pageTitle?: string;
	/** Whether the answer is a web page. */
	isPage: boolean;
}

/** The longest text that is quoted from an answer, in characters. */
const LONGEST_TEXT = 500;

/** The longest code, in characters. */
const LONGEST_CODE = 60;

type Fields = Record<string, unknown>;

/** Whether a value is an object with named fields. */
export function isRecord(value: unknown): value is Fields {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Matches numbers that may have more digits than JavaScript keeps, and strings, so that digits in them are skipped. */
const LONG_NUMBERS = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]{15,}/g;

/**
 * The body as data: text that holds JSON is parsed, anything else is returned as it is. A whole number that would lose
 * digits, such as the ID of a message, comes as text.
 */
export function bodyOf(response: SendblueResponse): unknown {
	const { body } = response;
	if (typeof body !== 'string' || !/^\s*[{[]/.test(body)) return body;
	try {
		// A cheap test first: hardly any answer has 16 digits in a row, and the replacement takes longer than the parser.
		return JSON.parse(/\d{16}/.test(body) ? body.replace(LONG_NUMBERS, withAllDigits) : body) as unknown;
	} catch {
		return body;
	}
}

function withAllDigits(token: string): string {
	return /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token;
}

/**
 * Reads code and words from every envelope Sendblue uses: `error` as text or object, `message`, `error_message`,
 * `error_detail`, `error_reason`, `errors`; plain text; and the web pages of proxies in between.
 */
export function readEnvelope(response: SendblueResponse): Envelope {
	const body = bodyOf(response);
	if (isRecord(body)) return { code: codeOf(body), words: wordsOf(body), isPage: false };
	if (typeof body !== 'string' || body.trim() === '') return { isPage: false };

	const contentType = headerOf(response, 'content-type') ?? '';
	if (/html/i.test(contentType) || /^\s*<(!doctype|html|head|body|\?xml|center)/i.test(body)) {
		const title = /<title[^>]*>([^<]{1,200})<\/title>/i.exec(body.slice(0, 20_000))?.[1]?.trim();
		return { pageTitle: title || undefined, isPage: true };
	}
	return { words: shortened(body.trim()), isPage: false };
}

/** The code of an answer or a message as text; undefined if there is none, or one that means all is well. */
export function codeOf(body: Fields): string | undefined {
	const inner = isRecord(body.error) ? body.error : {};
	const code = [body.error_code, body.errorCode, inner.code, inner.error_code, body.code]
		.map((value) => (typeof value === 'number' || typeof value === 'string' ? String(value).trim() : ''))
		.find((text) => text !== '' && text !== '0');
	return code === undefined ? undefined : shortened(code, LONGEST_CODE);
}

/** The words of an answer or a message, verbatim, joined by a dash if several fields have some. */
export function wordsOf(body: Fields): string | undefined {
	const inner = isRecord(body.error) ? body.error : {};
	const said = [
		body.error,
		inner.message,
		body.message,
		body.error_message,
		body.error_detail,
		body.error_reason,
		inner.details,
		...(Array.isArray(body.errors) ? (body.errors as unknown[]).slice(0, 5).map(messageOf) : []),
	].flatMap((text) => (typeof text === 'string' && text.trim() !== '' ? [text.trim()] : []));
	const distinct = [...new Set(said)];
	return distinct.length === 0 ? undefined : shortened(distinct.join(' – '));
}

function messageOf(entry: unknown): unknown {
	return isRecord(entry) ? entry.message : entry;
}

function shortened(text: string, longest = LONGEST_TEXT): string {
	return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}

/** The answer of an endpoint that may report success with an empty body or with bare text. */
export function answerOf(body: unknown): SendblueAnswer {
	if (isRecord(body)) return body;
	return typeof body === 'string' && body.trim() !== '' ? { message: body.trim() } : {};
}

/** The field that each variable part of a path holds. */
const IN_PATH: readonly [RegExp, string][] = [
	[/^\/api\/v2\/groups\/./, 'group_id'],
	[/^\/api\/(v2\/messages|message)\/./, 'message_handle'],
	[/^\/api\/v2\/contacts\/[+%]/, 'number'],
];

/** Marks that set off the name of a field where it is also an ordinary word. */
const NAMED = String.raw`(?:^|[\`'"“‘.]|\b(?:parameter|field|property):?\s+[\`'"“‘]?)`;

/**
 * A refused request, as its error describes it.
 *
 * @param words Sendblue's own words
 * @param field the field that such a refusal is usually about, if any
 */
export function refusedRequest({ path, json, query }: SendblueRequest, words = '', field?: string): RefusedRequest {
	const given = { ...query, ...(isRecord(json) ? json : {}) };
	const inPath = IN_PATH.flatMap(([pattern, name]) => (pattern.test(path) ? [name] : []));
	const inBody = Object.keys(given).filter((name) => given[name] !== undefined);
	const fields = [...new Set([...inPath, ...inBody])];
	const named = fields.filter((name) => isNamed(name, words));
	// A field that Sendblue's words name takes precedence over the one that is usual for this refusal.
	return { path, fields, blamed: named.length > 0 || field === undefined ? named : [field] };
}

function isNamed(field: string, words: string): boolean {
	const isWord = !/[_A-Z]/.test(field);
	return new RegExp(`${isWord ? NAMED : '(?<![A-Za-z_])'}${field}(?![A-Za-z_])`, 'i').test(words);
}
