import type { IBinaryData, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { createHash } from 'node:crypto';

import { binaryInput, contentHash } from '../../../nodes/Sendblue/n8n/binaryInput';

const BASE64 = Buffer.alloc(30_000, 7).toString('base64');
const file = (fields: Partial<IBinaryData> = {}): IBinaryData => ({ data: 'AAAA', mimeType: 'audio/mpeg', ...fields });

/** The part of n8n that is asked for files. */
function contextOf(item: Partial<INodeExecutionData>, storage: Record<string, Buffer> = {}): IExecuteFunctions {
	const stored = async (id: string): Promise<Buffer> => {
		if (!(id in storage)) throw Object.assign(new Error(`ENOENT: no such file, open '${id}'`), { code: 'ENOENT' });
		return storage[id];
	};
	return {
		getInputData: () => [{ json: {}, ...item }],
		getNode: () => ({ name: 'Sendblue', type: 'sendblue', typeVersion: 1, position: [0, 0], parameters: {}, id: '1' }),
		helpers: {
			getBinaryDataBuffer: async (_item: number, data: IBinaryData) =>
				data.id ? await stored(data.id) : Buffer.from(data.data, 'base64'),
			getBinaryMetadata: async (id: string) => ({ fileSize: (await stored(id)).length }),
		},
	} as unknown as IExecuteFunctions;
}

const bytesOf = async (item: Partial<INodeExecutionData>, parameter: unknown): Promise<Buffer> =>
	Buffer.from(await (await binaryInput(contextOf(item), 0, parameter)).load());

/** What a person reads: the message and what to do. */
async function textOf(item: Partial<INodeExecutionData>, parameter: unknown): Promise<string> {
	const error = await binaryInput(contextOf(item), 0, parameter).then(
		async ({ load }) =>
			await load().then(
				() => undefined,
				(reason: unknown) => reason,
			),
		(reason: unknown) => reason,
	);
	const { message, description } = error as { message: string; description: string };
	return `${message} | ${description}`;
}

describe('the file a field name means', () => {
	test('is the one of that name, also if there is only one audio file with another', async () => {
		const binary = { data: file({ data: 'AQID' }), voice: file() };
		expect(await bytesOf({ binary }, 'data')).toEqual(Buffer.from([1, 2, 3]));
	});

	test('is the only audio file while the name is the default', async () => {
		const binary = { attachment_0: file({ data: 'AQID' }), picture: file({ mimeType: 'image/png' }) };
		expect(await bytesOf({ binary }, 'data')).toEqual(Buffer.from([1, 2, 3]));
		expect(await textOf({ binary }, 'voice')).toMatch(/no file in the field 'voice'.*'attachment_0', 'picture'/);
		expect(await textOf({ binary: { ...binary, other: file() } }, 'data')).toMatch(/Enter one of these names/);
	});
});

describe('what an expression returns instead of a name', () => {
	test('a file object without media type, and a Buffer that went through JSON, are files', async () => {
		expect(await bytesOf({}, { data: 'AQID', fileName: 'a.mp3' })).toEqual(Buffer.from([1, 2, 3]));
		expect(await bytesOf({}, Buffer.from([1, 2, 3]).toJSON())).toEqual(Buffer.from([1, 2, 3]));
	});

	test('all files of an item are the file if there is one, and are named if there are more', async () => {
		expect(await bytesOf({}, { voice: file({ data: 'AQID' }) })).toEqual(Buffer.from([1, 2, 3]));
		expect(await textOf({}, { voice: file(), photo: file() })).toMatch(/several files.*'\.voice', '\.photo'/);
	});

	test.each<[string, unknown]>([
		['Base64', BASE64],
		['URL-safe Base64', BASE64.replace(/\+/g, '-').replace(/\//g, '_')],
		['a data: URI', `data:audio/mpeg;base64,${BASE64}`],
	])('%s is told in few words, with the way to use it', async (_name, value) => {
		const text = await textOf({}, value);
		expect(text).toMatch(/holds Base64 text, not the name of a field.*'Audio Source' to Base64/);
		expect(text.length).toBeLessThan(400);
	});

	test.each([undefined, null, '', 5, {}, []])('%p is told', async (value) => {
		expect(await textOf({}, value)).toMatch(/'Input Data Field Name'.*\(item 1\)/);
	});
});

describe('a field of that name in the JSON', () => {
	test('with Base64 leads to Audio Source: Base64', async () => {
		expect(await textOf({ json: { audio: BASE64 } }, 'audio')).toMatch(
			/Base64 text.*'Audio Source' to Base64.*\{\{ \$json\.audio \}\}/,
		);
	});

	test('with an address leads to Audio Source: URL', async () => {
		const json = { audio: 'https://example.com/a.mp3' };
		expect(await textOf({ json }, 'audio')).toMatch(/web address.*'Audio Source' to URL.*\{\{ \$json\.audio \}\}/);
	});

	test('with anything else is said to be no file', async () => {
		expect(await textOf({ json: { audio: { id: 5 } } }, 'audio')).toMatch(/field of that name, which is not a file/);
	});
});

test.each([file({ id: 'filesystem:gone' }), file({ id: 'filesystem:gone', bytes: 10 })])(
	'a file that n8n has deleted is told as that',
	async (data) => {
		expect(await textOf({ binary: { data } }, 'data')).toMatch(/no longer has the file.*\(item 1\).*Run the workflow/);
	},
);

it.each([0, 1, 4 * 1024 * 1024, 9 * 1024 * 1024 + 3])(
	'is the SHA-256 of %d bytes, and of so many characters',
	async (size) => {
		const bytes = Buffer.alloc(size, 'abc');
		const whole = createHash('sha256').update(bytes).digest('hex');
		expect(await contentHash(bytes)).toBe(whole);
		expect(await contentHash(bytes.toString('latin1'))).toBe(whole);
	},
);

it('lets other work go on between its slices', async () => {
	let turns = 0;
	const timer = setInterval(() => (turns += 1), 0);
	await contentHash(Buffer.alloc(64 * 1024 * 1024));
	clearInterval(timer);
	expect(turns).toBeGreaterThan(5);
});
