import { startSandbox } from '../../sandbox/index.cjs';
import type { Sandbox } from '../../sandbox/index.cjs';

import { call, LINE, OTHER_LINE, RECIPIENT, send } from './client.cts';

const FRIENDS = ['+15550200001', '+15550200002', '+15550200003'];

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox();
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.close());

function get(path: string) {
	return call(sandbox, 'GET', path);
}

function post(path: string, json: unknown) {
	return call(sandbox, 'POST', path, { json });
}

describe('groups', () => {
	it('arise from a send to numbers, and are the same the next time', async () => {
		const fields = { from_number: LINE, content: 'Hi', numbers: FRIENDS };
		const first = (await post('/api/send-group-message', fields)).json;
		expect(first).toMatchObject({
			message_type: 'group',
			number: FRIENDS,
			to_number: FRIENDS,
			group_id: expect.stringMatching(/.+/),
			participants: [...FRIENDS, LINE],
		});
		const again = { ...fields, numbers: [...FRIENDS].reverse() };
		expect((await post('/api/send-group-message', again)).json.group_id).toBe(first.group_id);
		const byId = { from_number: LINE, content: 'Hi', group_id: first.group_id };
		expect((await post('/api/send-group-message', byId)).json.number).toEqual(FRIENDS);
		const { json } = await get(`/api/v2/messages?group_id=${first.group_id}&number=%2B15550200002`);
		expect(json.pagination.total).toBe(3);
	});

	it('are made, named, changed and shown', async () => {
		const numbers = FRIENDS.slice(0, 2);
		const made = (await post('/api/create-group', { from_number: LINE, numbers, group_name: 'Trip' })).json;
		const { group_id } = made;
		const path = `/api/v2/groups/${group_id}`;
		expect((await post(`${path}/name`, { group_name: 'Lake' })).json).toEqual({
			status: 'OK',
			data: { group_id, group_name: 'Lake', from_number: LINE },
		});
		const change = (modify_type: string, number: string) =>
			post('/api/modify-group', { group_id, modify_type, number });
		expect((await change('remove_recipient', FRIENDS[0])).status).toBe(400);
		expect((await change('add_recipient', FRIENDS[2])).json).toEqual({
			status: 'OK',
			group_id,
			modify_type: 'add_recipient',
			number: FRIENDS[2],
			error: null,
			error_message: null,
		});
		expect((await change('remove_recipient', FRIENDS[0])).status).toBe(200);
		expect((await change('add_recipient', OTHER_LINE)).status).toBe(400);
		expect((await get(path)).json.data).toMatchObject({
			group_id,
			group_name: 'Lake',
			participant_numbers: FRIENDS.slice(1),
			latest_message_id: null,
		});
		expect((await get('/api/v2/groups/none')).status).toBe(404);
		expect((await post('/api/modify-group', { group_id: 'none' })).status).toBe(404);
	});
});

describe('GET /api/evaluate-service', () => {
	function evaluate(number: string) {
		return get(`/api/evaluate-service?number=${encodeURIComponent(number)}`);
	}

	it('says iMessage, or SMS by the number’s ending', async () => {
		expect((await evaluate(RECIPIENT)).json).toEqual({ number: RECIPIENT, service: 'iMessage' });
		expect((await evaluate('+15550104404')).json.service).toBe('SMS');
	});

	it('leaves some lookups open, to be repeated', async () => {
		const answer = await evaluate('+15550104503');
		expect(answer.status).toBe(503);
		expect(answer.headers['x-should-retry']).toBe('true');
		expect(answer.json).toMatchObject({ status: 'ERROR', error_code: 'LOOKUP_INCONCLUSIVE' });
	});

	it('says what is set, and never RCS', async () => {
		sandbox.setSettings({ services: { [RECIPIENT]: 'RCS', [FRIENDS[0]]: 'error' } });
		expect((await evaluate(RECIPIENT)).json.service).toBe('SMS');
		expect((await evaluate(FRIENDS[0])).status).toBe(503);
		await send(sandbox);
		await sandbox.advance({ status: 'DELIVERED' });
		expect(sandbox.messages()[0]).toMatchObject({ status: 'DELIVERED', service: 'RCS' });
	});

	it('refuses a number that is not E.164', async () => {
		expect((await evaluate('5551234567')).status).toBe(400);
	});
});

describe('typing, reactions, read receipts', () => {
	it('need a conversation and one’s own line', async () => {
		const typing = { number: RECIPIENT, from_number: LINE, state: 'start' };
		const refused = await post('/api/send-typing-indicator', typing);
		expect(refused.status).toBe(400);
		expect(refused.json.message).toBe('No route mapping found');
		const { payload } = await sandbox.deliverInbound({ from_number: RECIPIENT });
		const message_handle = payload.message_handle;
		expect((await post('/api/send-typing-indicator', typing)).json).toMatchObject({
			number: RECIPIENT,
			status: 'SENT',
		});
		expect((await post('/api/mark-read', typing)).json).toEqual({
			status: 'OK',
			message: 'Mark read request sent',
			number: RECIPIENT,
		});
		const reaction = { from_number: LINE, message_handle, reaction: 'love' };
		expect((await post('/api/send-reaction', reaction)).status).toBe(200);
		const unknown = await post('/api/send-reaction', { ...reaction, reaction: 'wave' });
		expect(unknown.json.error_code).toBe('INVALID_REACTION');
		expect((await post('/api/send-reaction', { ...reaction, message_handle: 'none' })).status).toBe(404);
		expect((await post('/api/mark-read', { number: RECIPIENT })).status).toBe(400);
		expect((await post('/api/mark-read', { from_number: LINE })).status).toBe(400);
		const tooLong = { ...typing, max_duration_ms: 300_001 };
		expect((await post('/api/send-typing-indicator', tooLong)).status).toBe(400);
	});
});

describe('contacts', () => {
	const PATH = '/api/v2/contacts';

	it('are created once, updated, listed bare, counted and deleted', async () => {
		const created = await post(PATH, { number: RECIPIENT, first_name: 'Ada', tags: ['vip'] });
		expect(created.json).toMatchObject({
			status: 'OK',
			contact: { phone: RECIPIENT, first_name: 'Ada', firstName: 'Ada', tags: ['vip'], opt_out: false },
		});
		expect((await post(PATH, { number: RECIPIENT })).status).toBe(409);
		expect((await post(PATH, { number: RECIPIENT, update_if_exists: true, lastName: 'L' })).status).toBe(200);

		const json = { company_name: 'Engines' };
		const updated = await call(sandbox, 'PUT', `${PATH}/${encodeURIComponent(RECIPIENT)}`, { json });
		expect(updated.json.contact).toMatchObject({ last_name: 'L', companyName: 'Engines' });
		expect((await get(`${PATH}/${encodeURIComponent(RECIPIENT)}`)).json.contact.last_name).toBe('L');
		expect((await post(`${PATH}/bulk`, { contacts: [{ phone: FRIENDS[0] }] })).json.contacts).toHaveLength(1);
		expect((await get(`${PATH}/count`)).json).toEqual({ count: 2 });

		const list = (await get(PATH)).json;
		expect(list.map((contact: { phone: string }) => contact.phone)).toEqual([FRIENDS[0], RECIPIENT]);
		expect((await get(`${PATH}?limit=1&offset=1`)).json).toHaveLength(1);
		expect((await get(`${PATH}?phone_number=${encodeURIComponent(FRIENDS[0])}`)).json).toHaveLength(1);

		expect((await call(sandbox, 'DELETE', `${PATH}/${encodeURIComponent(RECIPIENT)}`)).status).toBe(200);
		expect((await get(`${PATH}/${encodeURIComponent(RECIPIENT)}`)).status).toBe(404);
		const gone = await call(sandbox, 'DELETE', PATH, { json: { contact_ids: [FRIENDS[0], RECIPIENT] } });
		expect(gone.json).toEqual({ status: 'OK', amount: 1 });
	});

	it('are verified', async () => {
		expect((await post(`${PATH}/verify`, { number: RECIPIENT })).json.status).toBe('OK');
		expect((await get(`${PATH}/${encodeURIComponent(RECIPIENT)}`)).json.contact.verified).toBe(true);
	});
});
