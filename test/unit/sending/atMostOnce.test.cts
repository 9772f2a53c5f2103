import { SendblueClient, type SendblueClientOptions } from '../../../nodes/Sendblue/sendblue/client';
import type { SendblueApiError } from '../../../nodes/Sendblue/sendblue/errors';
import type { Sender } from '../../../nodes/Sendblue/sending/lookUp';
import { SendLedger } from '../../../nodes/Sendblue/sending/ledger';
import { sendReliably, type SentMessage } from '../../../nodes/Sendblue/sending/atMostOnce';
import { isInbound, namesAnother } from '../../../nodes/Sendblue/sending/sameMessage';
import type { SendGroupMessageBody, SendMessageBody } from '../../../nodes/Sendblue/sendblue/resources/messages';

import { networkError } from '../../support/sendblue/scriptedTransport.cts';
import { MemorySendblue } from '../../support/sendblue/memorySendblue.cts';
import { VirtualTime } from '../../support/clock.cts';

type Fault = import('../../support/sendblue/memorySendblue.cjs').Fault;

const LINE = '+15550100001';
const BODY: SendMessageBody = {
	number: '+15551234567',
	from_number: LINE,
	media_url: 'https://storage.test/abc_AudioMessage.caf',
};
/** What Sendblue answers about a message it has taken. */
const TAKEN = { status: 'QUEUED', message_handle: 'handle-1' };
/** The answer to a send to somebody else, as a proxy or a connection used anew can hand it over. */
const SOMEBODY_ELSES = { ...TAKEN, message_handle: 'other', number: '+15557654321', group_id: 'group-2' };
const CUT = networkError('ECONNRESET');
const TIMEOUT = networkError('ETIMEDOUT');

function setUp(faults: Array<Fault | undefined> = [], skewMs = 0, signal?: AbortSignal) {
	const time = new VirtualTime();
	const server = new MemorySendblue(time.now, skewMs);
	server.faults['/api/send-message'] = faults;
	server.faults['/api/send-group-message'] = faults;
	const client = new SendblueClient({
		transport: server.transport,
		sleep: time.sleep,
		now: time.now,
		random: () => 1,
		baseUrl: 'https://api.sendblue.com',
		signal,
	});
	const sends = () => server.requests.filter((request) => request.path.startsWith('/api/send-')).length;
	const lookUps = () => server.requests.filter((request) => request.path === '/api/v2/messages').length;
	return { time, server, client, sender: { client, ledger: new SendLedger() }, sends, lookUps };
}

/** fault → requests that send, messages people get, what the caller is told */
const MATRIX: Array<[string, Fault | undefined, number, number, string]> = [
	['no fault', undefined, 1, 1, 'sent'],
	['400', { answer: { status: 400, body: { message: 'bad' } } }, 1, 0, 'rejected'],
	['401', { answer: { status: 401 } }, 1, 0, 'rejected'],
	['403', { answer: { status: 403 } }, 1, 0, 'rejected'],
	['404', { answer: { status: 404 } }, 1, 0, 'rejected'],
	['409', { answer: { status: 409 } }, 1, 0, 'rejected'],
	['413', { answer: { status: 413 } }, 1, 0, 'rejected'],
	['422', { answer: { status: 422 } }, 1, 0, 'rejected'],
	['429', { answer: { status: 429 } }, 2, 1, 'sent'],
	['429, taken, listed 2 s late', { accept: true, listedAfterMs: 2_000, answer: { status: 429 } }, 1, 1, 'found'],
	[
		'429, Retry-After of nothing, taken, listed 2 s late',
		{ accept: true, listedAfterMs: 2_000, answer: { status: 429, headers: { 'retry-after': '0' } } },
		1,
		1,
		'found',
	],
	['429, taken, listed 9 s late', { accept: true, listedAfterMs: 9_000, answer: { status: 429 } }, 1, 1, 'found'],
	[
		'429, Retry-After of an hour, taken, listed 9 s late',
		{ accept: true, listedAfterMs: 9_000, answer: { status: 429, headers: { 'retry-after': '3600' } } },
		1,
		1,
		'found',
	],
	['429, Retry-After', { answer: { status: 429, headers: { 'retry-after': '9' } } }, 2, 1, 'sent'],
	[
		'429, Retry-After of an hour, taken, listed 2 s late',
		{ accept: true, listedAfterMs: 2_000, answer: { status: 429, headers: { 'retry-after': '3600' } } },
		1,
		1,
		'found',
	],
	['429, Retry-After of an hour', { answer: { status: 429, headers: { 'retry-after': '3600' } } }, 1, 0, 'rejected'],
	[
		'429 that holds the message',
		{ accept: true, listedAfterMs: 5_000, answer: { status: 429, body: TAKEN } },
		1,
		1,
		'found',
	],
	[
		'400 that holds the message',
		{ accept: true, listedAfterMs: 5_000, answer: { status: 400, body: TAKEN } },
		1,
		1,
		'found',
	],
	[
		'409 that holds the message among its data',
		{ accept: true, listedAfterMs: 5_000, answer: { status: 409, body: { error: 'exists', data: [TAKEN] } } },
		1,
		1,
		'found',
	],
	[
		'400 that names the message replied to',
		{ answer: { status: 400, body: { reply_to: { message_handle: 'h' } } } },
		1,
		0,
		'rejected',
	],
	...[400, 403, 404, 409, 422, 429].map((status): [string, Fault, number, number, string] => [
		`${status} with a handle and no state`,
		{ accept: true, listedAfterMs: 5_000, answer: { status, body: { message_handle: 'handle-1' } } },
		1,
		1,
		'found',
	]),
	[
		'400 with a handle among its data, and a state nobody knows',
		{ accept: true, answer: { status: 400, body: { data: { message_handle: 'h', status: 'THROTTLED' } } } },
		1,
		1,
		'found',
	],
	[
		'422 with a handle and no state, not listed',
		{ answer: { status: 422, body: { message_handle: 'h' } } },
		1,
		0,
		'unknown',
	],
	[
		'400 that holds the message replied to, which came in',
		{ answer: { status: 400, body: { conversation: [{ message_handle: 'h', status: 'RECEIVED' }] } } },
		1,
		0,
		'rejected',
	],
	[
		'an error in a 200 that holds the message',
		{ accept: true, listedAfterMs: 5_000, answer: { body: { status: 'ERROR', error_code: 4000, data: TAKEN } } },
		1,
		1,
		'found',
	],
	[
		'a message among the data of a 200',
		{ accept: true, answer: { body: { status: 'OK', data: TAKEN } } },
		1,
		1,
		'sent',
	],
	['one in a list of a 200', { accept: true, answer: { body: { status: 'OK', data: [TAKEN] } } }, 1, 1, 'sent'],
	[
		'a refused message among the data of a 200',
		{ answer: { body: { status: 'OK', data: { ...TAKEN, status: 'ERROR', error_code: 4002 } } } },
		1,
		0,
		'rejected',
	],
	['409 that holds a message, not listed', { answer: { status: 409, body: TAKEN } }, 1, 0, 'unknown'],
	[
		'400 that holds a refused message',
		{ answer: { status: 400, body: { ...TAKEN, status: 'ERROR' } } },
		1,
		0,
		'rejected',
	],
	['the answer to another send, taken', { accept: true, answer: { body: SOMEBODY_ELSES } }, 1, 1, 'found'],
	['the answer to another send, not taken', { answer: { body: SOMEBODY_ELSES } }, 1, 0, 'unknown'],
	[
		'the refusal of another send, taken',
		{ accept: true, listedAfterMs: 5_000, answer: { body: { ...SOMEBODY_ELSES, status: 'ERROR' } } },
		1,
		1,
		'found',
	],
	['500, not taken', { answer: { status: 500 } }, 1, 0, 'unknown'],
	['500, taken', { accept: true, answer: { status: 500 } }, 1, 1, 'found'],
	['502 page, not taken', { answer: { status: 502, body: '<html>' } }, 1, 0, 'unknown'],
	['502 page, taken', { accept: true, answer: { status: 502, body: '<html>' } }, 1, 1, 'found'],
	['503, Retry-After', { answer: { status: 503, headers: { 'retry-after': '1' } } }, 1, 0, 'unknown'],
	['connection refused', { answer: networkError('ECONNREFUSED', { syscall: 'connect' }) }, 2, 1, 'sent'],
	['host not found', { answer: networkError('ENOTFOUND', { syscall: 'getaddrinfo' }) }, 2, 1, 'sent'],
	['cut before it was taken', { answer: CUT }, 1, 0, 'unknown'],
	['cut after it was taken', { accept: true, answer: CUT }, 1, 1, 'found'],
	['time-out, taken', { accept: true, answer: TIMEOUT }, 1, 1, 'found'],
	['time-out, taken 20 s late', { accept: true, afterMs: 20_000, answer: TIMEOUT }, 1, 1, 'found'],
	['time-out, listed 25 s late', { accept: true, listedAfterMs: 25_000, answer: TIMEOUT }, 1, 1, 'found'],
	['time-out, listed too late', { accept: true, listedAfterMs: 90_000, answer: TIMEOUT }, 1, 1, 'unknown'],
	['half an answer', { accept: true, answer: { body: '{"status":"QUE' } }, 1, 1, 'found'],
	['not JSON', { accept: true, answer: { body: 'ok' } }, 1, 1, 'found'],
	['a page in a 200', { accept: true, answer: { body: '<html></html>' } }, 1, 1, 'found'],
	['an empty 200', { accept: true, answer: { body: '' } }, 1, 1, 'found'],
	['a redirect', { answer: { status: 302 } }, 1, 0, 'unknown'],
	['error in a 200', { answer: { body: { status: 'ERROR', error_code: 4000 } } }, 1, 0, 'rejected'],
	['declined in a 200', { answer: { body: { status: 'DECLINED' } } }, 1, 0, 'rejected'],
	['10002, taken', { accept: true, answer: { body: { status: 'ERROR', error_code: 10002 } } }, 1, 1, 'found'],
	['handle "null", taken', { accept: true, answer: { body: { ...TAKEN, message_handle: 'null' } } }, 1, 1, 'found'],
	['handle 0, taken', { accept: true, answer: { body: { ...TAKEN, message_handle: 0 } } }, 1, 1, 'found'],
	['200 without handle, taken', { accept: true, answer: { body: { status: 'OK' } } }, 1, 1, 'found'],
	['200 without handle, not listed', { answer: { body: { status: 'OK' } } }, 1, 0, 'unknown'],
	['QUEUED without handle, not listed', { answer: { body: { status: 'QUEUED' } } }, 1, 0, 'unknown'],
	['success, not listed', { answer: { body: { status: 'success' } } }, 1, 0, 'unknown'],
	['QUEUED without handle, taken', { accept: true, answer: { body: { status: 'QUEUED' } } }, 1, 1, 'found'],
	[
		'500, listed as refused',
		{ accept: true, answer: { status: 500 }, listedAs: { status: 'ERROR', error_code: 4002 } },
		1,
		1,
		'rejected',
	],
];

async function outcomeOf(sending: Promise<SentMessage>): Promise<string> {
	return await sending.then(
		(sent) => (sent.reconciled ? 'found' : 'sent'),
		(error: unknown) => (error as SendblueApiError).outcome,
	);
}

describe('fault matrix of a send', () => {
	test.each(MATRIX)('%s', async (_name, fault, sends, taken, told) => {
		for (const body of [BODY, { from_number: LINE, group_id: 'group-1', media_url: BODY.media_url }]) {
			const world = setUp([fault]);
			expect(await world.time.run(outcomeOf(sendReliably(world.sender, body)))).toBe(told);
			expect(world.sends()).toBe(sends);
			expect(world.server.messages).toHaveLength(taken);
		}
	});

	test('a server that only ever refuses connections: not sent', async () => {
		const world = setUp(new Array(10).fill({ answer: networkError('ECONNREFUSED', { syscall: 'connect' }) }));
		expect(await world.time.run(outcomeOf(sendReliably(world.sender, BODY)))).toBe('notSent');
		expect(world.server.messages).toHaveLength(0);
		expect(world.lookUps()).toBe(0);
	});
});

describe('whose message it is', () => {
	test.each([
		['+15551234567', false],
		['(555) 123-4567', false],
		[15551234567, false],
		[['+15551234567'], false],
		// As carriers of some countries write a number they were given.
		['+15219551234567', false],
		['', false],
		[null, false],
		['+15551234568', true],
	])('an answer that names %p as its recipient', (number, another) => {
		expect(namesAnother({ number: number as string }, BODY)).toBe(another);
	});

	test.each<[{ number: string | string[]; to_number?: string }, boolean]>([
		[{ number: ['+15551234568', '+15551234567'] }, false],
		[{ number: '+15551234567' }, false],
		[{ number: [] }, false],
		[{ number: '+15550000000', to_number: '+15550000000' }, true],
	])('an answer to a group of numbers that names %j: another is %p', (answer, another) => {
		const numbers = ['+15551234567', '+15551234568'];
		expect(namesAnother(answer, { from_number: LINE, numbers })).toBe(another);
	});

	test.each([
		[{ is_outbound: false }, true],
		[{ is_outbound: true, status: 'RECEIVED' }, false],
		[{ status: 'RECEIVED' }, true],
		[{ status: 'SENT' }, false],
	])('%j came in: %p', (message, inbound) => expect(isInbound(message)).toBe(inbound));
});

describe('a lost answer', () => {
	test('the message found is returned as it is listed', async () => {
		const world = setUp([{ accept: true, answer: CUT }]);
		const sent = await world.time.run(sendReliably(world.sender, BODY));
		expect(sent.reconciled).toBe(true);
		expect(sent.message).toMatchObject({ message_handle: 'handle-1', media_url: BODY.media_url });
	});

	test('the look-up asks by recipient, time and direction', async () => {
		const world = setUp([{ accept: true, answer: CUT }]);
		const startedAt = world.time.now();
		await world.time.run(sendReliably(world.sender, BODY));
		const query = world.server.requests[1].query ?? {};
		expect(query).toMatchObject({ number: BODY.number, is_outbound: 'true' });
		expect(Date.parse(String(query.created_at_gte))).toBeLessThan(startedAt);
	});

	test('pauses grow, and the last look-up comes at 30 s', async () => {
		const world = setUp([{ answer: CUT }]);
		const startedAt = world.time.now();
		const error = await world.time.runToError<SendblueApiError>(sendReliably(world.sender, BODY));
		expect(world.time.sleeps).toEqual([500, 1000, 2000, 4000, 8000, 14_500]);
		expect(world.time.now() - startedAt).toBe(30_000);
		expect(error.outcome).toBe('unknown');
	});

	test('when it is not found, the error says what is unknown and what to check', async () => {
		const world = setUp([{ answer: CUT }]);
		const error = await world.time.runToError<SendblueApiError>(sendReliably(world.sender, BODY));
		for (const part of [
			'unknown whether',
			BODY.number,
			LINE,
			BODY.media_url!,
			'2026-11-22T10:00',
			'may appear later',
		]) {
			expect(error.message).toContain(part);
		}
		expect(error.message).toContain('was not sent again');
		expect(error.hint).toContain('only if it is not there');
		expect(error.message).not.toContain('s3cr3t');
	});

	test('look-ups that get lost do not end the search', async () => {
		const world = setUp([{ accept: true, answer: CUT }]);
		world.server.faults['/api/v2/messages'] = [{ answer: CUT }, { answer: { status: 500 } }, { answer: { body: '<' } }];
		const sent = await world.time.run(sendReliably(world.sender, BODY));
		expect(sent.reconciled).toBe(true);
		expect(world.lookUps()).toBe(4);
	});

	test('a look-up that is refused ends the search, and the error says that the list was not read', async () => {
		const world = setUp([{ accept: true, answer: CUT }]);
		world.server.faults['/api/v2/messages'] = [{ answer: { status: 403 } }];
		const error = await world.time.runToError<SendblueApiError>(sendReliably(world.sender, BODY));
		expect(error.outcome).toBe('unknown');
		expect(error.message).toContain('could not be read');
		expect(world.lookUps()).toBe(1);
	});

	test.each([
		['another media URL', { media_url: 'https://storage.test/abc_audiomessage.caf' }],
		['another recipient', { number: '+15559999999', to_number: '+15559999999' }],
		['another line', { from_number: '+15550100002' }],
		['another text', { content: 'Something else' }],
		['an inbound message', { is_outbound: false }],
		['a group message', { group_id: 'g' }],
		['an older message', { date_sent: '2026-11-22T09:50:00.000Z' }],
		['one of the day before, in no zone', { date_sent: '2026-11-21T10:00:00' }],
		['one without a handle', { message_handle: '' }],
	])('is not taken for %s', async (_name, listedAs) => {
		const world = setUp([{ accept: true, answer: CUT, listedAs }]);
		// The list of this test filters nothing by itself.
		const error = await world.time.runToError<SendblueApiError>(sendReliably(unfiltered(world), BODY));
		expect(error.outcome).toBe('unknown');
	});

	test.each([
		['the line in sendblue_number', { from_number: undefined, sendblue_number: LINE }],
		['the recipient in to_number', { number: undefined, to_number: BODY.number }],
		['the recipient in a list', { number: [BODY.number] }],
		['no text field', { content: null }],
		['date_created', { date_sent: undefined, date_created: '2026-11-22T10:00:00.000Z' }],
		['no date', { date_sent: undefined }],
		['a date that is none', { date_sent: 'just now' }],
		['a date in no zone', { date_sent: '2026-11-22T05:00:00.000' }],
		['a date in no zone, with a blank', { date_sent: '2026-11-22 05:00:00' }],
		['a date in another zone', { date_sent: '2026-11-22T05:00:00-05:00' }],
		['a time stamp', { date_sent: Date.parse('2026-11-22T10:00:00.000Z') }],
	])('is found with %s', async (_name, listedAs) => {
		const world = setUp([{ accept: true, answer: CUT, listedAs }]);
		expect((await world.time.run(sendReliably(unfiltered(world), BODY))).reconciled).toBe(true);
	});

	test('a text without file is matched by its text', async () => {
		const body = { number: BODY.number, from_number: LINE, content: ' Hello ' };
		const found = setUp([{ accept: true, answer: CUT }]);
		expect((await found.time.run(sendReliably(found.sender, body))).reconciled).toBe(true);
		const other = setUp([{ accept: true, answer: CUT, listedAs: { content: null } }]);
		expect(await other.time.run(outcomeOf(sendReliably(other.sender, body)))).toBe('unknown');
	});

	/** A text whose answer is lost, and what else is listed by then. */
	const lostText = async (
		listedAs: Record<string, unknown>,
		{ body = {}, answer = CUT }: { body?: Partial<SendMessageBody>; answer?: Fault['answer'] } = {},
	) => {
		const world = setUp([{ accept: true, answer, listedAs }]);
		const text = { number: BODY.number, from_number: LINE, content: 'Hello', ...body };
		return await world.time.run(outcomeOf(sendReliably(unfiltered(world), text)));
	};

	test.each([
		['3 s before it', { date_sent: '2026-11-22T09:59:57.000Z' }],
		['3 s after it', { date_sent: '2026-11-22T10:00:04.000Z' }],
		['at a time that is not said', { date_sent: undefined }],
		['at a time in no zone', { date_sent: '2026-11-22T10:00:00.000' }],
		['with an effect', { send_style: 'lasers' }],
		['from a seat', { seat_id: 'e7b9' }],
		['by a person in the app', { sender_email: 'ann@example.com', accountEmail: 'acme@example.com' }],
		['as a reply', { reply_to: { message_handle: 'h' } }],
	])("a text is not taken for somebody else's that was sent %s", async (_name, listedAs) => {
		expect(await lostText(listedAs)).toBe('unknown');
		// A file of its own tells it from all others.
		expect(await lostText(listedAs, { body: { media_url: BODY.media_url } })).toBe('found');
		// What could be the message is not sent again either.
		expect(await lostText(listedAs, { answer: { status: 429 } })).toBe('unknown');
	});

	test.each<[string, Record<string, unknown>, Partial<SendMessageBody>]>([
		['nothing of them is listed', { send_style: undefined, seat_id: undefined }, { send_style: 'echo', seat_id: 's' }],
		['they are the same', { send_style: 'ECHO', seat_id: 's2' }, { send_style: 'echo', seat_id: 's' }],
		['they are empty', { send_style: '', seat_id: null, reply_to: null, sender_email: '' }, {}],
		['the account is named', { sender_email: 'acme@example.com', account_email: 'acme@example.com' }, {}],
		[
			'it answers the same message',
			{ reply_to: { message_handle: 'h', part_index: 0 } },
			{ reply_to: { message_handle: 'h' } },
		],
	])('a text is found if, of its settings, %s', async (_name, listedAs, body) => {
		expect(await lostText(listedAs, { body })).toBe('found');
	});

	test.each([
		['an effect that is not listed', { send_style: '' }, { send_style: 'echo' }],
		['a seat that is not listed', { seat_id: null }, { seat_id: 's' }],
	])('a text is not found with %s', async (_name, listedAs, body) => {
		expect(await lostText(listedAs, { body })).toBe('unknown');
	});

	test.each<[string, Record<string, unknown>]>([
		['has no handle', { message_handle: null }],
		['has another host', { media_url: 'https://cdn.test/x/abc_AudioMessage.caf' }],
		['has a signature', { media_url: `${BODY.media_url}?sig=1` }],
		['has an escaped name', { media_url: 'https://cdn.test/abc%5FAudioMessage.caf' }],
		['has no file', { media_url: null, content: null }],
		['hides the recipient', { number: '***4567', to_number: undefined }],
		['hides the line', { from_number: '***0001', sendblue_number: null }],
		['has no zone in its date', { date_sent: '2026-11-22T03:00:00' }],
	])('after a 429, what may be the message is not sent again: it %s', async (_name, listedAs) => {
		const world = setUp([{ accept: true, answer: { status: 429 }, listedAs }]);
		const outcome = await world.time.run(outcomeOf(sendReliably(unfiltered(world), BODY)));
		expect(outcome).toMatch(/unknown|found/);
		expect(world.server.messages).toHaveLength(1);
	});

	test.each<[string, Record<string, unknown>]>([
		['is cut', { content: 'Hello, wor' }],
		['is cut early', { content: 'He' }],
		['is escaped', { content: 'Hello, world &amp; all' }],
		['has other marks', { content: 'Hello world — all!' }],
		['is left out', { content: undefined }],
	])('after a 429, a text that may be listed otherwise is not sent again: it %s', async (_name, listedAs) => {
		const body = { content: 'Hello, world & all' };
		expect(await lostText(listedAs, { body, answer: { status: 429 } })).toMatch(/unknown|found/);
	});

	test.each<[string, Record<string, unknown>, Partial<SendMessageBody>]>([
		['another file', { media_url: 'https://storage.test/def_AudioMessage.caf' }, { media_url: BODY.media_url }],
		['a text in place of a file', { media_url: '', content: 'Hi' }, { media_url: BODY.media_url, content: undefined }],
		['another text', { content: 'Good bye' }, {}],
		['a text that only begins alike', { content: 'Help' }, {}],
		['a longer text', { content: 'Hello again' }, {}],
		['a file beside a text', { media_url: BODY.media_url }, {}],
		['to somebody else', { number: '+15559999999', to_number: '+15559999999' }, {}],
		['from another line', { from_number: '+15550100002' }, {}],
		['an older one', { date_sent: '2026-11-22T09:50:00.000Z' }, {}],
	])('after a 429, a message that is surely not ours holds nothing up: %s', async (_name, listedAs, body) => {
		expect(await lostText(listedAs, { body, answer: { status: 429 } })).toBe('sent');
	});

	test('after a 429, a list that is not read to its end proves nothing', async () => {
		const world = setUp([{ accept: true, answer: { status: 429 } }]);
		expect(await world.time.run(outcomeOf(sendReliably(paged(world, 11), BODY)))).toBe('unknown');
		expect(world.sends()).toBe(1);
	});

	test('a public address that others may send as well is told by time and settings, too', async () => {
		const world = setUp([{ accept: true, answer: CUT, listedAs: { date_sent: '2026-11-22T09:59:57.000Z' } }]);
		const outcome = outcomeOf(sendReliably(unfiltered(world), BODY, { hasOwnFile: false }));
		expect(await world.time.run(outcome)).toBe('unknown');
	});

	test('a group of numbers is matched whatever their order', async () => {
		const numbers = ['+15551234567', '+15551234568'];
		const body: SendGroupMessageBody = { from_number: LINE, numbers, media_url: BODY.media_url };
		const listedAs = { group_id: 'new', number: [...numbers].reverse(), participants: [LINE, ...numbers] };
		const world = setUp([{ accept: true, answer: CUT, listedAs }]);
		expect((await world.time.run(sendReliably(world.sender, body))).reconciled).toBe(true);
		const smaller = setUp([
			{ accept: true, answer: CUT, listedAs: { ...listedAs, number: numbers[0], participants: [] } },
		]);
		expect(await smaller.time.run(outcomeOf(sendReliably(smaller.sender, body)))).toBe('unknown');
		const larger = setUp([{ accept: true, answer: CUT, listedAs: { ...listedAs, to_number: '+15551234569' } }]);
		expect(await larger.time.run(outcomeOf(sendReliably(larger.sender, body)))).toBe('unknown');
	});

	test.each([[-90_000], [90_000]])('a server clock that is off by %p ms does no harm', async (skew) => {
		const world = setUp([{ accept: true, answer: CUT }], skew);
		expect((await world.time.run(sendReliably(world.sender, BODY))).reconciled).toBe(true);
	});

	test('once the server clock is known, even an hour off does no harm, and older twins are not taken', async () => {
		const world = setUp([undefined, { accept: true, answer: CUT }], -3_600_000);
		await world.time.run(sendReliably(world.sender, { ...BODY, number: '+15550000000' }));
		expect((await world.time.run(sendReliably(world.sender, BODY))).reconciled).toBe(true);
	});

	test('is looked for on every page', async () => {
		const world = setUp([{ accept: true, answer: CUT }]);
		expect((await world.time.run(sendReliably(paged(world, 3), BODY))).reconciled).toBe(true);
	});

	test('the line is free before the look-up', async () => {
		const world = setUp([{ answer: CUT }]);
		let freeAt = 0;
		const options = { onAttemptEnded: () => (freeAt = world.time.now()) };
		const startedAt = world.time.now();
		await world.time.runToError(sendReliably(world.sender, BODY, options));
		expect(freeAt).toBe(startedAt);
	});
});

describe('several sends that look the same', () => {
	test('never claim one message twice', async () => {
		const world = setUp([{ accept: true, answer: CUT }, { answer: CUT }, { accept: true, answer: CUT }]);
		const outcomes = await world.time.run(
			Promise.all([1, 2, 3].map(async () => await outcomeOf(sendReliably(world.sender, BODY)))),
		);
		// The second is lost; the third could be its late message, so it stays unknown as well.
		expect(outcomes).toEqual(['found', 'unknown', 'unknown']);
		expect(world.sends()).toBe(3);
	});

	test('one whose answer arrived is not taken for one whose answer was lost', async () => {
		const world = setUp([undefined, { answer: CUT }]);
		const outcomes = await world.time.run(
			Promise.all([1, 2].map(async () => await outcomeOf(sendReliably(world.sender, BODY)))),
		);
		expect(outcomes).toEqual(['sent', 'unknown']);
	});

	test('handles that differ in the last of many digits are different', async () => {
		const world = setUp();
		const answer = (digit: number) => ({ body: `{"status":"QUEUED","message_handle":1234567890123456789${digit}}` });
		world.server.faults['/api/send-message'] = [
			{ accept: true, answer: answer(1) },
			{ accept: true, answer: answer(2) },
		];
		const sent = await world.time.run(Promise.all([1, 2].map(async () => await sendReliably(world.sender, BODY))));
		expect(sent.map(({ message }) => message.message_handle)).toEqual(['12345678901234567891', '12345678901234567892']);
	});

	test('all of them listed: all are found, each its own', async () => {
		const world = setUp([
			{ accept: true, answer: CUT },
			{ accept: true, answer: CUT },
		]);
		const sent = await world.time.run(Promise.all([1, 2].map(async () => await sendReliably(world.sender, BODY))));
		expect(new Set(sent.map(({ message }) => message.message_handle)).size).toBe(2);
	});

	test('a late message of one that was lost is enough only when there is one for each', async () => {
		const world = setUp([
			{ accept: true, listedAfterMs: 40_000, answer: CUT },
			{ accept: true, listedAfterMs: 20_000, answer: CUT },
		]);
		const lost = outcomeOf(sendReliably(world.sender, BODY));
		const found = sendReliably(world.sender, BODY);
		expect(await world.time.run(lost)).toBe('unknown');
		expect((await world.time.run(found)).message.message_handle).toBe('handle-2');
	});

	test('do not hold up sends to others', async () => {
		const world = setUp([{ answer: CUT }]);
		const lost = outcomeOf(sendReliably(world.sender, BODY));
		const other = sendReliably(world.sender, { ...BODY, number: '+15550000002' });
		const startedAt = world.time.now();
		await world.time.run(other);
		expect(world.time.now()).toBe(startedAt);
		expect(await world.time.run(lost)).toBe('unknown');
	});

	test('memory of them is released', async () => {
		const world = setUp();
		await world.time.run(Promise.all([1, 2, 3].map(async () => await sendReliably(world.sender, BODY))));
		expect(world.sender.ledger.keysAtWork).toBe(0);
	});
});

describe('stopping', () => {
	test('while the send is under way: unknown, without look-up', async () => {
		const world = setUp([{ answer: networkError('ERR_CANCELED') }]);
		const error = await world.time.runToError<SendblueApiError>(sendReliably(world.sender, BODY));
		expect(error).toMatchObject({ outcome: 'unknown', cancelled: true });
		expect(world.lookUps()).toBe(0);
	});

	test('in the pause after a 429: unknown', async () => {
		const abort = new AbortController();
		const world = setUp([{ accept: true, answer: { status: 429 } }], 0, abort.signal);
		const sending = outcomeOf(sendReliably(world.sender, BODY));
		setTimeout(() => abort.abort(), 20);
		expect(await sending).toBe('unknown');
		expect(world.sends()).toBe(1);
	});

	test('during the look-up: unknown at once', async () => {
		const abort = new AbortController();
		const world = setUp([{ answer: CUT }], 0, abort.signal);
		const sending = sendReliably(world.sender, BODY, { onAttemptEnded: () => setImmediate(() => abort.abort()) });
		const error = (await sending.catch((thrown: unknown) => thrown)) as SendblueApiError;
		expect(error).toMatchObject({ outcome: 'unknown', cancelled: true, message: expect.stringContaining('stopped') });
		expect(error.message).not.toContain('may appear later');
		expect(world.lookUps()).toBe(0);
	});

	test('before: not sent', async () => {
		const abort = new AbortController();
		abort.abort();
		const world = setUp([], 0, abort.signal);
		expect(await world.time.runToError(sendReliably(world.sender, BODY))).toMatchObject({
			outcome: 'notSent',
			cancelled: true,
		});
		expect(world.sends()).toBe(0);
	});
});

type World = ReturnType<typeof setUp>;

/** A client whose server lists everything it has, whatever it is asked for. */
function unfiltered({ server, time }: World): Sender {
	return newSender({
		transport: async (request, url) => {
			const response = await server.transport(request, url);
			return request.path === '/api/v2/messages' ? { ...response, body: { data: server.messages } } : response;
		},
		sleep: time.sleep,
		now: time.now,
		baseUrl: 'https://api.sendblue.com',
	});
}

/** A client whose server puts the message on a later page, behind pages of others. */
function paged({ server, time }: World, page: number): Sender {
	return newSender({
		transport: async (request, url) => {
			const response = await server.transport(request, url);
			if (request.path !== '/api/v2/messages') return response;
			// One entry on each page, whatever was asked for.
			const isLast = Number(request.query?.offset) === page - 1;
			const others = [{ ...server.messages[0], message_handle: 'other', media_url: 'https://storage.test/other.caf' }];
			return { ...response, body: { data: isLast ? server.messages : others, pagination: { hasMore: !isLast } } };
		},
		sleep: time.sleep,
		now: time.now,
		baseUrl: 'https://api.sendblue.com',
	});
}

function newSender(options: SendblueClientOptions): Sender {
	return { client: new SendblueClient(options), ledger: new SendLedger() };
}
