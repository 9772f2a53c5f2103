import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { SANDBOX_KEY_ID, SANDBOX_SECRET_KEY, startSandbox, type Sandbox } from '../sandbox/index.cjs';

import { toneWav } from '../engine/support/audio.cts';

const PEOPLE = Array.from({ length: 20 }, (_, index) => `+1415555${String(2_000 + index)}`);

let sandbox: Sandbox;
let folder: string;

beforeAll(async () => {
	sandbox = await startSandbox();
	folder = mkdtempSync(path.join(tmpdir(), 'batch-'));
	writeFileSync(path.join(folder, 'people.json'), JSON.stringify(PEOPLE));
	writeFileSync(path.join(folder, 'speech.wav'), toneWav(0.3));
});

afterEach(() => sandbox.reset());

afterAll(async () => {
	await sandbox.close();
	rmSync(folder, { recursive: true });
});

/** Runs the batch in a process of its own. */
function startBatch(): { child: ChildProcess; ended: Promise<{ output: string; signal: string | null }> } {
	const child = spawn(
		process.execPath,
		[
			path.join(__dirname, 'support/batchRunner.cjs'),
			sandbox.url,
			SANDBOX_KEY_ID,
			SANDBOX_SECRET_KEY,
			path.join(folder, 'people.json'),
			path.join(folder, 'speech.wav'),
		],
		{ stdio: ['ignore', 'pipe', 'inherit'] },
	);
	let output = '';
	child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
	const ended = new Promise<{ output: string; signal: string | null }>((resolve) =>
		child.on('close', (_code, signal) => resolve({ output, signal })),
	);
	return { child, ended };
}

const numbers = () => sandbox.messages().map(({ number }) => String(number));

it.each([8, 19])(
	'each person has the message once after kill -9 at message %d and a second run',
	async (count) => {
		const { child, ended } = startBatch();
		while (numbers().length < count && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 2));
		child.kill('SIGKILL');
		expect((await ended).signal).toBe('SIGKILL');
		// What was on the wire arrives.
		await sandbox.idle();
		const before = numbers();
		expect(before.length).toBeGreaterThanOrEqual(count);
		expect(before.length).toBeLessThan(PEOPLE.length + 1);

		const second = await startBatch().ended;
		const output = JSON.parse(second.output) as Array<{ number: string; deduplicated?: boolean }>;

		expect(numbers().sort()).toEqual(PEOPLE);
		expect(output.map(({ number }) => number)).toEqual(PEOPLE);
		expect(output.filter(({ deduplicated }) => deduplicated).map(({ number }) => number)).toEqual(before);
	},
	120_000,
);
