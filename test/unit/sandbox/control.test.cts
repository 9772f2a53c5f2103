import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { startSandbox } from '../../sandbox/index.cjs';
import type { Sandbox } from '../../sandbox/index.cjs';

import { call, KEYS, LINE, RECIPIENT, send, upload, until } from './client.cts';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox();
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.close());

/** The control, without keys. */
function control(method: string, path: string, json?: unknown) {
	return call(sandbox, method, `/_sandbox/${path}`, { json, keys: false });
}

describe('the control over HTTP', () => {
	it('shows what the in-process control shows', async () => {
		const { json } = await upload(sandbox, Buffer.from('audio'));
		await send(sandbox, { media_url: json.media_url });
		const messages = (await control('GET', 'messages')).json;
		expect(messages).toEqual(sandbox.messages());
		expect(messages[0].media.base64).toBe(Buffer.from('audio').toString('base64'));
		expect((await control('GET', 'requests')).json).toEqual(sandbox.requests());
		expect((await control('GET', 'deliveries')).json).toEqual(sandbox.deliveries());
		expect((await control('GET', 'settings')).json).toEqual(sandbox.settings());
	});

	it('sets faults as a list, or as rules', async () => {
		const rule = { path: '/api/lines', kind: 'status', status: 503, times: 1 };
		expect((await control('POST', 'faults', [rule])).json).toEqual({ status: 'OK' });
		expect((await call(sandbox, 'GET', '/api/lines')).status).toBe(503);
		await control('POST', 'faults', { rules: [rule] });
		expect((await call(sandbox, 'GET', '/api/lines')).status).toBe(503);
		expect((await call(sandbox, 'GET', '/api/lines')).status).toBe(200);
	});

	it('advances, delivers inbound messages and resets', async () => {
		const { json } = await send(sandbox);
		const advanced = (await control('POST', 'advance', { status: 'DELIVERED' })).json;
		expect(advanced.messages).toEqual([{ message_handle: json.message_handle, status: 'DELIVERED' }]);
		const again = { message_handle: json.message_handle };
		expect((await control('POST', 'advance', again)).json.messages).toEqual(advanced.messages);
		expect((await control('POST', 'advance')).json.messages).toEqual([]);
		const inbound = (await control('POST', 'inbound', { number: RECIPIENT, content: 'Hi' })).json;
		expect(inbound).toMatchObject({
			payload: { content: 'Hi', from_number: RECIPIENT, sendblue_number: LINE },
			deliveries: [],
		});
		expect((await control('POST', 'reset')).json).toEqual({ status: 'OK' });
		expect(sandbox.messages()).toEqual([]);
		expect(sandbox.requests()).toEqual([]);
	});

	it('refuses what it does not know', async () => {
		expect((await control('POST', 'settings', { colour: 'blue' })).status).toBe(400);
		expect((await control('POST', 'settings', { allowance: { line: '+1' } })).status).toBe(400);
		expect((await control('GET', 'nothing')).status).toBe(404);
		expect((await control('POST', 'inbound', { media: { base64: 5 } })).status).toBe(500);
		const raw = await call(sandbox, 'POST', '/_sandbox/advance', { raw: '{' });
		expect(raw.status).toBe(400);
	});
});

it('logs requests in order, without secrets', async () => {
	await call(sandbox, 'GET', '/api/lines?page=2', { headers: { 'user-agent': 'test' } });
	await send(sandbox);
	await call(sandbox, 'GET', '/api/lines', { keys: false });
	const log = sandbox.requests();
	expect(log.map(({ method, path, status }) => [method, path, status])).toEqual([
		['GET', '/api/lines', 200],
		['POST', '/api/send-message', 200],
		['GET', '/api/lines', 403],
	]);
	expect(log[0].query).toEqual({ page: '2' });
	expect(log[0].headers).toMatchObject({ 'user-agent': 'test', 'sb-api-key-id': '[redacted]' });
	expect(log[2].headers).not.toHaveProperty('sb-api-key-id');
	expect(Date.parse(log[0].time)).not.toBeNaN();
	for (const secret of Object.values(KEYS)) expect(JSON.stringify(log)).not.toContain(secret);
});

it('accepts and lists late for every message, by setting', async () => {
	await control('POST', 'settings', { acceptLateMs: 50, listLateMs: 50 });
	const list = async () => (await call(sandbox, 'GET', '/api/v2/messages')).json.pagination.total;
	const { json } = await send(sandbox);
	expect(json.status).toBe('QUEUED');
	expect(sandbox.messages()).toEqual([]);
	expect((await call(sandbox, 'GET', `/api/status?handle=${json.message_handle}`)).status).toBe(404);
	await until(() => sandbox.messages().length === 1);
	expect(sandbox.messages()[0]).toMatchObject({ message_handle: json.message_handle, number: RECIPIENT });
	expect(await list()).toBe(0);
	await new Promise((resolve) => setTimeout(resolve, 70));
	expect(await list()).toBe(1);
});

it('a reset ends what was still to come', async () => {
	sandbox.setSettings({ acceptLateMs: 30 });
	sandbox.setFaults([{ path: '/api/lines', kind: 'slow', delayMs: 60_000 }]);
	await send(sandbox);
	const slow = call(sandbox, 'GET', '/api/lines');
	await until(() => sandbox.requests().length === 2);
	await new Promise((resolve) => setTimeout(resolve, 10));
	sandbox.reset();
	expect((await slow).status).toBe(200);
	await new Promise((resolve) => setTimeout(resolve, 50));
	expect(sandbox.messages()).toEqual([]);
	expect(sandbox.settings().acceptLateMs).toBe(0);
});

it('two sandboxes know nothing of each other', async () => {
	const other = await startSandbox();
	await send(other);
	expect(sandbox.messages()).toEqual([]);
	await other.close();
	await expect(call(other, 'GET', '/api/lines')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

describe('the command', () => {
	const command = join(__dirname, '../../sandbox/cli.mjs');

	it.each(['SIGINT', 'SIGTERM'] as const)('prints one line and stops on %s', async (signal) => {
		const child = spawn(process.execPath, [command, '--port', '0']);
		let output = '';
		child.stdout.on('data', (chunk) => (output += chunk));
		child.stderr.on('data', (chunk) => (output += chunk));
		const ended = new Promise((resolve) => child.on('exit', (code, by) => resolve([code, by])));
		while (!output.includes('\n')) await new Promise((resolve) => setTimeout(resolve, 10));
		const line = /^Sendblue sandbox listening on (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(output);
		expect(line).not.toBeNull();
		const lines = await call({ ...sandbox, url: line?.[1] ?? '' }, 'GET', '/api/lines');
		expect(lines.status).toBe(200);
		child.kill(signal);
		expect(await ended).toEqual([0, null]);
		expect(output.split('\n')).toHaveLength(2);
	});
});
