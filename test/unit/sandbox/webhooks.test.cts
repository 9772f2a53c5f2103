import { startSandbox } from '../../sandbox/index.cjs';
import type { Sandbox } from '../../sandbox/index.cjs';
import type { Json } from '../../support/json.cts';
import type { Receiver } from './client.cjs';

import { call, LINE, OTHER_LINE, RECIPIENT, send, startReceiver, until } from './client.cts';

const PATH = '/api/account/webhooks';

let sandbox: Sandbox;
let receiver: Receiver;
beforeAll(async () => {
	sandbox = await startSandbox({ settings: { webhookRetryDelaysMs: [5, 5, 5] } });
});
beforeEach(async () => {
	receiver = await startReceiver();
});
afterEach(async () => {
	sandbox.reset();
	await receiver.close();
});
afterAll(() => sandbox.close());

function register(type: string, webhooks: unknown[], more: object = {}) {
	return call(sandbox, 'POST', PATH, { json: { type, webhooks, ...more } });
}

async function registered(): Promise<Record<string, Json>> {
	return (await call(sandbox, 'GET', PATH)).json.webhooks;
}

describe('registering', () => {
	it('adds strings and objects, and shows them as they came', async () => {
		const object = { url: `${receiver.url}/b`, secret: 's', sendblue_numbers: [LINE] };
		const added = await register('receive', [receiver.url]);
		expect(added.json).toMatchObject({ status: 'OK', webhooks: { receive: [receiver.url] } });
		await register('receive', [object], { globalSecret: 'global' });
		expect(await registered()).toMatchObject({
			receive: [receiver.url, object],
			outbound: [],
			globalSecret: 'global',
		});
	});

	it('takes the type receive if none is given', async () => {
		await call(sandbox, 'POST', PATH, { json: { webhooks: [receiver.url] } });
		expect((await registered()).receive).toEqual([receiver.url]);
	});

	it('deletes the address named and no other', async () => {
		await register('receive', [receiver.url, { url: `${receiver.url}/b` }]);
		await register('outbound', [receiver.url]);
		const json = { webhooks: [receiver.url], type: 'receive' };
		expect((await call(sandbox, 'DELETE', PATH, { json })).json.status).toBe('OK');
		expect(await registered()).toMatchObject({
			receive: [{ url: `${receiver.url}/b` }],
			outbound: [receiver.url],
		});
	});

	it('replaces everything on PUT', async () => {
		await register('receive', [receiver.url], { globalSecret: 'global' });
		const json = { webhooks: { outbound: [receiver.url] } };
		await call(sandbox, 'PUT', PATH, { json });
		expect(await registered()).toMatchObject({ receive: [], outbound: [receiver.url], globalSecret: '' });
	});

	it('refuses unknown types, bad addresses, and types the account does not have', async () => {
		expect((await register('everything', [receiver.url])).status).toBe(400);
		expect((await register('receive', ['here'])).status).toBe(400);
		expect((await call(sandbox, 'POST', PATH, { json: { type: 'receive' } })).status).toBe(400);
		sandbox.setSettings({ rejectedWebhookTypes: ['typing_indicator'] });
		expect((await register('typing_indicator', [receiver.url])).status).toBe(400);
	});
});

describe('inbound messages', () => {
	it('are posted with the documented payload', async () => {
		await register('receive', [receiver.url]);
		const { payload } = await sandbox.deliverInbound({ from_number: RECIPIENT, content: 'Hi there' });
		const [{ body, headers }] = receiver.received;
		expect(headers['content-type']).toBe('application/json');
		expect(headers['sb-signing-secret']).toBeUndefined();
		expect(body).toEqual(JSON.parse(JSON.stringify(payload)));
		expect(body).toMatchObject({
			content: 'Hi there',
			is_outbound: false,
			status: 'RECEIVED',
			from_number: RECIPIENT,
			number: RECIPIENT,
			to_number: LINE,
			sendblue_number: LINE,
			media_url: '',
			message_type: 'message',
			group_id: '',
			participants: [RECIPIENT, LINE],
			service: 'iMessage',
		});
		const { json } = await call(sandbox, 'GET', `/api/v2/messages/${body.message_handle}`);
		expect(json.data.is_outbound).toBe(false);
		expect(sandbox.messages()).toEqual([]);
	});

	it('carry the webhook’s own secret, else the global one', async () => {
		const own = { url: `${receiver.url}/own`, secret: 'own-secret' };
		await register('receive', [own, receiver.url], { globalSecret: 'global-secret' });
		await sandbox.deliverInbound();
		const secrets = receiver.received.map(({ headers }) => headers['sb-signing-secret']);
		expect(secrets.sort()).toEqual(['global-secret', 'own-secret']);
		expect(sandbox.deliveries().every(({ signed }) => signed)).toBe(true);
		expect(JSON.stringify(sandbox.deliveries())).not.toContain('secret');
	});

	it('reach only the webhooks that listen to their line', async () => {
		await register('receive', [
			{ url: `${receiver.url}/one`, sendblue_numbers: [LINE] },
			{ url: `${receiver.url}/two`, sendblue_numbers: [OTHER_LINE] },
		]);
		const { deliveries } = await sandbox.deliverInbound({ sendblue_number: OTHER_LINE });
		expect(deliveries.map(({ url }) => url)).toEqual([`${receiver.url}/two`]);
	});

	it('bring media that the sandbox hosts', async () => {
		await register('receive', [receiver.url]);
		const bytes = Buffer.from('caff voice note');
		await sandbox.deliverInbound({ media: { fileName: 'note.caf', base64: bytes.toString('base64') } });
		const { media_url } = receiver.received[0].body;
		expect(media_url).toMatch(/_note\.caf$/);
		const served = await call(sandbox, 'GET', new URL(media_url).pathname, { keys: false });
		expect(served.bytes.equals(bytes)).toBe(true);
	});

	it('come more than once, or as another event', async () => {
		await register('receive', [receiver.url]);
		await register('typing_indicator', [receiver.url]);
		await sandbox.deliverInbound({ repeat: 2, payload: { extra: 1 } });
		const [first, second] = receiver.received;
		expect(second.body).toEqual(first.body);
		expect(first.body.extra).toBe(1);
		const payload = { number: RECIPIENT, is_typing: true };
		await sandbox.deliverInbound({ event: 'typing_indicator', payload });
		expect(receiver.received[2].body).toEqual(payload);
	});
});

describe('retries', () => {
	it('follow a 5xx until it is taken', async () => {
		await register('receive', [receiver.url]);
		receiver.answers.push(500, 503);
		const { deliveries } = await sandbox.deliverInbound();
		expect(deliveries[0].attempts.map(({ status }) => status)).toEqual([500, 503, 200]);
		expect(deliveries[0].delivered).toBe(true);
		const handles = receiver.received.map(({ body }) => body.message_handle);
		expect(new Set(handles).size).toBe(1);
	});

	it('end after three', async () => {
		await register('receive', [receiver.url]);
		receiver.answers.push(500, 500, 500, 500, 500);
		const { deliveries } = await sandbox.deliverInbound();
		expect(receiver.received).toHaveLength(4);
		expect(deliveries[0].delivered).toBe(false);
	});

	it('do not follow a 4xx', async () => {
		await register('receive', [receiver.url]);
		receiver.answers.push(403);
		await sandbox.deliverInbound();
		expect(receiver.received).toHaveLength(1);
	});

	it('never leave this machine', async () => {
		await register('receive', ['https://example.com/hook']);
		const { deliveries } = await sandbox.deliverInbound();
		expect(deliveries[0].attempts[0].error).toBe('not on loopback, not posted');
	});
});

describe('message states', () => {
	it('go QUEUED, SENT, DELIVERED, each posted to webhook and callback', async () => {
		await register('outbound', [{ url: receiver.url, secret: 'own' }]);
		const { json } = await send(sandbox, { status_callback: `${receiver.url}/status` });
		const handle = json.message_handle;
		const first = await sandbox.advance({ handle });
		expect(first.messages).toEqual([{ message_handle: handle, status: 'SENT' }]);
		await sandbox.advance();
		expect((await sandbox.advance()).messages).toEqual([]);

		const posts = sandbox.deliveries().map(({ type, payload, signed }) => [type, payload.status, signed]);
		expect(posts).toEqual([
			['status_callback', 'SENT', false],
			['outbound', 'SENT', true],
			['status_callback', 'DELIVERED', false],
			['outbound', 'DELIVERED', true],
		]);
		const callback = receiver.received.find(({ headers }) => !headers['sb-signing-secret']);
		expect(callback?.body).toMatchObject({ message_handle: handle, is_outbound: true, status: 'SENT' });

		const status = (await call(sandbox, 'GET', `/api/status?handle=${handle}`)).json;
		expect(status).toMatchObject({ status: 'DELIVERED', service: 'iMessage', was_downgraded: false });
	});

	it('end at SENT for SMS, downgraded', async () => {
		sandbox.setSettings({ services: { [RECIPIENT]: 'SMS' } });
		await send(sandbox);
		await sandbox.advance({ status: 'DELIVERED' });
		expect(sandbox.messages()[0]).toMatchObject({ status: 'SENT', service: 'SMS', was_downgraded: true });
	});

	it('can end in ERROR with a code', async () => {
		await register('outbound', [receiver.url]);
		await send(sandbox);
		await sandbox.advance({ status: 'ERROR', error_code: 5509, error_message: 'Window exceeded' });
		expect(receiver.received[0].body).toMatchObject({
			status: 'ERROR',
			error_code: 5509,
			error_message: 'Window exceeded',
		});
	});

	it('go on by themselves when asked to', async () => {
		sandbox.setSettings({ autoDeliverMs: 5 });
		await send(sandbox);
		await until(() => sandbox.messages()[0].status === 'DELIVERED');
	});

	it('know no message of another handle', async () => {
		await expect(sandbox.advance({ handle: 'none' })).rejects.toThrow(/No message/);
		const answer = await call(sandbox, 'POST', '/_sandbox/advance', { json: { handle: 'none' } });
		expect(answer.status).toBe(404);
	});
});
