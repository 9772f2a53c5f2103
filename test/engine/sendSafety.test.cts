import type { IDataObject } from 'n8n-workflow';

import { LINES, startSandbox, type FaultRule, type Sandbox } from '../sandbox/index.cjs';
import { toVoiceNote } from '../../nodes/Sendblue/voiceNote';
import { startEngine, type Engine, type FeedItem, type WorkflowNode } from './support/engine.cjs';
import type { FileServer } from './support/fileServer.cjs';

import { toneWav, wavFile } from './support/audio.cts';
import { startFileServer } from './support/fileServer.cts';
import { shortenTimings } from './support/shortTimings.cts';
import { LINE, PERSON, sandboxCredential, sendNode } from './support/sendblueWorkflow.cts';
import { cpuNow } from '../support/clock.cts';

/** A number the sandbox takes for one without iMessage. */
const ANDROID = '+14155554404';

const HASHED_NAME = /AudioMessage_[0-9a-f]{20}\.caf$/;

/** Counts the tests: what one of them sent must not be remembered in the next. */
let test = 0;
const key = () => `key-${test}`;

let sandbox: Sandbox;
let engine: Engine;

beforeAll(async () => {
	sandbox = await startSandbox();
	engine = await startEngine();
	shortenTimings(engine);
});

beforeEach(() => (test += 1));

afterEach(() => {
	sandbox.reset();
	jest.restoreAllMocks();
});

afterAll(async () => {
	await sandbox.close();
	await engine.stop();
});

const person = (index: number) => `+1415555${String(index).padStart(4, '0')}`;

const people = (count: number): FeedItem[] =>
	Array.from({ length: count }, (_, index) => ({
		json: { to: person(index), event: `event-${test}-${index}` },
		files: { data: wavFile() },
	}));

async function send(
	options: IDataObject = {},
	items: FeedItem[] = [{ json: { to: PERSON }, files: { data: wavFile() } }],
	{
		node = {},
		onStart,
		...parameters
	}: IDataObject & { node?: Partial<WorkflowNode>; onStart?: (c: () => void) => void } = {},
) {
	return await engine.run({
		items,
		nodes: [sendNode(engine, { to: '={{ $json.to }}', ...parameters, options }, node)],
		credentials: sandboxCredential(sandbox),
		...(onStart ? { onStart } : {}),
	});
}

const outputs = (result: Awaited<ReturnType<typeof send>>) => result.items('Sendblue').map(({ json }) => json);
const requestsTo = (path: string) => sandbox.requests().filter((request) => request.path === path);
const fault = (rule: FaultRule) => sandbox.setFaults([rule]);

describe('Retry On Fail', () => {
	const retry = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };

	it('sends a batch of 20 once although an item in the middle fails at first', async () => {
		fault({ path: '/api/send-message', nth: 10, kind: 'status400' });
		const result = await send({}, people(20), { node: retry });

		expect(result.status).toBe('success');
		expect(
			sandbox
				.messages()
				.map(({ number }) => number)
				.sort(),
		).toEqual(people(20).map(({ json }) => json?.to));
		expect(outputs(result).map(({ number }) => number)).toEqual(people(20).map(({ json }) => json?.to));
		expect(outputs(result).every(({ voiceNote }) => voiceNote !== undefined)).toBe(true);
	});

	it('does so where the node goes on after a failed item, and n8n runs all again because of the first', async () => {
		fault({ path: '/api/send-message', nth: 1, kind: 'status400' });
		const result = await send({}, people(5), { node: { ...retry, onError: 'continueRegularOutput' } });

		expect(sandbox.messages()).toHaveLength(5);
		expect(outputs(result).map(({ message_handle }) => message_handle)).toEqual(
			outputs(result).map(({ number }) => sandbox.messages().find((sent) => sent.number === number)?.message_handle),
		);
	});

	it('does not send again what may have gone out', async () => {
		// Taken, but neither answered nor listed.
		sandbox.setFaults([
			{ path: '/api/send-message', nth: 1, kind: 'cutAfterAccepted' },
			{ path: '/api/v2/messages', kind: 'status500' },
		]);
		const result = await send({}, people(1), { node: retry });

		expect(result.error?.message).toContain('It is unknown whether the message');
		expect(sandbox.messages()).toHaveLength(1);
		expect(requestsTo('/api/send-message')).toHaveLength(1);
	});

	describe('if an AI agent calls, and each try is a run of its own', () => {
		const callTool = async (items: FeedItem[]) => {
			const parameters = { resource: 'message', mediaSource: 'none', content: "={{ $fromAI('text', '', 'string') }}" };
			const tool = { toolOf: 'Agent', type: engine.typeOf('sendblueTool'), ...retry };
			return await engine.run({
				items,
				nodes: [{ name: 'Agent', type: 'test.agent', parameters: {} }, sendNode(engine, parameters, tool)],
				credentials: sandboxCredential(sandbox),
			});
		};

		it('does not send again what may have gone out', async () => {
			sandbox.setFaults([
				{ path: '/api/send-message', nth: 1, kind: 'cutAfterAccepted' },
				{ path: '/api/v2/messages', kind: 'status500' },
			]);
			const result = await callTool([{ json: { text: 'Hi' } }]);

			expect(result.agentCalls[0].error?.message).toContain('It is unknown whether the message');
			expect(sandbox.messages()).toHaveLength(1);
			expect(requestsTo('/api/send-message')).toHaveLength(1);
		});

		it('sends whatever the agent has to say, be it the same again', async () => {
			await callTool(['Hi', 'Are you there?', 'Hi'].map((text) => ({ json: { text } })));

			expect(sandbox.messages().map(({ content }) => content)).toEqual(['Hi', 'Are you there?', 'Hi']);
		});
	});

	it('tries an item again whose upload failed', async () => {
		fault({ path: '/api/upload-file', times: 5, kind: 'status500' });
		const result = await send({}, people(1), { node: retry });

		expect(result.status).toBe('success');
		expect(sandbox.messages()).toHaveLength(1);
	});

	it('sends again in another execution', async () => {
		await send();
		await send();

		expect(sandbox.messages()).toHaveLength(2);
	});

	it('tells items with the same recipient and audio apart', async () => {
		const file = wavFile();
		const items = [0, 1].map(() => ({ json: { to: PERSON }, files: { data: file } }));
		await send({}, items, { node: retry });

		expect(sandbox.messages()).toHaveLength(2);
	});

	it('works with files held in the items', async () => {
		const inline = await startEngine({ binaryStorage: 'default' });
		fault({ path: '/api/send-message', nth: 2, kind: 'status400' });
		const result = await inline.run({
			items: people(3),
			nodes: [sendNode(inline, { to: '={{ $json.to }}' }, retry)],
			credentials: sandboxCredential(sandbox),
		});
		await startEngine();

		expect(result.status).toBe('success');
		expect(sandbox.messages()).toHaveLength(3);
	});
});

describe('Avoid Duplicates', () => {
	const byEvent = { deduplicationKey: '={{ $json.event }}' };

	it('returns what an earlier execution sent and sends the rest', async () => {
		const first = await send(byEvent, people(2));
		const uploads = requestsTo('/api/upload-file').length;
		const second = await send(byEvent, people(3));

		expect(second.error).toBeUndefined();
		expect(sandbox.messages().map(({ number }) => number)).toEqual([0, 1, 2].map(person));
		expect(sandbox.messages()[0].media_url).toMatch(HASHED_NAME);
		expect(requestsTo('/api/upload-file')).toHaveLength(uploads + 1);
		expect(outputs(second).map(({ deduplicated }) => deduplicated)).toEqual([true, true, undefined]);
		expect(
			outputs(second)
				.slice(0, 2)
				.map(({ message_handle }) => message_handle),
		).toEqual(outputs(first).map(({ message_handle }) => message_handle));
	});

	it('makes one conversion for many people', async () => {
		const file = wavFile();
		const items = people(6).map((item) => ({ ...item, files: { data: file } }));
		await send(byEvent, items);

		const files = sandbox.messages().map(({ media }) => media?.sha256);
		expect(new Set(files).size).toBe(1);
		expect(new Set(sandbox.messages().map(({ media_url }) => media_url)).size).toBe(6);
	});

	it('sends once if two items have the same key and recipient', async () => {
		const items = [0, 0, 1].map((index) => people(2)[index]);
		const result = await send(byEvent, items);

		expect(sandbox.messages().map(({ number }) => number)).toEqual([person(0), person(1)]);
		expect(outputs(result).map(({ deduplicated }) => deduplicated)).toEqual([undefined, true, undefined]);
		expect(outputs(result)[1].message_handle).toBe(outputs(result)[0].message_handle);
	});

	it('sends once if executions with the same key run at the same time', async () => {
		const results = await Promise.all(Array.from({ length: 8 }, async () => await send(byEvent, people(2))));

		expect(
			sandbox
				.messages()
				.map(({ number }) => number)
				.sort(),
		).toEqual([person(0), person(1)]);
		const handles = results.map((result) => outputs(result).map(({ message_handle }) => message_handle));
		for (const each of handles) expect(each).toEqual(handles[0]);
		expect(results.filter((result) => outputs(result)[0].deduplicated)).toHaveLength(7);
	});

	it('does not send again in an execution at the same time what may have gone out', async () => {
		sandbox.setFaults([
			{ path: '/api/send-message', kind: 'cutAfterAccepted' },
			{ path: '/api/v2/messages', nth: 3, times: 1_000, kind: 'status500' },
		]);
		const results = await Promise.all([0, 1].map(async () => await send(byEvent, people(1))));

		expect(sandbox.messages()).toHaveLength(1);
		for (const { error } of results) expect(error?.message).toContain('It is unknown whether');
	});

	it('sends the same key to another person, and another key to the same person', async () => {
		const items = [
			{ json: { to: person(0), event: key() }, files: { data: wavFile() } },
			{ json: { to: person(1), event: key() }, files: { data: wavFile() } },
			{ json: { to: person(0), event: `${key()}b` }, files: { data: wavFile() } },
		];
		await send(byEvent, items);

		expect(sandbox.messages()).toHaveLength(3);
	});

	it('sends again what failed at Sendblue', async () => {
		await send(byEvent, people(1));
		await sandbox.advance({ status: 'ERROR', error_code: 10001 });
		await send(byEvent, people(1));

		expect(sandbox.messages()).toHaveLength(2);
	});

	it('sends nothing if the list cannot be read', async () => {
		fault({ path: '/api/v2/messages', kind: 'status500' });
		const result = await send(byEvent, people(1));

		expect(result.error?.message).toContain('could not be checked whether this was sent before');
		expect(sandbox.messages()).toHaveLength(0);
		expect(requestsTo('/api/upload-file')).toHaveLength(0);
	});

	it('sends nothing if the key is empty', async () => {
		const result = await send({ deduplicationKey: '={{ $json.missing }}' }, people(1));

		expect(result.error?.message).toContain("'Avoid Duplicates' is empty");
		expect(sandbox.messages()).toHaveLength(0);
	});

	it.each([
		['an object', '={{ $json }}'],
		['a list', '={{ [$json.event] }}'],
	])('sends nothing if the key is %s, which as text would be the same for all', async (_name, deduplicationKey) => {
		const result = await send({ deduplicationKey }, people(1));

		expect(result.error?.message).toContain("'Avoid Duplicates' holds");
		expect(sandbox.messages()).toHaveLength(0);
	});

	it('sends nothing if Sendblue does not know whether the earlier message went out', async () => {
		await send(byEvent, people(1));
		await sandbox.advance({ status: 'ERROR', error_code: 10002 });
		const result = await send(byEvent, people(1));

		expect(result.error?.message).toContain('could not find out what became of it');
		expect(sandbox.messages()).toHaveLength(1);
	});

	it('knows a group of numbers again', async () => {
		const group = { recipientType: 'numbers', numbers: [person(1), person(2)].join(',') };
		const options = { deduplicationKey: key() };
		await send(options, people(1), group);
		const second = await send(options, people(1), group);

		expect(sandbox.messages()).toHaveLength(1);
		expect(outputs(second)[0]).toMatchObject({ deduplicated: true, message_type: 'group' });
	});

	describe('with a URL that is sent as it is', () => {
		let files: FileServer;

		beforeAll(async () => {
			const { toVoiceNote } =
				require('../../nodes/Sendblue/voiceNote') as typeof import('../../nodes/Sendblue/voiceNote');
			const { bytes } = await toVoiceNote(toneWav(0.3));
			files = await startFileServer();
			files.files['/Note.caf'] = { bytes, contentType: 'audio/x-caf' };
		});

		afterAll(async () => await files.close());

		const fromUrl = async (options: IDataObject) =>
			await send(options, people(1), { audioSource: 'url', audioUrl: `${files.url}/Note.caf` });

		it('knows number and URL again within the window', async () => {
			await fromUrl({ deduplicationKey: key() });
			const second = await fromUrl({ deduplicationKey: key() });

			expect(sandbox.messages().map(({ media_url }) => media_url)).toEqual([`${files.url}/Note.caf`]);
			expect(outputs(second)[0].deduplicated).toBe(true);
		});
	});

	it('knows a text message again', async () => {
		const text = { resource: 'message', content: 'Hi', mediaSource: 'none' };
		await send({ deduplicationKey: key() }, people(1), text);
		await send({ deduplicationKey: key() }, people(1), text);

		expect(sandbox.messages()).toHaveLength(1);
	});
});

describe("When the Line's Allowance Is Used Up", () => {
	const full = (remaining: number) =>
		sandbox.setSettings({ allowance: { line: LINE, hourlyUsed: 15 - remaining, nextSlotInMs: 600_000 } });

	it('skips new contacts beyond the allowance and says when the next slot opens', async () => {
		full(2);
		const result = await send({ allowance: 'skip' }, people(5));

		expect(result.error).toBeUndefined();
		expect(sandbox.messages()).toHaveLength(2);
		const left = outputs(result).filter(({ skipped }) => skipped);
		expect(left).toHaveLength(3);
		for (const json of left) {
			expect(json).toMatchObject({
				reason: 'lineAllowance',
				from_number: LINE,
				message: expect.stringContaining('new contact'),
			});
			expect(Date.parse(String(json.nextSlotAt))).toBeGreaterThan(Date.now());
		}
		expect(requestsTo('/api/v2/lines/usage')).toHaveLength(1);
		expect(requestsTo('/api/upload-file')).toHaveLength(1);
	});

	it('sends to people the line has talked with', async () => {
		await send({}, people(1));
		full(0);
		const result = await send({ allowance: 'skip' }, people(2));

		expect(outputs(result).map(({ skipped }) => skipped)).toEqual([undefined, true]);
	});

	it('fails the item if that is wanted', async () => {
		full(0);
		const result = await send({ allowance: 'fail' }, people(1));

		expect(result.error?.message).toMatch(/as many new contacts/);
		expect(result.error?.description).toMatch(/No message was sent\.$/);
		expect(sandbox.requests().some(({ method }) => method === 'POST')).toBe(false);
	});

	it('gives a slot back if the message did not go out', async () => {
		full(1);
		fault({ path: '/api/send-message', nth: 1, kind: 'status400' });
		const result = await send({ allowance: 'skip', messagesPerSecond: 2 }, people(1), {
			node: { onError: 'continueRegularOutput', retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
		});

		expect(outputs(result)[0].message_handle).toBeDefined();
	});

	it.each(['status403', 'status404', 'status500', 'halfResponse', 'cutBeforeRequest'] as const)(
		'sends if the allowance cannot be read (%s), and says so',
		async (kind) => {
			fault({ path: '/api/v2/lines/usage', kind });
			const result = await send({ allowance: 'skip' }, people(1));

			expect(sandbox.messages()).toHaveLength(1);
			expect(result.hints('Sendblue').join()).toContain('allowance of the lines could not be read');
		},
	);

	it('is not asked for by default', async () => {
		await send();

		expect(requestsTo('/api/v2/lines/usage')).toHaveLength(0);
	});
});

describe('Wait for Delivery', () => {
	const lists = () => requestsTo('/api/v2/messages');

	it('returns the last status with service and downgrade, with one list for all', async () => {
		sandbox.setSettings({ autoDeliverMs: 30 });
		const result = await send({ waitForDelivery: 5 }, people(30));

		expect(outputs(result)).toHaveLength(30);
		for (const json of outputs(result)) {
			expect(json).toMatchObject({ status: 'DELIVERED', service: 'iMessage', was_downgraded: false });
			expect(json.delivery).toEqual({
				final: true,
				delivered: true,
				status: 'DELIVERED',
				service: 'iMessage',
				was_downgraded: false,
			});
			expect(json.voiceNote).toBeDefined();
		}
		expect(lists().length).toBeLessThan(15);
	});

	it('does not call a message delivered that is on its way', async () => {
		const result = await send({ waitForDelivery: 0.2 });

		expect(outputs(result)[0]).toMatchObject({
			status: 'QUEUED',
			delivery: { final: false, delivered: false, status: 'QUEUED' },
		});
	});

	it('takes SENT as the last status of an SMS, and does not call it delivered', async () => {
		sandbox.setSettings({ autoDeliverMs: 20, services: { [PERSON]: 'SMS' } });
		const result = await send({ waitForDelivery: 5 });

		expect(outputs(result)[0]).toMatchObject({
			was_downgraded: true,
			delivery: { final: true, delivered: false, status: 'SENT', service: 'SMS', was_downgraded: true },
		});
	});

	it('tells a failed message', async () => {
		const running = send({ waitForDelivery: 5 });
		while (sandbox.messages().length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
		await sandbox.advance({ status: 'ERROR', error_code: 10001, error_message: 'failed to send' });
		const result = await running;

		expect(result.error).toBeUndefined();
		expect(outputs(result)[0]).toMatchObject({
			status: 'ERROR',
			error_code: 10001,
			delivery: { final: true, delivered: false, status: 'ERROR' },
		});
	});

	it.each(['status500', 'status403', 'htmlError', 'halfResponse'] as const)(
		'does not make a failed send of a list that cannot be read (%s)',
		async (kind) => {
			fault({ path: '/api/v2/messages', kind });
			const result = await send({ waitForDelivery: 0.2 });

			expect(result.error).toBeUndefined();
			expect(outputs(result)[0]).toMatchObject({
				status: 'QUEUED',
				delivery: { final: false, delivered: false, problem: expect.stringContaining('could not be read') },
			});
		},
	);

	it('ends before the time-out of the workflow', async () => {
		const started = Date.now();
		await engine.run({
			items: people(1),
			nodes: [sendNode(engine, { to: '={{ $json.to }}', options: { waitForDelivery: 60 } })],
			credentials: sandboxCredential(sandbox),
			settings: { executionTimeout: 4 },
		});

		expect(Date.now() - started).toBeLessThan(4_000);
	});
});

describe('If Recipient Has No iMessage', () => {
	const toBoth = (): FeedItem[] => [PERSON, ANDROID].map((to) => ({ json: { to }, files: { data: wavFile() } }));

	it('sends voice notes to all without asking by default', async () => {
		await send({}, toBoth());

		expect(sandbox.messages().every(({ media_url }) => media_url.endsWith('.caf'))).toBe(true);
		expect(requestsTo('/api/evaluate-service')).toHaveLength(0);
	});

	it('sends the audio as the file it is', async () => {
		const result = await send({ ifNoIMessage: 'attachment' }, toBoth());

		const [note, file] = sandbox.messages();
		expect(note.media_url).toMatch(/\.caf$/);
		expect(file.media_url).toMatch(/Speech\.wav$/);
		expect(Buffer.from(file.media?.base64 ?? '', 'base64').equals(wavFile().bytes)).toBe(true);
		expect(outputs(result)[1]).toMatchObject({
			fallback: { reason: 'noIMessage', service: 'SMS', sentAs: 'attachment' },
		});
		expect(outputs(result)[1].voiceNote).toBeUndefined();
		expect(outputs(result)[0].fallback).toBeUndefined();
	});

	it('sends audio without a name as what its bytes are', async () => {
		const audio = toneWav(0.3).toString('base64');
		await send({ ifNoIMessage: 'attachment' }, [{ json: { to: ANDROID, audio } }], {
			audioSource: 'base64',
			audioBase64: '={{ $json.audio }}',
		});
		expect(sandbox.messages()[0].media_url).toMatch(/File\.wav$/);
	});

	it('knows attachments again by their key', async () => {
		const options = { ifNoIMessage: 'attachment', deduplicationKey: key() };
		await send(options, toBoth());
		await send(options, toBoth());

		expect(sandbox.messages()).toHaveLength(2);
		expect(sandbox.messages()[1].media_url).toMatch(/Speech_[0-9a-f]{20}\.wav$/);
	});

	it('sends an MP3 of the same length, which every phone plays', async () => {
		const result = await send({ ifNoIMessage: 'mp3', fileName: 'For Ada.caf', trimSilence: true }, toBoth());

		const [note, copy] = sandbox.messages();
		expect(note.media_url).toMatch(/For_Ada\.caf$/);
		expect(copy.media_url).toMatch(/For_Ada\.mp3$/);
		const { info } = await toVoiceNote(Buffer.from(copy.media?.base64 ?? '', 'base64'));
		const { durationSeconds } = outputs(result)[0].voiceNote as { durationSeconds: number };
		expect(info).toMatchObject({ sourceFormat: 'mp3', durationSeconds });
		expect(outputs(result)[1]).toMatchObject({
			fallback: { reason: 'noIMessage', service: 'SMS', sentAs: 'mp3' },
			audio: { method: 'encoded', sourceFormat: 'wav', format: 'mp3', durationSeconds, fileName: 'For_Ada.mp3' },
		});
		expect(outputs(result)[1].voiceNote).toBeUndefined();
	});

	it('makes and uploads the MP3 once for everybody', async () => {
		const file = wavFile();
		const items = [ANDROID, '+14155550189'].map((to) => ({ json: { to }, files: { data: file } }));
		sandbox.setSettings({ services: { '+14155550189': 'SMS' } });
		await send({ ifNoIMessage: 'mp3' }, items);
		expect(sandbox.messages()).toHaveLength(2);
		expect(requestsTo('/api/upload-file')).toHaveLength(1);
	});

	it('knows MP3s again by their key', async () => {
		const options = { ifNoIMessage: 'mp3', deduplicationKey: key() };
		await send(options, toBoth());
		await send(options, toBoth());

		expect(sandbox.messages()).toHaveLength(2);
		expect(sandbox.messages()[1].media_url).toMatch(/AudioMessage_[0-9a-f]{20}\.mp3$/);
	});

	it('puts the MP3 out if the voice note would be put out too', async () => {
		const result = await send({ ifNoIMessage: 'mp3', includeCaf: true }, toBoth());
		const [note, copy] = result.items('Sendblue').map(({ binary }) => binary);
		expect(note?.data.mimeType).toBe('audio/x-caf');
		expect(note?.playable).toBeUndefined();
		expect(copy?.playable).toMatchObject({ mimeType: 'audio/mpeg', fileName: 'AudioMessage.mp3' });
	});

	it('sends the text alone', async () => {
		await send({ ifNoIMessage: 'text' }, toBoth(), { content: 'Call me back' });

		expect(sandbox.messages()[1]).toMatchObject({ content: 'Call me back', media_url: '' });
		expect(requestsTo('/api/upload-file')).toHaveLength(1);
	});

	it('fails if there is no text to send', async () => {
		const result = await send({ ifNoIMessage: 'text' }, toBoth(), { node: { onError: 'continueRegularOutput' } });

		expect(outputs(result)[1].error).toContain('no text to send instead');
		expect(sandbox.messages()).toHaveLength(1);
	});

	it('skips or fails', async () => {
		const skipped = await send({ ifNoIMessage: 'skip' }, toBoth());
		expect(outputs(skipped)[1]).toMatchObject({ skipped: true, reason: 'noIMessage', service: 'SMS', number: ANDROID });
		expect(skipped.items('Sendblue')[1].pairedItem).toEqual({ item: 1 });

		const failed = await send({ ifNoIMessage: 'fail' }, toBoth(), { node: { onError: 'continueRegularOutput' } });
		expect(outputs(failed)[1].error).toContain('has no iMessage');
		expect(sandbox.messages()).toHaveLength(2);
	});

	it('asks once per number, and not for groups', async () => {
		await send({ ifNoIMessage: 'skip' }, [...toBoth(), ...toBoth()]);
		expect(requestsTo('/api/evaluate-service')).toHaveLength(2);

		sandbox.reset();
		await send({ ifNoIMessage: 'skip' }, people(1), { recipientType: 'numbers', numbers: `${person(1)},${person(2)}` });
		expect(requestsTo('/api/evaluate-service')).toHaveLength(0);
	});

	it.each(['status403', 'status503', 'status429', 'invalidJson', 'slow'] as const)(
		'sends and says so if Sendblue cannot tell (%s)',
		async (kind) => {
			fault({ path: '/api/evaluate-service', kind, ...(kind === 'slow' ? { delayMs: 1_500 } : {}) });
			const result = await send({ ifNoIMessage: 'skip' });

			expect(sandbox.messages()).toHaveLength(1);
			expect(result.hints('Sendblue').join()).toContain('iMessage');
		},
	);
});

describe('limits before cost', () => {
	it('refuses an object as text, which people would get as [object Object]', async () => {
		const result = await send({}, people(1), { content: '={{ $json }}' });

		expect(result.error?.message).toContain("'Text' holds an object");
		expect(requestsTo('/api/upload-file')).toEqual([]);
		expect(sandbox.messages()).toEqual([]);
	});

	const nothingUploaded = () => expect(sandbox.requests().some(({ method }) => method === 'POST')).toBe(false);

	it("refuses a line that is not the account's", async () => {
		const result = await send({}, people(1), { from: { __rl: true, mode: 'number', value: '+14155559999' } });

		expect(result.error?.message).toContain("not one of the account's lines");
		expect(result.error?.description).toContain(LINES[0]);
		nothingUploaded();
	});

	it('takes a shared line', async () => {
		const result = await send({}, people(1), { from: { __rl: true, mode: 'number', value: '+15550100003' } });

		expect(result.error).toBeUndefined();
	});

	it.each(['/api/lines', '/api/v2/lines/state'])('leaves the line to Sendblue if %s fails', async (path) => {
		fault({ path, kind: 'status403' });
		const foreign = await send({}, people(1), { from: { __rl: true, mode: 'number', value: '+14155559999' } });
		expect(foreign.error?.message).toContain('Sendblue says');
		expect((await send({}, people(1))).error).toBeUndefined();
	});

	it('reads the lines once', async () => {
		await send({}, people(10));

		expect(requestsTo('/api/lines')).toHaveLength(1);
	});

	it('refuses more than 25 people', async () => {
		const numbers = Array.from({ length: 26 }, (_, index) => person(index)).join(',');
		const result = await send({}, people(1), { recipientType: 'numbers', numbers });

		expect(result.error?.message).toContain('26 ');
		nothingUploaded();
	});

	it('refuses a choice that is none', async () => {
		const result = await send({ allowance: '={{ "Skip" }}' }, people(1));

		expect(result.error?.message).toContain('“Skip”');
		nothingUploaded();
	});
});

describe('stopping the execution', () => {
	it('ends a conversion within 100 ms of work and logs what went out', async () => {
		const info = jest.spyOn(engine.logger, 'info');
		const long = { bytes: toneWav(240), fileName: 'Long.wav', mimeType: 'audio/wav' };
		const items: FeedItem[] = [...people(2), { json: { to: person(3) }, files: { data: long } }];
		let stop: () => void = () => undefined;
		const running = send({ deduplicationKey: key() }, items, { onStart: (cancel) => (stop = cancel) }).catch(
			() => undefined,
		);
		while (sandbox.messages().length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
		// The conversion is under way when it has taken some time on the processor.
		const begun = cpuNow();
		while (cpuNow() - begun < 100) await new Promise((resolve) => setTimeout(resolve, 2));

		// Time on the processor, not on the clock: the machine may be busy with other things.
		const stoppedAt = cpuNow();
		stop();
		const logged = () => info.mock.calls.find(([message]) => String(message).includes('was stopped'));
		while (!logged() && cpuNow() - stoppedAt < 2_000) await new Promise((resolve) => setTimeout(resolve, 2));
		const took = cpuNow() - stoppedAt;
		await running;

		expect(took).toBeLessThan(100);
		for (const { message_handle } of sandbox.messages()) expect(logged()?.[0]).toContain(message_handle);
		expect(sandbox.messages()).toHaveLength(2);

		const again = await send({ deduplicationKey: key() }, people(2));
		expect(outputs(again).map(({ deduplicated }) => deduplicated)).toEqual([true, true]);
		expect(sandbox.messages()).toHaveLength(2);
	});
});
