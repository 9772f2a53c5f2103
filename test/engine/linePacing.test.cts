import { startSandbox, type Sandbox } from '../sandbox/index.cjs';
import { startEngine, type Engine } from './support/engine.cjs';

import { wavFile } from './support/audio.cts';
import { sandboxCredential, sendNode } from './support/sendblueWorkflow.cts';

// What is measured is when messages arrive, and one may be held up on the way if the machine is busy.
jest.retryTimes(2);

let sandbox: Sandbox;
let engine: Engine;

beforeAll(async () => {
	sandbox = await startSandbox();
	engine = await startEngine();
});

afterEach(() => sandbox.reset());

afterAll(async () => {
	await sandbox.close();
	await engine.stop();
});

test('leaves time between the messages of a line', async () => {
	const file = wavFile();
	await engine.run({
		items: ['+14155550000', '+14155550001', '+14155550002'].map((to) => ({ json: { to }, files: { data: file } })),
		nodes: [sendNode(engine, { to: '={{ $json.to }}', options: { messagesPerSecond: 5 } })],
		credentials: sandboxCredential(sandbox),
	});

	const times = sandbox.messages().map(({ date_sent }) => Date.parse(date_sent));
	expect(times).toHaveLength(3);
	expect(times[1] - times[0]).toBeGreaterThanOrEqual(180);
	expect(times[2] - times[1]).toBeGreaterThanOrEqual(180);
});
