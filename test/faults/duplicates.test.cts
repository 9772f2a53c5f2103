/** What *Avoid Duplicates* makes of lists that are none, are cut short, or say things in another way. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { toVoiceNote } from '../../nodes/Sendblue/voiceNote';
import { toneWav } from '../engine/support/audio.cts';
import { LINE, PERSON } from '../engine/support/sendblueWorkflow.cts';
import type { Play } from '../sandbox/index.cjs';
import { answering, instead, raw } from './support/plays.cts';
import { testRows, type Observed, type Row } from './support/rows.cts';
import { useStage, type Send } from './support/stage.cts';

const stage = useStage();
const LIST = '/api/v2/messages';

type Entry = Record<string, unknown>;

async function observe(send: Send = {}): Promise<Observed> {
	const { told, shown } = await stage.send(send);
	return { accepted: stage.sandbox.messages().length, told, shown };
}

/** Sends with a key that an earlier process has sent with, while the list is answered as told. */
async function again(list: Play | undefined, parameters: Send['parameters'] = {}): Promise<Observed> {
	const key = stage.freshKey();
	await stage.sentEarlier(key, parameters);
	if (list) stage.play(LIST, list);
	const { to: _to, ...rest } = parameters;
	return await observe({ options: { deduplicationKey: key }, parameters: rest });
}

const json = (body: unknown, status = 200) => instead({ status, body });
const text = (body: string, status = 200) => instead(raw(body, status));
const OK = { status: 'OK' };

const NO_LISTS: Array<[string, Play]> = [
	['{}', json({})],
	['null', json(null)],
	['a text', json('rebuilding')],
	['a number', json(0)],
	['true', json(true)],
	['nothing at all', text('')],
	['204', text('', 204)],
	['blanks', text('   ')],
	['an HTML page', text('<html><title>Soon back</title></html>')],
	['half a list', text('{"status":"OK","data":[')],
	['data: null', json({ ...OK, data: null })],
	['data: {}', json({ ...OK, data: {} })],
	['data: ""', json({ ...OK, data: '' })],
	['data: "[]"', json({ ...OK, data: '[]' })],
	['data: 0', json({ ...OK, data: 0 })],
	['data: false', json({ ...OK, data: false })],
	['status alone', json(OK)],
	['a message alone', json({ message: 'index is rebuilding' })],
	['a message and data: null', json({ ...OK, message: 'index is rebuilding', data: null })],
	['202 and a message', json({ status: 'PENDING', message: 'index is rebuilding' }, 202)],
	['206 and {}', json({}, 206)],
	['206 and data: null', json({ ...OK, data: null }, 206)],
	['ERROR in a 200', json({ status: 'ERROR', error_code: 5000, message: 'Internal error' })],
	['error: "…" in a 200', json({ error: 'index is rebuilding' })],
	['ERROR in a 200 with an empty list', json({ status: 'ERROR', message: 'index is rebuilding', data: [] })],
	['messages: null', json({ ...OK, messages: null })],
	['results: {}', json({ ...OK, results: {} })],
	['data: {messages: null}', json({ ...OK, data: { messages: null } })],
	['a total of 3 and data: null', json({ ...OK, data: null, pagination: { total: 3 } })],
	['a total of 3 and an empty list', json({ ...OK, data: [], pagination: { total: 3, hasMore: false } })],
	['an empty list with more to come', json({ ...OK, data: [], pagination: { hasMore: true } })],
	['entries that are null', json({ ...OK, data: [null], pagination: { total: 1, hasMore: false } })],
	['entries that are texts', json({ ...OK, data: ['a', 'b'], pagination: { total: 2, hasMore: false } })],
	['entries that are lists', json({ ...OK, data: [[]], pagination: { total: 1, hasMore: false } })],
	['entries without any field of a message', json({ ...OK, data: [{}], pagination: { total: 1, hasMore: false } })],
	['entries that wrap their messages', json({ ...OK, data: [{ message: { message_handle: 'h-1', number: PERSON } }] })],
	['errors beside an empty list', json({ data: [], errors: [{ message: 'timeout' }] })],
	['success: false beside an empty list', json({ success: false, data: [] })],
	['a count of 1 beside an empty list', json({ ...OK, data: [], count: 1 })],
	['a total in meta beside an empty list', json({ ...OK, data: [], meta: { total: 3 } })],
	['a cursor beside an empty list', json({ ...OK, data: [], pagination: { nextCursor: 'abc' } })],
	[
		'a link to the next page beside an empty list',
		json({ ...OK, data: [], links: { next: '/api/v2/messages?page=2' } }),
	],
	['an empty list that is partial', json({ ...OK, data: [], partial: true })],
	['an empty list that was cut', json({ ...OK, data: [], pagination: { truncated: 'true' } })],
	['an empty list after a timeout', json({ ...OK, data: [], timed_out: true })],
	['207 and an empty list', json({ ...OK, data: [] }, 207)],
];

testRows('no list, no send', [
	...NO_LISTS.map(
		([name, list]): Row => ({ name, wanted: { accepted: 1, told: 'failed' }, play: async () => await again(list) }),
	),
	...['{}', 'null', '{"data":null}', '{"message":"index is rebuilding"}'].map(
		(body): Row => ({
			name: `${body}, of a text message`,
			wanted: { accepted: 0, told: 'failed' },
			play: async () => {
				stage.play(LIST, text(body));
				const options = { deduplicationKey: stage.freshKey() };
				return await observe({ options, parameters: { resource: 'message', mediaSource: 'none', content: 'Hello' } });
			},
		}),
	),
]);

testRows('an empty list is a list', [
	...[
		['data: [] and a total of 0', { ...OK, data: [], pagination: { total: 0, hasMore: false } }],
		['data: [] alone', { ...OK, data: [] }],
		['data: [] and figures that agree', { ...OK, success: true, errors: [], count: 0, data: [], next: null }],
		['data: null and a total of 0', { ...OK, data: null, pagination: { total: 0, hasMore: false } }],
		['no data and a total of 0', { ...OK, pagination: { total: 0 } }],
	].map(
		([name, body]): Row => ({
			name: String(name),
			wanted: { accepted: 1, told: 'sent' },
			play: async () => {
				stage.play(LIST, json(body));
				return await observe({ options: { deduplicationKey: stage.freshKey() } });
			},
		}),
	),
	{
		name: 'two empty lists are two sends, whatever the key of the first was',
		wanted: { accepted: 2, told: 'sent' },
		play: async () => {
			await stage.send({ options: { deduplicationKey: stage.freshKey() } });
			return await observe({ options: { deduplicationKey: stage.freshKey() } });
		},
	},
]);

/** Somebody with whom there are so many newer messages than the one that counts. */
async function afterMany(newer: number, list: Play): Promise<Observed> {
	const key = stage.freshKey();
	await stage.sentEarlier(key);
	for (let index = 0; index < newer; index++) await stage.account.sendText(LINE, PERSON, `Text ${index}`);
	stage.play(LIST, list);
	const { told, shown } = await stage.send({ options: { deduplicationKey: key } });
	return { accepted: stage.sandbox.messages().length - newer, told, shown };
}

/** Answers like the list does, each page with so many entries at most. */
const pagesOf =
	(size: number, about: (page: Entry) => Entry = (page) => page): Play =>
	async (exchange) => {
		const { searchParams } = exchange.url;
		searchParams.set('limit', String(Math.min(size, Number(searchParams.get('limit') ?? 50))));
		const reply = await exchange.process();
		exchange.send({ ...reply, body: about(reply.body as Entry) });
	};

/** Answers every request with the first page, of so many entries at most. */
const firstPage =
	(size: number, about: (page: Entry) => Entry): Play =>
	async (exchange) => {
		exchange.url.searchParams.set('offset', '0');
		await pagesOf(size, about)(exchange);
	};

const withoutPagination = ({ pagination: _pagination, ...page }: Entry): Entry => page;
const withoutHasMore = ({ pagination: _pagination, ...page }: Entry): Entry => ({ ...page, pagination: {} });

testRows('a list in pages', [
	...[
		['pages of 50', 70, pagesOf(50)],
		['pages of 10', 70, pagesOf(10)],
		['pages of 50 that do not say whether there is more', 70, pagesOf(50, withoutPagination)],
		['full pages that do not say whether there is more', 130, pagesOf(1_000, withoutHasMore)],
		['full pages without pagination', 130, pagesOf(1_000, withoutPagination)],
		['hasMore as a text', 130, pagesOf(50, (page) => ({ ...page, pagination: { hasMore: 'true' } }))],
		['has_more', 130, pagesOf(50, (page) => ({ ...page, pagination: { has_more: true } }))],
		['a total alone', 130, pagesOf(50, (page) => ({ ...page, pagination: { total: 131 } }))],
		[
			'hasMore: false beside a greater total',
			130,
			pagesOf(50, (page) => ({ ...page, pagination: { total: 131, hasMore: false } })),
		],
		['a total that counts pages', 130, pagesOf(50, (page) => ({ ...page, pagination: { total: 3 } }))],
		['a total of each page', 130, pagesOf(50, (page) => ({ ...page, pagination: { total: 50 } }))],
		[
			'a cursor that the server does not insist on',
			130,
			pagesOf(20, (page) => ({ ...withoutPagination(page), next: 'abc' })),
		],
	].map(
		([name, newer, list]): Row => ({
			name: String(name),
			wanted: { accepted: 1, told: 'deduplicated' },
			play: async () => await afterMany(Number(newer), list as Play),
		}),
	),
	...[
		['the same full page again', 130, firstPage(100, withoutPagination)],
		['the same page of the usual size again', 130, firstPage(50, withoutPagination)],
		[
			'the same page again, beside a greater total',
			70,
			firstPage(50, (page) => ({ ...page, pagination: { total: 71 } })),
		],
		[
			'the same page again, and a cursor',
			70,
			firstPage(20, (page) => ({ ...withoutPagination(page), next_cursor: 'abc' })),
		],
	].map(
		([name, newer, list]): Row => ({
			name: `${String(name)}: not searched, so not sent`,
			wanted: { accepted: 1, told: 'failed' },
			play: async () => await afterMany(Number(newer), list as Play),
		}),
	),
	{
		name: 'the same page again, which holds all',
		wanted: { accepted: 1, told: 'sent' },
		play: async () => {
			for (let index = 0; index < 60; index++) await stage.account.sendText(LINE, PERSON, `Text ${index}`);
			stage.play(LIST, firstPage(100, withoutPagination));
			const observed = await observe({ options: { deduplicationKey: stage.freshKey() } });
			return { ...observed, accepted: observed.accepted - 60 };
		},
	},
	{
		name: 'a list without end: the search ends, and that is said',
		wanted: { endsSoon: true, isSaid: true },
		play: async () => {
			stage.play(LIST, async (exchange) => {
				const limit = Number(exchange.url.searchParams.get('limit') ?? 50);
				const offset = Number(exchange.url.searchParams.get('offset') ?? 0);
				const data = Array.from({ length: limit }, (_, index) => ({
					message_handle: `h-${offset + index}`,
					number: PERSON,
					to_number: PERSON,
					from_number: LINE,
					sendblue_number: LINE,
					is_outbound: true,
					status: 'DELIVERED',
					content: 'Hello',
					media_url: '',
					date_sent: new Date().toISOString(),
					date_created: new Date().toISOString(),
				}));
				await exchange.drain();
				exchange.send({ status: 200, body: { ...OK, data, pagination: { hasMore: true } } });
			});
			const observed = await observe({ options: { deduplicationKey: stage.freshKey() } });
			const pages = stage.sandbox.requests().filter(({ path }) => path === LIST).length;
			return { ...observed, endsSoon: pages < 60, isSaid: observed.shown !== '' };
		},
	},
]);

const SPELLINGS: Array<[string, (entry: Entry) => Entry]> = [
	['the number without +', (entry) => respelled(entry, PERSON.slice(1))],
	['the number with blanks', (entry) => respelled(entry, '+1 415 555 0123')],
	['the number as in a sheet', (entry) => respelled(entry, '(415) 555-0123')],
	['the number as a number', (entry) => respelled(entry, Number(PERSON.slice(1)))],
	['the number in a list', (entry) => respelled(entry, [PERSON])],
	['no number', ({ number: _number, to_number: _to, participants: _all, ...entry }) => entry],
	['the number null', (entry) => respelled(entry, null)],
	['the line without +', (entry) => ({ ...entry, from_number: LINE.slice(1), sendblue_number: LINE.slice(1) })],
	['no line', ({ from_number: _from, sendblue_number: _line, ...entry }) => entry],
	[
		'another address before the name',
		(entry) => ({ ...entry, media_url: `https://cdn.example/x/y/${fileName(entry)}` }),
	],
	[
		'something in front of the name',
		(entry) => ({ ...entry, media_url: `https://cdn.example/abc-9_${fileName(entry)}` }),
	],
	['a query with a raw /', (entry) => ({ ...entry, media_url: `https://cdn.example/${fileName(entry)}?for=a/b.mp3` })],
	['a fragment with a raw /', (entry) => ({ ...entry, media_url: `https://cdn.example/${fileName(entry)}#a/b.mp3` })],
	['the name with its _ encoded', (entry) => ({ ...entry, media_url: String(entry.media_url).replaceAll('_', '%5F') })],
	['the address without a host', (entry) => ({ ...entry, media_url: `/media/${fileName(entry)}` })],
	['a signed address', (entry) => ({ ...entry, media_url: `${String(entry.media_url)}?X-Goog-Signature=ab/cd&X=1` })],
	['no handle', ({ message_handle: _handle, ...entry }) => entry],
	['the handle null', (entry) => ({ ...entry, message_handle: null })],
	['the handle a number', (entry) => ({ ...entry, message_handle: 77 })],
	['is_outbound as a text', (entry) => ({ ...entry, is_outbound: 'true' })],
	['no is_outbound', ({ is_outbound: _outbound, ...entry }) => entry],
	['no dates', ({ date_sent: _sent, date_created: _created, date_updated: _updated, ...entry }) => entry],
	['dates in seconds', (entry) => ({ ...entry, date_sent: 1_700_000_000, date_created: 1_700_000_000 })],
	['another text', (entry) => ({ ...entry, content: 'Something else' })],
];

testRows('the tag in the file name decides', [
	...SPELLINGS.map(
		([name, change]): Row => ({
			name,
			wanted: { accepted: 1, told: 'deduplicated' },
			play: async () => await again(answering((body) => ({ ...body, data: (body.data as Entry[]).map(change) }))),
		}),
	),
	{
		name: 'of another key: sent',
		wanted: { accepted: 2, told: 'sent' },
		play: async () => {
			await stage.sentEarlier(stage.freshKey());
			return await observe({ options: { deduplicationKey: stage.freshKey() } });
		},
	},
	{
		name: 'of another person: sent',
		wanted: { accepted: 2, told: 'sent' },
		play: async () => {
			const key = stage.freshKey();
			await stage.sentEarlier(key, { to: '+14155550124' });
			return await observe({ options: { deduplicationKey: key } });
		},
	},
]);

const fileName = (entry: Entry): string => String(entry.media_url).replace(/^.*\//, '');
const respelled = (entry: Entry, number: unknown): Entry => ({ ...entry, number, to_number: number });

testRows('at the same moment', [
	{
		name: 'one key in twelve executions',
		wanted: { accepted: 1 },
		play: async () => {
			const options = { deduplicationKey: stage.freshKey() };
			return await atOnce(Array.from({ length: 12 }, () => ({ options })));
		},
	},
	{
		name: 'one public .caf under two keys',
		wanted: { accepted: 1 },
		play: async () => {
			return await withPublicNote(async (audioUrl) => {
				const parameters = { audioSource: 'url', audioUrl };
				return await atOnce([0, 1].map(() => ({ parameters, options: { deduplicationKey: stage.freshKey() } })));
			});
		},
	},
	{
		name: 'one public .caf under two keys, as two items',
		wanted: { accepted: 1 },
		play: async () => {
			return await withPublicNote(async (audioUrl) => {
				const items = [0, 1].map(() => ({ json: { to: PERSON, key: stage.freshKey() } }));
				const parameters = { audioSource: 'url', audioUrl };
				return await observe({ items, parameters, options: { deduplicationKey: '={{ $json.key }}' } });
			});
		},
	},
	{
		name: 'one text under two keys',
		wanted: { accepted: 1 },
		play: async () => {
			const parameters = { resource: 'message', mediaSource: 'none', content: 'Hello' };
			return await atOnce([0, 1].map(() => ({ parameters, options: { deduplicationKey: stage.freshKey() } })));
		},
	},
	{
		name: 'two recordings under two keys: both go out',
		wanted: { accepted: 2, told: 'sent, sent' },
		play: async () => await atOnce([0, 1].map(() => ({ options: { deduplicationKey: stage.freshKey() } }))),
	},
]);

async function atOnce(sends: Send[]): Promise<Observed> {
	const all = await Promise.all(sends.map(async (send) => await stage.send(send)));
	return {
		accepted: stage.sandbox.messages().length,
		told: all
			.map(({ told }) => told)
			.sort()
			.join(', '),
		shown: all.map(({ shown }) => shown).join(' '),
	};
}

/** Calls `body` with the address of a voice note that can be sent as it is. */
async function withPublicNote<T>(body: (url: string) => Promise<T>): Promise<T> {
	const note = Buffer.from((await toVoiceNote(toneWav(0.3))).bytes);
	const server = createServer((_request, response) => response.end(note));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	try {
		return await body(`http://127.0.0.1:${(server.address() as AddressInfo).port}/Welcome.caf`);
	} finally {
		server.closeAllConnections();
		server.close();
	}
}
