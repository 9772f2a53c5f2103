/** The whole conversation: a voice note comes in, is understood, answered in speech, and goes out as a voice note. */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';

import type { IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';

import { readVoiceNote, toVoiceNote } from '../../nodes/Sendblue/voiceNote';
import { readWav } from '../../nodes/Sendblue/voiceNote/containers/wav/readWav';
import { startSandbox, type Sandbox } from '../sandbox/index.cjs';
import { toneWav } from './support/audio.cts';
import { startEngine, type Engine } from './support/engine.cjs';
import { startTriggerHost, type HostedExecution } from './support/triggerHost.cjs';
import { LINE, PERSON, sandboxCredential } from './support/sendblueWorkflow.cts';

const APPLE_NOTE = resolve(__dirname, '../fixtures/apple/voiceNote.caf');
const MP3_ANSWER = resolve(__dirname, '../fixtures/mp3/speech5s.mp3');

/** Stands in for speech-to-text, which says how long the speech was, and for text-to-speech. */
interface SpeechService {
	url: string;
	/** The texts it spoke. */
	spoken: string[];
	close(): void;
}

let engine: Engine;
let sandbox: Sandbox;
let speech: SpeechService;

beforeAll(async () => {
	engine = await startEngine();
	sandbox = await startSandbox({ settings: { webhookRetryDelaysMs: [5, 5, 5] } });
	speech = await startSpeechService();
});
afterEach(() => sandbox.reset());
afterAll(async () => {
	await engine.stop();
	speech.close();
	await sandbox.close();
});

async function startSpeechService(): Promise<SpeechService> {
	const spoken: string[] = [];
	const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		const body = Buffer.concat(chunks);
		if (request.url === '/transcribe') {
			const { dataLength, sampleRate } = readWav(body);
			const seconds = dataLength / 2 / sampleRate;
			response.end(`I spoke for ${seconds} seconds`);
			return;
		}
		spoken.push(body.toString());
		const mp3 = request.url === '/speak.mp3';
		response.writeHead(200, { 'content-type': mp3 ? 'audio/mpeg' : 'audio/wav' });
		response.end(mp3 ? readFileSync(MP3_ANSWER) : toneWav(1.25));
	};
	const server = createServer((request, response) => void answer(request, response));
	await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		spoken,
		close: () => {
			server.closeAllConnections();
			server.close();
		},
	};
}

/** A node of another service, as the workflow has them between ours. */
function serviceNode(
	name: string,
	work: (context: IExecuteFunctions, item: INodeExecutionData) => Promise<INodeExecutionData>,
): INodeType {
	return {
		description: {
			displayName: name,
			name,
			group: ['transform'],
			version: 1,
			description: name,
			defaults: { name },
			inputs: ['main'],
			outputs: ['main'],
			properties: [],
		},
		async execute(this: IExecuteFunctions) {
			const items = this.getInputData();
			return [
				await Promise.all(items.map(async (item, index) => ({ ...(await work(this, item)), pairedItem: index }))),
			];
		},
	};
}

const transcribe = serviceNode('transcribe', async (context, { json }) => {
	const body = await context.helpers.getBinaryDataBuffer(0, 'data');
	const text = (await context.helpers.httpRequest({
		method: 'POST',
		url: `${speech.url}/transcribe`,
		body,
		json: false,
		encoding: 'text',
	})) as string;
	return { json: { ...json, text } };
});

const speak = (path: string): INodeType =>
	serviceNode('speak', async (context, { json }) => {
		const bytes = (await context.helpers.httpRequest({
			method: 'POST',
			url: speech.url + path,
			body: `You said: ${String(json.text)}`,
			encoding: 'arraybuffer',
		})) as Buffer;
		return {
			json,
			binary: { data: await context.helpers.prepareBinaryData(Buffer.from(bytes), 'Answer', 'audio/mpeg') },
		};
	});

/** Lets a voice note come in, and waits for the workflow's end. */
async function converse(note: Uint8Array, answerPath: string): Promise<HostedExecution & { handle: unknown }> {
	const sendblue = engine.typeOf('sendblue');
	const host = await startTriggerHost(engine, {
		parameters: { messages: 'voiceNotes', filters: { line: { __rl: true, mode: 'list', value: LINE } } },
		credentials: sandboxCredential(sandbox),
		testNodes: { transcribe, speak: speak(answerPath) },
		nextNodes: [
			{
				name: 'To WAV',
				type: sendblue,
				parameters: { resource: 'voiceNote', operation: 'convertFromCaf', outputFormat: 'wav' },
			},
			{ name: 'Transcribe', type: 'test.transcribe', parameters: {} },
			{ name: 'Speak', type: 'test.speak', parameters: {} },
			{
				name: 'Reply',
				type: sendblue,
				parameters: {
					resource: 'voiceNote',
					operation: 'send',
					from: { __rl: true, mode: 'number', value: '={{ $json.sendblue_number }}' },
					to: '={{ $json.from_number }}',
					options: { replyTo: '={{ $json.message_handle }}', messagesPerSecond: 1_000 },
				},
			},
		],
	});
	try {
		await host.activate();
		const { payload, deliveries } = await sandbox.deliverInbound({
			from_number: PERSON,
			sendblue_number: LINE,
			media: { fileName: 'AudioMessage.caf', base64: Buffer.from(note).toString('base64') },
		});
		expect(deliveries[0].attempts).toMatchObject([{ status: 200 }]);
		while (host.executions.length === 0) await new Promise((done) => setTimeout(done, 5));
		return { ...host.executions[0], handle: payload.message_handle };
	} finally {
		await host.close();
	}
}

/** Checks that one voice note went to the person, in the thread of the first, and returns how long it is. */
function secondsSentInThread(handle: unknown): number {
	const sent = sandbox.messages().filter(({ is_outbound }) => is_outbound);
	expect(sent).toHaveLength(1);
	expect(sent[0]).toMatchObject({
		number: PERSON,
		from_number: LINE,
		reply_to: { message_handle: handle },
		media_url: expect.stringMatching(/\.caf$/),
	});
	const facts = readVoiceNote(Buffer.from(sent[0].media?.base64 ?? '', 'base64'));
	expect(facts).toMatchObject({ channels: 1, sampleRate: 24_000, framesPerPacket: 480 });
	return facts.durationSeconds;
}

it('answers a voice note of our own with a voice note made of WAV, in its thread', async () => {
	const { bytes } = await toVoiceNote(toneWav(0.8));
	const { status, error, items, handle } = await converse(bytes, '/speak.wav');

	expect(error).toBeUndefined();
	expect(status).toBe('success');
	expect(items('To WAV')[0].json.audio).toMatchObject({
		method: 'decoded',
		sourceFormat: 'ogg/opus',
		sampleRate: 16_000,
	});
	expect(speech.spoken.at(-1)).toBe('You said: I spoke for 0.8 seconds');
	expect(secondsSentInThread(handle)).toBe(1.25);
	expect(items('Reply')[0].json).toMatchObject({
		status: 'QUEUED',
		voiceNote: { method: 'encoded', sourceFormat: 'wav' },
	});
});

it('answers a voice note that Apple wrote with a voice note made of MP3, in its thread', async () => {
	const { status, error, items, handle } = await converse(readFileSync(APPLE_NOTE), '/speak.mp3');

	expect(error).toBeUndefined();
	expect(status).toBe('success');
	expect(speech.spoken.at(-1)).toBe('You said: I spoke for 3 seconds');
	expect(secondsSentInThread(handle)).toBeCloseTo(5, 2);
	expect(items('Reply')[0].json).toMatchObject({
		status: 'QUEUED',
		voiceNote: { method: 'encoded', sourceFormat: 'mp3' },
	});
});
