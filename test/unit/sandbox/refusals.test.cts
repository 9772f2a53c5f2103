import FormData from 'form-data';
import { startSandbox } from '../../sandbox/index.cjs';
import type { Sandbox } from '../../sandbox/index.cjs';
import { call, LINE, OTHER_LINE, RECIPIENT, send, upload } from './client.cts';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox();
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.close());

function sendGroup(fields: Record<string, unknown>) {
	const json = { from_number: LINE, content: 'Hello', ...fields };
	return call(sandbox, 'POST', '/api/send-group-message', { json });
}

function numbers(count: number): string[] {
	return Array.from({ length: count }, (_, index) => `+1555020${String(1000 + index)}`);
}

describe('POST /api/send-message refuses', () => {
	it.each<[string, Record<string, unknown>, RegExp]>([
		['no recipient', { number: undefined }, /number/],
		['no from_number', { from_number: undefined }, /Missing required parameter: from_number/],
		['a line that is not ours', { from_number: '+15550199999' }, /from_number is not registered/],
		['a national number', { number: '5551234567' }, /E\.164/],
		['a formatted number', { number: '(555) 123-4567' }, /E\.164/],
		['a number that is no string', { number: 15551234567 }, /E\.164/],
		['neither content nor media', { content: undefined }, /content or media_url/],
		['empty content', { content: '' }, /content or media_url/],
		['content that is no string', { content: 5 }, /content must be a string/],
		['content that is too long', { content: 'x'.repeat(18_997) }, /18996/],
		['media on ftp', { media_url: 'ftp://example.com/AudioMessage.caf' }, /media_url/],
		['media that is no URL', { media_url: 'AudioMessage.caf' }, /media_url/],
		['an unknown effect', { send_style: 'sparkles' }, /send_style/],
		['a status callback that is no URL', { status_callback: 'here' }, /status_callback/],
		['an unknown seat', { seat_id: 'nobody' }, /Seat not found/],
		['a reply to an unknown message', { reply_to: { message_handle: 'none' } }, /reply_to/],
	])('%s', async (_name, fields, message) => {
		const answer = await send(sandbox, fields);
		expect(answer.status).toBe(400);
		expect(answer.json).toMatchObject({ status: 'ERROR', error_code: 4000 });
		expect(answer.json.error_message).toMatch(message);
		expect(answer.json.message).toBe(answer.json.error_message);
		expect(sandbox.messages()).toEqual([]);
	});

	it('a blacklisted number, by its own code', async () => {
		expect((await send(sandbox, { number: '+1911' })).json.error_code).toBe(4002);
	});

	it('a recipient who has opted out, until they opt in again', async () => {
		const path = '/api/v2/contacts/opt-out';
		const optedOut = await call(sandbox, 'POST', path, { json: { number: RECIPIENT } });
		expect(optedOut.json).toEqual({ status: 'OK', number: RECIPIENT, opted_out: true });
		const refused = await send(sandbox);
		expect(refused.status).toBe(400);
		expect(refused.json.error_message).toMatch(/opted out/);
		expect((await sendGroup({ numbers: ['+15550200001', RECIPIENT] })).status).toBe(400);
		await call(sandbox, 'POST', path, { json: { number: RECIPIENT, opted_out: false } });
		expect((await send(sandbox)).status).toBe(200);
	});

	it('a reply across lines, but not one within the conversation', async () => {
		const { payload } = await sandbox.deliverInbound({ from_number: RECIPIENT, sendblue_number: LINE });
		const reply_to = { message_handle: payload.message_handle };
		expect((await send(sandbox, { from_number: OTHER_LINE, reply_to })).status).toBe(400);
		const answer = await send(sandbox, { reply_to });
		expect(answer.json.reply_to).toEqual(reply_to);
	});

	it('JSON that does not parse, a list, and a body of no known type', async () => {
		const path = '/api/send-message';
		const headers = { 'content-type': 'application/json' };
		const broken = await call(sandbox, 'POST', path, { raw: '{"number":', headers });
		expect(broken.json.message).toMatch(/not valid JSON/);
		expect((await call(sandbox, 'POST', path, { raw: '[]', headers })).status).toBe(400);
		const json = JSON.stringify({ number: RECIPIENT, from_number: LINE, content: 'Hello' });
		expect((await call(sandbox, 'POST', path, { raw: json })).status).toBe(400);
	});

	it('nothing at the limit itself', async () => {
		expect((await send(sandbox, { content: 'x'.repeat(18_996) })).status).toBe(200);
	});
});

describe('POST /api/send-group-message refuses', () => {
	it.each<[string, Record<string, unknown>, RegExp]>([
		['neither numbers nor group_id', {}, /numbers or group_id/],
		['an empty list', { numbers: [] }, /numbers or group_id/],
		['more than 25 people', { numbers: numbers(26) }, /at most 25/],
		['a bad number among good ones', { numbers: [RECIPIENT, '5551234567'] }, /E\.164/],
		['an unknown group', { group_id: 'nothing' }, /Group not found/],
		['no from_number', { numbers: [RECIPIENT], from_number: undefined }, /from_number/],
		['no field content', { numbers: [RECIPIENT], content: undefined }, /Missing required parameter: content/],
		['neither content nor media', { numbers: [RECIPIENT], content: '' }, /content or media_url/],
	])('%s', async (_name, fields, message) => {
		const answer = await sendGroup(fields);
		expect(answer.status).toBe(400);
		expect(answer.json.error_message).toMatch(message);
		expect(sandbox.messages()).toEqual([]);
	});

	it('nothing at 25 people', async () => {
		expect((await sendGroup({ numbers: numbers(25) })).status).toBe(200);
	});

	it('media with empty content only if groups demand text', async () => {
		const fields = { numbers: [RECIPIENT], content: '', media_url: 'https://example.com/a.caf' };
		expect((await sendGroup(fields)).status).toBe(200);
		sandbox.setSettings({ groupDemandsContent: true });
		const refused = await sendGroup(fields);
		expect(refused.status).toBe(400);
		expect(refused.json.message).toMatch(/content/);
		expect((await sendGroup({ ...fields, content: 'Listen' })).status).toBe(200);
	});
});

describe('POST /api/upload-file refuses', () => {
	const path = '/api/upload-file';

	it('a body that is no form, and a form without a file', async () => {
		expect((await call(sandbox, 'POST', path, { json: { file: 'x' } })).status).toBe(400);
		const form = new FormData();
		form.append('other', Buffer.from('x'), { filename: 'a.caf' });
		const answer = await call(sandbox, 'POST', path, { form });
		expect(answer.status).toBe(400);
		expect(answer.json.message).toBe('No file uploaded');
	});

	it('a broken form', async () => {
		const headers = { 'content-type': 'multipart/form-data; boundary=x' };
		const raw = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.caf"\r\n\r\nabc';
		const answer = await call(sandbox, 'POST', path, { raw, headers });
		expect(answer.status).toBe(400);
		expect(answer.json.message).toMatch(/Malformed multipart/);
		const noBoundary = { 'content-type': 'multipart/form-data' };
		expect((await call(sandbox, 'POST', path, { raw, headers: noBoundary })).status).toBe(400);
	});

	it('a file above the limit with 413, but not one of exactly the limit', async () => {
		expect(sandbox.settings().maxUploadBytes).toBe(104_857_600);
		sandbox.setSettings({ maxUploadBytes: 100_000 });
		expect((await upload(sandbox, Buffer.alloc(100_000))).status).toBe(201);
		const refused = await upload(sandbox, Buffer.alloc(100_001));
		expect(refused.status).toBe(413);
		expect(refused.json.status).toBe('ERROR');
	});
});
