import type { IBinaryData, IDataObject } from 'n8n-workflow';

import { toVoiceNote } from '../../nodes/Sendblue/voiceNote';
import { PNG, toneWav, wavFile } from './support/audio.cts';
import { startEngine, type Engine, type FeedFile, type WorkflowNode } from './support/engine.cjs';
import { startFileServer } from './support/fileServer.cts';

let engine: Engine;
let note: FeedFile;

beforeAll(async () => {
	engine = await startEngine();
	// The name and the type say something else than the bytes, as they often do.
	note = { bytes: (await toVoiceNote(toneWav(0.5))).bytes, fileName: 'Voice.mp3', mimeType: 'audio/mpeg' };
});
afterAll(async () => await engine.stop());

function convertNode(parameters: IDataObject = {}, rest: Partial<WorkflowNode> = {}): WorkflowNode {
	return {
		name: 'Sendblue',
		type: engine.typeOf('sendblue'),
		parameters: { resource: 'voiceNote', operation: 'convertFromCaf', ...parameters },
		...rest,
	};
}

it('turns a voice note into Ogg Opus and keeps the JSON, without credentials', async () => {
	const result = await engine.run({ items: [{ json: { id: 7 }, files: { data: note } }], nodes: [convertNode()] });

	expect(result.error).toBeUndefined();
	const [item] = result.items('Sendblue');
	expect(item.json).toEqual({
		id: 7,
		audio: {
			method: 'remuxed',
			sourceFormat: 'caf/opus',
			format: 'ogg',
			durationSeconds: 0.5,
			bytes: expect.any(Number),
			sampleRate: 48_000,
			channels: 1,
			fileName: 'VoiceNote.ogg',
		},
	});
	expect(item.pairedItem).toEqual({ item: 0 });
	expect(item.binary?.data).toMatchObject({ mimeType: 'audio/ogg', fileName: 'VoiceNote.ogg', fileExtension: 'ogg' });
	const bytes = await engine.readBinary(item.binary?.data as IBinaryData);
	expect(bytes.toString('latin1', 0, 4)).toBe('OggS');
	expect(bytes).toHaveLength((item.json.audio as { bytes: number }).bytes);
});

it.each([
	[undefined, 8_000],
	[24_000, 12_000],
])('turns a voice note into WAV with a sample rate of %p', async (sampleRate, samples) => {
	const parameters = { outputFormat: 'wav', ...(sampleRate ? { sampleRate } : {}), outputBinaryPropertyName: 'speech' };
	const result = await engine.run({ items: [{ files: { data: note } }], nodes: [convertNode(parameters)] });

	const [item] = result.items('Sendblue');
	expect(item.json.audio).toMatchObject({
		method: 'decoded',
		format: 'wav',
		durationSeconds: 0.5,
		fileName: 'VoiceNote.wav',
	});
	expect(Object.keys(item.binary ?? {})).toEqual(['data', 'speech']);
	expect(item.binary?.speech.mimeType).toBe('audio/wav');
	expect(await engine.readBinary(item.binary?.speech as IBinaryData)).toHaveLength(44 + 2 * samples);
});

it('turns a voice note into MP3', async () => {
	const result = await engine.run({
		items: [{ files: { data: note } }],
		nodes: [convertNode({ outputFormat: 'mp3', outputBinaryPropertyName: 'speech' })],
	});

	const [item] = result.items('Sendblue');
	const file = item.binary?.speech as IBinaryData;
	const bytes = await engine.readBinary(file);
	expect(item.json.audio).toEqual({
		method: 'encoded',
		sourceFormat: 'caf/opus',
		format: 'mp3',
		durationSeconds: 0.5,
		bytes: bytes.length,
		sampleRate: 24_000,
		channels: 1,
		fileName: 'VoiceNote.mp3',
	});
	expect(file).toMatchObject({ mimeType: 'audio/mpeg', fileName: 'VoiceNote.mp3', fileExtension: 'mp3' });
	expect((await toVoiceNote(bytes)).info).toMatchObject({ sourceFormat: 'mp3', durationSeconds: 0.5 });
});

it.each([
	['Reply for Ada.caf', 'Reply_for_Ada.ogg'],
	['Grüße.ogg', 'Grue.ogg'],
	['', 'VoiceNote.ogg'],
])('names the file %j as %s', async (fileName, expected) => {
	const result = await engine.run({
		items: [{ files: { data: note } }],
		nodes: [convertNode({ options: { fileName } })],
	});
	expect(result.items('Sendblue')[0].binary?.data.fileName).toBe(expected);
});

it('takes a URL, an expression, and other audio as well', async () => {
	const server = await startFileServer();
	server.files['/Note.caf'] = { bytes: note.bytes };
	try {
		const result = await engine.run({
			items: [{ files: { speech: wavFile(0.3) } }],
			nodes: [
				convertNode({ binaryPropertyName: '={{ $binary.speech }}' }),
				convertNode({ audioSource: 'url', audioUrl: `${server.url}/Note.caf` }, { name: 'From URL' }),
			],
		});
		expect(result.items('Sendblue')[0].json.audio).toMatchObject({ method: 'encoded', sourceFormat: 'wav' });
		expect(result.items('From URL')[0].json.audio).toMatchObject({ method: 'remuxed', durationSeconds: 0.5 });
	} finally {
		await server.close();
	}
});

it('finds the file in binary mode "combined"', async () => {
	const result = await engine.run({
		items: [{ files: { data: note } }],
		nodes: [convertNode({ outputBinaryPropertyName: 'ogg' })],
		settings: { binaryMode: 'combined' },
	});
	const [item] = result.items('Sendblue');
	const files = { ...item.binary, ...(item.json._files as Record<string, IBinaryData> | undefined) };
	expect(Object.keys(files).sort()).toEqual(['data', 'ogg']);
	expect((await engine.readBinary(files.ogg)).toString('latin1', 0, 4)).toBe('OggS');
});

it('pairs three items and goes on if one is no audio', async () => {
	const picture = { bytes: PNG, fileName: 'Voice.caf', mimeType: 'audio/x-caf' };
	const items = [note, picture, note].map((file, id) => ({ json: { id }, files: { data: file } }));
	const result = await engine.run({ items, nodes: [convertNode({}, { onError: 'continueRegularOutput' })] });

	const output = result.items('Sendblue');
	expect(output.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
	expect(output.map(({ json }) => [json.id, 'audio' in json])).toEqual([
		[0, true],
		[1, false],
		[2, true],
	]);
	expect(output[1].json.error).toMatch(/PNG/);
});

it('fails if the item has no file, and says which parameter is meant', async () => {
	const result = await engine.run({ items: [{ json: {} }], nodes: [convertNode()] });
	expect(result.error?.message).toContain("'Input Data Field Name'");
});

it('refuses a format it does not know', async () => {
	const result = await engine.run({
		items: [{ files: { data: note } }],
		nodes: [convertNode({ outputFormat: '={{ "flac" }}' })],
	});
	expect(result.error?.message).toContain("'Output Format' has an unknown value: flac");
});
