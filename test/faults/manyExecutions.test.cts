/** Executions that send on the same line at the same time. They measure time, so they run by themselves. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { FeedItem } from '../engine/support/engine.cjs';
import { LINES } from '../sandbox/index.cjs';
import { testRows, type Observed, type Row } from './support/rows.cts';
import { people, person, useStage, type Send } from './support/stage.cts';

const stage = useStage();
// It measures, and the machine may be busy with other things at that moment.
jest.retryTimes(2);
jest.setTimeout(60_000);

/** Messages a second of a line. */
const RATE = 4;
const SPACING_MS = 1_000 / RATE;

/** How much later than another a request may reach the server that left at its time, in ms. */
const JITTER_MS = 150;

const text = (content = 'Hello'): Send['parameters'] => ({ resource: 'message', mediaSource: 'none', content });
const oneTo = (index: number): FeedItem[] => [{ json: { to: person(index) } }];
const fromLine = (line: string) => ({ from: { __rl: true, mode: 'list', value: line } });

/** Times at which the line's messages were accepted, in ms since 1970. */
const acceptedAt = (line: string): number[] =>
	stage.sandbox
		.messages()
		.filter(({ from_number }) => from_number === line)
		.map(({ date_created }) => Date.parse(date_created));

/** Whether so many messages took their time, all together and each after the one before it. */
function areSpaced(times: number[]): boolean {
	const gaps = times.slice(1).map((time, index) => time - (times[index] as number));
	const whole = (times.at(-1) as number) - (times[0] as number);
	return whole >= gaps.length * SPACING_MS - JITTER_MS && gaps.every((gap) => gap >= SPACING_MS - JITTER_MS);
}

async function paced(sends: Send[]): Promise<Observed> {
	const all = await Promise.all(sends.map(async (send) => await stage.send(send)));
	return {
		accepted: stage.sandbox.messages().length,
		told: [...new Set(all.map(({ told }) => told))].join(', '),
		shown: all.map(({ shown }) => shown).join(' '),
	};
}

const sends = (count: number, line: string): Send[] =>
	Array.from({ length: count }, (_, index) => ({
		items: oneTo(index),
		parameters: { ...text(), ...fromLine(line) },
		options: { messagesPerSecond: RATE },
	}));

// The first requests of a process take long: the code is compiled, and connections are made.
beforeAll(async () => {
	await paced(sends(12, LINES[0]).map((send) => ({ ...send, options: { messagesPerSecond: 1_000 } })));
	stage.sandbox.reset();
});

testRows('one line', [
	{
		name: 'twelve executions at once keep the distance',
		wanted: { accepted: 12, told: 'sent', isSpaced: true },
		play: async () => {
			const observed = await paced(sends(12, LINES[0]));
			return {
				...observed,
				isSpaced: areSpaced(acceptedAt(LINES[0])),
			};
		},
	},
	{
		name: 'executions one after the other keep the distance',
		wanted: { accepted: 4, told: 'sent', isSpaced: true },
		play: async () => {
			let observed: Observed | undefined;
			for (const send of sends(4, LINES[0])) observed = await paced([send]);
			return { ...(observed as Observed), isSpaced: areSpaced(acceptedAt(LINES[0])) };
		},
	},
	{
		name: 'two lines do not wait for each other',
		wanted: { accepted: 8, told: 'sent', isSpaced: true, isSideBySide: true },
		play: async () => {
			const observed = await paced([...sends(4, LINES[0]), ...sends(4, LINES[1])]);
			const [one, other] = [acceptedAt(LINES[0]), acceptedAt(LINES[1])];
			return {
				...observed,
				isSpaced: areSpaced(one) && areSpaced(other),
				isSideBySide: one[0] < other[3] && other[0] < one[3],
			};
		},
	},
	{
		name: 'an execution of many keeps its order',
		wanted: { accepted: 10, isInOrder: true },
		play: async () => {
			const items = people(5).map(({ json }) => ({ json }));
			const options = { messagesPerSecond: RATE };
			const observed = await paced([
				{ items, parameters: text('first'), options },
				{ items, parameters: text('second'), options },
			]);
			const ofRun = (content: string) =>
				stage.sandbox.messages().flatMap((message) => (message.content === content ? [message.number] : []));
			const wanted = items.map((_, index) => person(index)).join();
			return { ...observed, isInOrder: ofRun('first').join() === wanted && ofRun('second').join() === wanted };
		},
	},
]);

/** Longest wait of the single message, in ms. */
const SINGLE_MS = 3_000;

testRows('a single message leaves within 3 s', [
	...[
		['one execution sends 200', 200, false],
		['one execution sends 200 and another hangs in a download', 200, true],
		['three executions hang in their downloads', 0, true],
	].map(
		([name, count, hangs]): Row => ({
			name: `while ${String(name)}`,
			wanted: { accepted: 1, told: 'sent', isSoon: true },
			play: async () => await singleBeside(Number(count), Boolean(hangs)),
		}),
	),
]);

/** A message at the usual rate, beside executions that are stopped once it is through. */
async function singleBeside(count: number, hangs: boolean): Promise<Observed> {
	const silent = createServer((request) => request.resume());
	await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
	const stops: Array<() => void> = [];
	const options = { messagesPerSecond: 1 };
	const onStart = (cancel: () => void): void => void stops.push(cancel);
	const others: Array<Promise<unknown>> = [];
	if (count > 0) {
		const items = people(count).map(({ json }) => ({ json }));
		others.push(stage.send({ items, parameters: text('many'), options, onStart }));
	}
	if (hangs) {
		const audioUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/never.wav`;
		for (let index = 0; index < 3; index++) {
			others.push(stage.send({ parameters: { audioSource: 'url', audioUrl }, options, onStart }));
		}
	}
	await waitFor(() => count === 0 || acceptedAt(LINES[0]).length >= 3);
	const start = Date.now();
	const { told, shown } = await stage.send({ items: oneTo(900), parameters: text('single'), options });
	const took = Date.now() - start;
	for (const stop of stops) stop();
	silent.closeAllConnections();
	silent.close();
	await Promise.all(others);
	const accepted = stage.sandbox.messages().filter(({ content }) => content === 'single').length;
	return { accepted, told, shown, isSoon: took < SINGLE_MS, took };
}

async function waitFor(isThere: () => boolean): Promise<void> {
	while (!isThere()) await new Promise((resolve) => setTimeout(resolve, 20));
}
