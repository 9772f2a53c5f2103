import { readFileSync } from 'node:fs';
import path from 'node:path';

import type { IDataObject } from 'n8n-workflow';

import { startSandbox, type Sandbox } from '../sandbox/index.cjs';
import { startEngine, type Engine, type FeedItem, type RunResult, type WorkflowNode } from './support/engine.cjs';
import type { OutputSchema } from './support/schemaMismatches.cjs';

import { wavFile } from './support/audio.cts';
import { schemaMismatches } from './support/schemaMismatches.cts';
import { SendblueAccount } from './support/sendblueAccount.cts';
import { LINE, PERSON, sandboxCredential, sendNode } from './support/sendblueWorkflow.cts';
import { shortenTimings } from './support/shortTimings.cts';

/** A number the sandbox takes for one without iMessage. */
const ANDROID = '+14155554404';
const THIRD = '+14155550177';

const SCHEMAS = path.resolve(__dirname, '../../dist/nodes/Sendblue/__schema__/v1.0.0');

/** What the contract promises of *Simplify*. */
const SIMPLIFIED = [
	'message_handle',
	'status',
	'number',
	'from_number',
	'media_url',
	'date_sent',
	'service',
	'voiceNote',
	'deduplicated',
	'fallback',
];

let sandbox: Sandbox;
let engine: Engine;

beforeAll(async () => {
	sandbox = await startSandbox();
	engine = await startEngine();
	shortenTimings(engine);
});
afterEach(() => sandbox.reset());
afterAll(async () => {
	await sandbox.close();
	await engine.stop();
});

const noteTo = (to: string): FeedItem => ({ json: { to }, files: { data: wavFile() } });

/** Sends voice notes, by default one to a person. */
async function send(
	parameters: IDataObject = {},
	items: FeedItem[] = [noteTo(PERSON)],
	node: Partial<WorkflowNode> = {},
): Promise<RunResult> {
	return await engine.run({
		items,
		nodes: [sendNode(engine, { to: '={{ $json.to }}', ...parameters }, node)],
		credentials: sandboxCredential(sandbox),
	});
}

const outputs = (result: RunResult): IDataObject[] => {
	expect(result.error).toBeUndefined();
	return result.items('Sendblue').map(({ json }) => json);
};

const requestsTo = (requested: string) => sandbox.requests().filter((request) => request.path === requested);

const mismatches = (operation: string, json: IDataObject): string[] =>
	schemaMismatches(JSON.parse(readFileSync(path.join(SCHEMAS, `${operation}.json`), 'utf8')) as OutputSchema, json);

describe('Simplify', () => {
	it('is off by default: the answer comes as it is', async () => {
		const [json] = outputs(await send());
		expect(json).toMatchObject({ plan: expect.anything(), is_outbound: true, voiceNote: expect.any(Object) });
	});

	it.each([
		['a voice note', {}],
		['a message', { resource: 'message', content: 'Hello' }],
	])('leaves the fields of the contract alone of %s', async (_what, parameters) => {
		const [json] = outputs(await send({ simplify: true, ...parameters }));

		expect(SIMPLIFIED).toEqual(expect.arrayContaining(Object.keys(json)));
		expect(json).toMatchObject({ message_handle: expect.any(String), status: 'QUEUED', number: PERSON });
		expect(json.date_sent).toEqual(expect.any(String));
	});

	it('dates a message whose answer has another name for the time', async () => {
		sandbox.setSettings({ shape: 'sdk' });
		const [json] = outputs(await send({ simplify: true }));

		expect(SIMPLIFIED).toEqual(expect.arrayContaining(Object.keys(json)));
		expect(Date.parse(String(json.date_sent))).not.toBeNaN();
	});

	it('keeps what became of the message that was waited for', async () => {
		sandbox.setSettings({ autoDeliverMs: 30 });
		const [json] = outputs(await send({ simplify: true, options: { waitForDelivery: 5 } }));

		expect(json.status).toBe('DELIVERED');
		expect(json.delivery).toMatchObject({ final: true, delivered: true });
		expect([...SIMPLIFIED, 'delivery']).toEqual(expect.arrayContaining(Object.keys(json)));
	});

	it('keeps why something else was sent, or nothing', async () => {
		const people = [noteTo(ANDROID)];
		const [instead] = outputs(await send({ simplify: true, options: { ifNoIMessage: 'mp3' } }, people));
		expect(instead.fallback).toEqual({ reason: 'noIMessage', service: 'SMS', sentAs: 'mp3' });

		const [skipped] = outputs(await send({ simplify: true, options: { ifNoIMessage: 'skip' } }, people));
		expect(skipped).toMatchObject({ skipped: true, reason: 'noIMessage' });
	});
});

describe('skipped items', () => {
	it('are told of in the words of the reason', async () => {
		const result = await send({ options: { ifNoIMessage: 'skip' } }, [PERSON, ANDROID, THIRD].map(noteTo));

		expect(outputs(result)).toHaveLength(3);
		expect(result.hints('Sendblue')).toEqual([
			`1 of 3 items was skipped: ${ANDROID} has no iMessage (Sendblue says SMS).`,
		]);
	});

	it('are counted, and the first of them named, if there are many', async () => {
		const result = await send(
			{ options: { ifNeverReplied: 'skip' } },
			Array.from({ length: 5 }, () => noteTo(PERSON)),
		);

		const reason = `${PERSON} has never written to the line ${LINE}.`;
		expect(result.hints('Sendblue')).toEqual([
			`5 of 5 items were skipped: ${reason} ${reason} ${reason} The output gives the reasons for 2 more.`,
		]);
	});

	it('are not spoken of where there are none', async () => {
		expect((await send()).hints('Sendblue')).toEqual([]);
	});
});

describe('Share Contact Card', () => {
	const SHARE = '/api/v2/contact-sharing/share';
	const share = { options: { shareContactCard: true } };

	beforeEach(async () => {
		const profile = { fromNumber: LINE, firstName: 'Ada', lastName: 'Lovelace' };
		await new SendblueAccount(sandbox).call('POST', '/api/v2/contact-sharing/profile', profile);
	});

	it.each([
		['a voice note', {}],
		['a message', { resource: 'message', content: 'Hello' }],
	])('shares the card of the line after %s', async (_what, parameters) => {
		const [json] = outputs(await send({ ...share, ...parameters }));

		expect(json.contactCard).toEqual({ shared: true });
		const posts = sandbox.requests().filter(({ method }) => method === 'POST');
		expect(posts.slice(-2).map(({ path: requested }) => requested)).toEqual(['/api/send-message', SHARE]);
	});

	it('does nothing if it is not asked for', async () => {
		const [json] = outputs(await send());

		expect(json).not.toHaveProperty('contactCard');
		expect(requestsTo(SHARE)).toEqual([]);
	});

	it('asks once per person, and tells of cards that were seen lately', async () => {
		const result = await send(share, [noteTo(PERSON), noteTo(PERSON), noteTo(THIRD)]);
		expect(outputs(result).map(({ contactCard }) => contactCard)).toEqual(Array(3).fill({ shared: true }));
		expect(requestsTo(SHARE)).toHaveLength(2);

		const [json] = outputs(await send(share));
		expect(json.contactCard).toEqual({ shared: true, deduplicated: true });
	});

	it.each(['status400', 'status403', 'status500', 'cutBeforeRequest', 'cutAfterAccepted', 'invalidJson'] as const)(
		'leaves a sent note sent if the card cannot be shared (%s)',
		async (kind) => {
			sandbox.setFaults([{ path: SHARE, kind }]);
			const result = await send(share, [noteTo(PERSON), noteTo(THIRD)], { retryOnFail: true, maxTries: 2 });

			for (const json of outputs(result)) {
				expect(json).toMatchObject({ status: 'QUEUED', message_handle: expect.any(String) });
				expect((json.contactCard as IDataObject).shared).not.toBe(true);
				expect((json.contactCard as IDataObject).message).toMatch(/\w/);
			}
			expect(sandbox.messages()).toHaveLength(2);
			expect(result.hints('Sendblue').join()).toMatch(
				/The contact card (was not|may not have been) shared with everybody/,
			);
		},
	);

	it('does not claim to know what became of a request whose answer was lost, and makes it once', async () => {
		sandbox.setFaults([{ path: SHARE, kind: 'cutAfterAccepted' }]);
		const [json] = outputs(await send(share));

		expect(json.contactCard).toMatchObject({ shared: null, message: expect.stringContaining('unknown') });
		expect(requestsTo(SHARE)).toHaveLength(1);
	});

	it('is kept for the next try, which shares nothing again', async () => {
		sandbox.setFaults([{ path: '/api/send-message', nth: 2, kind: 'status400' }]);
		const retry = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
		const [json] = outputs(await send(share, [noteTo(PERSON), noteTo(THIRD)], retry));

		expect(json.contactCard).toEqual({ shared: true });
		expect(requestsTo(SHARE)).toHaveLength(2);
		expect(sandbox.messages()).toHaveLength(2);
	});

	it('is not done for a message that was sent before, a group, or a phone without iMessage', async () => {
		const once = { options: { shareContactCard: true, deduplicationKey: 'once' } };
		await send(once);
		const [again] = outputs(await send(once));
		expect(again).toMatchObject({ deduplicated: true });
		expect(again).not.toHaveProperty('contactCard');

		const [group] = outputs(await send({ ...share, recipientType: 'numbers', numbers: `${PERSON},${THIRD}` }));
		expect(group.contactCard).toMatchObject({ shared: false, message: expect.stringContaining('group') });

		const instead = { options: { shareContactCard: true, ifNoIMessage: 'mp3' } };
		const [android] = outputs(await send(instead, [noteTo(ANDROID)]));
		expect(android.contactCard).toMatchObject({ shared: false, message: expect.stringContaining('no iMessage') });
		expect(requestsTo(SHARE)).toHaveLength(1);
	});
});

describe('what is put out is in the output schema', () => {
	const full = () => sandbox.setSettings({ allowance: { line: LINE, hourlyUsed: 15, nextSlotInMs: 600_000 } });
	const nothing = (): void => undefined;
	const deliver = () => sandbox.setSettings({ autoDeliverMs: 30 });
	const failingList = () => sandbox.setFaults([{ path: '/api/v2/messages', kind: 'status500' }]);

	it.each<[string, IDataObject, () => void]>([
		['a duplicate', { deduplicationKey: 'schema' }, nothing],
		['a delivery', { waitForDelivery: 5 }, deliver],
		['a delivery that cannot be read', { waitForDelivery: 0.05 }, failingList],
		['an MP3 instead', { ifNoIMessage: 'mp3' }, nothing],
		['no iMessage', { ifNoIMessage: 'skip' }, nothing],
		['nobody who ever wrote', { ifNeverReplied: 'skip' }, nothing],
		['no room for new contacts', { allowance: 'skip' }, full],
		['a card that is not shared', { shareContactCard: true }, nothing],
	])('%s', async (_what, options, prepare) => {
		prepare();
		const people = [noteTo(PERSON), noteTo(PERSON), noteTo(ANDROID)];
		for (const parameters of [{}, { simplify: true }]) {
			const result = await send({ ...parameters, options }, people);
			expect(outputs(result).flatMap((json) => mismatches('voiceNote/send', json))).toEqual([]);
		}
		if (options.ifNoIMessage === 'mp3') return;
		const text = { resource: 'message', content: 'Hello', options };
		expect(outputs(await send(text, people)).flatMap((json) => mismatches('message/send', json))).toEqual([]);
	});

	it('an error beside a message that was taken', async () => {
		const body = { status: 'QUEUED', message_handle: 'beside-1', number: PERSON, error: 'Something beside' };
		sandbox.setFaults([{ path: '/api/send-message', kind: 'status', status: 200, body }]);
		const [json] = outputs(await send());

		expect(json).toMatchObject({ sendblue_error: 'Something beside', message_handle: 'beside-1' });
		expect(mismatches('voiceNote/send', json)).toEqual([]);
	});

	it('a reply', async () => {
		const replyTo = await new SendblueAccount(sandbox).sendText(LINE, PERSON);
		const [json] = outputs(await send({ options: { replyTo } }));

		expect(json.reply_to).toEqual({ message_handle: replyTo });
		expect(mismatches('voiceNote/send', json)).toEqual([]);
	});

	it('parts of a note that was split', async () => {
		const parameters = {
			resource: 'voiceNote',
			operation: 'convertToCaf',
			sound: { maximumDuration: 0.2, whenLonger: 'split' },
		};
		const nodes = [{ name: 'Sendblue', type: engine.typeOf('sendblue'), parameters }];
		const result = await engine.run({ items: [{ json: {}, files: { data: wavFile(0.5) } }], nodes });

		expect(outputs(result).length).toBeGreaterThan(1);
		expect(outputs(result).flatMap((json) => mismatches('voiceNote/convertToCaf', json))).toEqual([]);
	});
});
