import { request as httpRequest } from 'node:http';
import { startSandbox } from '../../sandbox/index.cjs';
import type { FaultRule, Sandbox } from '../../sandbox/index.cjs';

import { call, KEYS, LINE, RECIPIENT, send, until, upload } from './client.cts';

const AUDIO = Buffer.alloc(20_000, 0x5a);
const SEND = '/api/send-message';
const UPLOAD = '/api/upload-file';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox();
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.close());

/** Error codes of a connection that ended without a whole answer. */
const CUT = { code: expect.stringMatching(/^(?:ECONNRESET|EPIPE)$/) };

async function listed(): Promise<number> {
	const { json } = await call(sandbox, 'GET', '/api/v2/messages');
	return json.pagination.total;
}

describe('kind status', () => {
	it.each([400, 401, 403, 404, 409, 422, 429, 500, 502, 503])(
		'answers %i with an error envelope and processes nothing',
		async (status) => {
			sandbox.setFaults([{ path: SEND, kind: 'status', status }]);
			const answer = await send(sandbox);
			expect(answer.status).toBe(status);
			expect(answer.headers['retry-after']).toBeUndefined();
			expect(answer.json).toMatchObject({ status: 'ERROR', message: expect.any(String) });
			expect(sandbox.messages()).toEqual([]);
			expect(sandbox.requests()).toMatchObject([{ path: SEND, status, fault: 'status' }]);
		},
	);

	it('carries Retry-After and a body of one’s own', async () => {
		sandbox.setFaults([{ path: SEND, kind: 'status', status: 429, retryAfter: 2, body: { error: 'too fast' } }]);
		const answer = await send(sandbox);
		expect(answer.headers['retry-after']).toBe('2');
		expect(answer.json).toEqual({ error: 'too fast' });
	});

	it('may hide that the message was accepted', async () => {
		sandbox.setFaults([{ path: SEND, kind: 'status', status: 500, processed: true }]);
		expect((await send(sandbox)).status).toBe(500);
		expect(sandbox.messages()).toHaveLength(1);
	});

	it('has the short form status503, and reads the whole upload first', async () => {
		sandbox.setFaults([{ path: UPLOAD, kind: 'status503' }]);
		expect((await upload(sandbox, Buffer.alloc(3_000_000))).status).toBe(503);
	});
});

describe('kind slow', () => {
	it('answers late what has taken effect at once', async () => {
		sandbox.setFaults([{ path: SEND, kind: 'slow', delayMs: 120 }]);
		const start = Date.now();
		const sending = send(sandbox);
		await until(() => sandbox.messages().length === 1);
		expect(Date.now() - start).toBeLessThan(110);
		expect((await sending).json.status).toBe('QUEUED');
		expect(Date.now() - start).toBeGreaterThanOrEqual(115);
	});

	it('or answers late that nothing was done', async () => {
		sandbox.setFaults([{ path: SEND, kind: 'slow', delayMs: 30, processed: false }]);
		expect((await send(sandbox)).status).toBe(504);
		expect(sandbox.messages()).toEqual([]);
	});
});

describe('cut connections', () => {
	it('cutBeforeRequest: nothing is read, nothing processed', async () => {
		sandbox.setFaults([{ path: SEND, kind: 'cutBeforeRequest' }]);
		await expect(send(sandbox)).rejects.toMatchObject(CUT);
		expect(sandbox.messages()).toEqual([]);
		expect(sandbox.requests()).toMatchObject([{ status: null, fault: 'cutBeforeRequest' }]);
	});

	it('cutDuringUpload: in the middle of the body', async () => {
		sandbox.setFaults([{ path: UPLOAD, kind: 'cutDuringUpload', afterBytes: 100_000 }]);
		let written = 0;
		const error = await new Promise<NodeJS.ErrnoException>((resolve) => {
			const headers = {
				...KEYS,
				'content-type': 'multipart/form-data; boundary=x',
				'content-length': '50000000',
			};
			const options = { method: 'POST', headers, agent: false as const };
			const request = httpRequest(sandbox.url + UPLOAD, options);
			const pump = setInterval(() => {
				written += 50_000;
				request.write(Buffer.alloc(50_000));
			}, 2);
			request.on('error', (cause) => {
				clearInterval(pump);
				resolve(cause);
			});
		});
		expect(error).toMatchObject(CUT);
		expect(written).toBeGreaterThanOrEqual(100_000);
		expect(written).toBeLessThan(50_000_000);
		await expect(upload(sandbox, AUDIO)).rejects.toMatchObject(CUT);
	});

	it('cutAfterAccepted: the message exists, the answer does not', async () => {
		sandbox.setFaults([{ path: SEND, kind: 'cutAfterAccepted' }]);
		await expect(send(sandbox)).rejects.toMatchObject(CUT);
		expect(sandbox.messages()).toHaveLength(1);
		expect(await listed()).toBe(1);
		expect(sandbox.requests()[0]).toMatchObject({ status: null, fault: 'cutAfterAccepted' });
	});

	it('halfResponse: full length promised, half of it sent', async () => {
		sandbox.setFaults([{ path: SEND, kind: 'halfResponse' }]);
		const seen = await new Promise<{ promised: number; got: string; whole: boolean }>((resolve, reject) => {
			const json = JSON.stringify({ number: RECIPIENT, from_number: LINE, content: 'Hello' });
			const headers = { ...KEYS, 'content-type': 'application/json' };
			const options = { method: 'POST', headers, agent: false as const };
			const request = httpRequest(sandbox.url + SEND, options, (response) => {
				let got = '';
				response.on('data', (chunk) => (got += chunk));
				response.on('error', () => {});
				response.on('close', () => {
					const promised = Number(response.headers['content-length']);
					resolve({ promised, got, whole: response.complete });
				});
			});
			request.on('error', reject);
			request.end(json);
		});
		expect(seen.whole).toBe(false);
		expect(seen.got).toMatch(/^\{"accountEmail":/);
		expect(seen.got.length).toBe(seen.promised >> 1);
		expect(sandbox.messages()).toHaveLength(1);
	});
});

describe('answers that are not what they should be', () => {
	it('invalidJson', async () => {
		sandbox.setFaults([{ path: SEND, kind: 'invalidJson' }]);
		const answer = await send(sandbox);
		expect(answer.status).toBe(200);
		expect(answer.headers['content-type']).toMatch(/application\/json/);
		expect(answer.text).not.toBe('');
		expect(answer.json).toBeNull();
		expect(sandbox.messages()).toHaveLength(1);
	});

	it('htmlError', async () => {
		sandbox.setFaults([{ path: SEND, kind: 'htmlError' }]);
		const answer = await send(sandbox);
		expect(answer.status).toBe(502);
		expect(answer.headers['content-type']).toBe('text/html');
		expect(answer.text).toContain('<h1>502 Bad Gateway</h1>');
		expect(sandbox.messages()).toEqual([]);
	});

	it('errorIn200', async () => {
		sandbox.setFaults([
			{ path: SEND, kind: 'errorIn200', error_code: 'SMS_LIMIT_REACHED', error_message: 'Cap reached' },
		]);
		const answer = await send(sandbox);
		expect(answer.status).toBe(200);
		expect(answer.json).toMatchObject({
			status: 'ERROR',
			error_code: 'SMS_LIMIT_REACHED',
			error_message: 'Cap reached',
		});
		expect(sandbox.messages()).toEqual([]);
	});

	it('noMediaUrl', async () => {
		sandbox.setFaults([{ path: UPLOAD, kind: 'noMediaUrl' }]);
		const answer = await upload(sandbox, AUDIO);
		expect(answer.status).toBe(201);
		expect(answer.json).toEqual({
			status: 'OK',
			message: expect.any(String),
			mediaObjectId: expect.any(String),
		});
	});

	it('mediaUrlWithoutCaf, though the address works', async () => {
		sandbox.setFaults([{ path: UPLOAD, kind: 'mediaUrlWithoutCaf' }]);
		const { json } = await upload(sandbox, AUDIO);
		expect(json.media_url).toMatch(/_AudioMessage$/);
		const served = await call(sandbox, 'GET', new URL(json.media_url).pathname);
		expect(served.bytes.equals(AUDIO)).toBe(true);
	});
});

describe('late and unlisted messages', () => {
	it.each([
		['with 500', {}, 500],
		['with 503', { status: 503 }, 503],
	])('acceptLate: answered %s first, accepted afterwards', async (_name, fields, status) => {
		sandbox.setFaults([{ path: SEND, kind: 'acceptLate', delayMs: 60, ...fields }]);
		expect((await send(sandbox)).status).toBe(status);
		expect(sandbox.messages()).toEqual([]);
		expect(await listed()).toBe(0);
		const answered = Date.now();
		await until(() => sandbox.messages().length === 1);
		expect(await listed()).toBe(1);
		expect(Date.parse(sandbox.messages()[0].date_sent)).toBeGreaterThan(answered);
	});

	it('acceptLate: with a cut', async () => {
		sandbox.setFaults([{ path: SEND, kind: 'acceptLate', delayMs: 20, cut: true }]);
		await expect(send(sandbox)).rejects.toMatchObject(CUT);
		await until(() => sandbox.messages().length === 1);
	});

	it('acceptLate: a message that would be refused never comes', async () => {
		sandbox.setFaults([{ path: SEND, kind: 'acceptLate', delayMs: 5 }]);
		expect((await send(sandbox, { number: 'x' })).status).toBe(500);
		await new Promise((resolve) => setTimeout(resolve, 30));
		expect(sandbox.messages()).toEqual([]);
	});

	it('listLate: accepted at once, listed afterwards', async () => {
		sandbox.setFaults([{ path: SEND, kind: 'listLate', delayMs: 80 }]);
		const { json } = await send(sandbox);
		expect(sandbox.messages()).toHaveLength(1);
		expect(await listed()).toBe(0);
		const status = await call(sandbox, 'GET', `/api/status?handle=${json.message_handle}`);
		expect(status.status).toBe(200);
		await new Promise((resolve) => setTimeout(resolve, 100));
		expect(await listed()).toBe(1);
	});

	it('groupDemandsContent: the group send without text is refused', async () => {
		const path = '/api/send-group-message';
		sandbox.setFaults([{ path, kind: 'groupDemandsContent', times: 2 }]);
		const json = { from_number: LINE, numbers: [RECIPIENT], content: '', media_url: 'https://example.com/a.caf' };
		expect((await call(sandbox, 'POST', path, { json })).status).toBe(400);
		expect((await call(sandbox, 'POST', path, { json: { ...json, content: 'Hi' } })).status).toBe(200);
		expect((await call(sandbox, 'POST', path, { json })).status).toBe(200);
	});
});

describe('which requests a rule hits', () => {
	async function statuses(count: number): Promise<number[]> {
		const seen: number[] = [];
		for (let index = 0; index < count; index += 1) seen.push((await send(sandbox)).status);
		return seen;
	}

	it.each<[string, Partial<FaultRule>, number[]]>([
		['every one', {}, [503, 503, 503, 503]],
		['the nth alone', { nth: 2 }, [200, 503, 200, 200]],
		['some from the nth on', { nth: 2, times: 2 }, [200, 503, 503, 200]],
		['the first ones', { times: 1 }, [503, 200, 200, 200]],
	])('%s', async (_name, fields, expected) => {
		sandbox.setFaults([{ path: SEND, kind: 'status', status: 503, ...fields }]);
		expect(await statuses(4)).toEqual(expected);
	});

	it('a repeatable part by probability and seed', async () => {
		const rule: FaultRule = { path: SEND, kind: 'status', status: 503, probability: 0.5, seed: 7 };
		sandbox.setFaults([rule]);
		const first = await statuses(40);
		sandbox.setFaults([rule]);
		expect(await statuses(40)).toEqual(first);
		sandbox.setFaults([{ ...rule, seed: 8 }]);
		expect(await statuses(40)).not.toEqual(first);
		const hits = first.filter((status) => status === 503).length;
		expect(hits).toBeGreaterThan(10);
		expect(hits).toBeLessThan(30);
	});

	it('by method, prefix and glob, the first rule that fires', async () => {
		sandbox.setFaults([
			{ path: '/api/v2/', method: 'GET', kind: 'status', status: 401 },
			{ path: '/api/*-message', kind: 'status', status: 403, nth: 2 },
			{ path: '*', kind: 'status', status: 500, nth: 4 },
		]);
		expect((await call(sandbox, 'GET', '/api/v2/contacts/count')).status).toBe(401);
		expect(await statuses(3)).toEqual([200, 403, 500]);
		expect((await call(sandbox, 'POST', '/api/v2/contacts', { json: {} })).status).toBe(400);
	});

	it('never the control, and media like any other path', async () => {
		sandbox.setFaults([{ path: '*', kind: 'status', status: 500 }]);
		expect((await call(sandbox, 'GET', '/_sandbox/messages', { keys: false })).status).toBe(200);
		expect((await call(sandbox, 'GET', '/media/x.caf', { keys: false })).status).toBe(500);
	});

	it.each<[string, unknown]>([
		['an unknown kind', [{ path: SEND, kind: 'explode' }]],
		['no path', [{ kind: 'slow' }]],
		['a status that is none', [{ path: SEND, kind: 'status' }]],
		['nth of 0', [{ path: SEND, kind: 'slow', nth: 0 }]],
		['no list', { path: SEND }],
	])('refuses %s', async (_name, rules) => {
		expect(() => sandbox.setFaults(rules as FaultRule[])).toThrow();
		expect((await call(sandbox, 'POST', '/_sandbox/faults', { json: rules })).status).toBe(400);
	});
});
