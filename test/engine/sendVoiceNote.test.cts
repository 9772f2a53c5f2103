import type { IBinaryData, IDataObject } from 'n8n-workflow';

import { readVoiceNote, toVoiceNote } from '../../nodes/Sendblue/voiceNote';
import { SANDBOX_KEY_ID, startSandbox, type Sandbox } from '../sandbox/index.cjs';
import { startEngine, type Engine, type FeedItem } from './support/engine.cjs';
import type { FileServer } from './support/fileServer.cjs';

import { PNG, toneWav, wavFile } from './support/audio.cts';
import { startFileServer } from './support/fileServer.cts';
import { LINE, PERSON, sandboxCredential, sendNode } from './support/sendblueWorkflow.cts';

let sandbox: Sandbox;
let engine: Engine;

beforeAll(async () => {
	sandbox = await startSandbox();
	engine = await startEngine();
});

afterEach(() => sandbox.reset());

afterAll(async () => {
	await sandbox.close();
	await engine.stop();
});

/** Runs Send Voice Note over items, by default one with a short WAV. */
async function send(parameters: IDataObject = {}, items: FeedItem[] = [{ files: { data: wavFile() } }]) {
	return await engine.run({
		items,
		nodes: [sendNode(engine, parameters)],
		credentials: sandboxCredential(sandbox),
	});
}

const uploads = () => sandbox.requests().filter(({ path }) => path === '/api/upload-file');

describe('Send Voice Note', () => {
	it('converts, uploads and sends, and returns the API response with facts about the note', async () => {
		const result = await send({ content: 'Hello' });

		expect(result.error).toBeUndefined();
		const [{ json, pairedItem, binary }] = result.items('Sendblue');
		const [message] = sandbox.messages();
		expect(sandbox.messages()).toHaveLength(1);
		expect(json).toMatchObject({
			message_handle: message.message_handle,
			status: 'QUEUED',
			from_number: LINE,
			number: PERSON,
			content: 'Hello',
			media_url: expect.stringMatching(/AudioMessage\.caf$/),
			voiceNote: { method: 'encoded', sourceFormat: 'wav', durationSeconds: 0.3, fileName: 'AudioMessage.caf' },
		});
		expect(pairedItem).toEqual({ item: 0 });
		// The input's file would look as if it had been sent.
		expect(binary).toBeUndefined();
		const media = Buffer.from(message.media?.base64 ?? '', 'base64');
		expect(readVoiceNote(media).durationSeconds).toBeCloseTo(0.3, 5);
	});

	it('sends no text if there is none', async () => {
		await send();

		expect(sandbox.messages()[0].request).not.toHaveProperty('content');
	});

	it.each([
		['as an option', { options: { includeCaf: true, outputBinaryPropertyName: 'note' } }],
		['if the field stood before', { options: { includeCaf: true }, outputBinaryPropertyName: 'note' }],
	])('puts the sent file, and no other, in the field named %s', async (_where, parameters) => {
		const result = await send(parameters);

		const { binary } = result.items('Sendblue')[0];
		expect(Object.keys(binary ?? {})).toEqual(['note']);
		const bytes = await engine.readBinary(binary?.note as IBinaryData);
		expect(bytes.toString('base64')).toBe(sandbox.messages()[0].media?.base64);
	});

	it.each([
		['converted', {}],
		['moved', { audioSource: 'base64', audioBase64: '={{ $json.note }}' }],
	])('puts the MP3 of a note that was %s beside it', async (_how, source) => {
		const note = Buffer.from((await toVoiceNote(toneWav(0.3))).bytes).toString('base64');
		const items = [{ json: { note }, files: { data: wavFile() } }];
		const result = await send({ ...source, options: { includeCaf: true, playableCopy: true } }, items);

		const { binary } = result.items('Sendblue')[0];
		expect(Object.keys(binary ?? {})).toEqual(['data', 'playable']);
		const { info } = await toVoiceNote(await engine.readBinary(binary?.playable as IBinaryData));
		expect(info).toMatchObject({ sourceFormat: 'mp3', durationSeconds: 0.3 });
	});

	it('puts no MP3 out without the note', async () => {
		const result = await send({ options: { playableCopy: true } });
		expect(result.items('Sendblue')[0].binary).toBeUndefined();
	});

	it('passes on file name, status callback and the message that is answered', async () => {
		const first = await send();
		const handle = first.items('Sendblue')[0].json.message_handle;
		const statusCallback = `${sandbox.url}/nowhere`;
		await send({ options: { fileName: 'Good morning', statusCallback, replyTo: handle } });

		const [, answer] = sandbox.messages();
		expect(answer.media_url).toMatch(/Good_morning\.caf$/);
		expect(answer.status_callback).toBe(statusCallback);
		expect(answer.reply_to).toEqual({ message_handle: handle });
	});

	it('sends to a group', async () => {
		const response = await fetch(`${sandbox.url}/api/create-group`, {
			method: 'POST',
			headers: {
				'content-type': 'application/json',
				'sb-api-key-id': SANDBOX_KEY_ID,
				'sb-api-secret-key': sandboxCredential(sandbox).sendblueApi.apiSecretKey,
			},
			body: JSON.stringify({ from_number: LINE, numbers: [PERSON, '+14155550124'] }),
		});
		const { group_id: groupId } = (await response.json()) as { group_id: string };
		const result = await send({ recipientType: 'group', groupId });

		expect(result.error).toBeUndefined();
		expect(result.items('Sendblue')[0].json).toMatchObject({ group_id: groupId, message_type: 'group' });
	});

	it('works with inline binary storage', async () => {
		const inline = await startEngine({ binaryStorage: 'default' });
		const result = await inline.run({
			items: [{ files: { data: wavFile() } }],
			nodes: [sendNode(inline)],
			credentials: sandboxCredential(sandbox),
		});
		await startEngine();

		expect(result.error).toBeUndefined();
		expect(sandbox.messages()).toHaveLength(1);
	});

	it('puts out no file of the item in binary mode "combined"', async () => {
		const result = await engine.run({
			items: [{ files: { data: wavFile() } }],
			nodes: [sendNode(engine)],
			credentials: sandboxCredential(sandbox),
			settings: { binaryMode: 'combined' },
		});

		expect(result.error).toBeUndefined();
		expect(result.items('Sendblue')[0].json).toMatchObject({ message_handle: expect.any(String) });
		expect(result.items('Sendblue')[0].json).not.toHaveProperty('_files');
	});

	it('reads an option in its group and, as before it moved, among Options', async () => {
		const grouped = await send({ sound: { leadingSilence: 1_000 }, advanced: { fileName: 'Grouped' } });
		const before = await send({ options: { leadingSilence: 1_000, fileName: 'Before' } });

		for (const [result, name] of [
			[grouped, 'Grouped'],
			[before, 'Before'],
		] as const) {
			const { voiceNote } = result.items('Sendblue')[0].json as {
				voiceNote: { durationSeconds: number; fileName: string };
			};
			expect(voiceNote.fileName).toBe(`${name}.caf`);
			expect(voiceNote.durationSeconds).toBeGreaterThan(1);
		}
	});
});

describe('numbers', () => {
	it.each([
		['an expression that gives a JSON number', { to: '={{ $json.phone }}' }, 14_155_550_123, { defaultCountry: 'US' }],
		[
			'a national number with a default country',
			{ to: '={{ $json.phone }}' },
			'(415) 555-0123',
			{ defaultCountry: 'us' },
		],
		['a number with spaces', { to: '+1 415 555-0123' }, '', {}],
		['a line given by number', { from: { __rl: true, mode: 'number', value: '+1 (555) 010-0001' } }, '', {}],
	])('accepts %s', async (_title, parameters, phone, options) => {
		const result = await send({ ...parameters, options }, [{ json: { phone }, files: { data: wavFile() } }]);

		expect(result.error).toBeUndefined();
		expect(sandbox.messages()[0]).toMatchObject({ number: PERSON, from_number: LINE });
	});

	it.each([
		['12', 'To'],
		['(415) 555-0123', 'To'],
		['someone@example.com', 'To'],
	])('refuses %s before anything is uploaded, and says what a right one looks like', async (to, parameter) => {
		const result = await send({ to });

		expect(result.status).toBe('error');
		expect(result.error?.message).toContain(`'${parameter}'`);
		expect(result.error?.message).toContain('+1');
		expect(sandbox.requests()).toEqual([]);
	});

	it('refuses a wrong line', async () => {
		const result = await send({ from: { __rl: true, mode: 'number', value: 'my line' } });

		expect(result.error?.message).toContain("'From'");
		expect(sandbox.requests()).toEqual([]);
	});

	it.each([
		[{ recipientType: 'group', groupId: '={{ "" }}' }, "'Group'"],
		[{ options: { statusCallback: 'not a URL' } }, 'Status Callback URL'],
	])('refuses %j before anything is uploaded', async (parameters, words) => {
		const result = await send(parameters);

		expect(result.error?.message).toContain(words);
		expect(sandbox.requests()).toEqual([]);
	});
});

describe('audio from a URL', () => {
	let web: FileServer;

	beforeAll(async () => {
		web = await startFileServer();
		web.files['/Speech.mp3'] = { bytes: toneWav(0.3), contentType: 'audio/mpeg' };
		web.files['/Note.caf'] = { bytes: (await toVoiceNote(toneWav(0.4))).bytes };
		web.files['/Note_100%.caf'] = web.files['/Note.caf'];
		web.files['/Renamed.caf'] = { bytes: toneWav(0.3) };
		web.files['/Moved.mp3'] = { redirectTo: `${web.url}/Speech.mp3` };
		web.files['/Note.caf?token=1'] = web.files['/Note.caf'];
		web.files['/Page.mp3'] = { bytes: Buffer.from('<!doctype html><title>Sign in</title>'), contentType: 'text/html' };
	});

	afterAll(async () => await web.close());

	const sendUrl = async (path: string, options: IDataObject = {}) =>
		await send({ audioSource: 'url', audioUrl: `${web.url}${path}`, options }, [{ json: {} }]);

	it('sends a valid voice note under a .caf address as it is', async () => {
		const result = await sendUrl('/Note.caf');

		expect(result.error).toBeUndefined();
		expect(result.items('Sendblue')[0].json).toMatchObject({
			media_url: `${web.url}/Note.caf`,
			voiceNote: { method: 'asIs', sourceFormat: 'caf/opus', durationSeconds: 0.4, fileName: 'Note.caf' },
		});
		expect(uploads()).toEqual([]);
	});

	it('puts the MP3 of a note that was sent as it is beside it', async () => {
		const result = await sendUrl('/Note.caf', { includeCaf: true, playableCopy: true });

		const [{ binary, json }] = result.items('Sendblue');
		expect(json.voiceNote).toMatchObject({ method: 'asIs' });
		expect(binary?.playable).toMatchObject({ mimeType: 'audio/mpeg', fileName: 'Note.mp3' });
		const { info } = await toVoiceNote(await engine.readBinary(binary?.playable as IBinaryData));
		expect(info).toMatchObject({ sourceFormat: 'mp3', durationSeconds: 0.4 });
		expect(uploads()).toEqual([]);
	});

	it('takes an address that is not percent-encoded properly', async () => {
		const result = await sendUrl('/Note_100%.caf');

		expect(result.error).toBeUndefined();
		expect(result.items('Sendblue')[0].json).toMatchObject({ media_url: `${web.url}/Note_100%.caf` });
	});

	it('encodes it if Always Re-Encode is on', async () => {
		const result = await sendUrl('/Note.caf', { alwaysReencode: true });

		expect(result.items('Sendblue')[0].json).toMatchObject({
			media_url: expect.stringContaining(sandbox.url),
			voiceNote: { method: 'encoded' },
		});
	});

	it('shows no query of an address that cannot be downloaded', async () => {
		const result = await sendUrl('/Missing.mp3?signature=not-to-be-seen');

		expect(result.error?.description).toContain('/Missing.mp3');
		expect(JSON.stringify([result.error?.message, result.error?.description])).not.toContain('not-to-be-seen');
	});

	it('uploads it if Re-Host is on', async () => {
		const result = await sendUrl('/Note.caf', { rehost: true });

		expect(result.items('Sendblue')[0].json).toMatchObject({
			media_url: expect.stringContaining(sandbox.url),
			voiceNote: { method: 'untouched', fileName: 'AudioMessage.caf' },
		});
		expect(uploads()).toHaveLength(1);
	});

	it.each([
		['audio of another kind', '/Speech.mp3', 'encoded'],
		['a .caf that is no voice note', '/Renamed.caf', 'encoded'],
		['a redirect', '/Moved.mp3', 'encoded'],
		['an address that goes on after .caf', '/Note.caf?token=1', 'untouched'],
	])('converts and uploads %s', async (_title, path, method) => {
		const result = await sendUrl(path);

		expect(result.error).toBeUndefined();
		expect(result.items('Sendblue')[0].json).toMatchObject({
			media_url: expect.stringContaining(sandbox.url),
			voiceNote: { method },
		});
	});

	it('carries no keys to the server of the audio', async () => {
		await sendUrl('/Speech.mp3');

		expect(JSON.stringify(web.requests)).not.toContain(SANDBOX_KEY_ID);
	});

	it.each([
		['a missing file', '/Nothing.mp3', /answered 404/],
		['a web page', '/Page.mp3', /page|HTML|not audio/i],
	])('explains %s', async (_title, path, words) => {
		const result = await sendUrl(path);

		expect(result.error?.message).toMatch(words);
		expect(uploads()).toEqual([]);
	});

	it('says how to get at the file if a page is in its place, and sends nothing', async () => {
		const { error } = await sendUrl('/Page.mp3');

		expect(error?.message).toContain("The address in 'Audio URL' leads to a web page, not to a file");
		expect(error?.description).toContain('private browser window');
		expect(sandbox.messages()).toEqual([]);
	});

	it.each([
		['nothing', '={{ $json.nothing }}', "'Audio URL' is empty (item 1)", 'field'],
		['Base64', Buffer.alloc(90, 'audio').toString('base64'), 'holds Base64 text', "'Audio Source' to Base64"],
		['a data: URI', `data:audio/mpeg;base64,${'A'.repeat(9_000)}`, 'holds Base64 text', "'Audio Source' to Base64"],
	])('explains %s in place of an address', async (_what, audioUrl, words, hint) => {
		const { error } = await send({ audioSource: 'url', audioUrl }, [{ json: {} }]);

		expect(error?.message).toContain(words);
		expect(error?.message.length).toBeLessThan(150);
		expect(error?.description).toContain(hint);
	});

	it('explains a server that is not there, and an address that is none', async () => {
		const gone = await send({ audioSource: 'url', audioUrl: 'http://127.0.0.1:9/a.mp3' }, [{ json: {} }]);
		const none = await send({ audioSource: 'url', audioUrl: 'Greeting.mp3' }, [{ json: {} }]);

		expect(gone.error?.message).toContain("'Audio URL' could not be downloaded");
		expect(gone.error?.description).toContain('refused');
		expect(none.error?.message).toContain("'Audio URL' is not a web address");
	});
});

describe('refusals', () => {
	it('shows a wrong key without the key', async () => {
		const secret = 'wrong-secret-0123456789';
		const result = await engine.run({
			items: [{ files: { data: wavFile() } }],
			nodes: [sendNode(engine)],
			credentials: sandboxCredential(sandbox, { apiSecretKey: secret }),
		});

		expect(result.error?.name).toBe('NodeApiError');
		expect(result.error?.httpCode).toBe('401');
		expect(result.error?.message).toMatch(/key/i);
		expect(JSON.stringify(result.raw)).not.toContain(secret);
		expect(JSON.stringify(result.raw)).not.toContain(SANDBOX_KEY_ID);
	});

	it('fails on an error inside a 2xx answer, in the words and with the code of Sendblue', async () => {
		sandbox.setFaults([
			{ path: '/api/send-message', kind: 'errorIn200', error_code: 4002, error_message: 'Blacklisted number' },
		]);
		const result = await send();

		expect(result.error?.name).toBe('NodeApiError');
		expect(result.error?.message).toContain('Blacklisted number');
		expect(result.error?.message).toContain('4002');
		expect(result.error?.description).toEqual(expect.any(String));
		expect(sandbox.messages()).toEqual([]);
	});

	it('shows the code under continue on fail', async () => {
		sandbox.setFaults([
			{ path: '/api/send-message', kind: 'errorIn200', error_code: 4002, error_message: 'Blacklisted number' },
		]);
		const result = await engine.run({
			items: [{ json: { lead: 7 }, files: { data: wavFile() } }],
			nodes: [sendNode(engine, {}, { onError: 'continueRegularOutput' })],
			credentials: sandboxCredential(sandbox),
		});

		expect(result.items('Sendblue')[0]).toMatchObject({
			json: { lead: 7, error: expect.stringContaining('Blacklisted number'), errorCode: '4002' },
			pairedItem: { item: 0 },
		});
	});

	it('does not send what Sendblue did not keep as a .caf', async () => {
		sandbox.setFaults([{ path: '/api/upload-file', kind: 'mediaUrlWithoutCaf' }]);
		const result = await send();

		expect(result.error?.message).toContain('.caf');
		expect(sandbox.messages()).toEqual([]);
	});

	it('does not upload a picture', async () => {
		const picture = { bytes: PNG, fileName: 'Voice.mp3', mimeType: 'audio/mpeg' };
		const result = await send({}, [{ files: { data: picture } }]);

		expect(result.status).toBe('error');
		expect(uploads()).toEqual([]);
	});

	it('does not follow redirects of the API with the keys', async () => {
		const web = await startFileServer();
		web.files['/api/upload-file'] = { redirectTo: `${web.url}/elsewhere` };
		const result = await engine.run({
			items: [{ files: { data: wavFile() } }],
			nodes: [sendNode(engine)],
			credentials: sandboxCredential(sandbox, { baseUrl: web.url }),
		});
		await web.close();

		expect(result.status).toBe('error');
		expect(web.requests.map(({ path }) => path)).not.toContain('/elsewhere');
	});

	it('refuses a base URL that would send the keys in the clear', async () => {
		const result = await engine.run({
			items: [{ files: { data: wavFile() } }],
			nodes: [sendNode(engine)],
			credentials: sandboxCredential(sandbox, { baseUrl: 'http://api.example.com' }),
		});

		expect(result.error?.message).toContain('https');
	});
});

describe('list of lines', () => {
	const list = async (filter?: string, changes: IDataObject = {}) =>
		await engine.listSearch({
			type: engine.typeOf('sendblue'),
			method: 'searchLines',
			credentials: sandboxCredential(sandbox, changes),
			parameters: { resource: 'voiceNote', operation: 'send' },
			...(filter === undefined ? {} : { filter }),
		});

	it('holds the own lines and shared ones', async () => {
		const { results } = await list();

		expect(results.map(({ value }) => value)).toEqual([LINE, '+15550100002', '+15550100003']);
		expect(results[2].name).toContain('shared');
	});

	it('is filtered', async () => {
		expect((await list('0002')).results).toEqual([{ name: '+15550100002', value: '+15550100002' }]);
		expect((await list('SHARED')).results).toHaveLength(1);
	});

	it('is there if one of the two sources is not', async () => {
		sandbox.setFaults([{ path: '/api/v2/lines/state', kind: 'status403' }]);

		expect((await list()).results.map(({ value }) => value)).toEqual([LINE, '+15550100002']);
	});

	it('explains a wrong key', async () => {
		await expect(list(undefined, { apiSecretKey: 'wrong-secret-0123456789' })).rejects.toThrow(/key/i);
	});
});

describe('From left empty', () => {
	const withLine = (defaultLine: string) => ({
		...sandboxCredential(sandbox),
		sendblueApi: { ...sandboxCredential(sandbox).sendblueApi, defaultLine },
	});
	const run = async (credentials: ReturnType<typeof withLine>) =>
		await engine.run({
			items: [{ files: { data: wavFile() } }],
			nodes: [sendNode(engine, { from: { __rl: true, mode: 'list', value: '' } })],
			credentials,
		});

	it("is the credential's line", async () => {
		expect((await run(withLine('+1 (555) 010-0002'))).error).toBeUndefined();
		expect(sandbox.messages()[0]?.from_number).toBe('+15550100002');
	});

	it('is an error that lists the lines if the account has several', async () => {
		const { error } = await run(withLine(''));
		expect(`${error?.message} ${error?.description}`).toMatch(/'From' is empty.*\+15550100001.*Default Line/);
		expect(sandbox.messages()).toEqual([]);
	});
});
