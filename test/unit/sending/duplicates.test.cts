import { findEarlier, type Trace } from '../../../nodes/Sendblue/sending/duplicates';
import { DEFAULT_TIMINGS } from '../../../nodes/Sendblue/sendblue/http/time';
import { SendblueClient } from '../../../nodes/Sendblue/sendblue/client';

import { MemorySendblue } from '../../support/sendblue/memorySendblue.cts';

const HOUR_MS = 3_600_000;
const LINE = '+15550100001';
const PERSON = '+15551234567';
const TAG = '0123456789abcdef0123';
const NOTE_URL = 'https://x.test/Note.caf';
const draft = { number: PERSON, from_number: LINE };
const trace: Trace = { tag: TAG, isText: false, windowMs: 24 * HOUR_MS };

let now: number;
let sendblue: InstanceType<typeof MemorySendblue>;
let client: SendblueClient;

beforeEach(() => {
	now = Date.parse('2026-11-22T10:00:00Z');
	sendblue = new MemorySendblue(() => now);
	client = new SendblueClient({
		transport: sendblue.transport,
		baseUrl: 'https://x.test',
		now: () => now,
		sleep: async () => await Promise.resolve(),
		timings: DEFAULT_TIMINGS,
	});
});

const tagged = { ...draft, media_url: `https://x.test/ab12_AudioMessage_${TAG}.caf` };

test('finds a message by the tag in the name of its file, however old', async () => {
	const sent = await client.messages.send(tagged);
	now += 90 * 24 * HOUR_MS;
	expect(await findEarlier(client, draft, trace)).toMatchObject({ message_handle: sent.message_handle });
});

test.each([
	['another tag', { media_url: 'https://x.test/AudioMessage_fedcba98765432100123.caf' }],
	['a tag outside the name of the file', { media_url: `https://x.test/_${TAG}./AudioMessage.caf` }],
	['no file', { media_url: undefined, content: TAG }],
])('does not take a message with %s', async (_name, changes) => {
	await client.messages.send({ ...tagged, ...changes });
	expect(await findEarlier(client, draft, trace)).toBeUndefined();
});

test.each([
	{ status: 'ERROR' },
	{ status: 'DECLINED' },
	{ status: 'FAILED', error_code: 10001 },
	{ is_outbound: false },
])('does not count a message listed as %j', async (listedAs) => {
	sendblue.faults['/api/send-message'] = [{ listedAs }];
	await client.messages.send(tagged).catch(() => undefined);
	expect(await findEarlier(client, draft, trace)).toBeUndefined();
});

test.each([
	{ error_code: 10001 },
	{ status: 'DELIVERED', error_code: 22 },
	{ status: 'SOMETHING_NEW' },
	{ message_handle: undefined },
	{ message_handle: 77 },
	{ from_number: '5550100001' },
	{ number: undefined, participants: undefined },
	{ media_url: `/x/Note_${TAG}.caf?for=a/b` },
	{ media_url: [`https://x.test/Note_${TAG}.caf`] },
	{ group_id: 'null' },
])('counts a message listed as %j', async (listedAs) => {
	sendblue.faults['/api/send-message'] = [{ listedAs }];
	await client.messages.send(tagged);
	sendblue.taken[0].message.number = PERSON;
	expect(await findEarlier(client, draft, trace)).toBeDefined();
});

test.each([5000, 10002])('fails if Sendblue itself does not know what became of it (code %d)', async (code) => {
	sendblue.faults['/api/send-message'] = [{ listedAs: { status: 'ERROR', error_code: code } }];
	await client.messages.send(tagged).catch(() => undefined);
	await expect(findEarlier(client, draft, trace)).rejects.toMatchObject({
		outcome: 'unknown',
		messageHandle: 'handle-1',
		sendblueCode: String(code),
	});
});

describe('without a tag', () => {
	const later = async (hours: number, body: object, how: Partial<Trace>, wanted: object = draft) => {
		await client.messages.send({ ...draft, ...body });
		now += hours * HOUR_MS;
		return (await findEarlier(client, { ...draft, ...wanted }, { ...trace, ...how })) !== undefined;
	};

	test.each([
		['the same URL within the window', 23, { media_url: NOTE_URL }, { mediaUrl: NOTE_URL }, true],
		['the same URL with other text', 1, { media_url: NOTE_URL, content: 'Hi' }, { mediaUrl: NOTE_URL }, true],
		['the same URL, signed', 1, { media_url: `${NOTE_URL}?sig=1` }, { mediaUrl: NOTE_URL }, true],
		['the URL of another query', 1, { media_url: `${NOTE_URL}?id=2` }, { mediaUrl: `${NOTE_URL}?id=1` }, false],
		[
			'the same URL to a number, by its group',
			1,
			{ media_url: NOTE_URL, group_id: 'null' },
			{ mediaUrl: NOTE_URL },
			true,
		],
		['the same URL after the window', 25, { media_url: NOTE_URL }, { mediaUrl: NOTE_URL }, false],
		['another URL', 1, { media_url: 'https://x.test/Other.caf' }, { mediaUrl: NOTE_URL }, false],
		['a file if none was sent as it is', 1, { media_url: NOTE_URL }, {}, false],
	])('%s', async (_name, hours, body, how, found) => {
		expect(await later(hours, body, how)).toBe(found);
	});

	test.each([
		['the same text within the window', 23, { content: 'Hi' }, true],
		['the same text after the window', 25, { content: 'Hi' }, false],
		['other text', 1, { content: 'Hello' }, false],
		['other letters', 1, { content: 'H&amp;i' }, false],
		['the same text with a file', 1, { content: 'Hi', media_url: NOTE_URL }, false],
	])('%s', async (_name, hours, body, found) => {
		expect(await later(hours, body, { isText: true }, { content: 'Hi' })).toBe(found);
	});

	test('the same text, as HTML escapes it', async () => {
		const content = 'Tom &amp; Jerry&#39;s &quot;noon&quot;';
		expect(await later(1, { content }, { isText: true }, { content: `Tom & Jerry's "noon"` })).toBe(true);
		expect(await later(1, { content }, { isText: true }, { content })).toBe(true);
	});
});

test('reads further pages, and fails if the list cannot be read', async () => {
	const answers = [
		{ status: 200, body: { data: [{ message_handle: 'x' }], pagination: { hasMore: true } } },
		{
			status: 200,
			body: { data: [{ ...tagged, message_handle: 'y', is_outbound: true }], pagination: { hasMore: false } },
		},
		{ status: 403, body: {} },
	];
	const offsets: unknown[] = [];
	const paged = new SendblueClient({
		transport: async ({ query }) => {
			offsets.push(query?.offset);
			return await Promise.resolve({ headers: {}, ...(answers.shift() ?? { status: 500, body: '' }) });
		},
		baseUrl: 'https://x.test',
		now: () => now,
		sleep: async () => await Promise.resolve(),
	});
	expect(await findEarlier(paged, draft, trace)).toMatchObject({ message_handle: 'y' });
	// By what came, not by what was asked for.
	expect(offsets).toEqual([0, 1]);
	await expect(findEarlier(paged, draft, trace)).rejects.toMatchObject({ httpStatus: 403 });
});
