/** What the node says to the usual mistakes, word for word; `support/mistakes.mjs` has the steps to make each. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { IDataObject } from 'n8n-workflow';

import { startSandbox, type Sandbox } from '../sandbox/index.cjs';
import { startEngine, type Engine, type FeedFile } from './support/engine.cjs';
import type { FileServer } from './support/fileServer.cjs';

import { PNG } from './support/audio.cts';
import { startFileServer } from './support/fileServer.cts';
import { SendblueAccount } from './support/sendblueAccount.cts';
import { LINE, PERSON, sandboxCredential } from './support/sendblueWorkflow.cts';

interface Mistake {
	name: string;
	operation: string;
	fields?: IDataObject;
	items?: { json?: IDataObject; files?: Record<string, string> }[];
	credential?: IDataObject;
	message?: string;
	hint?: string;
	output?: IDataObject;
}

const { FILES_URL, GROUP_OF_TWO, MISTAKES, mistakenFiles, RIGHT } = require('../support/mistakes.mjs') as {
	FILES_URL: string;
	GROUP_OF_TWO: string;
	MISTAKES: Mistake[];
	mistakenFiles: (speech: Uint8Array, picture: Uint8Array) => Record<string, [bytes: Uint8Array, mimeType: string]>;
	RIGHT: Record<string, IDataObject>;
};

const FILES = mistakenFiles(readFileSync(join(__dirname, '../../demo/hello.mp3')), PNG);

let sandbox: Sandbox;
let engine: Engine;
let web: FileServer;
beforeAll(async () => {
	sandbox = await startSandbox();
	engine = await startEngine();
	web = await startFileServer();
	for (const [name, [bytes, contentType]] of Object.entries(FILES)) web.files[`/${name}`] = { bytes, contentType };
	web.files['/private.mp3'] = { status: 401 };
});
afterEach(() => sandbox.reset());
afterAll(async () => {
	await engine.stop();
	await web.close();
	await sandbox.close();
});

const fed = (files: Record<string, string> = {}): Record<string, FeedFile> =>
	Object.fromEntries(
		Object.entries(files).map(([field, fileName]) => {
			const [bytes, mimeType] = FILES[fileName];
			return [field, { bytes, fileName, mimeType }];
		}),
	);

it.each(MISTAKES)('$name', async ({ operation, fields, items, credential, message, hint, output }) => {
	const [resource, operationName] = operation.split('.');
	const group = await new SendblueAccount(sandbox).createGroup(LINE, [PERSON, '+14155550124']);
	const given = JSON.stringify({ resource, operation: operationName, ...RIGHT[operation], ...fields });
	const parameters = given.replaceAll(FILES_URL, web.url).replaceAll(GROUP_OF_TWO, group);
	const result = await engine.run({
		items: (items ?? [{ files: { data: 'speech.mp3' } }]).map(({ json = {}, files }) => ({ json, files: fed(files) })),
		nodes: [{ name: 'Sendblue', type: engine.typeOf('sendblue'), parameters: JSON.parse(parameters) as IDataObject }],
		credentials: sandboxCredential(sandbox, credential),
	});

	const said = (text: string | null | undefined): string | undefined => text?.replaceAll(web.url, FILES_URL);
	expect({ message: said(result.error?.message), hint: said(result.error?.description) }).toEqual({
		message,
		hint,
	});
	if (output) expect(result.items('Sendblue')[0]?.json).toMatchObject(output);
	else expect(sandbox.messages()).toEqual([]);
});

it('no message is longer than the panel has room for', () => {
	expect(MISTAKES.filter(({ message = '', hint = '' }) => message.length > 300 || hint.length > 320)).toEqual([]);
});
