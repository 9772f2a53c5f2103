import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { SANDBOX_KEY_ID, SANDBOX_SECRET_KEY, startSandbox, type FaultRule, type Sandbox } from '../sandbox/index.cjs';
import { startEngine, type Engine, type RunResult } from '../engine/support/engine.cjs';

import { wavFile } from '../engine/support/audio.cts';
import { sandboxCredential, sendNode } from '../engine/support/sendblueWorkflow.cts';
import { shortenTimings } from '../engine/support/shortTimings.cts';

const LOG_METHODS = ['error', 'warn', 'info', 'debug'] as const;

let runs = 0;
let sandbox: Sandbox;
let engine: Engine;

beforeAll(async () => {
	sandbox = await startSandbox();
	engine = await startEngine();
	shortenTimings(engine);
});

afterEach(() => {
	sandbox.reset();
	jest.restoreAllMocks();
});

afterAll(async () => {
	await sandbox.close();
	await engine.stop();
});

/** Runs a send and returns it with all that n8n stored, showed and logged. */
async function sendWatched(baseUrl = sandbox.url): Promise<{ result: RunResult; text: string }> {
	const logger = engine.logger as unknown as Record<(typeof LOG_METHODS)[number], (...parts: unknown[]) => void>;
	const logs = LOG_METHODS.map((method) => jest.spyOn(logger, method));
	const result = await engine.run({
		items: [{ files: { data: wavFile() } }],
		nodes: [
			sendNode(engine, {
				options: {
					deduplicationKey: `event-${++runs}`,
					allowance: 'skip',
					ifNoIMessage: 'skip',
					waitForDelivery: 0.1,
					typingSeconds: 0.01,
				},
			}),
		],
		credentials: sandboxCredential(sandbox, { baseUrl }),
	});
	const seen = new Set<unknown>();
	const text = JSON.stringify([result.raw, logs.map(({ mock }) => mock.calls)], (_name, value: unknown) => {
		if (typeof value !== 'object' || value === null) return value;
		if (seen.has(value)) return undefined;
		seen.add(value);
		return value instanceof Error ? { ...value, message: value.message, stack: value.stack } : value;
	});
	return { result, text };
}

async function listen(server: Server): Promise<string> {
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const ECHO = { status: 'ERROR', message: `Wrong keys ${SANDBOX_KEY_ID} / ${SANDBOX_SECRET_KEY}`, error_code: 4000 };

it.each([
	'/api/lines',
	'/api/v2/lines/usage',
	'/api/v2/messages',
	'/api/evaluate-service',
	'/api/upload-file',
	'/api/send-typing-indicator',
	'/api/send-message',
])('keys that %s repeats in its answers do not come through', async (path) => {
	const rules: FaultRule[] = [400, 500, 403].map((status) => ({ path, kind: 'status', status, body: ECHO, times: 2 }));
	sandbox.setFaults(rules);
	const { text } = await sendWatched();

	expect(text).not.toContain(SANDBOX_SECRET_KEY);
	expect(text).not.toContain(SANDBOX_KEY_ID);
});

it('a good send shows no keys either', async () => {
	const { result, text } = await sendWatched();

	expect(result.error).toBeUndefined();
	expect(text).not.toContain(SANDBOX_SECRET_KEY);
	expect(text).not.toContain(SANDBOX_KEY_ID);
});

it.each([301, 302, 303, 307, 308])('a redirect (%d) is not followed, so the keys stay', async (status) => {
	const reached: string[] = [];
	const stranger = createServer((request, response) => {
		reached.push(String(request.url));
		response.end('{}');
	});
	const strangerUrl = await listen(stranger);
	const redirecting = createServer((request, response) => {
		request.resume();
		response.writeHead(status, { location: `${strangerUrl}${request.url}` }).end();
	});
	const { result, text } = await sendWatched(await listen(redirecting));
	for (const server of [stranger, redirecting]) {
		server.closeAllConnections();
		server.close();
	}

	expect(reached).toEqual([]);
	expect(result.error?.message).toContain('redirect');
	expect(text).not.toContain(SANDBOX_SECRET_KEY);
});

it('if nothing listens, nothing is sent and the user is told so', async () => {
	const closed = createServer();
	const url = await listen(closed);
	await new Promise((resolve) => closed.close(resolve));
	const { result } = await sendWatched(url);

	expect(result.error?.message).toContain('could not be reached');
	expect(result.error?.description).toContain('No message was sent');
});
