import type { SendblueClient } from '../../../nodes/Sendblue/sendblue/client';
import type { SendblueApiError } from '../../../nodes/Sendblue/sendblue/errors';

import { networkError, scriptedClient } from '../../support/sendblue/scriptedTransport.cts';

type Step = import('../../support/sendblue/scriptedTransport.cjs').Step;

const LINE = '+15550100001';

async function ask<T>(answer: unknown, call: (client: SendblueClient) => Promise<T>) {
	const { client, time, transport } = scriptedClient([{ body: answer }]);
	return { result: await time.run(call(client)), request: transport.requests[0] };
}

describe('every method makes the documented request', () => {
	const HANDLE = 'a/b c';
	test.each<[string, (client: SendblueClient) => Promise<unknown>, object]>([
		['listLines', (c) => c.lines.list(), { method: 'GET', path: '/api/lines' }],
		['lineStates', (c) => c.lines.states(), { method: 'GET', path: '/api/v2/lines/state' }],
		['lineUsage', (c) => c.lines.usage(), { method: 'GET', path: '/api/v2/lines/usage' }],
		[
			'uploadMediaObject',
			(c) => c.files.copyFromUrl('u'),
			{ path: '/api/upload-media-object', json: { media_url: 'u' } },
		],
		[
			'sendMessage',
			(c) => c.messages.send({ number: 'n', from_number: 'f' }),
			{ method: 'POST', path: '/api/send-message', json: { number: 'n', from_number: 'f' } },
		],
		[
			'sendGroupMessage',
			(c) => c.messages.sendToGroup({ from_number: 'f', group_id: 'g' }),
			{ method: 'POST', path: '/api/send-group-message', json: { from_number: 'f', group_id: 'g' } },
		],
		['getMessage', (c) => c.messages.get(HANDLE), { method: 'GET', path: '/api/v2/messages/a%2Fb%20c' }],
		[
			'listMessages',
			(c) => c.messages.list({ number: 'n' }),
			{ method: 'GET', path: '/api/v2/messages', query: { number: 'n' } },
		],
		['deleteMessage', (c) => c.messages.delete(HANDLE), { method: 'DELETE', path: '/api/message/a%2Fb%20c' }],
		[
			'evaluateService',
			(c) => c.numbers.evaluateService('n'),
			{ method: 'GET', path: '/api/evaluate-service', query: { number: 'n' } },
		],
		[
			'sendTypingIndicator',
			(c) => c.messages.showTyping({ number: 'n' }),
			{ method: 'POST', path: '/api/send-typing-indicator', json: { number: 'n' } },
		],
		[
			'sendReaction',
			(c) => c.messages.react({ from_number: 'f', message_handle: 'h', reaction: 'like' }),
			{ method: 'POST', path: '/api/send-reaction', json: { from_number: 'f', message_handle: 'h', reaction: 'like' } },
		],
		[
			'markRead',
			(c) => c.messages.markRead({ number: 'n', from_number: 'f' }),
			{ method: 'POST', path: '/api/mark-read', json: { number: 'n', from_number: 'f' } },
		],
		[
			'listContacts',
			(c) => c.contacts.list({ limit: 5 }),
			{ method: 'GET', path: '/api/v2/contacts', query: { limit: 5 } },
		],
		['getContact', (c) => c.contacts.get('+1'), { method: 'GET', path: '/api/v2/contacts/%2B1' }],
		[
			'createContact',
			(c) => c.contacts.create({ number: 'n' }),
			{ method: 'POST', path: '/api/v2/contacts', json: { number: 'n' } },
		],
		[
			'updateContact',
			(c) => c.contacts.update('+1', { first_name: 'A' }),
			{ method: 'PUT', path: '/api/v2/contacts/%2B1', json: { first_name: 'A' } },
		],
		['deleteContact', (c) => c.contacts.delete('+1'), { method: 'DELETE', path: '/api/v2/contacts/%2B1' }],
		[
			'setOptOut',
			(c) => c.contacts.setOptOut('n', true),
			{ method: 'POST', path: '/api/v2/contacts/opt-out', json: { number: 'n', opted_out: true } },
		],
		['getGroup', (c) => c.groups.get('g/1'), { method: 'GET', path: '/api/v2/groups/g%2F1' }],
		[
			'createGroup',
			(c) => c.groups.create({ from_number: 'f', numbers: ['n'], group_name: 'x' }),
			{ method: 'POST', path: '/api/create-group', json: { from_number: 'f', numbers: ['n'], group_name: 'x' } },
		],
		[
			'modifyGroup',
			(c) => c.groups.modify({ group_id: 'g', modify_type: 'add_recipient', number: 'n' }),
			{ method: 'POST', path: '/api/modify-group', json: { group_id: 'g', modify_type: 'add_recipient', number: 'n' } },
		],
		[
			'renameGroup',
			(c) => c.groups.rename('g', 'New', 'f'),
			{ method: 'POST', path: '/api/v2/groups/g/name', json: { group_name: 'New', from_number: 'f' } },
		],
		['listWebhooks', (c) => c.webhooks.list(), { method: 'GET', path: '/api/account/webhooks' }],
		[
			'addWebhook',
			(c) => c.webhooks.add('outbound', { url: 'u' }),
			{ method: 'POST', path: '/api/account/webhooks', json: { webhooks: ['u'], type: 'outbound' } },
		],
		[
			'addWebhook with a secret',
			(c) => c.webhooks.add('receive', { url: 'u', secret: 's' }),
			{
				method: 'POST',
				path: '/api/account/webhooks',
				json: { webhooks: [{ url: 'u', secret: 's' }], type: 'receive' },
			},
		],
		[
			'removeWebhook',
			(c) => c.webhooks.remove('receive', 'u'),
			{ method: 'DELETE', path: '/api/account/webhooks', json: { webhooks: ['u'], type: 'receive' } },
		],
	])('%s', async (_name, call, expected) => {
		const { request } = await ask({ status: 'OK', data: [] }, call);
		expect(request).toMatchObject(expected);
		expect(request.timeoutMs).toBeGreaterThan(0);
	});

	test('webhooks are never replaced as a whole', async () => {
		const { client, time, transport } = scriptedClient([{ body: { webhooks: {} } }]);
		await time.run(client.webhooks.add('receive', { url: 'u' }));
		await time.run(client.webhooks.remove('receive', 'u'));
		await time.run(client.webhooks.list());
		expect(transport.requests.map(({ method }) => method)).toEqual(['POST', 'DELETE', 'GET']);
	});
});

describe('lines', () => {
	const states = {
		data: [
			{ sendblue_number: LINE, status: 'ONLINE', assignment: 'assigned' },
			{ sendblue_number: '+15550100009', status: 'DEGRADED', assignment: 'shared' },
		],
	};
	const listed = { numbers: [LINE, '+15550100002'] };
	const byPath = (lines: unknown, state: unknown) => [
		(request: { path: string }) => {
			const answer = request.path === '/api/lines' ? lines : state;
			return answer instanceof Error ? answer : { body: answer, ...(answer === 403 ? { status: 403, body: {} } : {}) };
		},
	];

	test('both lists become one', async () => {
		const { client, time } = scriptedClient(byPath(listed, states));
		expect(await time.run(client.lines.all())).toEqual([
			{ number: LINE, status: 'ONLINE', shared: false },
			{ number: '+15550100002', shared: false },
			{ number: '+15550100009', status: 'DEGRADED', shared: true },
		]);
	});

	test('either is enough', async () => {
		const noStates = scriptedClient(byPath(listed, 403));
		expect(await noStates.time.run(noStates.client.lines.all())).toHaveLength(2);
		const noList = scriptedClient(byPath(networkError('ECONNRESET'), states));
		expect(await noList.time.run(noList.client.lines.all())).toHaveLength(2);
	});

	test('neither is told', async () => {
		const { client, time } = scriptedClient(byPath(403, 403));
		expect((await time.runToError<SendblueApiError>(client.lines.all())).httpStatus).toBe(403);
	});

	test.each([
		[{ numbers: [LINE] }, [LINE]],
		[[LINE], [LINE]],
		[{ data: [{ sendblue_number: LINE }, { nothing: 1 }, null] }, [LINE]],
		[{ numbers: null }, []],
		[{}, []],
	])('listLines reads %j', async (answer, lines) => {
		expect((await ask(answer, async (client) => await client.lines.list())).result).toEqual(lines);
	});

	test('usage keeps what it is given and drops what is no line', async () => {
		const answer = { enabled: true, extra: 1, lines: [{ phone: LINE, state: 'available' }, { state: 'x' }, null] };
		const { result } = await ask(answer, async (client) => await client.lines.usage());
		expect(result).toEqual({ enabled: true, extra: 1, lines: [{ phone: LINE, state: 'available' }] });
	});
});

describe('messages', () => {
	const failed = { message_handle: 'h', status: 'ERROR', error_code: 10001, error_message: 'no' };

	test('a failed message is read, not thrown', async () => {
		const wrapped = await ask({ status: 'OK', data: failed }, async (client) => await client.messages.get('h'));
		expect(wrapped.result).toEqual(failed);
		const bare = await ask(failed, async (client) => await client.messages.get('h'));
		expect(bare.result).toEqual(failed);
	});

	test('unknown states and fields pass', async () => {
		const message = { message_handle: 'h', status: 'TELEPATHED', brand_new: { x: 1 }, accountEmail: 'a' };
		expect((await ask(message, async (c) => await c.messages.get('h'))).result).toEqual(message);
		expect((await ask(message, async (c) => await c.messages.send({ number: 'n', from_number: 'f' }))).result).toEqual(
			message,
		);
	});

	test.each([
		[{ data: [{ message_handle: 'h' }], pagination: { hasMore: true, total: 9 } }, 1, true, 9],
		[[{ message_handle: 'h' }], 1, undefined, undefined],
		[{ status: 'OK', pagination: { total: 0 } }, 0, undefined, 0],
		[{ data: [] }, 0, undefined, undefined],
		[{ data: [null, 1, {}] }, 1, undefined, undefined],
	])('a page is read from %j', async (answer, count, hasMore, total) => {
		const { result } = await ask(answer, async (client) => await client.messages.list());
		expect([result.messages.length, result.hasMore, result.total]).toEqual([count, hasMore, total]);
	});

	test.each([
		[{}],
		[{ status: 'OK' }],
		[{ data: null }],
		[{ data: {} }],
		[{ data: [], pagination: { total: 3 } }],
		[{ data: [], pagination: { hasMore: true } }],
		['rebuilding'],
	])('%j is no list of messages', async (answer) => {
		const { client, time } = scriptedClient([{ body: answer }]);
		expect((await time.runToError<SendblueApiError>(client.messages.list())).message).toContain('could not be read');
	});

	test.each([
		['', {}],
		['done', { message: 'done' }],
		[{ ok: 1 }, { ok: 1 }],
	])('a change may answer %j', async (body, result) => {
		expect((await ask(body, async (client) => await client.messages.delete('h'))).result).toEqual(result);
	});

	test('an error in a 200 fails every change', async () => {
		const { client, time } = scriptedClient([{ body: { status: 'ERROR', error_message: 'No route mapping found' } }]);
		const error = await time.runToError<SendblueApiError>(client.messages.showTyping({ number: 'n' }));
		expect(error.sendblueMessage).toBe('No route mapping found');
	});
});

describe('webhooks and contacts', () => {
	test('URLs and objects are read alike', async () => {
		const answer = { webhooks: { receive: ['u', { url: 'v', secret: 's' }, 7], globalSecret: 'g' } };
		const { result } = await ask(answer, async (client) => await client.webhooks.list());
		expect(result).toEqual({ byType: { receive: [{ url: 'u' }, { url: 'v', secret: 's' }] }, globalSecret: 'g' });
	});

	test('contacts come bare or wrapped', async () => {
		expect((await ask([{ phone: 'p' }], async (c) => await c.contacts.list())).result).toEqual([{ phone: 'p' }]);
		expect(
			(await ask({ status: 'OK', contact: { phone: 'p' } }, async (c) => await c.contacts.get('p'))).result,
		).toEqual({ phone: 'p' });
	});
});

describe('uploadFile', () => {
	const FILE = { bytes: new Uint8Array([1, 2, 3]), fileName: 'AudioMessage.caf', mimeType: 'audio/x-caf' };
	const URL_OK = 'https://storage.googleapis.com/inbound-file-store/abc_AudioMessage.caf';

	test('sends one multipart field called file, with name and type', async () => {
		const answer = { status: 'OK', media_url: URL_OK, mediaObjectId: 'x' };
		const { result, request } = await ask(answer, async (client) => await client.files.upload(FILE));
		expect(result).toEqual({ mediaUrl: URL_OK, response: answer });
		expect(request).toMatchObject({ method: 'POST', path: '/api/upload-file' });
		expect([...request.form!.keys()]).toEqual(['file']);
		const part = request.form!.get('file') as File;
		expect([part.name, part.type]).toEqual(['AudioMessage.caf', 'audio/x-caf']);
		expect(new Uint8Array(await part.arrayBuffer())).toEqual(FILE.bytes);
	});

	test.each([
		['no URL', {}, /no URL/],
		['an empty URL', { media_url: ' ' }, /no URL/],
		['no valid URL', { media_url: 'storage/abc.caf' }, /not a web address/],
		['a URL with a space', { media_url: 'https://x.test/a b.caf' }, /has a space/],
		['http', { media_url: 'http://x.test/a.caf' }, /starts with http:/],
		['loopback for a real API', { media_url: 'http://127.0.0.1/a.caf' }, /private network/],
		['another extension', { media_url: 'https://x.test/abc' }, /end in \.caf/],
		['a signed URL', { media_url: `${URL_OK}?X-Goog-Signature=s3cr3t` }, /is signed/],
		['a login', { media_url: 'https://me:s3cr3t@x.test/a.caf' }, /user name or password/],
		['a query', { media_url: `${URL_OK}?for=A.caf` }, /goes on after \.caf/],
		['a private network', { media_url: 'https://10.0.0.7/a.caf' }, /private network/],
		['an address with a key', { media_url: 'https://x.test/[key]/a.caf' }, /cannot be sent/],
		['an endless address', { media_url: `https://x.test/${'a'.repeat(3_000)}.caf` }, /cannot be sent/],
		['an error in a 200', { status: 'ERROR', message: 'File too weird' }, /File too weird/],
	])('refuses %s', async (_name, answer, message) => {
		const { client, time, transport } = scriptedClient([{ status: 201, body: answer }]);
		const error = await time.runToError<SendblueApiError>(client.files.upload(FILE));
		expect(error.message).toMatch(message);
		expect(error.message).not.toContain('s3cr3t');
		expect(error.outcome).toBe('rejected');
		expect(transport.requests).toHaveLength(1);
	});

	test('takes plain http from a local server only', async () => {
		const answer = { media_url: 'http://127.0.0.1:4000/files/A.caf' };
		const { client, time } = scriptedClient([{ body: answer }], { baseUrl: 'http://localhost:4000' });
		expect((await time.run(client.files.upload(FILE))).mediaUrl).toBe(answer.media_url);
	});

	test('checks the extension of whatever is uploaded', async () => {
		const song = { ...FILE, fileName: 'Song.MP3', mimeType: 'audio/mpeg' };
		const { result } = await ask({ media_url: 'https://x.test/1_song.mp3' }, async (c) => await c.files.upload(song));
		expect(result.mediaUrl).toBe('https://x.test/1_song.mp3');
	});

	test('a file over the limit is not uploaded', async () => {
		const { client, time, transport } = scriptedClient([{ body: {} }]);
		const bytes = { byteLength: 100_000_001 } as Uint8Array;
		const error = await time.runToError<SendblueApiError>(client.files.upload({ ...FILE, bytes }));
		expect(error.message).toMatch(/100 MB/);
		expect(transport.requests).toHaveLength(0);
	});
});

describe('a change whose answer says nothing', () => {
	test.each<[string, Step]>([
		['a page in a 200', { body: '<html><title>Sign in</title></html>' }],
		['a page by its type alone', { headers: { 'content-type': 'text/html' }, body: 'Sign in' }],
		['half of an answer', { body: '{"status":"O' }],
		['a 502', { status: 502, body: '<html>' }],
		['a 500 with a code', { status: 500, body: { error_code: 5000 } }],
		['a redirect', { status: 302, body: '' }],
		['a connection that was cut', networkError('ECONNRESET')],
	])('%s: it may have been carried out, and is not repeated', async (_name, step) => {
		const { client, time, transport } = scriptedClient([step]);
		const error = await time.runToError<SendblueApiError>(client.contactCards.share(LINE, '+15551234567'));
		expect(error.outcome).toBe('unknown');
		expect(error.hint).toBe('Check in Sendblue whether it was carried out before you run it again.');
		expect(transport.requests).toHaveLength(1);
	});

	test.each([
		['', {}],
		['OK', { message: 'OK' }],
	])('“%s” is a success', async (body, answer) => {
		const { client, time } = scriptedClient([{ body }]);
		expect(await time.run(client.messages.markRead({ number: 'n', from_number: 'f' }))).toEqual(answer);
	});
});

test('keys given as secrets stay out of errors', async () => {
	const { client, time } = scriptedClient([{ status: 401, body: { error: 'bad key s3cr3t-key' } }], {
		secrets: ['s3cr3t-key'],
	});
	expect((await time.runToError(client.lines.list())).message).not.toContain('s3cr3t');
});
