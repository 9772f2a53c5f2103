import { readFileSync } from 'node:fs';
import path from 'node:path';

import type { IBinaryData, IDataObject } from 'n8n-workflow';

import { readVoiceNote } from '../../nodes/Sendblue/voiceNote';
import { startSandbox, type Sandbox } from '../sandbox/index.cjs';
import { startEngine, type Engine } from './support/engine.cjs';

import { wavFile } from './support/audio.cts';
import { convertNode, sandboxCredential, sendNode } from './support/sendblueWorkflow.cts';

interface TestFile {
	bytes: Uint8Array;
	mimeType?: string;
}

let engine: Engine;
let sandbox: Sandbox;

beforeAll(async () => {
	engine = await startEngine();
	sandbox = await startSandbox();
});

afterAll(async () => {
	await engine.stop();
	await sandbox.close();
});

beforeEach(() => sandbox.reset());

const convert = async (options: IDataObject, seconds = 2) =>
	await engine.run({
		items: [{ json: { id: 7 }, files: { data: wavFile(seconds) } }],
		nodes: [convertNode(engine, { options })],
	});

const send = async (options: IDataObject, seconds = 2) =>
	await engine.run({
		items: [{ files: { data: wavFile(seconds) } }],
		nodes: [sendNode(engine, { options })],
		credentials: sandboxCredential(sandbox),
	});

const durationOf = (json: IDataObject) => (json.voiceNote as IDataObject).durationSeconds;

test('Leading Silence makes the note longer by just that', async () => {
	const [item] = (await convert({ leadingSilence: 150 })).items('Sendblue');
	expect(durationOf(item.json)).toBeCloseTo(2.15, 6);
});

test('Normalise Loudness and Trim Silence leave a tone its length', async () => {
	const [item] = (await convert({ normaliseLoudness: true, trimSilence: true })).items('Sendblue');
	expect(durationOf(item.json)).toBeCloseTo(2, 1);
});

describe('Maximum Duration', () => {
	test('refuses longer audio by default, and says what to do', async () => {
		const { error } = await convert({ maximumDuration: 1 });
		expect(error?.message).toContain('longer than the maximum duration of 1 second');
		expect(error?.description).toContain('Maximum Duration');
	});

	test('Split gives one paired item per part, each with its own file', async () => {
		const result = await convert({ maximumDuration: 0.8, whenLonger: 'split' });
		const items = result.items('Sendblue');
		expect(items.map(({ json }) => [json.part, json.parts, json.id, durationOf(json)])).toEqual([
			[1, 3, 7, 0.8],
			[2, 3, 7, 0.8],
			[3, 3, 7, 0.4],
		]);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 0 }, { item: 0 }]);
		expect(items.map(({ binary }) => binary?.data.fileName)).toEqual([
			'AudioMessage-1.caf',
			'AudioMessage-2.caf',
			'AudioMessage-3.caf',
		]);
		for (const { binary, json } of items) {
			const bytes = await engine.readBinary(binary?.data as IBinaryData);
			expect(readVoiceNote(bytes).durationSeconds).toBe(durationOf(json));
		}
	});

	test('Cut sends one shorter note', async () => {
		const [item] = (await send({ maximumDuration: 1, whenLonger: 'cut' })).items('Sendblue');
		expect(durationOf(item.json)).toBe(1);
		expect(sandbox.messages()).toHaveLength(1);
	});

	test('a message that is too long is not sent, and nothing is uploaded', async () => {
		const { error } = await send({ maximumDuration: 1 });
		expect(error?.message).toContain('longer than the maximum duration');
		expect(sandbox.requests().filter(({ method }) => method === 'POST')).toEqual([]);
	});

	test('a message cannot be split', async () => {
		const { error } = await send({ maximumDuration: 1, whenLonger: 'split' });
		expect(error?.message).toContain('cannot be split');
		expect(sandbox.messages()).toEqual([]);
	});
});

describe('formats that need an option', () => {
	const fixture = (name: string) => readFileSync(path.join(__dirname, '../fixtures/formats', name));
	const convertFile = async ({ bytes, mimeType = 'application/octet-stream' }: TestFile, options: IDataObject) =>
		await engine.run({ items: [{ files: { data: { bytes, mimeType } } }], nodes: [convertNode(engine, { options })] });

	test('raw PCM by options', async () => {
		const bytes = wavFile(1).bytes.subarray(44);
		const [item] = (await convertFile({ bytes }, { rawFormat: 's16le', rawSampleRate: 24_000 })).items('Sendblue');
		expect(durationOf(item.json)).toBe(1);
	});

	test('raw PCM by its mime type', async () => {
		const bytes = wavFile(1).bytes.subarray(44);
		const [item] = (await convertFile({ bytes, mimeType: 'audio/L16;rate=12000' }, {})).items('Sendblue');
		expect(durationOf(item.json)).toBe(2);
	});

	test('an impossible raw format is named', async () => {
		const { error } = await convertFile(
			{ bytes: wavFile(1).bytes.subarray(44) },
			{ rawFormat: 's16le', rawSampleRate: 5 },
		);
		expect(error?.message).toContain('5 Hz');
	});

	test('the second audio track of a video', async () => {
		const bytes = fixture('twotracks.mp4');
		const first = await convertFile({ bytes }, {});
		const second = await convertFile({ bytes }, { audioTrack: 2 });
		expect(second.error).toBeUndefined();
		expect(second.items('Sendblue')[0].json.voiceNote).not.toEqual(first.items('Sendblue')[0].json.voiceNote);
	});

	test('a format that needs FFmpeg is refused by name with the built-in engine', async () => {
		const { error } = await convertFile({ bytes: fixture('windows.wma') }, { engine: 'builtIn' });
		expect(error?.message).toMatch(/Windows Media|WMA/);
	});
});
