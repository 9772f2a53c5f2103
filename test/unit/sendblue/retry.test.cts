import type { SendblueApiError } from '../../../nodes/Sendblue/sendblue/errors';
import { retryAfterMs } from '../../../nodes/Sendblue/sendblue/http/retry';

import { networkError, scriptedClient } from '../../support/sendblue/scriptedTransport.cts';

import { settle } from '../../support/clock.cts';

type Step = import('../../support/sendblue/scriptedTransport.cjs').Step;

const REACTION = { from_number: 'x', message_handle: 'y', reaction: 'love' };
const BODY = { number: '+15551234567', from_number: '+15550100001', media_url: 'https://x.test/a.caf' };
const SENT = { body: { status: 'QUEUED', message_handle: 'h1' } };
const LINES = { body: { numbers: ['+15550100001'] } };

describe('retryAfterMs', () => {
	const now = Date.parse('2026-11-22T10:00:00Z');
	test.each<[Record<string, string>, number | undefined]>([
		[{ 'retry-after': '7' }, 7000],
		[{ 'Retry-After': '0.5' }, 500],
		[{ 'retry-after-ms': '250', 'retry-after': '7' }, 250],
		[{ 'retry-after': 'Sun, 22 Nov 2026 10:00:30 GMT' }, 30_000],
		[{ 'retry-after': 'Sun, 22 Nov 2026 09:00:30 GMT', date: 'Sun, 22 Nov 2026 09:00:00 GMT' }, 30_000],
		[{ 'retry-after': 'Sun, 22 Nov 2026 09:00:00 GMT' }, 0],
		[{ 'retry-after': 'soon' }, undefined],
		[{ 'retry-after': '-5' }, undefined],
		[{ 'retry-after': '' }, undefined],
		[{}, undefined],
	])('%j is %p', (headers, ms) => {
		expect(retryAfterMs({ status: 429, headers, body: '' }, now)).toBe(ms);
	});
});

describe('reads and uploads', () => {
	test.each([
		['429', { status: 429 }],
		['408', { status: 408 }],
		['409', { status: 409 }],
		['x-should-retry: true', { status: 422, headers: { 'X-Should-Retry': 'true' } }],
		['x-should-retry: true beside a refusal in a 2xx', { body: { error: 'x' }, headers: { 'x-should-retry': 'true' } }],
		['425', { status: 425 }],
		['499', { status: 499 }],
		['500', { status: 500 }],
		['502', { status: 502 }],
		['503', { status: 503 }],
		['a refused connection', networkError('ECONNREFUSED')],
		['a cut connection', networkError('ECONNRESET')],
		['a time-out', networkError('ETIMEDOUT')],
		['an error of the server in a 2xx', { body: { status: 'ERROR', error_code: 5000 } }],
		['half an answer', { body: '{"numbers":["+155' }],
		['a web page', { body: '<html></html>' }],
	])('are repeated after %s', async (_name, step) => {
		const { client, time, transport } = scriptedClient([step, step, LINES]);
		expect(await time.run(client.lines.list())).toEqual(['+15550100001']);
		expect(transport.requests).toHaveLength(3);
	});

	test.each([[400], [401], [403], [404], [413], [422], [302]])('are not repeated after %p', async (status) => {
		const { client, time, transport } = scriptedClient([{ status }, LINES]);
		expect((await time.runToError<SendblueApiError>(client.lines.list())).httpStatus).toBe(status);
		expect(transport.requests).toHaveLength(1);
	});

	test('are not repeated after a refusal in a 2xx', async () => {
		const { client, time, transport } = scriptedClient([{ body: { status: 'ERROR', message: 'no' } }, LINES]);
		await time.runToError(client.lines.list());
		expect(transport.requests).toHaveLength(1);
	});

	test('back off, doubling, and end after five attempts', async () => {
		const { client, time, transport } = scriptedClient([{ status: 503 }]);
		const error = await time.runToError<SendblueApiError>(client.lines.list());
		expect(error.httpStatus).toBe(503);
		expect(transport.requests).toHaveLength(5);
		expect(time.sleeps).toEqual([500, 1000, 2000, 4000]);
	});

	test('the back-off is spread by chance', async () => {
		const { client, time } = scriptedClient([{ status: 503 }], { random: () => 0 });
		await time.runToError(client.lines.list());
		expect(time.sleeps).toEqual([250, 500, 1000, 2000]);
	});

	test('wait as long as Retry-After says', async () => {
		const { client, time, transport } = scriptedClient([{ status: 429, headers: { 'Retry-After': '20' } }, LINES]);
		await time.run(client.lines.list());
		expect(transport.times[1] - transport.times[0]).toBe(20_000);
	});

	test('a Retry-After of 0 does not lead to a storm', async () => {
		const { client, time, transport } = scriptedClient([{ status: 429, headers: { 'retry-after': '0' } }]);
		await time.runToError(client.lines.list());
		expect(transport.times.at(-1)! - transport.times[0]).toBeGreaterThan(5000);
	});

	test('do not wait longer than the total time: the caller is told at once', async () => {
		const { client, time, transport } = scriptedClient([{ status: 429, headers: { 'retry-after': '3600' } }]);
		const error = await time.runToError<SendblueApiError>(client.lines.list());
		expect(error.httpStatus).toBe(429);
		expect(transport.requests).toHaveLength(1);
		expect(time.sleeps).toEqual([]);
		// The next one of the kind does not even try.
		expect((await time.runToError<SendblueApiError>(client.lines.states())).httpStatus).toBe(429);
		expect(transport.requests).toHaveLength(1);
	});

	test('x-should-retry: false is honoured', async () => {
		for (const status of [409, 429, 503]) {
			const { client, time, transport } = scriptedClient([{ status, headers: { 'x-should-retry': 'false' } }]);
			await time.runToError(client.lines.list());
			expect(transport.requests).toHaveLength(1);
		}
	});

	test('an upload is repeated', async () => {
		const done = { status: 201, body: { media_url: 'https://x.test/a.caf' } };
		const { client, time, transport } = scriptedClient([networkError('EPIPE'), { status: 500 }, done]);
		await time.run(client.files.upload({ bytes: new Uint8Array(3), fileName: 'a.caf', mimeType: 'audio/x-caf' }));
		expect(transport.requests).toHaveLength(3);
	});
});

describe('sends and other changes', () => {
	type Calls = Array<[string, (client: ReturnType<typeof scriptedClient>['client']) => Promise<unknown>]>;
	const sends: Calls = [
		['sendMessage', (client) => client.messages.send(BODY)],
		['sendGroupMessage', (client) => client.messages.sendToGroup({ from_number: '+15550100001', group_id: 'g' })],
	];
	const changes: Calls = [
		['sendReaction', (client) => client.messages.react({ from_number: 'x', message_handle: 'y', reaction: 'love' })],
		['sendTypingIndicator', (client) => client.messages.showTyping({ number: 'x' })],
		['markRead', (client) => client.messages.markRead({ number: 'x', from_number: 'y' })],
		['createContact', (client) => client.contacts.create({ number: 'x' })],
		['deleteMessage', (client) => client.messages.delete('h')],
		['addWebhook', (client) => client.webhooks.add('receive', { url: 'https://x.test' })],
	];
	const unsafe: Step[] = [
		{ status: 500 },
		{ status: 502 },
		{ status: 503 },
		{ status: 503, headers: { 'retry-after': '1' } },
		{ status: 500, headers: { 'x-should-retry': 'true' } },
		{ status: 400, headers: { 'x-should-retry': 'true' } },
		{ status: 408 },
		{ status: 409 },
		{ status: 400 },
		networkError('ECONNRESET'),
		networkError('EPIPE'),
		networkError('ETIMEDOUT'),
		networkError('SOMETHING_NEW'),
	];
	const throttled: Step[] = [{ status: 429 }, { status: 429, headers: { 'retry-after': '2' } }];
	const neverLeft: Step[] = [networkError('ECONNREFUSED', { syscall: 'connect' })];

	test.each([...sends, ...changes])('%s is not repeated if it may have been carried out', async (_name, call) => {
		for (const step of unsafe) {
			const { client, time, transport } = scriptedClient([step, SENT]);
			await time.runToError(call(client));
			expect(transport.requests).toHaveLength(1);
		}
	});

	test.each(sends)('%s is repeated if it never left, and not after a 429, which may be wrong', async (_name, call) => {
		for (const step of [...throttled, ...neverLeft]) {
			const { client, time, transport } = scriptedClient([step, SENT]);
			if (step instanceof Error) await time.run(call(client));
			else expect((await time.runToError<SendblueApiError>(call(client))).httpStatus).toBe(429);
			expect(transport.requests).toHaveLength(step instanceof Error ? 2 : 1);
		}
	});

	test.each(changes)('%s is repeated if it certainly was not', async (_name, call) => {
		for (const step of [...throttled, ...neverLeft]) {
			const { client, time, transport } = scriptedClient([step, SENT]);
			await time.run(call(client));
			expect(transport.requests).toHaveLength(2);
		}
	});

	test('a send that never leaves ends as not sent', async () => {
		const { client, time, transport } = scriptedClient([networkError('ENOTFOUND', { syscall: 'getaddrinfo' })]);
		const error = await time.runToError<SendblueApiError>(client.messages.send(BODY));
		expect(error.outcome).toBe('notSent');
		expect(error.message).toContain('ENOTFOUND');
		expect(error.message).not.toContain('s3cr3t');
		expect(transport.requests).toHaveLength(6);
	});
});

describe('pauses are shared', () => {
	test('after a 429 with Retry-After all changes wait, and reads do not', async () => {
		const { client, time, transport } = scriptedClient([
			{ status: 429, headers: { 'retry-after': '30' } },
			LINES,
			SENT,
		]);
		const first = client.messages.react(REACTION);
		await settle();
		const start = transport.times[0];
		const second = client.messages.react({ ...REACTION, message_handle: 'other' });
		const read = client.lines.list();
		await time.run(Promise.all([first, second, read]));
		const paths = transport.requests.map((request) => request.path);
		expect(paths).toEqual(['/api/send-reaction', '/api/lines', '/api/send-reaction', '/api/send-reaction']);
		expect(transport.times.map((at) => at - start)).toEqual([0, 0, 30_000, 30_000]);
	});
});

describe('stopping', () => {
	test('a wait ends at once, and nothing is started after it', async () => {
		const abort = new AbortController();
		const { client, time, transport } = scriptedClient([{ status: 429, headers: { 'retry-after': '60' } }, SENT], {
			signal: abort.signal,
		});
		const sending = client.messages.react(REACTION).catch((error: unknown) => error as SendblueApiError);
		await settle();
		abort.abort();
		// No virtual time passes here.
		const error = (await sending) as SendblueApiError;
		expect(error).toMatchObject({ outcome: 'notSent', cancelled: true });
		expect(transport.requests).toHaveLength(1);
		await time.runToError(client.lines.list());
		expect(transport.requests).toHaveLength(1);
	});

	test('a stopped read is not repeated', async () => {
		const { client, time, transport } = scriptedClient([networkError('ERR_CANCELED'), LINES]);
		expect(await time.runToError(client.lines.list())).toMatchObject({ cancelled: true });
		expect(transport.requests).toHaveLength(1);
	});
});
