import type { FileServer } from '../support/fileServer.cjs';

import { PNG } from '../support/audio.cts';
import { startFileServer } from '../support/fileServer.cts';
import { describeOperation, resourceWorld } from '../support/operationSuite.cts';

const world = resourceWorld('media');
let web: FileServer;

beforeAll(async () => {
	web = await startFileServer();
	web.files['/Photo.png?signature=abc'] = { bytes: PNG, contentType: 'image/png' };
	web.files['/Photo.png'] = { bytes: PNG, contentType: 'image/png' };
});
afterAll(async () => await web.close());

const ITEMS = async () => ['One', 'Two', 'Three'].map((name) => ({ name }));

describeOperation(world, 'media', {
	operation: 'upload',
	parameters: { options: { fileName: '={{ $json.name }}' } },
	items: ITEMS,
	files: { data: { bytes: PNG, fileName: 'Photo.png', mimeType: 'image/png' } },
	output: ({ name }) => ({ media_url: expect.stringMatching(new RegExp(`${String(name)}\\.png$`)), status: 'OK' }),
	request: { method: 'POST', path: '/api/upload-file' },
});

describe('from URLs', () => {
	describeOperation(world, 'media', {
		operation: 'uploadFromUrl',
		parameters: { mediaUrl: '={{ $json.url }}' },
		items: async () => (await ITEMS()).map(({ name }) => ({ name, url: `${web.url}/Photo.png?signature=abc` })),
		output: () => ({ media_url: expect.stringMatching(/Photo\.png$/), mediaObjectId: expect.any(String) }),
		request: { method: 'POST', path: '/api/upload-file' },
	});
});

describe('media', () => {
	it('is at the address the output holds, to the byte', async () => {
		const [{ media_url: address }] = await world.outputOf('uploadFromUrl', {
			mediaUrl: `${web.url}/Photo.png`,
			options: { fileName: 'Mein Bild.png' },
		});

		expect(address).toMatch(/Mein_Bild\.png$/);
		const response = await fetch(String(address));
		expect(Buffer.from(await response.arrayBuffer())).toEqual(PNG);
	});

	it('is fetched by Sendblue if it is told to', async () => {
		const address = `${world.sandbox.url}/media/nothing.png`;
		const options = { fetchedBySendblue: true };
		const [{ media_url: uploaded }] = await world.outputOf('uploadFromUrl', { mediaUrl: `${web.url}/Photo.png` });
		const [answer] = await world.outputOf('uploadFromUrl', { mediaUrl: uploaded, options });

		expect(answer).toMatchObject({ status: 'OK', mediaObjectId: expect.stringMatching(/\.png$/) });
		expect((await world.errorOf('uploadFromUrl', { mediaUrl: address, options })).message).toContain(
			'Invalid media URL',
		);
	});

	it.each([
		['upload', {}, 'no files at all'],
		['uploadFromUrl', { mediaUrl: 'Photo.png' }, "'Media URL' is not a web address"],
		[
			'uploadFromUrl',
			{ mediaUrl: 'http://10.0.0.1/Photo.png', options: { fetchedBySendblue: true } },
			'private network',
		],
	])('refuses before any request: %s %j', async (operation, parameters, words) => {
		const error = await world.errorOf(operation, parameters);

		expect(`${error.message} ${error.description ?? ''}`).toContain(words);
		expect(world.requests()).toEqual([]);
	});

	it('explains what could not be downloaded', async () => {
		expect((await world.errorOf('uploadFromUrl', { mediaUrl: `${web.url}/Nothing.png` })).message).toContain(
			"'Media URL' answered 404",
		);
	});

	it('tells an agent, which gives no files, what to do', async () => {
		const result = await world.engine.run({
			items: [{ json: {} }],
			nodes: [
				{ name: 'Agent', type: 'test.agent', parameters: {} },
				{
					name: 'Sendblue',
					type: world.engine.typeOf('sendblueTool'),
					parameters: { resource: 'media', operation: 'upload' },
					toolOf: 'Agent',
				},
			],
		});

		expect(JSON.stringify(result.agentCalls)).toContain('Upload From URL');
	});
});
