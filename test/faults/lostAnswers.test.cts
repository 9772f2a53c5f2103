/** A request that was written may have been carried out: whatever the connection, or the status, says afterwards. */

import { createServer } from 'node:http';

import { LINES, type Reply } from '../sandbox/index.cjs';
import { PERSON } from '../engine/support/sendblueWorkflow.cts';
import {
	acceptedThenCut,
	answering,
	forPerson,
	instead,
	listsNothing,
	raw,
	socketError,
	socketErrors,
	socketFails,
} from './support/plays.cts';
import { testRows, type Observed, type Row } from './support/rows.cts';
import { retrying, useStage, type Send } from './support/stage.cts';

const stage = useStage();
const SEND = '/api/send-message';
const LIST = '/api/v2/messages';

async function observe(send: Send = {}): Promise<Observed> {
	const { told, shown } = await stage.send(send);
	return { accepted: stage.sandbox.messages().length, told, shown };
}

const ERRNOS = [
	'EHOSTUNREACH',
	'ENETUNREACH',
	'ENETDOWN',
	'EHOSTDOWN',
	'ECONNREFUSED',
	'ECONNRESET',
	'ECONNABORTED',
	'ETIMEDOUT',
	'EPIPE',
	'EADDRNOTAVAIL',
	'ENOTFOUND',
	'EAI_AGAIN',
	'EPROTO',
	'EINVAL',
];

const afterTheWrite = ERRNOS.flatMap((code): Row[] =>
	[
		{ syscall: 'read', name: `read ${code}` },
		{ syscall: 'write', name: `write ${code}` },
		{ syscall: undefined, name: `${code} of no system call` },
	].flatMap(({ syscall, name }) => [
		{
			name: `${name}: found, and not sent again`,
			wanted: { accepted: 1, told: 'sent' },
			play: async () => {
				stage.play(
					SEND,
					socketFails(() => socketError(code, syscall)),
					{ times: 2 },
				);
				return await observe({ node: retrying(2) });
			},
		},
	]),
);

testRows('the connection fails after the request was written', [
	...afterTheWrite,
	...['EHOSTUNREACH', 'ECONNREFUSED'].map(
		(code): Row => ({
			name: `read ${code}, and the message is not listed`,
			wanted: { accepted: 1, told: 'unknown' },
			play: async () => {
				stage.play(
					SEND,
					socketFails(() => socketError(code, 'read')),
				);
				stage.play(LIST, listsNothing);
				return await observe({ node: retrying(3) });
			},
		}),
	),
	{
		name: 'several errors in one, none of them of connecting',
		wanted: { accepted: 1, told: 'sent' },
		play: async () => {
			stage.play(
				SEND,
				socketFails(() => socketErrors('ECONNREFUSED', 'read')),
				{ times: 2 },
			);
			return await observe({ node: retrying(2) });
		},
	},
]);

testRows('the connection fails before the request was written', [
	{
		name: 'nothing listens any more: said to be not sent, without a look',
		wanted: { accepted: 0, told: 'failed', looks: 0 },
		play: async () => {
			const door = await startDoor();
			stage.play('/api/upload-file', async (exchange) => {
				const reply = await exchange.process();
				exchange.response.once('finish', () => void door.shut());
				exchange.send({ ...reply, headers: { connection: 'close' } });
			});
			const observed = await observe({ credential: { baseUrl: door.url } });
			await door.shut();
			return { ...observed, looks: stage.sandbox.requests().filter(({ path }) => path === LIST).length };
		},
	},
	{
		name: 'neither address of the name answers',
		wanted: { accepted: 0, told: 'failed' },
		play: async () => await observe({ credential: { baseUrl: 'http://localhost:1' } }),
	},
	{
		name: 'the server speaks no TLS',
		wanted: { accepted: 0, told: 'failed' },
		play: async () => await observe({ credential: { baseUrl: stage.sandbox.url.replace('http:', 'https:') } }),
	},
]);

/** A way to the sandbox that can be shut between two requests. */
async function startDoor(): Promise<{ url: string; shut: () => Promise<void> }> {
	const { connect, createServer: createTcpServer } = await import('node:net');
	const server = createTcpServer((socket) => {
		const onward = connect(stage.sandbox.port, '127.0.0.1');
		socket.pipe(onward).pipe(socket);
		socket.on('error', () => onward.destroy());
		onward.on('error', () => socket.destroy());
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as { port: number };
	return {
		url: `http://127.0.0.1:${port}`,
		shut: async () => await new Promise<void>((resolve) => server.close(() => resolve())),
	};
}

const unclear = [408, 425, 440, 449, 463, 499, 502, 504, 520, 524];

testRows('a status that says nothing about the message', [
	...unclear.flatMap((status): Row[] => [
		{
			name: `${status}, though accepted`,
			wanted: { accepted: 1, told: 'sent' },
			play: async () => {
				stage.play(
					SEND,
					answering(() => ({ message: 'Later' }), status),
				);
				return await observe({ node: retrying(3) });
			},
		},
		{
			name: `${status}, though accepted, and not listed`,
			wanted: { accepted: 1, told: 'unknown' },
			play: async () => {
				stage.play(
					SEND,
					answering(() => ({ message: 'Later' }), status),
				);
				stage.play(LIST, listsNothing);
				return await observe({ node: retrying(3) });
			},
		},
		{
			name: `${status}, and not accepted`,
			wanted: { accepted: 0, told: 'unknown' },
			play: async () => {
				stage.play(SEND, instead({ status, body: { message: 'Later' } }));
				return await observe({ node: retrying(2) });
			},
		},
	]),
	...[204, 206, 202].map(
		(status): Row => ({
			name: `${status} without a body, though accepted`,
			wanted: { accepted: 1, told: 'sent' },
			play: async () => {
				stage.play(SEND, async (exchange) => {
					await exchange.process();
					exchange.response.writeHead(status).end();
				});
				return await observe({ node: retrying(3) });
			},
		}),
	),
]);

testRows('429', [
	...[1, 2, 5].map(
		(times): Row => ({
			name: `${times} times, though accepted`,
			wanted: { accepted: 1, told: 'sent' },
			play: async () => {
				stage.play(
					SEND,
					answering(() => ({ message: 'Rate limit exceeded' }), 429),
					{ times },
				);
				return await observe();
			},
		}),
	),
	{
		name: 'without end, though accepted, under Retry On Fail',
		wanted: { accepted: 1, told: 'sent' },
		play: async () => {
			stage.play(
				SEND,
				answering(() => ({ message: 'Rate limit exceeded' }), 429),
			);
			return await observe({ node: retrying(4) });
		},
	},
	{
		name: 'though accepted, of a text to a group of numbers',
		wanted: { accepted: 1, told: 'sent' },
		play: async () => {
			stage.play(
				'/api/send-group-message',
				answering(() => ({ message: 'Rate limit exceeded' }), 429),
				{ times: 2 },
			);
			return await observe({ parameters: { recipientType: 'numbers', numbers: `${PERSON}, +14155550124` } });
		},
	},
	...[
		['cannot be read', raw('{}', 503)],
		['is empty for an error', raw('{"data":[],"errors":["timeout"]}')],
		['is empty and partial', raw('{"data":[],"partial":true}')],
		['holds something else', raw('{"data":[{}]}')],
	].map(
		([what, reply]): Row => ({
			name: `though accepted, and the list ${String(what)}`,
			wanted: { accepted: 1, told: 'unknown' },
			play: async () => {
				stage.play(
					SEND,
					answering(() => ({ message: 'Rate limit exceeded' }), 429),
				);
				stage.play(LIST, instead(reply as Reply));
				return await observe({ node: retrying(3) });
			},
		}),
	),
	{
		name: 'once, and not accepted: sent after the pause',
		wanted: { accepted: 1, told: 'sent' },
		play: async () => {
			stage.play(SEND, instead({ status: 429, body: { message: 'Rate limit exceeded' } }), { times: 2 });
			return await observe();
		},
	},
	{
		name: 'without end, and never accepted',
		wanted: { accepted: 0, told: 'failed' },
		play: async () => {
			stage.play(SEND, instead({ status: 429, body: { message: 'Rate limit exceeded' } }));
			return await observe();
		},
	},
]);

testRows('Retry On Fail, if expressions return something else in each try', [
	...[
		['the text', { content: 'It is {{ $now.toMillis() }}' }, {}],
		['the audio and its name', {}, { fileName: 'Note{{ $now.toMillis() }}.caf' }],
		['the reply', {}, { statusCallback: 'https://example.com/{{ $now.toMillis() }}' }],
	].map(
		([what, parameters, options]): Row => ({
			name: `${String(what)}, and the message is not listed`,
			wanted: { accepted: 1, told: 'unknown' },
			play: async () => {
				stage.play(SEND, acceptedThenCut);
				stage.play(LIST, listsNothing);
				const asExpressions = (fields: unknown) =>
					Object.fromEntries(
						Object.entries(fields as Record<string, string>).map(([name, text]) => [name, `=${text}`]),
					);
				return await observe({
					node: retrying(5),
					parameters: asExpressions(parameters),
					options: asExpressions(options),
				});
			},
		}),
	),
	...['converted', 'sent as it is', 'signed'].flatMap((kind): Row[] => [
		{
			name: `the address of audio that is ${kind}: unknown`,
			wanted: { accepted: 1, told: 'unknown' },
			play: async () => {
				stage.play(SEND, acceptedThenCut);
				stage.play(LIST, listsNothing);
				return await withAudio(kind, async (audioUrl) => {
					return await observe({ node: retrying(5), parameters: { audioSource: 'url', audioUrl } });
				});
			},
		},
		{
			name: `the address of audio that is ${kind}: a later item fails`,
			wanted: { accepted: 1, told: 'failed' },
			play: async () => {
				stage.play(SEND, forPerson('+14155550124', instead({ status: 400, body: { message: 'Not to this one' } })));
				return await withAudio(kind, async (audioUrl) => {
					const items = [{ json: { to: PERSON } }, { json: { to: '+14155550124' } }];
					return await observe({ items, node: retrying(5), parameters: { audioSource: 'url', audioUrl } });
				});
			},
		},
	]),
	{
		name: 'the address of the media of a text message',
		wanted: { accepted: 1, told: 'unknown' },
		play: async () => {
			stage.play(SEND, acceptedThenCut);
			stage.play(LIST, listsNothing);
			return await withAudio('sent as it is', async (mediaUrl) => {
				return await observe({ node: retrying(5), parameters: { resource: 'message', mediaSource: 'url', mediaUrl } });
			});
		},
	},
	{
		name: 'the line',
		wanted: { accepted: 1, told: 'unknown' },
		play: async () => {
			stage.play(SEND, acceptedThenCut);
			stage.play(LIST, listsNothing);
			const value = `={{ $now.toMillis() % 2 ? '${LINES[0]}' : '${LINES[1]}' }}`;
			return await observe({ node: retrying(6), parameters: { from: { __rl: true, mode: 'id', value } } });
		},
	},
	{
		name: 'the key of Avoid Duplicates',
		wanted: { accepted: 1, told: 'unknown' },
		play: async () => {
			stage.play(SEND, acceptedThenCut);
			stage.play(LIST, listsNothing);
			return await observe({ node: retrying(5), options: { deduplicationKey: '={{ "k" + $now.toMillis() }}' } });
		},
	},
]);

/** Calls `body` with an expression that gives another address of the same audio each time. */
async function withAudio(kind: string, body: (audioUrl: string) => Promise<Observed>): Promise<Observed> {
	const { toneWav } = await import('../engine/support/audio.cts');
	const { toVoiceNote } = await import('../../nodes/Sendblue/voiceNote');
	const wav = toneWav(0.3);
	const note = Buffer.from((await toVoiceNote(wav)).bytes);
	const server = createServer((request, response) => {
		response.end(String(request.url).includes('.caf') ? note : wav);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as { port: number };
	const path = { converted: 'a.wav?t=', 'sent as it is': 'a.caf?t=', signed: 'a.caf?X-Amz-Signature=' }[kind];
	try {
		return await body(`=http://127.0.0.1:${port}/${path}{{ $now.toMillis() }}`);
	} finally {
		server.closeAllConnections();
		server.close();
	}
}
