import type { IDataObject } from 'n8n-workflow';

import { startSandbox, type FaultRule, type Sandbox } from '../sandbox/index.cjs';
import { startEngine, type Engine, type FeedFile, type FeedItem } from '../engine/support/engine.cjs';

import { toneWav } from '../engine/support/audio.cts';
import { sandboxCredential, sendNode } from '../engine/support/sendblueWorkflow.cts';
import { SHORT_TIMINGS, shortenTimings } from '../engine/support/shortTimings.cts';
import { memoryInUse } from './support/heap.cts';

// It measures, and the machine may be busy with other things at that moment.
jest.retryTimes(2);

const ITEMS = 1_000;

/** Size of each audio file beyond its sound, in bytes: held on to, it would show. */
const BALLAST = 4_000_000;

/** Share of the requests that go wrong. */
const FAULT_SHARE = 0.1;

const MB = 1024 * 1024;

const FAULT_KINDS: ReadonlyArray<Omit<FaultRule, 'path' | 'probability' | 'seed'>> = [
	{ kind: 'status400' },
	{ kind: 'status429' },
	{ kind: 'status500' },
	{ kind: 'status', status: 500, processed: true },
	{ kind: 'status503' },
	{ kind: 'slow', delayMs: 1_500 },
	{ kind: 'cutBeforeRequest' },
	{ kind: 'cutAfterAccepted' },
	{ kind: 'halfResponse' },
	{ kind: 'invalidJson' },
	{ kind: 'htmlError' },
	{ kind: 'errorIn200' },
	{ kind: 'acceptLate', delayMs: 100 },
	{ kind: 'listLate', delayMs: 100 },
];

const FAULTS: FaultRule[] = FAULT_KINDS.map((kind, index) => ({
	...kind,
	path: '/api/',
	probability: FAULT_SHARE / FAULT_KINDS.length,
	seed: 1_000 + index,
}));

let sandbox: Sandbox;
let engine: Engine;

beforeAll(async () => {
	sandbox = await startSandbox();
	engine = await startEngine();
	shortenTimings(engine);
});

afterAll(async () => {
	await sandbox.close();
	await engine.stop();
});

/** A WAV file with a chunk that no reader needs. */
function heavyWav(index: number): FeedFile {
	const ballast = Buffer.alloc(8 + BALLAST, index + 1);
	ballast.write('junk', 0);
	ballast.writeUInt32LE(BALLAST, 4);
	const bytes = Buffer.concat([toneWav(0.2, 300 + 10 * index), ballast]);
	bytes.writeUInt32LE(bytes.length - 8, 4);
	return { bytes, fileName: `Speech${index}.wav`, mimeType: 'audio/wav' };
}

const files = Array.from({ length: 20 }, (_, index) => heavyWav(index));
const person = (index: number) => `+1415${String(5_550_000 + index)}`;
const items: FeedItem[] = Array.from({ length: ITEMS }, (_, index) => ({
	json: { to: person(index), event: `event-${index}` },
	files: { data: files[Math.floor((index * files.length) / ITEMS)] },
}));

async function sendAll(): Promise<IDataObject[]> {
	const options = { deduplicationKey: '={{ $json.event }}' };
	const result = await engine.run({
		items,
		nodes: [sendNode(engine, { to: '={{ $json.to }}', options }, { onError: 'continueRegularOutput' })],
		credentials: sandboxCredential(sandbox),
	});
	return result.items('Sendblue').map(({ json }) => json);
}

/** Memory in use whenever another fifth of the requests is through. */
async function sampled<T>(work: Promise<T>): Promise<{ result: T; memory: number[] }> {
	const memory: number[] = [];
	let isDone = false;
	const result = work.finally(() => (isDone = true));
	const sends = () => sandbox.requests().filter(({ path }) => path === '/api/send-message').length;
	while (!isDone) {
		if (sends() >= (memory.length + 1) * (ITEMS / 5)) memory.push(memoryInUse());
		await new Promise((resolve) => setTimeout(resolve, 250));
	}
	return { result: await result, memory };
}

const outcomeOf = (json: IDataObject) => {
	if (json.error === undefined) return 'sent';
	return String(json.error).startsWith('It is unknown whether') ? 'unknown' : 'failed';
};

it('gives each of 1,000 items one outcome while a tenth of the requests goes wrong', async () => {
	sandbox.setFaults(FAULTS);
	const { result: output, memory } = await sampled(sendAll());
	await sandbox.idle();
	const accepted = new Map<unknown, string[]>();
	for (const { number, message_handle } of sandbox.messages()) {
		accepted.set(number, [...(accepted.get(number) ?? []), message_handle]);
	}
	const faulty = sandbox.requests().filter(({ fault }) => fault !== null).length / sandbox.requests().length;
	const counts = { sent: 0, failed: 0, unknown: 0 };

	expect(output).toHaveLength(ITEMS);
	output.forEach((json, index) => {
		const outcome = outcomeOf(json);
		const handles = accepted.get(person(index)) ?? [];
		counts[outcome] += 1;
		expect(handles.length).toBeLessThanOrEqual(1);
		if (outcome === 'sent') expect(handles).toEqual([json.message_handle]);
		if (outcome === 'failed') expect(handles).toEqual([]);
		if (outcome !== 'sent') expect(json).toMatchObject({ to: person(index), error: expect.stringMatching(/\S/) });
	});
	console.log(
		`${JSON.stringify(counts)}, ${sandbox.messages().length} messages taken, ` +
			`${sandbox.requests().length} requests, ${(faulty * 100).toFixed(1)} % of them faulty, ` +
			`memory ${memory.map((bytes) => `${(bytes / MB).toFixed(0)} MB`).join(', ')}`,
	);
	expect(faulty).toBeGreaterThan(0.07);
	expect(counts.sent).toBeGreaterThan(ITEMS * 0.8);
	expect(counts.unknown).toBeGreaterThan(0);
	expect(memory.length).toBeGreaterThanOrEqual(4);
	// The sandbox itself keeps every request and message, some 15 kB for each item.
	expect(memory[memory.length - 1] - memory[0]).toBeLessThan(30 * MB);

	// After the time in which a message may be listed late.
	await new Promise((resolve) => setTimeout(resolve, SHORT_TIMINGS.lookUpFor));
	// Run once more without faults, everybody has the message, and nobody has it twice.
	sandbox.setFaults([]);
	const again = await sendAll();
	expect(again.map(outcomeOf)).toEqual(items.map(() => 'sent'));
	expect(
		sandbox
			.messages()
			.map(({ number }) => number)
			.sort(),
	).toEqual(items.map(({ json }) => json?.to));
}, 180_000);
