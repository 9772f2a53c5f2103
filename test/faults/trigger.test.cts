/** What comes in from outside: many voice notes at once, events told again, addresses that lead elsewhere. */

import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { IDataObject } from 'n8n-workflow';

import { toVoiceNote } from '../../nodes/Sendblue/voiceNote';
import { toneWav } from '../engine/support/audio.cts';
import { sandboxCredential } from '../engine/support/sendblueWorkflow.cts';
import { startTriggerHost, TRIGGER, type TriggerHost } from '../engine/support/triggerHost.cjs';
import { testRows, type Observed, type Row } from './support/rows.cts';
import { impatiently, useStage } from './support/stage.cts';

const stage = useStage({ settings: { webhookRetryDelaysMs: [5, 5, 5] } });

jest.setTimeout(60_000);

let note: Buffer;
let host: TriggerHost;
beforeAll(async () => {
	note = Buffer.from((await toVoiceNote(toneWav(0.5))).bytes);
});
afterEach(async () => await host.close());

async function listen(parameters: IDataObject = {}): Promise<void> {
	host = await startTriggerHost(stage.engine, { parameters, credentials: sandboxCredential(stage.sandbox) });
	await host.activate();
}

/** All items of all executions, once there are so many executions or nothing more comes. */
async function items(executions: number, waitMs = 20_000): Promise<IDataObject[]> {
	for (let waited = 0; host.executions.length < executions && waited < waitMs; waited += 10) await pause(10);
	return host.executions.map((execution) => {
		const [item] = execution.items(TRIGGER);
		return { ...item.json, hasFile: item.binary !== undefined };
	});
}

const pause = async (ms: number): Promise<void> => await new Promise((resolve) => setTimeout(resolve, ms));

async function withServer<T>(listener: RequestListener, body: (url: string) => Promise<T>): Promise<T> {
	const server = createServer(listener);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	try {
		return await body(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
	} finally {
		server.closeAllConnections();
		server.close();
	}
}

/** Lets so many notes come in at once from a storage that answers after a moment. */
async function flood(count: number, answerAfterMs: number): Promise<Observed> {
	await listen();
	let now = 0;
	let most = 0;
	const serve: RequestListener = (_request, response) => {
		now += 1;
		most = Math.max(most, now);
		response.once('close', () => (now -= 1));
		setTimeout(() => response.end(note), answerAfterMs);
	};
	return await withServer(serve, async (url) => {
		const inbound = Array.from({ length: count }, async (_, index) => {
			return await stage.sandbox.deliverInbound({ media_url: `${url}/Note${index}.caf`, content: `note ${index}` });
		});
		await Promise.all(inbound);
		const all = await items(count);
		const contents = new Set(all.map(({ content }) => content));
		return {
			accepted: host.executions.length,
			told: '',
			shown: '',
			mostAtOnce: most,
			isBounded: most <= 5,
			isComplete: contents.size === count,
			// What has no file keeps its address and says why.
			isTold: all.every(({ hasFile, voiceNoteError, media_url }) => hasFile || (voiceNoteError && media_url)),
			files: all.filter(({ hasFile }) => hasFile).length,
		};
	});
}

testRows('many voice notes at once', [
	{
		name: 'thirty: a few are downloaded at a time, and all get theirs',
		wanted: { accepted: 30, isBounded: true, isComplete: true, isTold: true, files: 30 },
		play: async () => await flood(30, 300),
	},
	{
		name: 'two hundred: what waits is bounded, and who is turned away keeps the address',
		wanted: { accepted: 200, isBounded: true, isComplete: true, isTold: true },
		play: async () => await flood(200, 300),
	},
	{
		name: 'a storage that drips holds nobody else up for ever',
		wanted: { isComplete: true },
		play: async () => {
			await listen();
			const serve: RequestListener = (request, response) => {
				if (!request.url?.includes('slow')) {
					response.end(note);
					return;
				}
				const timer = setInterval(() => response.write('x'), 20);
				response.once('close', () => clearInterval(timer));
			};
			const drip = async (url: string): Promise<Observed> => {
				for (let index = 0; index < 6; index++)
					void stage.sandbox.deliverInbound({ media_url: `${url}/slow${index}.caf` });
				await pause(100);
				await stage.sandbox.deliverInbound({ media_url: `${url}/quick.caf`, content: 'quick' });
				const isQuick = ({ content }: IDataObject) => content === 'quick';
				let isComplete = false;
				for (let waited = 0; !isComplete && waited < 10_000; waited += 50) {
					await pause(50);
					isComplete = (await items(0)).some(isQuick);
				}
				return { accepted: host.executions.length, told: '', shown: '', isComplete };
			};
			return await impatiently(async () => await withServer(serve, drip));
		},
	},
]);

const EVENTS: Array<[string, string, IDataObject]> = [
	[
		'a call',
		'call_log',
		{ from_number: '+14155550123', to_number: '+15550100001', duration: 12, disposition: 'missed' },
	],
	['a call coming in', 'inbound_call', { from_number: '+14155550123', to_number: '+15550100001' }],
	['typing', 'typing_indicator', { number: '+14155550123', is_typing: true, timestamp: '2026-11-26T18:00:00.000Z' }],
	['a contact', 'contact_created', { phone: '+14155550123', first_name: 'Ann' }],
	['a line that is blocked', 'line_blocked', { sendblue_number: '+15550100001' }],
	['a line that was assigned', 'line_assigned', { sendblue_number: '+15550100001' }],
];

testRows('an event told again', [
	...EVENTS.map(
		([name, event, payload]): Row => ({
			name: `${name}, three times: runs once`,
			wanted: { accepted: 1 },
			play: async () => {
				await listen({ event: eventParameter(event) });
				await stage.sandbox.deliverInbound({ event: event as never, payload, repeat: 3 });
				await pause(100);
				return { accepted: host.executions.length, told: '', shown: '' };
			},
		}),
	),
	...EVENTS.map(
		([name, event, payload]): Row => ({
			name: `${name}, the second time with its fields in another order: runs once`,
			wanted: { accepted: 1 },
			play: async () => {
				await listen({ event: eventParameter(event) });
				await stage.sandbox.deliverInbound({ event: event as never, payload });
				const turned = Object.fromEntries(Object.entries(payload).reverse());
				await stage.sandbox.deliverInbound({ event: event as never, payload: turned });
				await pause(100);
				return { accepted: host.executions.length, told: '', shown: '' };
			},
		}),
	),
	{
		name: 'two calls that differ: run twice',
		wanted: { accepted: 2 },
		play: async () => {
			await listen({ event: eventParameter('call_log') });
			for (const duration of [12, 13]) {
				await stage.sandbox.deliverInbound({ event: 'call_log', payload: { from_number: '+14155550123', duration } });
			}
			await pause(100);
			return { accepted: host.executions.length, told: '', shown: '' };
		},
	},
	...[
		['DELIVERED', 'delivered'],
		['delivered', 'DELIVERED'],
		['Delivered', 'DELIVERED'],
	].map(
		([first, second]): Row => ({
			name: `${first} and ${second} are one state`,
			wanted: { accepted: 1 },
			play: async () => await states(first, second),
		}),
	),
	{ name: 'SENT and DELIVERED are two', wanted: { accepted: 2 }, play: async () => await states('SENT', 'DELIVERED') },
]);

const eventParameter = (type: string): string =>
	({
		call_log: 'callLog',
		inbound_call: 'inboundCall',
		typing_indicator: 'typingIndicator',
		contact_created: 'contactCreated',
		line_blocked: 'lineBlocked',
		line_assigned: 'lineAssigned',
	})[type] ?? type;

async function states(...all: string[]): Promise<Observed> {
	await listen({ event: 'messageStatusChanged' });
	for (const status of all) {
		const payload = {
			message_handle: 'one-handle',
			status,
			is_outbound: true,
			number: '+14155550123',
			service: 'iMessage',
		};
		await stage.sandbox.deliverInbound({ event: 'outbound', payload });
	}
	await pause(100);
	return { accepted: host.executions.length, told: '', shown: '' };
}

testRows('the address of a received file', [
	...[
		['a private network', 'https://10.0.0.7/Note.caf'],
		['a link-local address', 'http://169.254.169.254/Note.caf'],
		['a login', 'http://user:secret@127.0.0.1:9/Note.caf'],
		['this machine, if the account is Sendblue’s own', 'http://127.0.0.1:9/Note.caf', 'https://api.sendblue.com'],
	].map(
		([name, address, baseUrl]): Row => ({
			name: `${name} is not asked for, and the message comes through`,
			wanted: { accepted: 1, isRefused: true },
			play: async () => {
				await listen();
				if (baseUrl) host.credentials = sandboxCredential(stage.sandbox, { baseUrl });
				await stage.sandbox.deliverInbound({ media_url: address });
				const [item] = await items(1);
				const error = String(item?.voiceNoteError);
				const isRefused = item?.hasFile === false && /was not downloaded/.test(error) && !error.includes('secret');
				return { accepted: host.executions.length, told: '', shown: error, isRefused };
			},
		}),
	),
	{
		name: 'redirects into another network: is not followed',
		wanted: { accepted: 1, isRefused: true },
		play: async () => {
			await listen();
			const serve: RequestListener = (_request, response) => {
				response.writeHead(302, { location: 'http://169.254.169.254/Note.caf' }).end();
			};
			return await withServer(serve, async (url) => {
				await stage.sandbox.deliverInbound({ media_url: `${url}/Note.caf` });
				const [item] = await items(1);
				const error = String(item?.voiceNoteError);
				return { accepted: host.executions.length, told: '', shown: error, isRefused: /private network/.test(error) };
			});
		},
	},
	{
		name: 'redirects to where the file is: is followed',
		wanted: { accepted: 1, isThere: true },
		play: async () => {
			await listen();
			const serve: RequestListener = (request, response) => {
				if (request.url?.includes('again')) response.end(note);
				else response.writeHead(302, { location: '/again?token=1' }).end();
			};
			return await withServer(serve, async (url) => {
				await stage.sandbox.deliverInbound({ media_url: `${url}/Audio%20Message.caf` });
				const [item] = await items(1);
				return { accepted: host.executions.length, told: '', shown: '', isThere: item?.hasFile };
			});
		},
	},
]);
