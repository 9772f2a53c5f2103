/** A list of people with something wrong in it, and lists that end before they are through. */

import { PNG, toneWav, wavFile } from '../engine/support/audio.cts';
import type { FeedItem } from '../engine/support/engine.cjs';
import { LINE } from '../engine/support/sendblueWorkflow.cts';
import { forPerson, instead, lost } from './support/plays.cts';
import { testRows, type Observed, type Row } from './support/rows.cts';
import { people, person, retrying, useStage, type Send } from './support/stage.cts';

const stage = useStage();
const SEND = '/api/send-message';
const OTHER_LINE = '+15550100002';
const CONTINUE = { onError: 'continueRegularOutput' as const };

async function observe(send: Send = {}): Promise<Observed> {
	const { told, shown } = await stage.send(send);
	return { accepted: stage.sandbox.messages().length, told, shown };
}

/** Four items of which the third is changed. */
function withOneWrong(change: (item: FeedItem) => FeedItem): FeedItem[] {
	return people(4).map((item, index) => (index === 2 ? change(item) : item));
}

const to =
	(number: unknown) =>
	(item: FeedItem): FeedItem => ({ ...item, json: { ...item.json, to: number as string } });
const file =
	(bytes: Uint8Array, mimeType = 'audio/wav') =>
	(item: FeedItem): FeedItem => ({
		...item,
		files: { data: { bytes, fileName: 'Speech.wav', mimeType } },
	});
const json =
	(fields: Record<string, string | number | boolean>) =>
	(item: FeedItem): FeedItem => ({
		...item,
		json: { ...item.json, ...fields },
	});

const FROM = '={{ $json.from ?? "+15550100001" }}';

const WRONG: Array<[string, (item: FeedItem) => FeedItem, Send?]> = [
	['a number that is none', to('555-9')],
	['a name in place of the number', to('Mom')],
	['an empty number', to('')],
	['two numbers', to('+14155550123, +14155550124')],
	['a number of the wrong type', to(true)],
	['no file', (item) => ({ json: item.json })],
	['an empty file', file(Buffer.alloc(0))],
	['a picture', file(PNG, 'image/png')],
	['a web page', file(Buffer.from('<!DOCTYPE html><html><body>Not found</body></html>'), 'text/html')],
	['text', file(Buffer.from('Hello there, this is no audio at all. '.repeat(40)), 'text/plain')],
	['noise', file(Buffer.from(Array.from({ length: 5_000 }, (_, index) => (index * 7_919) % 251)))],
	[
		'a foreign line',
		json({ from: '+15559990000' }),
		{ parameters: { from: { __rl: true, mode: 'number', value: FROM } } },
	],
	[
		'a line that is no number',
		json({ from: 'Sales' }),
		{ parameters: { from: { __rl: true, mode: 'number', value: FROM } } },
	],
	['a bitrate out of range', json({ rate: 9_000 }), { options: { bitrate: '={{ $json.rate ?? 32 }}' } }],
	['a bitrate that is none', json({ rate: 'fast' }), { options: { bitrate: '={{ $json.rate ?? 32 }}' } }],
	[
		'a callback that is not encrypted',
		json({ call: 'http://example.com/' }),
		{ options: { statusCallback: '={{ $json.call ?? "https://example.com/" }}' } },
	],
	['an empty key', json({ key: ' ' }), { options: { deduplicationKey: '={{ $json.key ?? $json.to }}' } }],
	[
		'a text that is too long',
		json({ text: 'x'.repeat(19_000) }),
		{ parameters: { content: '={{ $json.text ?? "Hi" }}' } },
	],
	[
		'26 people in a group',
		json({ all: Array.from({ length: 26 }, (_, index) => person(index)).join() }),
		{ parameters: { recipientType: 'numbers', numbers: '={{ $json.all ?? "+14155550123,+14155550124" }}' } },
	],
];

testRows('one of four items is wrong', [
	...WRONG.map(
		([name, change, send = {}]): Row => ({
			name: `${name}: nobody gets anything`,
			wanted: { accepted: 0, told: 'failed' },
			play: async () => await observe({ ...send, items: withOneWrong(change) }),
		}),
	),
	{
		name: 'an address that is none: nobody gets anything',
		wanted: { accepted: 0, told: 'failed' },
		play: async () => {
			const media = { fileName: 'Speech.wav', base64: toneWav(0.3).toString('base64') };
			const { payload } = await stage.sandbox.deliverInbound({ media });
			const audioUrl = `={{ $json.url ?? "${String(payload.media_url)}" }}`;
			const items = withOneWrong(json({ url: 'welcome.caf' }));
			return await observe({ items, parameters: { audioSource: 'url', audioUrl } });
		},
	},
	{
		name: 'Base64 of a text: nobody gets anything',
		wanted: { accepted: 0, told: 'failed' },
		play: async () => {
			const audio = toneWav(0.3).toString('base64');
			const words = Buffer.from('The quota of this month is used up. '.repeat(20)).toString('base64');
			const parameters = { audioSource: 'base64', audioBase64: `={{ $json.audio ?? "${audio}" }}` };
			return await observe({ items: withOneWrong(json({ audio: words })), parameters });
		},
	},
	{
		name: 'Base64 that is cut short: nobody gets anything',
		wanted: { accepted: 0, told: 'failed' },
		play: async () => {
			const audio = toneWav(0.3).toString('base64').replace(/=+$/, '');
			const cut = audio.slice(0, 4 * Math.floor(audio.length / 8) + 1);
			const parameters = { audioSource: 'base64', audioBase64: `={{ $json.audio ?? "${audio}" }}` };
			return await observe({ items: withOneWrong(json({ audio: cut })), parameters });
		},
	},
	{
		name: 'and is run again: still nobody',
		wanted: { accepted: 0, told: 'failed' },
		play: async () => {
			await stage.send({ items: withOneWrong(to('555-9')), node: retrying(3) });
			return await observe({ items: withOneWrong(to('555-9')) });
		},
	},
	{
		name: 'and the node goes on: the others get theirs',
		wanted: { accepted: 3, told: 'sent, sent, failed, sent' },
		play: async () => await observe({ items: withOneWrong(to('555-9')), node: CONTINUE }),
	},
	{
		name: 'a picture, and the node goes on',
		wanted: { accepted: 3, told: 'sent, sent, failed, sent' },
		play: async () => await observe({ items: withOneWrong(file(PNG, 'image/png')), node: CONTINUE }),
	},
	{
		name: 'the error names item and value',
		wanted: { accepted: 0, told: 'failed', isNamed: true },
		play: async () => {
			const observed = await observe({ items: withOneWrong(to('555-9')) });
			return { ...observed, isNamed: observed.shown.includes('555-9') };
		},
	},
]);

testRows('many items are wrong', [
	{
		name: 'three: all are named at once',
		wanted: { accepted: 0, told: 'failed', named: 3 },
		play: async () => await withBadNumbers(3),
	},
	{
		name: 'fourteen: ten are named, the others counted',
		wanted: { accepted: 0, told: 'failed', named: 10, isCounted: true },
		play: async () => await withBadNumbers(14),
	},
]);

async function withBadNumbers(count: number): Promise<Observed> {
	const items = people(20).map((item, index) =>
		index < count ? to(`555-9${String.fromCharCode(65 + index)}x`)(item) : item,
	);
	const observed = await observe({ items });
	const named = new Set(observed.shown.match(/555-9[A-Z]x/g)).size;
	return { ...observed, named, isCounted: new RegExp(`\\b${count - 10}\\b`).test(observed.shown) };
}

testRows('an item fails later', [
	{
		name: 'who has it already is named, and what running it again does',
		wanted: { told: 'failed', isSaid: true },
		play: async () => {
			stage.play(SEND, forPerson(person(2), instead({ status: 400, body: { message: 'Opted out' } })));
			const observed = await observe({ items: people(4) });
			const reached = stage.sandbox.messages().map(({ number }) => String(number));
			const words = [...reached, `${reached.length} of 4`, 'again', 'Avoid Duplicates'];
			return { ...observed, isSaid: words.every((word) => observed.shown.includes(word)) };
		},
	},
	{
		name: 'while the message of another line is lost: that is said, too',
		wanted: { accepted: 0, told: 'failed', isSaid: true },
		play: async () => {
			stage.play(
				SEND,
				forPerson(person(0), async (exchange) => {
					await exchange.drain();
					setTimeout(() => exchange.send({ status: 400, body: { message: 'Opted out' } }), 900);
				}),
			);
			stage.play(SEND, forPerson(person(1), lost), { nth: 2 });
			const items = people(2).map((item, index) => ({
				...item,
				json: { ...item.json, from: [LINE, OTHER_LINE][index] },
			}));
			const observed = await observe({ items, parameters: { from: '={{ $json.from }}' } });
			const isSaid = observed.shown.includes(`It is unknown whether a message to ${person(1)} went out.`);
			return { ...observed, isSaid };
		},
	},
	{
		name: 'nobody has it: nothing is said of others',
		wanted: { accepted: 0, told: 'failed', isSaid: false },
		play: async () => {
			stage.play(SEND, instead({ status: 400, body: { message: 'Opted out' } }));
			const observed = await observe({ items: people(1) });
			return { ...observed, isSaid: /Avoid Duplicates/.test(observed.shown) };
		},
	},
]);

testRows('an execution is stopped', [
	...[1, 3].map(
		(nth): Row => ({
			name: `while the answer to message ${nth} is on its way: all that were accepted are named`,
			wanted: { accepted: nth, missing: [] },
			play: async () => {
				const written = watchLog();
				let stop = (): void => undefined;
				stage.play(
					SEND,
					async (exchange) => {
						const reply = await exchange.process();
						stop();
						setTimeout(() => exchange.send(reply), 150);
					},
					{ nth, times: 1 },
				);
				const { told, shown } = await stage.send({ items: people(6), onStart: (cancel) => (stop = cancel) });
				await written.settled(400);
				const handles = stage.sandbox.messages().map(({ message_handle }) => message_handle);
				return {
					accepted: handles.length,
					told,
					shown,
					missing: handles.filter((handle) => !(shown + written.text()).includes(handle)),
				};
			},
		}),
	),
	{
		name: 'while an answer is on its way that never comes',
		wanted: { accepted: 2, isNamed: true },
		play: async () => {
			const written = watchLog();
			let stop = (): void => undefined;
			stage.play(
				SEND,
				async (exchange) => {
					await exchange.process();
					stop();
					setTimeout(() => exchange.cut(), 100);
				},
				{ nth: 2, times: 1 },
			);
			const { told, shown } = await stage.send({ items: people(6), onStart: (cancel) => (stop = cancel) });
			await written.settled(1_500);
			const messages = stage.sandbox.messages();
			const all = shown + written.text();
			const isNamed = messages.every(
				({ message_handle, number }) => all.includes(message_handle) || all.includes(String(number)),
			);
			return { accepted: messages.length, told, shown, isNamed };
		},
	},
]);

/** All that n8n's log is given from now on. */
function watchLog(): { text: () => string; settled: (ms: number) => Promise<void> } {
	const logger = stage.engine.logger as unknown as Record<'error' | 'warn' | 'info' | 'debug', () => void>;
	const spies = (['error', 'warn', 'info', 'debug'] as const).map((method) => jest.spyOn(logger, method));
	return {
		text: () => JSON.stringify(spies.map(({ mock }) => mock.calls as unknown)),
		settled: async (ms) => await new Promise((resolve) => setTimeout(resolve, ms)),
	};
}

afterEach(() => jest.restoreAllMocks());

testRows('a list that is in order', [
	{
		name: 'goes to everybody, once and in order',
		wanted: { accepted: 5, told: 'sent, sent, sent, sent, sent', isInOrder: true },
		play: async () => {
			const observed = await observe({ items: people(5) });
			const numbers = stage.sandbox.messages().map(({ number }) => number);
			return {
				...observed,
				isInOrder:
					numbers.join() ===
					people(5)
						.map((_, index) => person(index))
						.join(),
			};
		},
	},
	{
		name: 'with a file whose sound begins late',
		wanted: { accepted: 1, told: 'sent' },
		play: async () => {
			const wav = toneWav(0.3);
			const junk = Buffer.alloc(8 + 300_000);
			junk.write('JUNK', 0);
			junk.writeUInt32LE(300_000, 4);
			const bytes = Buffer.concat([wav.subarray(0, 12), junk, wav.subarray(12)]);
			bytes.writeUInt32LE(bytes.length - 8, 4);
			return await observe({ items: [{ json: { to: person(0) }, files: { data: { ...wavFile(), bytes } } }] });
		},
	},
]);
