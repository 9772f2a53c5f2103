import { createServer, request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import FormData from 'form-data';
import { SANDBOX_KEY_ID, SANDBOX_SECRET_KEY } from '../../sandbox/index.cjs';
import type { Sandbox } from '../../sandbox/index.cjs';
import type { Json } from '../../support/json.cts';

export const LINE = '+15550100001';
export const OTHER_LINE = '+15550100002';
export const RECIPIENT = '+19998887777';

export const KEYS = { 'sb-api-key-id': SANDBOX_KEY_ID, 'sb-api-secret-key': SANDBOX_SECRET_KEY };

export interface Answer {
	status: number;
	headers: IncomingHttpHeaders;
	bytes: Buffer;
	text: string;
	/** The body as JSON; null if it is not. */
	json: Json;
}

export interface CallOptions {
	json?: unknown;
	form?: FormData;
	raw?: string | Buffer;
	headers?: Record<string, string>;
	/** Send the sandbox's key pair (the default). */
	keys?: boolean;
}

/** One request on a connection of its own; rejects if the connection is cut before the answer is whole. */
export function call(sandbox: Sandbox, method: string, path: string, options: CallOptions = {}): Promise<Answer> {
	const body = options.form ? options.form.getBuffer() : bodyOf(options);
	const headers: Record<string, string> = {
		...(options.keys === false ? {} : KEYS),
		...(options.json === undefined ? {} : { 'content-type': 'application/json' }),
		...options.form?.getHeaders(),
		...(body === undefined ? {} : { 'content-length': String(body.length) }),
		...options.headers,
	};
	return new Promise((resolve, reject) => {
		const request = httpRequest(sandbox.url + path, { method, headers, agent: false }, (response) => {
			const chunks: Buffer[] = [];
			response.on('data', (chunk: Buffer) => chunks.push(chunk));
			response.on('error', reject);
			response.on('end', () => {
				const bytes = Buffer.concat(chunks);
				const text = bytes.toString('utf8');
				const status = response.statusCode ?? 0;
				resolve({ status, headers: response.headers, bytes, text, json: jsonOf(text) });
			});
		});
		request.on('error', reject);
		request.end(body);
	});
}

function bodyOf({ json, raw }: CallOptions): Buffer | undefined {
	if (json !== undefined) return Buffer.from(JSON.stringify(json));
	return raw === undefined ? undefined : Buffer.from(raw);
}

function jsonOf(text: string): Json {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}

/** Sends a text message that nothing is wrong with, or one with the given fields changed. */
export function send(sandbox: Sandbox, fields: Record<string, unknown> = {}): Promise<Answer> {
	const json = { number: RECIPIENT, from_number: LINE, content: 'Hello', ...fields };
	return call(sandbox, 'POST', '/api/send-message', { json });
}

export function upload(sandbox: Sandbox, bytes: Buffer, fileName = 'AudioMessage.caf'): Promise<Answer> {
	const form = new FormData();
	form.append('file', bytes, { filename: fileName });
	return call(sandbox, 'POST', '/api/upload-file', { form });
}

export interface Received {
	headers: IncomingHttpHeaders;
	body: Json;
}

export interface Receiver {
	url: string;
	received: Received[];
	/** Statuses of the next answers; 200 when used up. */
	answers: number[];
	close(): Promise<void>;
}

/** A server that keeps what is posted to it. */
export async function startReceiver(): Promise<Receiver> {
	const received: Received[] = [];
	const answers: number[] = [];
	const server: Server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			received.push({ headers: request.headers, body: jsonOf(Buffer.concat(chunks).toString('utf8')) });
			response.writeHead(answers.shift() ?? 200).end();
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}/webhook`,
		received,
		answers,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

/** Waits until a condition holds; fails after two seconds. */
export async function until(condition: () => boolean): Promise<void> {
	const end = Date.now() + 2000;
	while (!condition()) {
		if (Date.now() > end) throw new Error('the condition did not come true');
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
}
