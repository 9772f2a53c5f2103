import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

import type { Exchange, Play, Reply } from '../../sandbox/index.cjs';

/** The node's own ends of its connections, while they live. */
const clientSockets = new Set<Socket>();
subscribe('net.client.socket', (message) => {
	const { socket } = message as { socket: Socket };
	clientSockets.add(socket);
	socket.once('close', () => clientSockets.delete(socket));
});

type Body = Record<string, unknown>;

/** Carries the request out and gives its answer another body or status. */
export const answering =
	(change: (body: Body, exchange: Exchange) => unknown, status?: number, headers?: Record<string, string>): Play =>
	async (exchange) => {
		const reply = await exchange.process();
		exchange.send({ status: status ?? reply.status, headers, body: change(reply.body as Body, exchange) });
	};

/** Plays if the request is about a certain person; else Sendblue is honest. */
export const forPerson =
	(number: string, play: Play): Play =>
	async (exchange) => {
		const { body } = await exchange.receive();
		if (body.number === number) await play(exchange);
		else exchange.send(await exchange.process());
	};

/** Answers without doing anything. */
export const instead =
	(reply: Reply): Play =>
	async (exchange) => {
		await exchange.drain();
		exchange.send(reply);
	};

/** Bytes as they are, whatever they claim to be. */
export const raw = (text: string, status = 200): Reply => ({ status, body: Buffer.from(text) });

/** Carries the request out and cuts the connection in place of an answer. */
export const acceptedThenCut: Play = async (exchange) => {
	await exchange.process();
	exchange.cut();
};

/** Cuts the connection before the request has any effect. */
export const lost: Play = async (exchange) => {
	await exchange.drain();
	exchange.cut();
};

/** Carries the request out; then the node's own socket fails, as it does when the network goes away. */
export const socketFails =
	(error: () => Error): Play =>
	async (exchange) => {
		await exchange.process();
		clientEnd(exchange.request.socket).destroy(error());
		exchange.cut();
	};

/** An error of a socket as Node.js makes it. */
export function socketError(code: string, syscall?: string): Error {
	const message = [syscall, code].filter(Boolean).join(' ');
	return Object.assign(new Error(message), { code, errno: -113, ...(syscall ? { syscall } : {}) });
}

/** Several of them in one, as connecting to a name with several addresses gives. */
export const socketErrors = (code: string, syscall: string): Error =>
	Object.assign(new AggregateError([socketError(code, syscall), socketError(code, syscall)]), { code });

function clientEnd(serverEnd: Socket): Socket {
	const found = [...clientSockets].find(({ localPort }) => localPort === serverEnd.remotePort);
	if (!found) throw new Error('the connection is not one of this process');
	return found;
}

/** Lists no message, whatever was accepted, so that the outcome cannot be determined. */
export const listsNothing: Play = async (exchange) => {
	await exchange.drain();
	exchange.send({ status: 200, body: { status: 'OK', data: [], pagination: { total: 0, hasMore: false } } });
};

/** Begins an answer and never comes to its end: a byte every few milliseconds. */
export const drips =
	(everyMs = 50): Play =>
	async (exchange) => {
		await exchange.process();
		const { response } = exchange;
		response.writeHead(200, { 'content-type': 'application/json' });
		const timer = setInterval(() => response.write(' '), everyMs);
		response.once('close', () => clearInterval(timer));
	};

/** Switches to a protocol nobody asked for, and says no more. */
export const switchesProtocol: Play = async (exchange) => {
	await exchange.process();
	exchange.request.socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n');
};

/** Sends status lines that announce an answer, over and over. */
export const keepsPromising: Play = async (exchange) => {
	await exchange.process();
	const { socket } = exchange.request;
	const timer = setInterval(() => socket.write('HTTP/1.1 102 Processing\r\n\r\n'), 50);
	socket.once('close', () => clearInterval(timer));
};

/** Answers with so many bytes; `taken` counts those that left. */
export function huge(
	bytes: number,
	headers: Record<string, string> = {},
	filling: Buffer = Buffer.alloc(1 << 16, 0x20),
) {
	const counter = { taken: 0 };
	const play: Play = async (exchange) => {
		await exchange.process();
		const { response } = exchange;
		response.writeHead(200, { 'content-type': 'application/json', ...headers });
		response.write('{"status":"OK","data":"');
		while (counter.taken < bytes && !response.destroyed) {
			counter.taken += filling.length;
			if (response.write(filling)) continue;
			await new Promise<void>((resolve) => {
				const go = (): void => {
					response.off('drain', go).off('close', go);
					resolve();
				};
				response.once('drain', go).once('close', go);
			});
		}
		response.end('"}');
	};
	return { counter, play };
}
