import { startSandbox } from '../../sandbox/index.cjs';
import type { Sandbox } from '../../sandbox/index.cjs';

import { call, LINE, OTHER_LINE, RECIPIENT, send } from './client.cts';

const OTHER_RECIPIENT = '+19998887778';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox();
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.close());

function get(path: string) {
	return call(sandbox, 'GET', path);
}

async function contents(query: Record<string, string>): Promise<string[]> {
	const { json } = await get(`/api/v2/messages?${new URLSearchParams(query)}`);
	return json.data.map((message: { content: string }) => message.content);
}

/** Three sent messages and one that came in, a few milliseconds apart. */
async function converse(): Promise<void> {
	const pause = () => new Promise((resolve) => setTimeout(resolve, 4));
	await send(sandbox, { content: 'a' });
	await pause();
	await send(sandbox, { content: 'b', from_number: OTHER_LINE });
	await pause();
	await send(sandbox, { content: 'c', number: OTHER_RECIPIENT });
	await pause();
	await sandbox.deliverInbound({ content: 'd', from_number: RECIPIENT, sendblue_number: LINE });
}

describe('GET /api/v2/messages', () => {
	it.each<[Record<string, string>, string]>([
		[{}, 'dcba'],
		[{ order_direction: 'asc' }, 'abcd'],
		[{ order_by: 'sentAt', order_direction: 'asc' }, 'abcd'],
		[{ number: RECIPIENT }, 'dba'],
		[{ number: LINE }, 'dca'],
		[{ from_number: LINE }, 'ca'],
		[{ to_number: LINE }, 'd'],
		[{ to_number: OTHER_RECIPIENT }, 'c'],
		[{ sendblue_number: LINE }, 'dca'],
		[{ is_outbound: 'true' }, 'cba'],
		[{ is_outbound: 'false' }, 'd'],
		[{ status: 'QUEUED' }, 'cba'],
		[{ status: 'RECEIVED', service: 'iMessage' }, 'd'],
		[{ message_type: 'group' }, ''],
		[{ account_email: 'someone@example.com' }, ''],
		[{ limit: '2' }, 'dc'],
		[{ limit: '2', offset: '1' }, 'cb'],
	])('%j', async (query, expected) => {
		await converse();
		expect((await contents(query)).join('')).toBe(expected);
	});

	it('filters by the times a message was created, changed and sent', async () => {
		await converse();
		const [, second, third] = sandbox.messages();
		const from = second.date_sent;
		expect(await contents({ created_at_gte: from })).toEqual(['d', 'c', 'b']);
		expect(await contents({ sent_at_lte: from })).toEqual(['b', 'a']);
		expect(await contents({ sent_at_gte: from, sent_at_lte: third.date_sent })).toEqual(['c', 'b']);
		const later = new Date(Date.now() + 2).toISOString();
		await new Promise((resolve) => setTimeout(resolve, 4));
		await sandbox.advance({ handle: second.message_handle });
		expect(await contents({ updated_at_gte: later })).toEqual(['b']);
		expect((await contents({ order_by: 'updated_at' }))[0]).toBe('b');
	});

	it('pages', async () => {
		await converse();
		const first = (await get('/api/v2/messages?limit=3')).json;
		expect(first.pagination).toEqual({ total: 4, limit: 3, offset: 0, hasMore: true });
		const second = (await get('/api/v2/messages?limit=3&offset=3')).json;
		expect(second.pagination).toEqual({ total: 4, limit: 3, offset: 3, hasMore: false });
		expect(second.data.map((message: { content: string }) => message.content)).toEqual(['a']);
		expect((await get('/api/v2/messages')).json.pagination.limit).toBe(50);
		expect((await get('/api/v2/messages?limit=5000')).json.pagination.limit).toBe(1000);
	});

	it.each(['limit=x', 'offset=-1', 'created_at_gte=soon', 'order_by=colour', 'order_direction=up'])(
		'refuses %s',
		async (query) => {
			expect((await get(`/api/v2/messages?${query}`)).status).toBe(400);
		},
	);
});

describe('one message', () => {
	it('is found by its handle on both routes, until it is deleted', async () => {
		const { json } = await send(sandbox);
		const handle = json.message_handle;
		expect((await get(`/api/status?handle=${handle}`)).json.content).toBe('Hello');
		expect((await get(`/api/v2/messages/${handle}`)).json).toMatchObject({
			status: 'OK',
			data: { message_handle: handle, sendblue_number: LINE },
		});
		expect((await call(sandbox, 'DELETE', `/api/message/${handle}`)).json.status).toBe('OK');
		expect((await get(`/api/v2/messages/${handle}`)).status).toBe(404);
		expect((await get('/api/v2/messages')).json.data).toEqual([]);
		expect(sandbox.messages()).toMatchObject([{ message_handle: handle, deleted: true }]);
	});

	it('is refused without a handle and unknown by another', async () => {
		expect((await get('/api/status')).status).toBe(400);
		expect((await get('/api/status?handle=none')).status).toBe(404);
		expect((await call(sandbox, 'DELETE', '/api/message/none')).status).toBe(404);
	});
});
