/** What an answer says about a message, and what became of the message. */

import type { IDataObject } from 'n8n-workflow';

import { LINE, PERSON } from '../engine/support/sendblueWorkflow.cts';
import type { Exchange, Reply } from '../sandbox/index.cjs';
import { acceptedThenCut, answering, instead, listsNothing, lost, raw } from './support/plays.cts';
import { testRows, type Observed, type Row } from './support/rows.cts';
import { retrying, useStage, type Send } from './support/stage.cts';

const stage = useStage();
const SEND = '/api/send-message';
const LIST = '/api/v2/messages';
const TEXT = { resource: 'message', mediaSource: 'none', content: 'See you at noon' };

async function observe(send: Send = {}): Promise<Observed> {
	const { told, shown } = await stage.send(send);
	return { accepted: stage.sandbox.messages().length, told, shown };
}

/** Fields laid over the answer to an accepted send; undefined takes one away. */
type Fields = Record<string, unknown>;

const taken: Array<[string, Fields]> = [
	['error_code: 22', { error_code: 22 }],
	['error_code: "22"', { error_code: '22' }],
	['error_code: 5000 and words', { error_code: 5000, error_message: 'Internal error' }],
	['error_code: "SMS_LIMIT_REACHED"', { error_code: 'SMS_LIMIT_REACHED' }],
	['code: 200', { code: 200 }],
	['code: "OK"', { code: 'OK' }],
	['status_code: 202', { status_code: 202 }],
	['error: "…"', { error: 'line is slow' }],
	['error: {…}', { error: { code: 'SLOW', message: 'line is slow' } }],
	['errors: [… ]', { errors: [{ message: 'line is slow' }] }],
	['error_message', { error_message: 'line is slow' }],
	['error_reason and error_detail', { error_reason: 'slow', error_detail: 'line is slow' }],
	['message', { message: 'Message queued with warnings' }],
	['success: false', { success: false }],
	['SENT, error_code: 10001', { status: 'SENT', error_code: 10001 }],
	['DELIVERED, error_code: 22', { status: 'DELIVERED', error_code: 22 }],
	['in small letters', { status: 'queued', error_code: 22 }],
	['PENDING, error_code: 22', { status: 'PENDING', error_code: 22 }],
	['REGISTERED, error_code: 22', { status: 'REGISTERED', error_code: 22 }],
	['ACCEPTED, error_code: 22', { status: 'ACCEPTED', error_code: 22 }],
	['SUCCESS, error_code: 22', { status: 'SUCCESS', error_code: 22 }],
];

testRows('a handle and a taken state, with codes beside them', [
	...[200, 201, 202].map(
		(status): Row => ({
			name: `HTTP ${status} and error_code: 22`,
			wanted: { accepted: 1, told: 'sent' },
			play: async () => {
				stage.play(
					SEND,
					answering((body) => ({ ...body, error_code: 22 }), status),
				);
				return await observe({ node: retrying(4) });
			},
		}),
	),
	...taken.map(
		([name, fields]): Row => ({
			name,
			wanted: { accepted: 1, told: 'sent' },
			play: async () => {
				stage.play(
					SEND,
					answering((body) => ({ ...body, ...fields })),
				);
				return await observe({ node: retrying(4) });
			},
		}),
	),
	{
		name: 'to a group',
		wanted: { accepted: 1, told: 'sent' },
		play: async () => {
			stage.play(
				'/api/send-group-message',
				answering((body) => ({ ...body, error_code: 22 })),
			);
			const numbers = `${PERSON}, +14155550124`;
			return await observe({ node: retrying(4), parameters: { recipientType: 'numbers', numbers } });
		},
	},
	{
		name: 'of a text message',
		wanted: { accepted: 1, told: 'sent' },
		play: async () => {
			stage.play(
				SEND,
				answering((body) => ({ ...body, error_code: 22 })),
			);
			return await observe({ node: retrying(4), parameters: TEXT });
		},
	},
	{
		name: 'the code becomes a remark',
		wanted: { accepted: 1, told: 'sent', isSaid: true },
		play: async () => {
			stage.play(
				SEND,
				answering((body) => ({ ...body, error_code: 22 })),
			);
			const observed = await observe();
			return { ...observed, isSaid: /\b22\b/.test(observed.shown) };
		},
	},
	...[
		['a batch', { node: { onError: 'continueRegularOutput' as const } }],
		['no hints', {}],
	].map(
		([name, send]): Row => ({
			name: `an honest answer has no remark: ${String(name)}`,
			wanted: { accepted: 1, told: 'sent', shown: '' },
			play: async () => await observe(send as Send),
		}),
	),
]);

testRows('a handle and a state of failure', [
	...['ERROR', 'FAILED', 'DECLINED', 'error', 'Failed'].map(
		(status): Row => ({
			name: status,
			wanted: { accepted: 0, told: 'failed' },
			play: async () => {
				const body = { message_handle: 'h-1', status, error_code: 10001, error_message: 'Not like this' };
				stage.play(SEND, instead({ status: 200, body }));
				return await observe();
			},
		}),
	),
	{
		name: 'ERROR without a code',
		wanted: { accepted: 0, told: 'failed' },
		play: async () => {
			stage.play(SEND, instead({ status: 200, body: { message_handle: 'h-1', status: 'ERROR' } }));
			return await observe();
		},
	},
]);

const unclear: Array<[string, (body: Fields) => unknown]> = [
	['a handle without a state', ({ status: _status, ...body }) => body],
	['a handle and an unknown state', (body) => ({ ...body, status: 'PONDERING' })],
	['a handle and the state null', (body) => ({ ...body, status: null })],
	['a handle and RECEIVED', (body) => ({ ...body, status: 'RECEIVED' })],
	['QUEUED without a handle', ({ message_handle: _handle, ...body }) => body],
	['an empty handle', (body) => ({ ...body, message_handle: '' })],
	['a handle of blanks', (body) => ({ ...body, message_handle: '  ' })],
	['the handle null', (body) => ({ ...body, message_handle: null })],
	['a handle that is an object', (body) => ({ ...body, message_handle: { id: 1 } })],
	['a list', (body) => [body]],
	['a text', () => 'queued'],
	['null', () => null],
	['{}', () => ({})],
	['an error with code 5000', () => ({ status: 'ERROR', error_code: 5000, error_message: 'Internal error' })],
	['an error with code 10002', () => ({ status: 'ERROR', error_code: 10002, error_message: 'Unresolved' })],
];

testRows('an answer that leaves it open', [
	...unclear.map(
		([name, change]): Row => ({
			name: `${name}: looked up`,
			wanted: { accepted: 1, told: 'sent' },
			play: async () => {
				stage.play(SEND, answering(change));
				return await observe({ node: retrying(3) });
			},
		}),
	),
	...['', '<html>', '{"status":"QUEUED"', '\u0000\u0001'].map(
		(text): Row => ({
			name: `${JSON.stringify(text)} in place of JSON: looked up`,
			wanted: { accepted: 1, told: 'sent' },
			play: async () => {
				stage.play(SEND, async (exchange) => {
					await exchange.process();
					exchange.send(raw(text));
				});
				return await observe({ node: retrying(3) });
			},
		}),
	),
]);

const handles: Array<[string, (text: string) => unknown]> = [
	['as a number', () => 1_234_567],
	['as text in the answer and a number in the list', () => 1_234_568],
];

testRows('two executions send the same text to one person, and one of them is lost', [
	{
		name: 'the other answer is lost as well',
		wanted: { accepted: 1, told: 'sent, unknown' },
		play: async () => await twoAtOnce(acceptedThenCut),
	},
	{
		name: 'the other is answered',
		wanted: { accepted: 1, told: 'sent, unknown' },
		play: async () => await twoAtOnce(async (exchange) => exchange.send(await exchange.process())),
	},
	...handles.map(
		([name, handle], index): Row => ({
			name: `the handle comes ${name}`,
			wanted: { accepted: 1, told: 'sent, unknown' },
			play: async () => {
				stage.play(
					LIST,
					listing((entry) => ({ ...entry, message_handle: index === 0 ? '1234567' : 1_234_568 })),
				);
				return await twoAtOnce(
					answering((body) => ({ ...body, message_handle: index === 0 ? handle('') : '1234568' })),
				);
			},
		}),
	),
	{
		name: 'in one execution, as two items',
		wanted: { accepted: 1, told: 'sent, unknown' },
		play: async () => {
			let requests = 0;
			stage.play(SEND, async (exchange) => {
				if (++requests === 1) await acceptedThenCut(exchange);
				else await lost(exchange);
			});
			return await observe({
				items: [{ json: { to: PERSON } }, { json: { to: PERSON } }],
				parameters: TEXT,
				node: { onError: 'continueRegularOutput' },
			});
		},
	},
]);

testRows('one upload address for all files', [
	{
		name: 'of which one message is lost',
		wanted: { accepted: 1, told: 'sent, unknown' },
		play: async () => {
			let first: Reply | undefined;
			stage.play('/api/upload-file', async (exchange) => {
				const reply = await exchange.process();
				first ??= reply;
				exchange.send(first);
			});
			let requests = 0;
			stage.play(SEND, async (exchange) => {
				if (++requests === 1) await acceptedThenCut(exchange);
				else await lost(exchange);
			});
			const { wavFile } = await import('../engine/support/audio.cts');
			const items = [440, 880].map((tone) => ({ json: { to: PERSON }, files: { data: wavFile(0.3, tone) } }));
			return await observe({ items, node: { onError: 'continueRegularOutput' } });
		},
	},
]);

/** Two runs whose sends meet at the server: the first is treated as told, the second is lost. */
async function twoAtOnce(first: (exchange: Exchange) => Promise<void>): Promise<Observed> {
	const waiting: Array<() => void> = [];
	let requests = 0;
	stage.play(SEND, async (exchange) => {
		await exchange.receive();
		const isFirst = ++requests === 1;
		if (requests <= 2) {
			await new Promise<void>((resolve) => {
				waiting.push(resolve);
				if (waiting.length === 2) for (const go of waiting) go();
			});
		}
		if (isFirst) await first(exchange);
		else exchange.cut();
	});
	const both = await Promise.all([stage.send({ parameters: TEXT }), stage.send({ parameters: TEXT })]);
	return {
		accepted: stage.sandbox.messages().length,
		told: both
			.map(({ told }) => told)
			.sort()
			.join(', '),
		shown: both.map(({ shown }) => shown).join(' '),
	};
}

/** Lists what is there, each entry changed. */
function listing(change: (entry: Fields) => unknown) {
	return answering((body) => ({ ...body, data: (body.data as Fields[]).map(change) }));
}

const FOUND: Array<[string, Fields, string]> = [
	['DELIVERED, error_code: 22', { status: 'DELIVERED', error_code: 22 }, 'deduplicated'],
	['SENT, error_code: 10001', { status: 'SENT', error_code: 10001 }, 'deduplicated'],
	['QUEUED, error: "…"', { status: 'QUEUED', error: 'slow' }, 'deduplicated'],
	['delivered, error_message', { status: 'delivered', error_message: 'slow' }, 'deduplicated'],
	['an unknown state', { status: 'PONDERING' }, 'deduplicated'],
	['no state', { status: undefined }, 'deduplicated'],
	['READ', { status: 'READ', error_code: 22 }, 'deduplicated'],
];

testRows('Avoid Duplicates finds a message', [
	...FOUND.map(
		([name, fields, told]): Row => ({
			name: `${name}: counted`,
			wanted: { accepted: 1, told },
			play: async () => await sentBefore(fields),
		}),
	),
	...['ERROR', 'FAILED', 'DECLINED', 'failed'].map(
		(status): Row => ({
			name: `${status}: sent again`,
			wanted: { accepted: 2, told: 'sent' },
			play: async () => await sentBefore({ status, error_code: 10001 }),
		}),
	),
]);

/** Somebody sent it before, the list shows the message in another way, and it is sent again with the same key. */
async function sentBefore(fields: Fields): Promise<Observed> {
	const options: IDataObject = { deduplicationKey: stage.freshKey() };
	await stage.sentEarlier(String(options.deduplicationKey));
	stage.play(
		LIST,
		listing((entry) => ({ ...entry, ...fields })),
	);
	return await observe({ options });
}

testRows('an answer and the list', [
	{
		name: 'contradict each other: lost answer, listed as refused',
		wanted: { accepted: 1, told: 'failed' },
		play: async () => {
			stage.play(SEND, acceptedThenCut, { nth: 1, times: 1 });
			stage.play(
				LIST,
				listing((entry) => ({ ...entry, status: 'ERROR', error_code: 10001 })),
			);
			return await observe();
		},
	},
	{
		name: 'agree that there is nothing: unknown, for it may come late',
		wanted: { accepted: 1, told: 'unknown' },
		play: async () => {
			stage.play(SEND, acceptedThenCut);
			stage.play(LIST, listsNothing);
			return await observe({ parameters: { from: { __rl: true, mode: 'list', value: LINE } } });
		},
	},
]);
