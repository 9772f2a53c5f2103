import type { IDataObject } from 'n8n-workflow';

import { startSandbox, type Sandbox } from '../sandbox/index.cjs';
import { startEngine, type Engine } from './support/engine.cjs';
import type { FileServer } from './support/fileServer.cjs';

import { toneWav, wavFile } from './support/audio.cts';
import { startFileServer } from './support/fileServer.cts';
import { LINE, PERSON, sandboxCredential, sendNode } from './support/sendblueWorkflow.cts';

let sandbox: Sandbox;
let engine: Engine;
let web: FileServer;

beforeAll(async () => {
	sandbox = await startSandbox();
	engine = await startEngine();
	web = await startFileServer();
	web.files['/Greeting.mp3'] = { bytes: toneWav(0.3) };
});

afterEach(() => sandbox.reset());

afterAll(async () => {
	await sandbox.close();
	await web.close();
	await engine.stop();
});

/** Has an agent call the node as its tool, with the arguments a model would give. */
async function callTool(parameters: IDataObject, toolArguments: IDataObject) {
	const tool = sendNode(engine, parameters, { toolOf: 'Agent', type: engine.typeOf('sendblueTool') });
	const result = await engine.run({
		items: [{ json: toolArguments, files: { data: wavFile() } }],
		nodes: [{ name: 'Agent', type: 'test.agent', parameters: {} }, tool],
		credentials: sandboxCredential(sandbox),
	});
	expect(result.error).toBeUndefined();
	expect(result.agentCalls).toHaveLength(1);
	return result.agentCalls[0];
}

const fromAI = (name: string) => `={{ $fromAI('${name}', '', 'string') }}`;

describe('Sendblue as a tool of an AI agent', () => {
	it('sends audio from a URL and answers with JSON', async () => {
		const { answer, error } = await callTool(
			{ audioSource: 'url', audioUrl: fromAI('url'), to: fromAI('to') },
			{ url: `${web.url}/Greeting.mp3`, to: PERSON },
		);

		expect(error).toBeUndefined();
		expect(JSON.parse(answer ?? '')).toEqual([
			expect.objectContaining({ number: PERSON, status: 'QUEUED', voiceNote: expect.any(Object) }),
		]);
		expect(sandbox.messages()).toHaveLength(1);
	});

	it('begins with a URL as the source', async () => {
		const { answer, error } = await callTool(
			{ audioUrl: fromAI('url'), to: fromAI('to') },
			{ url: `${web.url}/Greeting.mp3`, to: PERSON },
		);

		expect(error).toBeUndefined();
		expect(JSON.parse(answer ?? '')[0].voiceNote).toMatchObject({ sourceFormat: 'wav' });
	});

	it.each([
		['the simplified version at first', {}, ['message_handle', 'status', 'number', 'voiceNote'], ['plan', 'content']],
		['all of it', { output: 'raw' }, ['plan', 'content', 'voiceNote'], []],
		[
			'selected fields, and always the handle',
			{ output: 'selected', outputFields: ['status', 'content'] },
			['message_handle', 'status', 'content'],
			['number', 'voiceNote'],
		],
	])('answers with %s', async (_what, output, has, lacks) => {
		const { answer } = await callTool(
			{ ...output, audioUrl: fromAI('url'), to: fromAI('to'), content: 'Hello' },
			{ url: `${web.url}/Greeting.mp3`, to: PERSON },
		);

		const fields = Object.keys(JSON.parse(answer ?? '')[0] as IDataObject);
		expect(fields).toEqual(expect.arrayContaining(has));
		expect(fields.filter((field) => (lacks as string[]).includes(field))).toEqual([]);
	});

	it.each([
		['chosen from the list', LINE],
		['by an expression', `={{ "${LINE}" }}`],
		['as a locator of the node itself', { __rl: true, mode: 'list', value: LINE }],
		['left to the account, which has several', ''],
	])('takes the line %s', async (_how, from) => {
		const { answer, error } = await callTool(
			{ from, audioUrl: fromAI('url'), to: fromAI('to') },
			{ url: `${web.url}/Greeting.mp3`, to: PERSON },
		);

		if (from === '') expect(error?.message).toContain('several lines');
		else expect(JSON.parse(answer ?? '')[0]).toMatchObject({ from_number: LINE });
	});

	it('takes a file that an expression returns', async () => {
		const { answer, error } = await callTool(
			{ audioSource: 'binary', binaryPropertyName: "={{ $('Feed').item.binary.data }}", to: fromAI('to') },
			{ to: PERSON },
		);

		expect(error).toBeUndefined();
		expect(JSON.parse(answer ?? '')[0].voiceNote).toMatchObject({ sourceFormat: 'wav' });
	});

	it('explains that a field name leads nowhere', async () => {
		const parameters = { audioSource: 'binary', binaryPropertyName: 'data', to: fromAI('to') };
		const { error } = await callTool(parameters, { to: PERSON });

		expect(error?.message).toContain("the field 'data' cannot be read");
		expect(error?.message).toContain('URL');
		expect(error?.message).toContain('expression');
		expect(sandbox.requests()).toEqual([]);
	});

	it('returns no file, even if it is asked to', async () => {
		const { answer } = await callTool(
			{ audioSource: 'url', audioUrl: fromAI('url'), options: { includeCaf: true } },
			{ url: `${web.url}/Greeting.mp3` },
		);

		expect(answer).not.toContain('filesystem-v2');
	});

	it('describes itself for the model', async () => {
		const { tool } = await callTool(
			{ audioSource: 'url', audioUrl: fromAI('url') },
			{ url: `${web.url}/Greeting.mp3` },
		);

		expect(tool.name).toMatch(/^[A-Za-z0-9_-]+$/);
		expect(tool.description.length).toBeGreaterThan(10);
	});
});
