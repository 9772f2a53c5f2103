#!/usr/bin/env node
/**
 * `npm run wild`: files as careless programs write them. Of each the generator knows what it holds, so that a voice note
 * with less, more or something else, and a remark without a reason, are found. The same seed gives the same files:
 *
 *   npm run wild -- --cases 2000 --seed 1
 *   npm run wild -- --project DIR             the built conversion of another tree
 *   npm run wild -- --only 4711 --save FILE   one case again, its file kept
 *   npm run wild -- --container ogg --fault positions   only what is named so: `ogg`, `ogg/opus`
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { FAULTS } from './faults/index.mjs';
import { printReport } from './report.mjs';
import { faultOf, loadProject, makeCase, runCase } from './run.mjs';

const { values: options } = parseArgs({
	options: {
		cases: { type: 'string', default: '2000' },
		seed: { type: 'string', default: '1' },
		project: { type: 'string', default: fileURLToPath(new URL('../../', import.meta.url)) },
		only: { type: 'string' },
		save: { type: 'string' },
		container: { type: 'string' },
		fault: { type: 'string' },
		examples: { type: 'string', default: '2' },
		threads: { type: 'string', default: '2' },
		kinds: { type: 'boolean', default: false },
	},
});
const seed = Number(options.seed);
const wanted = ({ container, name }) =>
	(!options.container || container === options.container || container.startsWith(`${options.container}/`)) &&
	(!options.fault || name.includes(options.fault));

/** A thread is replaced after this many cases, so that the memory of the codecs stays bounded. */
const CASES_PER_THREAD = 3_000;

if (options.only) await one(Number(options.only));
else await all();

async function one(number) {
	const fault = faultOf(number);
	console.log(`${fault.container}: ${fault.name} (${fault.kind})`);
	if (options.save) writeFileSync(options.save, (await makeCase(seed, number)).bytes);
	const { outcome, reason } = await runCase(loadProject(options.project), seed, number);
	console.log(`${outcome}${reason ? `: ${reason}` : ''}`);
	process.exitCode = outcome === 'forbidden' || outcome === 'broken' ? 1 : 0;
}

async function all() {
	const numbers = casesToRun(Number(options.cases));
	const results = FAULTS.map((fault) => ({ fault, outcomes: {}, examples: [] }));
	const begun = performance.now();
	const lanes = Math.min(Number(options.threads), numbers.length);
	const queue = numbers.values();
	await Promise.all(
		Array.from({ length: lanes }, () =>
			lane(queue, (number, verdict) => record(results[number % FAULTS.length], number, verdict)),
		),
	);
	const shown = results.filter(({ fault }) => wanted(fault));
	process.exitCode = printReport(shown, { seconds: (performance.now() - begun) / 1_000, seed, kinds: options.kinds })
		? 0
		: 1;
}

function casesToRun(count) {
	if (!FAULTS.some(wanted)) throw new Error('There is no such container or fault.');
	const numbers = [];
	for (let number = 0; numbers.length < count; number++) if (wanted(faultOf(number))) numbers.push(number);
	return numbers;
}

function record({ outcomes, examples }, number, { outcome, reason }) {
	outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
	const bad = outcome === 'forbidden' || outcome === 'broken';
	if (bad && examples.length < Number(options.examples)) examples.push(`${number}: ${reason}`);
}

/** Threads one after the other, until there are no cases left. */
async function lane(queue, done) {
	for (let open = true; open; ) open = await thread(queue, done);
}

function thread(queue, done) {
	return new Promise((resolve, reject) => {
		const worker = new Worker(new URL('worker.mjs', import.meta.url), {
			workerData: { project: options.project, seed },
		});
		let share = CASES_PER_THREAD;
		worker.on('message', ({ number, verdict }) => {
			if (verdict) done(number, verdict);
			const next = share-- > 0 ? queue.next() : undefined;
			if (next && !next.done) return worker.postMessage(next.value);
			worker.terminate().then(() => resolve(next === undefined), reject);
		});
		worker.on('error', reject);
	});
}
