import type { IDataObject } from 'n8n-workflow';

import { describeOperation, resourceWorld } from '../support/operationSuite.cts';
import { LINE, PERSON } from '../support/sendblueWorkflow.cts';

const SMS_ONLY = '+14155554404';

describe('numbers', () => {
	const world = resourceWorld('number');

	describeOperation(world, 'number', {
		operation: 'checkIMessage',
		parameters: { phoneNumber: { __rl: true, mode: 'number', value: '={{ $json.person }}' } },
		items: async () => [
			{ person: PERSON, service: 'iMessage' },
			{ person: SMS_ONLY, service: 'SMS' },
			{ person: '+14155550125', service: 'iMessage' },
		],
		output: ({ person, service }) => ({ number: person, service, hasIMessage: service === 'iMessage' }),
		request: { method: 'GET', path: '/api/evaluate-service' },
	});

	it('completes a number, and passes an email address on', async () => {
		await world.outputOf('checkIMessage', { phoneNumber: '415-555-0123', options: { defaultCountry: 'US' } });
		const [{ service }] = await world.outputOf('checkIMessage', { phoneNumber: 'ada@example.com' });

		expect(world.sandbox.requests().map(({ query }) => query.number)).toEqual([PERSON, 'ada@example.com']);
		expect(service).toBe('iMessage');
	});

	it.each([
		['a conflict', { status: 409 }],
		['what is still under way', { status: 425 }],
		['what says that it may be repeated', { status: 422, headers: { 'x-should-retry': 'true' } }],
	])('asks again after %s', async (_name, answer) => {
		world.sandbox.setFaults([{ path: '/api/evaluate-service', times: 2, kind: 'status', ...answer }]);
		const [{ hasIMessage }] = await world.outputOf('checkIMessage', { phoneNumber: PERSON });

		expect(hasIMessage).toBe(true);
		expect(world.requests()).toHaveLength(3);
	});

	it('does not ask again after what says that it is to be left', async () => {
		const answer = { status: 503, headers: { 'x-should-retry': 'false' } };
		world.sandbox.setFaults([{ path: '/api/evaluate-service', kind: 'status', ...answer }]);
		await world.errorOf('checkIMessage', { phoneNumber: PERSON });

		expect(world.requests()).toHaveLength(1);
	});

	it('refuses what is neither before any request', async () => {
		expect((await world.errorOf('checkIMessage', { phoneNumber: 'Ada' })).message).toContain("'Phone Number'");
		expect(world.requests()).toEqual([]);
	});
});

describe('lines', () => {
	const world = resourceWorld('line');
	const three = async (): Promise<IDataObject[]> => [{ limit: 1 }, { limit: 2 }, { limit: 3 }];

	// Each of the three lists may be missing: a line is told of by the others.
	it('lists lines with health and room for new contacts, paired, as its schema says', async () => {
		world.sandbox.setSettings({ allowance: { line: LINE, hourlyUsed: 15, dailyUsed: 20, nextSlotInMs: 60_000 } });
		const items = (await three()).map((json) => ({ json }));
		const result = await world.run('getAll', { limit: '={{ $json.limit }}' }, items);

		expect(result.error).toBeUndefined();
		const output = result.items('Sendblue');
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual([0, 1, 1, 2, 2, 2].map((item) => ({ item })));
		expect(output[0].json).toEqual({
			number: LINE,
			status: 'ONLINE',
			assignment: 'assigned',
			status_changed_at: expect.any(String),
			degraded_since: null,
			new_contacts_left_this_hour: 0,
			new_contacts_left_today: 30,
			new_contacts_available_at: expect.any(String),
		});
		expect(output[5].json).toMatchObject({ assignment: 'shared', new_contacts_left_today: 50 });
	});

	it('tells the state of a line in trouble, and passes over a state without a number', async () => {
		const degraded = { sendblue_number: LINE, status: 'DEGRADED', degraded_since: '2026-11-26T08:00:00.000Z' } as const;
		const leaving = { sendblue_number: '+15550100009', status: 'OFFLINE', assignment: 'grace_period' } as const;
		world.sandbox.setSettings({ lineStates: [degraded, leaving, { sendblue_number: null, status: 'UNKNOWN' }] });
		const lines = await world.outputOf('getAll', { returnAll: true });

		expect(lines).toHaveLength(4);
		expect(lines).toContainEqual(
			expect.objectContaining({ number: LINE, status: 'DEGRADED', degraded_since: degraded.degraded_since }),
		);
		expect(lines).toContainEqual(
			expect.objectContaining({ number: leaving.sendblue_number, status: 'OFFLINE', assignment: 'grace_period' }),
		);
	});

	it('returns what the lists hold where Simplify is off', async () => {
		const [line] = await world.outputOf('getAll', { simplify: false, returnAll: true });

		expect(line).toMatchObject({
			number: LINE,
			health: { sendblue_number: LINE, worker_id: expect.any(String) },
			allowance: { phone: LINE, newContactLookbackDays: 30 },
		});
	});

	it.each([
		['/api/lines', { status: 'ONLINE', new_contacts_left_today: 50 }],
		['/api/v2/lines/state', { status: null, new_contacts_left_today: 50 }],
		['/api/v2/lines/usage', { status: 'ONLINE', new_contacts_left_today: null }],
	])('does without %s', async (path, expected) => {
		world.sandbox.setFaults([{ path, kind: 'status403' }]);

		expect(await world.outputOf('getAll', { limit: 1 })).toMatchObject([{ number: LINE, ...expected }]);
	});

	it('shows the refusal where no list can be had, and goes on where it continues on fail', async () => {
		world.sandbox.setFaults([{ path: '/api/', kind: 'status403' }]);
		const items = (await three()).map((json) => ({ json }));
		const result = await world.run('getAll', {}, items, { onError: 'continueRegularOutput' });

		expect((await world.errorOf('getAll', {})).httpCode).toBe('403');
		expect(result.items('Sendblue').map(({ json, pairedItem }) => ({ json, pairedItem }))).toEqual(
			[1, 2, 3].map((limit, item) => ({
				json: expect.objectContaining({ limit, error: expect.any(String) }),
				pairedItem: { item },
			})),
		);
	});
});

describe('webhooks', () => {
	const world = resourceWorld('webhook');
	const registered = async (): Promise<IDataObject[]> => {
		const add = async (type: string, webhooks: unknown[]) =>
			await world.account.call('POST', '/api/account/webhooks', { type, webhooks: webhooks as IDataObject[] });
		await add('receive', [
			'https://example.com/all',
			{ url: 'https://example.com/signed', secret: 'not-to-be-seen', sendblue_numbers: [LINE] },
		]);
		await add('outbound', ['https://example.com/status']);
		await add('line_blocked', ['https://example.com/blocked']);
		return ['receive', 'outbound', 'line_blocked'].map((type) => ({ type }));
	};

	describeOperation(world, 'webhook', {
		operation: 'getAll',
		parameters: { filters: { type: '={{ $json.type }}' } },
		items: registered,
		output: ({ type }) => ({ type, url: expect.stringContaining('https://example.com/') }),
		request: { method: 'GET', path: '/api/account/webhooks' },
	});

	it('leaves out a secret in an address', async () => {
		await world.account.call('POST', '/api/account/webhooks', {
			type: 'contact_created',
			webhooks: ['https://example.com/made?flow=7&token=not-to-be-seen'],
		});
		const [webhook] = await world.outputOf('getAll', { filters: { type: 'contact_created' } });

		expect(webhook.url).toBe('https://example.com/made?flow=7&token=…');
	});

	it('lists all types, without secrets', async () => {
		await registered();
		const all = await world.outputOf('getAll', { returnAll: true });

		expect(all).toHaveLength(4);
		expect(all).toContainEqual({
			type: 'receive',
			url: 'https://example.com/signed',
			has_secret: true,
			sendblue_numbers: [LINE],
		});
		expect(JSON.stringify(all)).not.toContain('not-to-be-seen');
		expect(await world.outputOf('getAll', { limit: 2 })).toEqual(all.slice(0, 2));
	});
});
