import { createHmac } from 'node:crypto';

import type { IDataObject } from 'n8n-workflow';

import { startSandbox, type Sandbox, type WebhookType } from '../sandbox/index.cjs';
import type { Json } from '../support/json.cts';
import { startEngine, type Engine } from './support/engine.cjs';
import { startTriggerHost, TRIGGER, type TriggerHost, type TriggerHostOptions } from './support/triggerHost.cjs';
import { LINE, PERSON, sandboxCredential } from './support/sendblueWorkflow.cts';

const OTHER_LINE = '+15550100002';
const PATH = '/api/account/webhooks';
const FOREIGN = { url: 'https://example.com/somebody-elses', secret: 'theirs' };

let engine: Engine;
let sandbox: Sandbox;
let hosts: TriggerHost[] = [];

beforeAll(async () => {
	engine = await startEngine();
	sandbox = await startSandbox({ settings: { webhookRetryDelaysMs: [5, 5, 5] } });
});
afterEach(async () => {
	await Promise.all(hosts.map(async (host) => await host.close()));
	hosts = [];
	sandbox.reset();
});
afterAll(async () => {
	await engine.stop();
	await sandbox.close();
});

async function hostOf(parameters: IDataObject = {}, options: Partial<TriggerHostOptions> = {}): Promise<TriggerHost> {
	const host = await startTriggerHost(engine, { parameters, credentials: sandboxCredential(sandbox), ...options });
	hosts.push(host);
	return host;
}

async function activeHost(
	parameters: IDataObject = {},
	options: Partial<TriggerHostOptions> = {},
): Promise<TriggerHost> {
	const host = await hostOf(parameters, options);
	await host.activate();
	return host;
}

async function account(method = 'GET', body?: object): Promise<Record<string, Json>> {
	const { apiKeyId, apiSecretKey } = sandboxCredential(sandbox).sendblueApi;
	const response = await fetch(sandbox.url + PATH, {
		method,
		headers: {
			'content-type': 'application/json',
			'sb-api-key-id': apiKeyId,
			'sb-api-secret-key': apiSecretKey,
		},
		...(body ? { body: JSON.stringify(body) } : {}),
	});
	return ((await response.json()) as { webhooks: Record<string, Json> }).webhooks;
}

const registered = async (type: WebhookType = 'receive'): Promise<Json[]> => (await account())[type];

/** The bodies the workflow ran with. */
const bodies = (host: TriggerHost): IDataObject[] =>
	host.executions.flatMap(({ items }) => items(TRIGGER).map(({ json }) => json));

async function post(url: string, body: object, secret?: string, more: Record<string, string> = {}): Promise<number> {
	const headers: Record<string, string> = { 'content-type': 'application/json', ...more };
	if (secret !== undefined) headers['sb-signing-secret'] = secret;
	return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).status;
}

const secretOf = (host: TriggerHost): string => String((host.stored[`node:${TRIGGER}`] as IDataObject).secret);

describe('Simplify', () => {
	const USEFUL = [
		'message_handle',
		'status',
		'number',
		'from_number',
		'content',
		'media_url',
		'date_sent',
		'service',
		'sendblue_number',
		'group_id',
	];

	it('is off by default: the body comes as it is', async () => {
		const host = await activeHost();
		await sandbox.deliverInbound({ content: 'whole' });

		expect(bodies(host)[0]).toMatchObject({ content: 'whole', is_outbound: false, participants: expect.any(Array) });
	});

	it('leaves what an answer needs of a message that came in', async () => {
		const host = await activeHost({ simplify: true });
		await sandbox.deliverInbound({ content: 'short' });

		expect(Object.keys(bodies(host)[0])).toEqual(USEFUL);
		expect(bodies(host)[0]).toMatchObject({ content: 'short', sendblue_number: expect.any(String) });
	});

	it('leaves the body of other events as it is', async () => {
		const host = await activeHost({ event: 'callLog', simplify: true });
		const call = { from_number: PERSON, to_number: LINE, disposition: 'answered' };
		expect(await post(host.url, call, secretOf(host))).toBe(200);

		expect(bodies(host)).toEqual([call]);
	});
});

describe('registering', () => {
	it('adds its own address with a secret of its own, by POST alone, and takes away just that', async () => {
		await account('POST', {
			type: 'receive',
			webhooks: [FOREIGN, 'https://example.com/plain'],
			globalSecret: 'global',
		});
		await account('POST', { type: 'outbound', webhooks: [FOREIGN] });
		const host = await hostOf();

		expect(await host.activate()).toEqual({ existed: false });
		const [foreign, plain, ours] = await registered();
		expect([foreign, plain]).toEqual([FOREIGN, 'https://example.com/plain']);
		expect(ours).toEqual({ url: host.url, secret: expect.stringMatching(/^[0-9a-f]{64}$/) });

		await host.deactivate();
		expect(await account()).toMatchObject({
			receive: [FOREIGN, 'https://example.com/plain'],
			outbound: [FOREIGN],
			globalSecret: 'global',
		});
		const calls = sandbox.requests().filter(({ path }) => path === PATH);
		expect(calls.map(({ method }) => method)).not.toContain('PUT');
	});

	it('leaves a registration that stands as it is', async () => {
		const host = await activeHost();
		const [before] = await registered();

		expect(await host.activate('init')).toEqual({ existed: true });
		expect(await registered()).toEqual([before]);
	});

	it('registers anew after it was deactivated, and what was sent meanwhile is not delivered', async () => {
		const host = await activeHost();
		await host.deactivate();
		await sandbox.deliverInbound({ content: 'while away' });
		await host.activate();
		await sandbox.deliverInbound({ content: 'back again' });

		expect(bodies(host).map(({ content }) => content)).toEqual(['back again']);
	});

	it('registers anew if its entry was taken away or changed by others', async () => {
		const host = await activeHost();
		await account('POST', { type: 'receive', webhooks: [{ url: host.url, secret: 'changed' }] });
		expect(await host.activate('init')).toEqual({ existed: false });
		expect(await registered()).toEqual([{ url: host.url, secret: secretOf(host) }]);

		await account('DELETE', { type: 'receive', webhooks: [host.url] });
		expect(await host.activate('init')).toEqual({ existed: false });
		expect(await registered()).toHaveLength(1);
	});

	it('takes its old registration away when the event or the line changes', async () => {
		const host = await activeHost();
		host.parameters = { event: 'messageReceived', filters: { line: { __rl: true, mode: 'list', value: LINE } } };
		await host.activate();
		expect(await registered()).toEqual([{ url: host.url, secret: secretOf(host), sendblue_numbers: [LINE] }]);

		host.parameters = { event: 'messageStatusChanged' };
		await host.activate();
		expect(await registered()).toEqual([]);
		expect(await registered('outbound')).toEqual([{ url: host.url, secret: secretOf(host) }]);
	});

	it.each([
		['callLog', 'call_log'],
		['contactProfile', 'contact_profile'],
		['inboundCall', 'inbound_call'],
		['lineAssigned', 'line_assigned'],
		['lineBlocked', 'line_blocked'],
		['messageStatusChanged', 'outbound'],
		['typingIndicator', 'typing_indicator'],
	] as const)('registers %s as %s', async (event, type) => {
		const host = await activeHost({ event });
		expect(await registered(type)).toEqual([{ url: host.url, secret: secretOf(host) }]);
		await host.deactivate();
		expect(await registered(type)).toEqual([]);
	});

	it('gives a plain address with a token if Sendblue takes no secret', async () => {
		const host = await activeHost({ event: 'contactCreated' });
		expect(await registered('contact_created')).toEqual([`${host.url}?token=${secretOf(host)}`]);
		expect(await host.activate('init')).toEqual({ existed: true });
		await host.deactivate();
		expect(await registered('contact_created')).toEqual([]);
	});

	it('says what Sendblue says where it refuses', async () => {
		sandbox.setSettings({ rejectedWebhookTypes: ['typing_indicator'] });
		const host = await hostOf({ event: 'typingIndicator' });
		await expect(host.activate()).rejects.toThrow(/typing_indicator/);
	});

	it('names the wrong number of a filter before anything is registered', async () => {
		const host = await hostOf({ filters: { senderNumbers: 'nobody' } });
		await expect(host.activate()).rejects.toThrow(/'Sender Numbers'/);
		expect(await registered()).toEqual([]);
	});

	it('refuses an address that Sendblue cannot reach', async () => {
		const host = await hostOf();
		host.credentials = sandboxCredential(sandbox, { baseUrl: 'https://api.sendblue.com' });
		await expect(host.activate()).rejects.toThrow(/webhook URL of this n8n points into a private network/);
	});

	it('keeps the test run and the active workflow apart', async () => {
		const host = await activeHost();
		const production = await registered();
		await host.listenForTest();
		const both = await registered();
		expect(both).toHaveLength(2);
		expect(both[1].url).toBe(host.testUrl);
		expect(both[1].secret).not.toBe(both[0].secret);

		await sandbox.deliverInbound({ content: 'to both' });
		expect(bodies(host).map(({ content }) => content)).toEqual(['to both', 'to both']);

		await host.stopTest();
		expect(await registered()).toEqual(production);
	});
});

describe('deliveries', () => {
	it('start the workflow with the body as it came', async () => {
		const host = await activeHost();
		const { payload, deliveries } = await sandbox.deliverInbound({ from_number: PERSON, content: 'Hello' });

		expect(bodies(host)).toEqual([payload]);
		expect(deliveries).toMatchObject([{ signed: true, delivered: true }]);
		expect(deliveries[0].attempts).toHaveLength(1);
	});

	it.each([
		['none', undefined],
		['a wrong one', 'f'.repeat(64)],
		['one of another length', 'short'],
		['an empty one', ''],
	])('are answered with 401 if the secret is %s', async (_, secret) => {
		const host = await activeHost();
		expect(await post(host.url, { message_handle: 'A', is_outbound: false }, secret)).toBe(401);
		expect(await post(`${host.url}?token=${secretOf(host)}`, { message_handle: 'B', is_outbound: false }, secret)).toBe(
			401,
		);
		expect(host.executions).toEqual([]);
	});

	it('are answered with 401 if the token in the address is wrong', async () => {
		const host = await activeHost({ event: 'contactCreated' });
		expect(await post(`${host.url}?token=wrong`, {})).toBe(401);
		expect(await post(host.url, {}, secretOf(host))).toBe(401);
		const { deliveries } = await sandbox.deliverInbound({ event: 'contact_created', payload: { phone: PERSON } });
		expect(deliveries).toMatchObject([{ delivered: true }]);
		expect(bodies(host)).toEqual([{ phone: PERSON }]);
	});

	it('are taken with the global secret of the account, whichever secret Sendblue sends', async () => {
		sandbox.setSettings({ globalSecretWins: true });
		await account('POST', { type: 'outbound', webhooks: [], globalSecret: 'of the whole account' });
		const host = await activeHost();
		await sandbox.deliverInbound({ content: 'global' });
		sandbox.setSettings({ globalSecretWins: false });
		await sandbox.deliverInbound({ content: 'own' });

		expect(bodies(host).map(({ content }) => content)).toEqual(['global', 'own']);
		expect(await post(host.url, { message_handle: 'A' }, 'of another account')).toBe(401);
	});

	it('are taken with a global secret that was set since, once n8n has looked again', async () => {
		sandbox.setSettings({ globalSecretWins: true });
		const host = await activeHost();
		await account('POST', { type: 'outbound', webhooks: [], globalSecret: 'new' });
		const { deliveries } = await sandbox.deliverInbound({ content: 'too early' });
		expect(deliveries[0].attempts).toMatchObject([{ status: 401 }]);

		expect(await host.activate('init')).toEqual({ existed: true });
		await sandbox.deliverInbound({ content: 'global' });
		expect(bodies(host).map(({ content }) => content)).toEqual(['global']);
	});

	it('are refused with what a list shows in place of a secret', async () => {
		await account('POST', { type: 'outbound', webhooks: [], globalSecret: '********' });
		const host = await activeHost();

		expect(await post(host.url, { message_handle: 'A', is_outbound: false }, '********')).toBe(401);
	});

	it.each(['own', 'global'])(
		'are taken with a signature in place of the secret, made with the %s one',
		async (which) => {
			sandbox.setSettings({ webhooksAreSigned: true, globalSecretWins: which === 'global' });
			await account('POST', { type: 'outbound', webhooks: [], globalSecret: 'of the whole account' });
			const host = await activeHost();
			const { payload } = await sandbox.deliverInbound({ content: 'Grüße 👋', repeat: 2 });

			expect(bodies(host)).toEqual([payload]);
			expect(host.answers).toEqual([200, 200]);
		},
	);

	it('are refused if their signature is wrong, old, or beside a wrong secret', async () => {
		const host = await activeHost();
		const body = { message_handle: 'A', is_outbound: false };
		const signed = (secret: string, secondsAgo = 0): Record<string, string> => {
			const time = Math.floor(Date.now() / 1_000) - secondsAgo;
			const digest = createHmac('sha256', secret)
				.update(`${time}.${JSON.stringify(body)}`)
				.digest('hex');
			return { 'x-sendblue-signature': `t=${time},v1=${digest}` };
		};
		const ours = secretOf(host);

		expect(await post(host.url, body, undefined, signed('theirs'))).toBe(401);
		expect(await post(host.url, body, undefined, signed(ours, 600))).toBe(401);
		expect(await post(host.url, { ...body, content: 'changed' }, undefined, signed(ours))).toBe(401);
		expect(await post(host.url, body, 'wrong', signed(ours))).toBe(401);
		expect(await post(host.url, body, '', signed(ours))).toBe(401);
		expect(host.executions).toEqual([]);
		expect(await post(host.url, body, undefined, signed(ours))).toBe(200);
		expect(host.executions).toHaveLength(1);
	});

	it('that are repeated start the workflow once, also after a restart', async () => {
		const host = await activeHost();
		await sandbox.deliverInbound({ message_handle: 'HANDLE-1', repeat: 3 });
		host.restartAs('the same workflow in a new process');
		await sandbox.deliverInbound({ message_handle: 'HANDLE-1' });
		await sandbox.deliverInbound({ message_handle: 'HANDLE-2' });

		expect(bodies(host).map(({ message_handle }) => message_handle)).toEqual(['HANDLE-1', 'HANDLE-2']);
		expect(host.answers).toEqual([200, 200, 200, 200, 200]);
	});

	it('are each taken when ten come at once, and each once', async () => {
		const host = await activeHost();
		const handles = Array.from({ length: 10 }, (_, index) => `HANDLE-${index}`);
		const twice = [...handles, ...handles];
		const body = { is_outbound: false, status: 'RECEIVED', from_number: PERSON, content: 'now' };
		const statuses = await Promise.all(
			twice.map(async (message_handle) => await post(host.url, { ...body, message_handle }, secretOf(host))),
		);

		expect(new Set(statuses)).toEqual(new Set([200]));
		expect(
			bodies(host)
				.map(({ message_handle }) => message_handle)
				.sort(),
		).toEqual(handles);
		// All of them are remembered, although each delivery began with its own copy of the static data.
		host.restartAs('the same workflow after ten at once');
		for (const message_handle of handles) await post(host.url, { ...body, message_handle }, secretOf(host));
		expect(host.executions).toHaveLength(10);
	});

	it('are tried again by Sendblue if n8n fails, and then start the workflow once', async () => {
		sandbox.setSettings({ webhookRetryDelaysMs: [100, 100, 100] });
		const host = await activeHost();
		host.parameters = { event: 'unknown for a while' };
		const delivery = sandbox.deliverInbound({ message_handle: 'HANDLE-1' });
		while (host.errors.length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
		host.parameters = {};
		const { deliveries } = await delivery;

		expect(deliveries[0].attempts.map(({ status }) => status)).toEqual([500, 500, 200]);
		expect(deliveries[0].delivered).toBe(true);
		expect(host.executions).toHaveLength(1);
	});

	it('of the wrong direction are answered and passed over', async () => {
		const host = await activeHost();
		expect(await post(host.url, { message_handle: 'A', is_outbound: true }, secretOf(host))).toBe(200);
		host.parameters = { event: 'messageStatusChanged' };
		expect(await post(host.url, { message_handle: 'B', is_outbound: false, status: 'SENT' }, secretOf(host))).toBe(200);
		expect(host.executions).toEqual([]);
	});

	it('without a body are passed over', async () => {
		const host = await activeHost({ messages: 'withMedia' });
		expect(await post(host.url, ['no', 'message'], secretOf(host))).toBe(200);
		expect(host.executions).toEqual([]);
	});
});

describe.each(['full', 'sdk'] as const)('filters, deliveries in shape %s', (shape) => {
	beforeEach(() => void sandbox.setSettings({ shape }));

	const VOICE = { fileName: 'AudioMessage.caf', base64: '' };
	const PHOTO = { fileName: 'Photo.jpg', base64: '' };

	it.each([
		['all', ['text', 'photo', 'voice']],
		['withMedia', ['photo', 'voice']],
		['voiceNotes', ['voice']],
	])('messages: %s', async (messages, expected) => {
		const host = await activeHost({ messages, downloadVoiceNote: false });
		await sandbox.deliverInbound({ content: 'text' });
		await sandbox.deliverInbound({ content: 'photo', media: PHOTO });
		await sandbox.deliverInbound({ content: 'voice', media: VOICE });
		expect(bodies(host).map(({ content }) => content)).toEqual(expected);
	});

	it('line, at Sendblue and again here', async () => {
		const host = await activeHost({ filters: { line: { __rl: true, mode: 'number', value: OTHER_LINE } } });
		await sandbox.deliverInbound({ sendblue_number: LINE });
		expect(host.answers).toEqual([]);
		await sandbox.deliverInbound({ sendblue_number: OTHER_LINE, content: 'mine' });
		expect(
			await post(host.url, { is_outbound: false, message_handle: 'A', sendblue_number: LINE }, secretOf(host)),
		).toBe(200);
		expect(bodies(host).map(({ content }) => content)).toEqual(['mine']);
	});

	it('senders, by number and by email address', async () => {
		const host = await activeHost({ filters: { senderNumbers: ' +1 (415) 555-0123, Ada@Example.com' } });
		await sandbox.deliverInbound({ from_number: PERSON, content: 'number' });
		await sandbox.deliverInbound({ from_number: 'ada@example.com', content: 'email' });
		await sandbox.deliverInbound({ from_number: '+15550109999', content: 'stranger' });
		expect(bodies(host).map(({ content }) => content)).toEqual(['number', 'email']);
	});

	it('text', async () => {
		const host = await activeHost({ filters: { textContains: 'Termin' } });
		await sandbox.deliverInbound({ content: 'ein TERMIN, bitte' });
		await sandbox.deliverInbound({ content: 'etwas anderes' });
		expect(bodies(host)).toHaveLength(1);
	});

	it('statuses of messages that were sent', async () => {
		const host = await activeHost({ event: 'messageStatusChanged', statuses: ['DELIVERED', 'ERROR'] });
		const { apiKeyId, apiSecretKey } = sandboxCredential(sandbox).sendblueApi;
		await fetch(`${sandbox.url}/api/send-message`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', 'sb-api-key-id': apiKeyId, 'sb-api-secret-key': apiSecretKey },
			body: JSON.stringify({ number: PERSON, from_number: LINE, content: 'Hello' }),
		});
		await sandbox.advance();
		await sandbox.advance();
		expect(bodies(host).map(({ status }) => status)).toEqual(['DELIVERED']);
		expect(host.answers).toEqual([200, 200]);
	});

	it('take every status if none is chosen, each once', async () => {
		const host = await activeHost({ event: 'messageStatusChanged' });
		const body = { is_outbound: true, message_handle: 'A', from_number: LINE };
		for (const status of ['SENT', 'SENT', 'DELIVERED', 'DELIVERED']) {
			await post(host.url, { ...body, status }, secretOf(host));
		}
		expect(bodies(host).map(({ status }) => status)).toEqual(['SENT', 'DELIVERED']);
	});
});

it.each([
	['callLog', 'call_log', { duration: 12 }],
	['typingIndicator', 'typing_indicator', { number: PERSON, is_typing: true, from_number: LINE }],
	['lineBlocked', 'line_blocked', { line: LINE }],
] as const)('gives the body of %s as it came, once however often it is told', async (event, type, payload) => {
	const host = await activeHost({ event });
	await sandbox.deliverInbound({ event: type, payload, repeat: 2 });
	expect(bodies(host)).toEqual([payload]);
});
