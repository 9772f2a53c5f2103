import type { IDataObject } from 'n8n-workflow';

import { startSandbox, type Sandbox } from '../sandbox/index.cjs';
import { startEngine, type Engine, type FeedItem, type WorkflowNode } from './support/engine.cjs';

import { wavFile } from './support/audio.cts';
import { sandboxCredential, sendNode } from './support/sendblueWorkflow.cts';

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

/** A number of a different person for each index. */
const person = (index: number) => `+1415555${String(index).padStart(4, '0')}`;

const recipients = (count: number, file = wavFile()): FeedItem[] =>
	Array.from({ length: count }, (_, index) => ({ json: { to: person(index) }, files: { data: file } }));

async function sendAll(
	items: FeedItem[],
	parameters: IDataObject = {},
	rest: Partial<WorkflowNode> = {},
	onStart?: (cancel: () => void) => void,
) {
	return await engine.run({
		items,
		nodes: [sendNode(engine, { to: '={{ $json.to }}', ...parameters }, rest)],
		credentials: sandboxCredential(sandbox),
		...(onStart ? { onStart } : {}),
	});
}

const sentTo = () => sandbox.messages().map(({ number }) => number);
const requestsTo = (path: string) => sandbox.requests().filter((request) => request.path === path);

describe('many items', () => {
	it('sends the same audio to 500 people with one upload, in order and paired', async () => {
		const result = await sendAll(recipients(500));

		expect(result.error).toBeUndefined();
		const output = result.items('Sendblue');
		const expected = Array.from({ length: 500 }, (_, index) => person(index));
		expect(output.map(({ json }) => json.number)).toEqual(expected);
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual(expected.map((_, item) => ({ item })));
		expect(sentTo()).toEqual(expected);
		expect(requestsTo('/api/upload-file')).toHaveLength(1);
		expect(new Set(output.map(({ json }) => json.message_handle)).size).toBe(500);
	});

	it('tells audio by its bytes if it is stored twice', async () => {
		const items = [0, 1].map((index) => ({ json: { to: person(index) }, files: { data: wavFile() } }));
		await sendAll(items);

		expect(requestsTo('/api/upload-file')).toHaveLength(1);
		expect(sentTo()).toHaveLength(2);
	});

	it('uploads audio anew for other audio and for other options', async () => {
		const items = [
			{ json: { to: person(0), bitrate: 24 }, files: { data: wavFile(0.3, 440) } },
			{ json: { to: person(1), bitrate: 24 }, files: { data: wavFile(0.3, 880) } },
			{ json: { to: person(2), bitrate: 48 }, files: { data: wavFile(0.3, 440) } },
		];
		await sendAll(items, { options: { bitrate: '={{ $json.bitrate }}' } });

		expect(requestsTo('/api/upload-file')).toHaveLength(3);
	});

	it('keeps the order of the items however long their audio is', async () => {
		const items = [3, 0.2, 1, 0.2].map((seconds, index) => ({
			json: { to: person(0) },
			files: { data: wavFile(seconds, 300 + index) },
		}));
		const result = await sendAll(items);

		const notes = result.items('Sendblue').map(({ json }) => json.voiceNote as { durationSeconds: number });
		expect(notes.map(({ durationSeconds }) => durationSeconds)).toEqual([3, 0.2, 1, 0.2]);
		expect(sandbox.messages().map(({ message_handle }) => message_handle)).toEqual(
			result.items('Sendblue').map(({ json }) => json.message_handle),
		);
	});

	it('outputs nothing for no items', async () => {
		const result = await sendAll([]);

		expect(result.error).toBeUndefined();
		expect(result.items('Sendblue')).toEqual([]);
	});
});

describe('an error in the middle', () => {
	const withWrongNumber = (count: number, wrong: number) =>
		recipients(count).map((item, index) => (index === wrong ? { ...item, json: { to: 'nobody' } } : item));

	it('that can be known before is named before anything is sent', async () => {
		const result = await sendAll(withWrongNumber(100, 2));

		expect(result.status).toBe('error');
		expect(result.error?.message).toMatch(/^Item 3: .*nobody/);
		expect(result.error?.context?.itemIndex).toBeUndefined();
		expect(sentTo()).toEqual([]);
	});

	it('stops the batch, lets what is in flight settle and names what was sent', async () => {
		sandbox.setFaults([{ path: '/api/send-message', nth: 3, kind: 'status', status: 400 }]);
		const result = await sendAll(recipients(100));

		expect(result.status).toBe('error');
		expect(result.error?.message).toMatch(/^Item 3: /);
		const handles = sandbox.messages().map(({ message_handle }) => message_handle);
		expect(sentTo().slice(0, 2)).toEqual([person(0), person(1)]);
		expect(handles.length).toBeLessThan(20);
		for (const handle of handles) expect(result.error?.description).toContain(handle);
	});

	it('does not send items after the failed one', async () => {
		sandbox.setFaults([{ path: '/api/send-message', nth: 3, kind: 'status', status: 400 }]);
		await sendAll(recipients(10));

		expect(sentTo()).toEqual([person(0), person(1)]);
	});

	it('goes on if the node continues on fail', async () => {
		const result = await sendAll(withWrongNumber(5, 2), {}, { onError: 'continueRegularOutput' });

		const output = result.items('Sendblue');
		expect(result.status).toBe('success');
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual([0, 1, 2, 3, 4].map((item) => ({ item })));
		expect(output[2].json).toMatchObject({ to: 'nobody', error: expect.stringContaining('nobody') });
		expect(sentTo()).toEqual([0, 1, 3, 4].map(person));
	});

	it('splits failed items off if the node has an output for errors', async () => {
		const result = await sendAll(withWrongNumber(3, 1), {}, { onError: 'continueErrorOutput' });

		expect(result.items('Sendblue', 0).map(({ json }) => json.number)).toEqual([person(0), person(2)]);
		expect(result.items('Sendblue', 1).map(({ json }) => json)).toEqual([
			{ to: 'nobody', error: expect.stringContaining('nobody') },
		]);
	});

	it('shows a failed conversion on each item that shares it', async () => {
		const broken = { bytes: Buffer.from('no audio at all'), fileName: 'a.mp3', mimeType: 'audio/mpeg' };
		const result = await sendAll(recipients(3, broken), {}, { onError: 'continueRegularOutput' });

		expect(result.items('Sendblue').map(({ json }) => json.to)).toEqual([0, 1, 2].map(person));
		for (const { json } of result.items('Sendblue')) expect(json.error).toEqual(expect.any(String));
	});
});

describe('cancelling', () => {
	it('starts no further send', async () => {
		let cancel: () => void = () => {};
		let ended = false;
		const running = sendAll(recipients(40), { options: { messagesPerSecond: 10 } }, {}, (stop) => {
			cancel = stop;
		}).finally(() => {
			ended = true;
		});
		while (sandbox.messages().length < 2 && !ended) await new Promise((resolve) => setTimeout(resolve, 10));
		expect(ended).toBe(false);
		cancel();
		const sent = sandbox.messages().length;
		await running.catch(() => undefined);
		await engine.idle();

		expect(sandbox.messages().length).toBeLessThanOrEqual(sent + 1);
	});
});
