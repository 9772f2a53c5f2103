/**
 * How long a spoken answer takes, from audio to accepted: one item through n8n's engine, in a process that has sent
 * before, to a local Sendblue that answers each request after a fixed time.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { inputFile } from './inputs.mjs';
import { median } from './measure.mjs';
import { DIST } from './paths.mjs';

const require = createRequire(import.meta.url);

/** How long each answer takes, in milliseconds. */
const ANSWER_MS = 200;

const PERSON = '+14155550123';

/** What is measured, with the most it is to take, in milliseconds. */
const CASES = [
	{ name: 'without options', options: {}, target: 500 },
	{
		name: 'with duplicates, iMessage, replies and allowance checked',
		options: { ifNoIMessage: 'skip', ifNeverReplied: 'skip', allowance: 'skip' },
		hasKey: true,
		target: 700,
	},
];

/**
 * @param {number} rounds
 * @returns {Promise<Array<{ name: string, milliseconds: number, requests: number, target: number }>>}
 */
export async function latency(rounds) {
	const { startSandbox, SANDBOX_KEY_ID, SANDBOX_SECRET_KEY, LINES } = require('../test/sandbox/index.cjs');
	const { startEngine } = require('../test/engine/support/engine.cjs');
	const bytes = new Uint8Array(readFileSync(inputFile('mp3', 5)));
	const sandbox = await startSandbox();
	const engine = await startEngine({ packageFolder: path.dirname(DIST) });
	await sandbox.deliverInbound({ from_number: PERSON, sendblue_number: LINES[0], content: 'Hello' });
	sandbox.setFaults([{ path: '/', kind: 'slow', delayMs: ANSWER_MS }]);
	const account = { apiKeyId: SANDBOX_KEY_ID, apiSecretKey: SANDBOX_SECRET_KEY, baseUrl: sandbox.url };
	let sent = 0;
	const send = async ({ options, hasKey }) => {
		const before = sandbox.requests().length;
		const key = hasKey ? { deduplicationKey: `round-${++sent}` } : {};
		const parameters = {
			resource: 'voiceNote',
			operation: 'send',
			from: { __rl: true, mode: 'number', value: LINES[0] },
			to: PERSON,
			options: { messagesPerSecond: 1_000, ...options, ...key },
		};
		const items = [{ json: {}, files: { data: { bytes, fileName: 'speech.mp3' } } }];
		const nodes = [{ name: 'Sendblue', type: engine.typeOf('sendblue'), parameters }];
		const start = performance.now();
		const result = await engine.run({ items, nodes, credentials: { sendblueApi: account } });
		if (result.error) throw result.error;
		return { milliseconds: performance.now() - start, requests: sandbox.requests().length - before };
	};
	const results = [];
	for (const one of CASES) {
		await send(one);
		const runs = [];
		for (let round = 0; round < rounds; round++) runs.push(await send(one));
		const milliseconds = median(runs.map((run) => run.milliseconds));
		results.push({ name: one.name, target: one.target, milliseconds, requests: runs[0].requests });
	}
	await sandbox.close();
	await engine.stop();
	return results;
}
