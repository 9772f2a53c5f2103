/** Where audio can come from beside a file of the item: text in its JSON, and addresses with types and names of any kind. */
import type { IBinaryData, IDataObject } from 'n8n-workflow';

import { readVoiceNote } from '../../nodes/Sendblue/voiceNote';
import { PNG, toneWav } from './support/audio.cts';
import { startEngine, type Engine } from './support/engine.cjs';
import { startFileServer, type FileServer } from './support/fileServer.cts';
import { convertNode } from './support/sendblueWorkflow.cts';

/** Half a second of 24 kHz, 16 bit, without its header. */
const pcm = toneWav(0.5).subarray(44);
const wav = toneWav(0.5);
const base64 = wav.toString('base64');
const urlSafe = wav.toString('base64url');

let engine: Engine;
let server: FileServer;

beforeAll(async () => {
	engine = await startEngine();
	server = await startFileServer();
});
afterAll(async () => {
	await engine.stop();
	await server.close();
});

const convertText = async (json: IDataObject, audioBase64 = '={{ $json.audioContent }}', options: IDataObject = {}) =>
	await engine.run({
		items: [{ json }],
		nodes: [convertNode(engine, { audioSource: 'base64', audioBase64, options })],
	});

const convertUrl = async (path: string, options: IDataObject = {}) =>
	await engine.run({
		items: [{}],
		nodes: [convertNode(engine, { audioSource: 'url', audioUrl: `${server.url}${path}`, options })],
	});

describe('Base64 in the JSON', () => {
	it.each<[string, string]>([
		['plain', base64],
		['URL-safe and without padding', urlSafe],
		['with line ends', base64.replace(/.{76}/g, '$&\r\n')],
		['with a line end in the middle of a group', `${base64.slice(0, 77)}\n${base64.slice(77)}`],
		['with space around it', `\n  ${base64}\n`],
		['a data: URI', `data:audio/wav;base64,${base64}`],
		['a data: URI without a type', `data:;base64,${base64}`],
		['a data: URI with parameters, in capitals', `DATA:audio/wav; name="Speech"; Base64,${base64}`],
		[
			'pieces in a row, each with its padding',
			[wav.subarray(0, 1_000), wav.subarray(1_000, 1_001), wav.subarray(1_001)]
				.map((piece) => piece.toString('base64'))
				.join(''),
		],
	])('%s', async (_, audioContent) => {
		const result = await convertText({ audioContent, id: 7 });

		expect(result.error).toBeUndefined();
		const [{ json, binary, pairedItem }] = result.items('Sendblue');
		expect(json).toMatchObject({ id: 7, voiceNote: { sourceFormat: 'wav', durationSeconds: 0.5 } });
		expect(pairedItem).toEqual({ item: 0 });
		expect(readVoiceNote(await engine.readBinary(binary?.data as IBinaryData)).durationSeconds).toBe(0.5);
	});

	it.each<[string, number]>([
		['audio/L16;codec=pcm;rate=24000', 0.5],
		['audio/L16;rate=12000', 1],
		['audio/pcm;rate=24000;channels=2', 0.25],
		['audio/x-l16; rate=24000', 0.5],
		['audio/linear16;rate=24000', 0.5],
		['audio/basic', 3],
	])('raw PCM that a data: URI calls %s', async (mimeType, seconds) => {
		const inlineData = { mimeType, data: pcm.toString('base64') };
		const text = '=data:{{ $json.inlineData.mimeType }};base64,{{ $json.inlineData.data }}';
		const [{ json }] = (await convertText({ inlineData }, text)).items('Sendblue');
		expect(json.voiceNote).toMatchObject({ sourceFormat: 'pcm', durationSeconds: seconds });
	});

	it('raw PCM that the options describe', async () => {
		const options = { rawFormat: 's16le', rawSampleRate: 12_000 };
		const audioContent = pcm.toString('base64');
		const [{ json }] = (await convertText({ audioContent }, undefined, options)).items('Sendblue');
		expect(json.voiceNote).toMatchObject({ sourceFormat: 'pcm', durationSeconds: 1 });
	});

	it('large enough to be decoded in pieces', async () => {
		const long = toneWav(45);
		const audioContent = long.toString('base64').replace(/.{76}/g, '$&\n');
		expect(audioContent.length).toBeGreaterThan(2 * 1_048_576);
		const [{ json }] = (await convertText({ audioContent })).items('Sendblue');
		expect(json.voiceNote).toMatchObject({ durationSeconds: 45 });
	});

	it.each<[string, unknown, RegExp, RegExp]>([
		['nothing', undefined, /'Audio as Base64' is empty \(item 1\)/, /audioContent/],
		['null', null, /is empty/, /expression/],
		['an object', { data: base64 }, /is an object, not text/, /field within it/],
		['an address', 'https://example.com/a.mp3', /is a web address/, /'Audio Source' to URL/],
		['a data: URI of another kind', 'data:text/plain,Hello', /not one in Base64/, /;base64/],
		['JSON', '{"audioContent":"UklGRg=="}', /is not Base64: its character 1 is "\{"/, /text alone/],
		['a mark in the middle', `${base64.slice(0, 4_000)}…`, /its character 4001 is "…"/, /text alone/],
		['a character too many', `${base64.replace(/=+$/, '').slice(0, 4_000)}A`, /cut short/, /whole text/],
		['a picture', PNG.toString('base64'), /PNG/, /audio file/],
	])('%s is refused, in words', async (_, audioContent, message, description) => {
		const result = await convertText({ audioContent } as IDataObject);
		expect(result.error?.message).toMatch(message);
		expect(result.error?.description).toMatch(description);
		expect(result.error?.context?.itemIndex).toBe(0);
	});

	it('goes on with the next item if one is not Base64', async () => {
		const items = [{ json: { audioContent: 'not § Base64' } }, { json: { audioContent: base64 } }];
		const parameters = { audioSource: 'base64', audioBase64: '={{ $json.audioContent }}' };
		const nodes = [convertNode(engine, parameters, { onError: 'continueRegularOutput' })];
		const output = (await engine.run({ items, nodes })).items('Sendblue');
		expect(output[0].json.error).toMatch(/is not Base64/);
		expect(output[1].json.voiceNote).toMatchObject({ sourceFormat: 'wav' });
	});

	it('is read by Convert From CAF too', async () => {
		const nodes = [
			convertNode(engine, { operation: 'convertFromCaf', audioSource: 'base64', audioBase64: '={{ $json.audio }}' }),
		];
		const [{ json }] = (await engine.run({ items: [{ json: { audio: base64 } }], nodes })).items('Sendblue');
		expect(json.audio).toMatchObject({ method: 'encoded', sourceFormat: 'wav', durationSeconds: 0.5 });
	});
});

it.each(['audio/L16', 'audio/pcm', 'audio/x-linear16; codec=pcm'])(
	'raw PCM that is only called %s: the error names the options',
	async (mimeType) => {
		const bytes = Buffer.from(pcm.map((byte, index) => byte ^ (index % 2 === 0 ? 0x55 : 0)));
		const result = await engine.run({
			items: [{ files: { data: { bytes, mimeType } } }],
			nodes: [convertNode(engine)],
		});
		expect(result.error?.message).toContain('raw PCM');
		expect(result.error?.message).toContain(mimeType);
		expect(result.error?.description).toMatch(/'Raw PCM Sample Rate \(Hz\)'.*HTTP Request/);
	},
);

it('a type for raw PCM does not hide what the bytes are', async () => {
	const files = { data: { bytes: wav, mimeType: 'audio/L16' } };
	const [{ json }] = (await engine.run({ items: [{ files }], nodes: [convertNode(engine)] })).items('Sendblue');
	expect(json.voiceNote).toMatchObject({ sourceFormat: 'wav' });
});

describe('a URL', () => {
	it.each<[string, number]>([
		['audio/L16;rate=12000', 1],
		['audio/pcm; rate=24000; channels=2', 0.25],
		['audio/x-linear16;rate=24000', 0.5],
		['audio/basic', 3],
	])('of raw PCM, whose Content-Type is %s', async (contentType, seconds) => {
		server.files['/speech'] = { bytes: pcm, contentType };
		const [{ json }] = (await convertUrl('/speech')).items('Sendblue');
		expect(json.voiceNote).toMatchObject({ sourceFormat: 'pcm', durationSeconds: seconds });
	});

	it('that gives the same bytes with two types is not taken for one', async () => {
		server.files['/slow'] = { bytes: pcm, contentType: 'audio/L16;rate=12000' };
		server.files['/fast'] = { bytes: pcm, contentType: 'audio/L16;rate=24000' };
		const result = await engine.run({
			items: [{ json: { path: '/slow' } }, { json: { path: '/fast' } }],
			nodes: [convertNode(engine, { audioSource: 'url', audioUrl: `=${server.url}{{ $json.path }}` })],
		});
		const notes = result.items('Sendblue').map(({ json }) => json.voiceNote);
		expect(notes).toMatchObject([{ durationSeconds: 1 }, { durationSeconds: 0.5 }]);
	});
});
