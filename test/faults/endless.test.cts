/** Answers without an end, or without a bound: no request waits for ever, and none fills the memory. */

import { gzipSync } from 'node:zlib';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { toneWav } from '../engine/support/audio.cts';
import type { Play } from '../sandbox/index.cjs';
import { drips, huge, instead, keepsPromising, switchesProtocol } from './support/plays.cts';
import { testRows, type Observed, type Row } from './support/rows.cts';
import { impatiently, people, useStage, type Send } from './support/stage.cts';

const stage = useStage();

const MB = 1024 * 1024;
/** What an answer may take, in bytes: its limit and what was on the way when it was passed. */
const TAKEN_AT_MOST = 16 * MB;
const HUGE = 96 * MB;
/** Time within which a run of a few requests with deadlines of a second ends, in ms. */
const SOON_MS = 9_000;

async function observe(send: Send = {}): Promise<Observed> {
	const { told, shown } = await stage.send(send);
	return { accepted: stage.sandbox.messages().length, told, shown };
}

const ENDLESS: Array<[string, Play]> = [
	['a body that drips', drips()],
	['a body that drips fast', drips(1)],
	['101', switchesProtocol],
	['102 again and again', keepsPromising],
	['no answer', async (exchange) => void (await exchange.process())],
];

/** Requests on the way to a message, and what must come of an item if each never ends. */
const STEPS: Array<{ step: string; path: string; told: string; accepted: number; send?: () => Send }> = [
	{ step: 'lines', path: '/api/lines', told: 'sent', accepted: 1 },
	{ step: 'upload', path: '/api/upload-file', told: 'failed', accepted: 0 },
	{ step: 'send', path: '/api/send-message', told: 'sent', accepted: 1 },
	{
		step: 'Avoid Duplicates',
		path: '/api/v2/messages',
		told: 'failed',
		accepted: 0,
		send: () => ({ options: { deduplicationKey: stage.freshKey() } }),
	},
	{
		step: 'iMessage check',
		path: '/api/evaluate-service',
		told: 'sent',
		accepted: 1,
		send: () => ({ options: { ifNoIMessage: 'skip' } }),
	},
	{
		step: 'delivery',
		path: '/api/v2/messages',
		told: 'sent',
		accepted: 1,
		send: () => ({ options: { waitForDelivery: 0.3 } }),
	},
];

jest.setTimeout(40_000);

for (const { step, path, told, accepted, send } of STEPS) {
	testRows(
		`${step} without an end`,
		ENDLESS.map(
			([name, play]): Row => ({
				name,
				wanted: { accepted, told },
				play: async () => {
					stage.play(path, play);
					return await observe(send?.());
				},
			}),
		),
	);
}

testRows('a batch', [
	{
		name: 'goes on after an answer that drips',
		wanted: { accepted: 4, told: 'sent, sent, sent, sent' },
		play: async () => {
			stage.play('/api/send-message', drips(), { nth: 2, times: 1 });
			return await observe({ items: people(4), node: { onError: 'continueRegularOutput' } });
		},
	},
	{
		name: 'goes on after an upload that drips once',
		wanted: { accepted: 4, told: 'sent, sent, sent, sent' },
		play: async () => {
			stage.play('/api/upload-file', drips(), { nth: 2, times: 1 });
			return await observe({ items: people(4), node: { onError: 'continueRegularOutput' } });
		},
	},
]);

const BOMB = gzipSync(
	Buffer.concat([Buffer.from('{"status":"OK","data":"'), Buffer.alloc(300 * MB, 0x20), Buffer.from('"}')]),
);

testRows('an answer without a bound', [
	...STEPS.flatMap(({ step, path, told, accepted, send }): Row[] => [
		{
			name: `${step}: ${HUGE / MB} MB`,
			wanted: { accepted, told, isBounded: true },
			play: async () => {
				const { counter, play } = huge(HUGE);
				stage.play(path, play);
				const before = counter.taken;
				const observed = await observe(send?.());
				const answers = stage.sandbox.requests().filter((request) => request.path === path).length;
				return { ...observed, isBounded: counter.taken - before <= answers * TAKEN_AT_MOST };
			},
		},
		{
			name: `${step}: ${(BOMB.length / MB).toFixed(1)} MB that unpack to 300`,
			wanted: { accepted, told, isBounded: true },
			play: async () => {
				stage.play(path, async (exchange) => {
					await exchange.process();
					exchange.send({ status: 200, headers: { 'content-encoding': 'gzip' }, body: BOMB });
				});
				const growth = watchMemory();
				const observed = await observe(send?.());
				return { ...observed, isBounded: growth() < 100 * MB };
			},
		},
	]),
	{
		name: 'a refusal with 96 MB of words',
		wanted: { accepted: 0, told: 'unknown', isBounded: true },
		play: async () => {
			const { counter, play } = huge(HUGE);
			stage.play('/api/send-message', async (exchange) => {
				exchange.process = async () => await Promise.resolve({ status: 500, body: {} });
				await play(exchange);
			});
			const observed = await observe();
			return { ...observed, isBounded: counter.taken <= TAKEN_AT_MOST };
		},
	},
	{
		name: 'nine million bytes are an answer',
		wanted: { accepted: 1, told: 'sent' },
		play: async () => {
			stage.play('/api/send-message', async (exchange) => {
				const reply = await exchange.process();
				exchange.send({ ...reply, body: { ...(reply.body as object), more: 'x'.repeat(9_000_000) } });
			});
			return await observe();
		},
	},
]);

/** The most memory in use above that of now, in bytes. */
function watchMemory(): () => number {
	const used = (): number => {
		const { heapUsed, external } = process.memoryUsage();
		return heapUsed + external;
	};
	const start = used();
	let most = start;
	const timer = setInterval(() => (most = Math.max(most, used())), 5);
	return () => {
		clearInterval(timer);
		return most - start;
	};
}

const FROM_NOWHERE = { from: { __rl: true, mode: 'number', value: '+15559990000' } };

testRows('long lists in errors', [
	{
		name: '5,000 lines',
		wanted: { accepted: 0, told: 'failed', isShort: true },
		play: async () => {
			const numbers = Array.from({ length: 5_000 }, (_, index) => `+1555${String(2_000_000 + index)}`);
			stage.play('/api/lines', instead({ status: 200, body: { numbers } }));
			const observed = await observe({ parameters: FROM_NOWHERE });
			return { ...observed, isShort: observed.shown.length < 2_000 };
		},
	},
	{
		name: 'a refusal of a million characters',
		wanted: { accepted: 0, told: 'failed', isShort: true },
		play: async () => {
			const message = 'no '.repeat(333_333);
			stage.play('/api/send-message', instead({ status: 400, body: { status: 'ERROR', error_code: 4000, message } }));
			const observed = await observe();
			return { ...observed, isShort: observed.shown.length < 2_000 };
		},
	},
	{
		name: 'a code of a million characters',
		wanted: { accepted: 0, told: 'failed', isShort: true },
		play: async () => {
			const body = { status: 'ERROR', error_code: 'X'.repeat(1_000_000), message: 'no' };
			stage.play('/api/send-message', instead({ status: 400, body }));
			const observed = await observe();
			return { ...observed, isShort: observed.shown.length < 2_000 };
		},
	},
	{
		name: 'a line of a million characters',
		wanted: { accepted: 0, told: 'failed', isShort: true },
		play: async () => {
			stage.play('/api/lines', instead({ status: 200, body: { numbers: [`+${'1'.repeat(1_000_000)}`] } }));
			const observed = await observe({ parameters: FROM_NOWHERE });
			return { ...observed, isShort: observed.shown.length < 2_000 };
		},
	},
]);

testRows('audio from an address', [
	{
		name: 'that drips: refused, and soon',
		wanted: { accepted: 0, told: 'failed', isSoon: true },
		play: async () => {
			return await withServer(
				(_url, write) => {
					const timer = setInterval(() => write(Buffer.from('x')), 20);
					return () => clearInterval(timer);
				},
				async (url) => {
					const start = Date.now();
					const parameters = { audioSource: 'url', audioUrl: `${url}/a.wav` };
					const observed = await impatiently(async () => await observe({ parameters }));
					return { ...observed, isSoon: Date.now() - start < SOON_MS };
				},
			);
		},
	},
	{
		name: 'that comes slowly, but comes',
		wanted: { accepted: 1, told: 'sent' },
		play: async () => {
			const wav = toneWav(0.5);
			return await withServer(
				(_url, write, end) => {
					let at = 0;
					const timer = setInterval(() => {
						write(wav.subarray(at, (at += 4_000)));
						if (at >= wav.length) end();
					}, 20);
					return () => clearInterval(timer);
				},
				async (url) => await observe({ parameters: { audioSource: 'url', audioUrl: `${url}/a.wav` } }),
			);
		},
	},
]);

async function withServer(
	serve: (path: string, write: (bytes: Buffer) => void, end: () => void) => () => void,
	body: (url: string) => Promise<Observed>,
): Promise<Observed> {
	const server = createServer((request, response) => {
		response.writeHead(200, { 'content-type': 'audio/wav' });
		const stop = serve(
			String(request.url),
			(bytes) => response.write(bytes),
			() => response.end(),
		);
		response.once('close', stop);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	try {
		return await body(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
	} finally {
		server.closeAllConnections();
		server.close();
	}
}
