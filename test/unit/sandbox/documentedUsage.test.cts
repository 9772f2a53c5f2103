import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import FormData from 'form-data';
import { startSandbox } from '../../sandbox/index.cjs';
import type { Sandbox } from '../../sandbox/index.cjs';
import type { Json } from '../../support/json.cts';
import { call, KEYS, LINE, RECIPIENT, send, upload } from './client.cts';

const AUDIO = Buffer.concat([Buffer.from('caff\0\x01\0\0', 'latin1'), Buffer.alloc(5000, 0xa7)]);

let sandbox: Sandbox;
let folder: string;

beforeAll(async () => {
	sandbox = await startSandbox();
	folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
});
afterEach(() => sandbox.reset());
afterAll(async () => {
	rmSync(folder, { recursive: true });
	await sandbox.close();
});

/** The documentation's Node example: form-data and a file stream, piped into the request. */
function uploadFromStream(path: string): Promise<{ status: number; json: Json }> {
	const form = new FormData();
	form.append('file', createReadStream(path));
	return new Promise((resolve, reject) => {
		const headers = { ...form.getHeaders(), ...KEYS };
		const options = { method: 'POST', headers, agent: false as const };
		const request = httpRequest(`${sandbox.url}/api/upload-file`, options, (response) => {
			let text = '';
			response.on('data', (chunk) => (text += chunk));
			response.on('end', () => resolve({ status: response.statusCode ?? 0, json: JSON.parse(text) }));
		});
		request.on('error', reject);
		form.pipe(request);
	});
}

describe("Sendblue's documented usage", () => {
	it('uploads a file stream of unknown length and sends its address as a voice note', async () => {
		const path = join(folder, 'AudioMessage.caf');
		writeFileSync(path, AUDIO);
		const uploaded = await uploadFromStream(path);

		expect(uploaded.status).toBe(201);
		expect(uploaded.json).toEqual({
			status: 'OK',
			message: 'File uploaded successfully',
			media_url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/media\/\w+_AudioMessage\.caf$/),
			mediaObjectId: expect.stringMatching(/^\w+_AudioMessage\.caf$/),
		});

		const sent = await send(sandbox, { content: undefined, media_url: uploaded.json.media_url });
		expect(sent.status).toBe(200);
		expect(sent.json).toMatchObject({
			accountEmail: 'sandbox@example.com',
			account_email: 'sandbox@example.com',
			status: 'QUEUED',
			error_code: null,
			error_message: null,
			from_number: LINE,
			number: RECIPIENT,
			to_number: RECIPIENT,
			media_url: uploaded.json.media_url,
			message_type: 'message',
			is_outbound: true,
			was_downgraded: null,
			message_handle: expect.stringMatching(/^[0-9a-f-]{36}$/),
		});
		expect(sent.json.date_sent).toBe(sent.json.date_created);

		const [message] = sandbox.messages();
		expect(message.message_handle).toBe(sent.json.message_handle);
		expect(message.request).toEqual({
			number: RECIPIENT,
			from_number: LINE,
			media_url: uploaded.json.media_url,
		});
		expect(message.media).toEqual({
			url: uploaded.json.media_url,
			fileName: 'AudioMessage.caf',
			contentType: 'audio/x-caf',
			size: AUDIO.length,
			sha256: createHash('sha256').update(AUDIO).digest('hex'),
			base64: AUDIO.toString('base64'),
			error: null,
		});
	});

	it('serves an uploaded file without keys, byte for byte', async () => {
		const { json } = await upload(sandbox, AUDIO);
		const served = await call(sandbox, 'GET', new URL(json.media_url).pathname, { keys: false });
		expect(served.status).toBe(200);
		expect(served.headers['content-type']).toBe('audio/x-caf');
		expect(served.bytes.equals(AUDIO)).toBe(true);
		const missing = await call(sandbox, 'GET', '/media/nothing.caf', { keys: false });
		expect(missing.status).toBe(404);
	});

	it('keeps a name with spaces and letters beyond ASCII readable in the address', async () => {
		const { json } = await upload(sandbox, AUDIO, 'Grüße an alle.caf');
		expect(decodeURIComponent(json.media_url)).toMatch(/_Grüße an alle\.caf$/);
		const served = await call(sandbox, 'GET', new URL(json.media_url).pathname);
		expect(served.bytes.equals(AUDIO)).toBe(true);
	});

	it('takes form-encoded and JSON bodies, the latter with curl’s default type too', async () => {
		const headers = { 'content-type': 'application/x-www-form-urlencoded' };
		const form = new URLSearchParams({ number: RECIPIENT, from_number: LINE, content: 'form' });
		const json = JSON.stringify({ number: RECIPIENT, from_number: LINE, content: 'json' });
		const path = '/api/send-message';
		expect((await call(sandbox, 'POST', path, { raw: form.toString(), headers })).status).toBe(200);
		expect((await call(sandbox, 'POST', path, { raw: json, headers })).status).toBe(200);
		expect(sandbox.messages().map(({ content }) => content)).toEqual(['form', 'json']);
	});

	it('downloads the media of a foreign address on this machine, and only there', async () => {
		const server = createServer((_request, response) => response.end(AUDIO));
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as AddressInfo;
		await send(sandbox, { media_url: `http://127.0.0.1:${port}/voice/Note.caf` });
		server.close();
		await send(sandbox, { media_url: 'https://example.com/Note.caf' });
		await send(sandbox, { media_url: `http://127.0.0.1:${port}/gone.caf` });

		const [near, far, gone] = sandbox.messages();
		expect(near.media).toMatchObject({ fileName: 'Note.caf', base64: AUDIO.toString('base64') });
		expect(far.media).toMatchObject({ base64: null, sha256: null, error: 'not on loopback, not fetched' });
		expect(gone.media?.error).toContain('ECONNREFUSED');
	});

	it('hosts the file behind a URL anew', async () => {
		const { json } = await upload(sandbox, AUDIO);
		const path = '/api/upload-media-object';
		const hosted = await call(sandbox, 'POST', path, { json: { media_url: json.media_url } });
		expect(hosted.status).toBe(201);
		expect(hosted.json.media_url).toBeUndefined();
		const served = await call(sandbox, 'GET', `/media/${hosted.json.mediaObjectId}`);
		expect(served.bytes.equals(AUDIO)).toBe(true);

		const refused = await call(sandbox, 'POST', path, { json: { media_url: 'no address' } });
		expect(refused.status).toBe(400);
		expect(refused.json).toMatchObject({ status: 'ERROR', message: 'Invalid media URL' });
	});
});
