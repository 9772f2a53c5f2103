/** A line may send only short texts to people who never wrote to it: *If Never Replied* decides before. */

import { LINE, PERSON } from '../engine/support/sendblueWorkflow.cts';
import { LINES } from '../sandbox/index.cjs';
import { instead, raw } from './support/plays.cts';
import { testRows, type Observed, type Row } from './support/rows.cts';
import { useStage, type Send } from './support/stage.cts';

const stage = useStage();
const LIST = '/api/v2/messages';

async function observe(choice: string, send: Send = {}): Promise<Observed> {
	const { told, shown, result } = await stage.send({ ...send, options: { ifNeverReplied: choice, ...send.options } });
	const messages = stage.sandbox.messages();
	return {
		accepted: messages.length,
		told,
		shown,
		hasMedia: messages.some(({ media_url }) => media_url !== ''),
		reason: result?.items('Sendblue')[0]?.json.reason,
	};
}

const written = async (line = LINE): Promise<void> => {
	await stage.sandbox.deliverInbound({ from_number: PERSON, sendblue_number: line, content: 'Hello?' });
};

const text = (content: string): Send => ({ parameters: { content } });

testRows('the person never wrote', [
	{ name: 'send', wanted: { accepted: 1, told: 'sent', hasMedia: true }, play: async () => await observe('send') },
	{ name: 'skip', wanted: { accepted: 0, told: 'skipped' }, play: async () => await observe('skip') },
	{ name: 'fail', wanted: { accepted: 0, told: 'failed' }, play: async () => await observe('fail') },
	{
		name: 'text',
		wanted: { accepted: 1, told: 'sent', hasMedia: false },
		play: async () => await observe('text', text('Hi, it is me')),
	},
	{
		name: 'text of 300 characters',
		wanted: { accepted: 1, told: 'sent', hasMedia: false },
		play: async () => await observe('text', text('a'.repeat(300))),
	},
	...[
		['no text', ''],
		['a text of 301 characters', 'a'.repeat(301)],
		['a link', 'See https://example.com/offer'],
		['a link without its scheme', 'See www.example.com'],
		['a bare domain', 'See example.com/offer'],
	].map(
		([name, content]): Row => ({
			name: `text: ${name}`,
			wanted: { accepted: 0, told: 'failed' },
			play: async () => await observe('text', text(content)),
		}),
	),
	{
		name: 'text: a sentence with dots is no link',
		wanted: { accepted: 1, told: 'sent', hasMedia: false },
		play: async () => await observe('text', text('It is 3.5 miles. Come at 10.30 a.m. Yours, J.D.')),
	},
	{
		name: 'skip: wrote to another line only',
		wanted: { accepted: 0, told: 'skipped' },
		play: async () => {
			await written(LINES[1]);
			return await observe('skip');
		},
	},
	{
		name: 'skip: we wrote, which is no reply',
		wanted: { accepted: 1, told: 'skipped' },
		play: async () => {
			await stage.account.sendText(LINE, PERSON);
			return await observe('skip');
		},
	},
]);

testRows('the person wrote', [
	...['send', 'text', 'skip', 'fail'].map(
		(choice): Row => ({
			name: choice,
			wanted: { accepted: 1, told: 'sent', hasMedia: true },
			play: async () => {
				await written();
				return await observe(choice);
			},
		}),
	),
	{
		name: 'and the number is asked about once for three items',
		wanted: { accepted: 3, told: 'sent, sent, sent', asked: 1 },
		play: async () => {
			await written();
			const { wavFile } = await import('../engine/support/audio.cts');
			const items = [0, 1, 2].map(() => ({ json: { to: PERSON }, files: { data: wavFile() } }));
			const observed = await observe('skip', { items });
			return { ...observed, asked: stage.sandbox.requests().filter(({ path }) => path === LIST).length };
		},
	},
]);

testRows('the list of received messages is none', [
	...[
		'{}',
		'{"data":null}',
		'<html>',
		'{"message":"index is rebuilding"}',
		'{"data":[],"errors":["timeout"]}',
		'{"data":[],"success":false}',
		'{"data":[null]}',
		'{"data":[{}]}',
	].flatMap((body) =>
		['skip', 'fail', 'text'].map(
			(choice): Row => ({
				name: `${body}, with ${choice}: nothing is taken for "never wrote"`,
				wanted: { isSkipped: false },
				play: async () => {
					stage.play(LIST, instead(raw(body)));
					const observed = await observe(choice, text('Hi'));
					return { ...observed, isSkipped: observed.told === 'skipped' };
				},
			}),
		),
	),
]);

testRows('Sendblue refuses with words of this rule', [
	...[
		'Media cannot be sent before the contact has replied',
		'Recipient has not replied yet: messages with media are not allowed',
		'Links are not allowed in messages to contacts who never replied',
	].map(
		(message): Row => ({
			name: message,
			wanted: { accepted: 0, told: 'failed', isNamed: true },
			play: async () => {
				stage.play('/api/send-message', instead({ status: 400, body: { status: 'ERROR', error_code: 4000, message } }));
				const { told, shown } = await stage.send();
				return { accepted: stage.sandbox.messages().length, told, shown, isNamed: shown.includes('If Never Replied') };
			},
		}),
	),
]);
