import { SHARED_LINE, startSandbox } from '../../sandbox/index.cjs';
import type { Sandbox } from '../../sandbox/index.cjs';
import { call, KEYS, LINE, OTHER_LINE, RECIPIENT, send } from './client.cts';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox();
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.close());

describe('keys', () => {
	it.each([
		['no keys', {}, 403, 'FORBIDDEN'],
		['no secret', { 'sb-api-key-id': KEYS['sb-api-key-id'] }, 403, 'FORBIDDEN'],
		['a wrong key id', { ...KEYS, 'sb-api-key-id': 'other' }, 401, 'UNAUTHORIZED'],
		['a wrong secret', { ...KEYS, 'sb-api-secret-key': 'other' }, 401, 'UNAUTHORIZED'],
	])('refuses %s with JSON', async (_name, headers, status, code) => {
		const answer = await call(sandbox, 'GET', '/api/lines', { keys: false, headers });
		expect(answer.status).toBe(status);
		expect(answer.json).toMatchObject({ status: 'ERROR', error_code: code });
		expect(answer.json.message).toBe(answer.json.error_message);
	});

	it('refuses an upload and a send with wrong keys, and accepts nothing', async () => {
		const headers = { 'sb-api-key-id': 'other', 'sb-api-secret-key': 'other' };
		const raw = Buffer.alloc(3_000_000);
		const uploaded = await call(sandbox, 'POST', '/api/upload-file', {
			keys: false,
			raw,
			headers: { ...headers, 'content-type': 'multipart/form-data; boundary=x' },
		});
		expect(uploaded.status).toBe(401);
		const json = { number: RECIPIENT, from_number: LINE, content: 'Hello' };
		const sent = await call(sandbox, 'POST', '/api/send-message', { keys: false, headers, json });
		expect(sent.status).toBe(401);
		expect(sandbox.messages()).toEqual([]);
	});

	it('takes the header names with x- in front', async () => {
		const headers = {
			'x-sb-api-key-id': KEYS['sb-api-key-id'],
			'x-sb-api-secret-key': KEYS['sb-api-secret-key'],
		};
		expect((await call(sandbox, 'GET', '/account', { keys: false, headers })).status).toBe(200);
	});
});

describe('lines', () => {
	it('lists own lines, and the shared one in the states only', async () => {
		expect((await call(sandbox, 'GET', '/api/lines')).json).toEqual({ numbers: [LINE, OTHER_LINE] });
		const { json } = await call(sandbox, 'GET', '/api/v2/lines/state');
		expect(json.status).toBe('OK');
		expect(
			json.data.map((line: Record<string, string>) => [line.sendblue_number, line.assignment, line.status]),
		).toEqual([
			[LINE, 'assigned', 'ONLINE'],
			[OTHER_LINE, 'assigned', 'ONLINE'],
			[SHARED_LINE, 'shared', 'ONLINE'],
		]);
		expect((await send(sandbox, { from_number: SHARED_LINE })).status).toBe(200);
	});

	it('counts each new contact once against its line', async () => {
		await send(sandbox);
		await send(sandbox);
		await send(sandbox, { number: '+19998887778' });
		const { json } = await call(sandbox, 'GET', '/api/v2/lines/usage');
		const [line, other] = json.lines;
		expect(line).toMatchObject({
			phone: LINE,
			state: 'available',
			newContactLookbackDays: 30,
			hourly: { used: 2, limit: 15, remaining: 13 },
			daily: { used: 2, limit: 50, remaining: 48 },
			availableAt: null,
		});
		expect(Date.parse(line.hourly.nextSlotAt)).toBeGreaterThan(Date.now());
		expect(other.hourly).toEqual({ used: 0, limit: 15, remaining: 15, nextSlotAt: null });
	});

	it('refuses new contacts, not known ones, when the allowance is declared used up', async () => {
		await send(sandbox);
		sandbox.setSettings({ allowance: { line: LINE, hourlyUsed: 15, nextSlotInMs: 60_000 } });
		const refused = await send(sandbox, { number: '+19998887778' });
		expect(refused.status).toBe(429);
		expect(refused.json).toMatchObject({ status: 'ERROR', error_code: 5509 });
		expect((await send(sandbox)).status).toBe(200);
		expect((await send(sandbox, { number: '+19998887778', from_number: OTHER_LINE })).status).toBe(200);

		const [line] = (await call(sandbox, 'GET', '/api/v2/lines/usage')).json.lines;
		expect(line).toMatchObject({ state: 'limited', hourly: { used: 15, remaining: 0 } });
		expect(line.availableAt).toBe(line.hourly.nextSlotAt);
		expect(Date.parse(line.availableAt) - Date.now()).toBeLessThanOrEqual(60_000);
	});

	it('frees declared slots when their time has come', async () => {
		sandbox.setSettings({ allowance: { dailyUsed: 50, nextSlotInMs: 40 } });
		expect((await send(sandbox)).status).toBe(429);
		await new Promise((resolve) => setTimeout(resolve, 60));
		expect((await send(sandbox)).status).toBe(200);
	});
});

it('answers an unknown route with 404 and JSON', async () => {
	const answer = await call(sandbox, 'GET', '/api/nothing');
	expect(answer.status).toBe(404);
	expect(answer.json).toMatchObject({ status: 'ERROR', error_code: 'NOT_FOUND' });
});
