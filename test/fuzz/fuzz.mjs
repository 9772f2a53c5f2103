#!/usr/bin/env node
/**
 * `npm run fuzz`: feeds damaged audio files to the built conversion. Every one must give a valid voice note or a typed
 * error, within two seconds of processor time and within the memory bound. The same seed gives the same files:
 *
 *   npm run fuzz -- --cases 20000 --seed 1
 *   npm run fuzz -- --only 4711          one case again
 */
import { fork } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const FOLDER = path.dirname(fileURLToPath(import.meta.url));
const FIXTURES = path.join(FOLDER, '../fixtures');
const WORKERS = 2;
const MAX_MILLISECONDS = 2_000;
/** A worker that does not answer for so long on the clock hangs. */
const HANGING_MILLISECONDS = 30_000;
/** Resident memory over that of the process after its first conversion, in MB. */
const MAX_MEMORY_GROWTH = 200;
/** A worker is replaced after this many cases, so that a slow leak cannot hide behind the bound of the next. */
const CASES_PER_WORKER = 2_500;

const { values: options } = parseArgs({
	options: {
		cases: { type: 'string', default: '20000' },
		seed: { type: 'string', default: '1' },
		only: { type: 'string' },
	},
});
const firstSeed = Number(options.only ?? options.seed);
const cases = options.only ? 1 : Number(options.cases);

const files = readdirSync(FIXTURES, { recursive: true })
	.map((file) => path.join(FIXTURES, file))
	.filter((file) => /\.\w+$/.test(file) && !/\.(md|json|sh|txt|cjs|mjs|cts)$/.test(file))
	.sort();
if (files.length === 0) throw new Error('There are no fixtures to damage.');

let nextSeed = firstSeed;
let done = 0;
const tally = {};
const faults = [];
let slowest = { milliseconds: 0 };
let largestGrowth = 0;

function record({ seed, file, outcome, milliseconds, memory }, idleMemory) {
	done++;
	const kind = outcome.split('\n')[0].startsWith('FAULT') ? 'FAULT' : outcome;
	tally[kind] = (tally[kind] ?? 0) + 1;
	const name = `seed ${seed}, ${path.relative(FIXTURES, file)}`;
	const growth = memory - idleMemory;
	largestGrowth = Math.max(largestGrowth, growth);
	if (milliseconds > slowest.milliseconds) slowest = { milliseconds, name };
	if (kind === 'FAULT') faults.push(`${name}: ${outcome}`);
	if (milliseconds > MAX_MILLISECONDS) faults.push(`${name}: took ${Math.round(milliseconds)} ms`);
	if (growth > MAX_MEMORY_GROWTH) faults.push(`${name}: memory grew by ${Math.round(growth)} MB`);
	if (done % 1_000 === 0) console.log(`${done} of ${cases} …`);
}

/** Runs cases in a process of its own until there are none left, it has had its share, or it hangs or dies. */
function runWorker() {
	return new Promise((resolve) => {
		const worker = fork(path.join(FOLDER, 'worker.mjs'), {
			env: { ...process.env, FUZZ_PLAN: JSON.stringify({ files }) },
		});
		let current;
		let share = CASES_PER_WORKER;
		let idleMemory = 0;
		let timer;
		const next = () => {
			clearTimeout(timer);
			if (nextSeed >= firstSeed + cases || share-- === 0) return worker.disconnect();
			current = nextSeed++;
			timer = setTimeout(() => worker.kill('SIGKILL'), HANGING_MILLISECONDS);
			worker.send({ seed: current });
		};
		worker.on('message', (message) => {
			if (message.ready) idleMemory = message.memory;
			else {
				record(message, idleMemory);
				current = undefined;
			}
			next();
		});
		worker.on('exit', (code, signal) => {
			clearTimeout(timer);
			if (current !== undefined) {
				done++;
				faults.push(
					`seed ${current}, ${path.relative(FIXTURES, files[current % files.length])}: the process ${signal ? 'hung' : `ended with ${code}`}`,
				);
			}
			resolve();
		});
	});
}

async function lane() {
	while (nextSeed < firstSeed + cases) await runWorker();
}

const begun = performance.now();
await Promise.all(Array.from({ length: Math.min(WORKERS, cases) }, lane));
console.log(
	`\n${done} damaged files made of ${files.length} fixtures, seeds ${firstSeed} to ${firstSeed + cases - 1}, in ${((performance.now() - begun) / 1_000).toFixed(0)} s`,
);
for (const [kind, count] of Object.entries(tally).sort()) console.log(`  ${String(count).padStart(6)}  ${kind}`);
console.log(
	`slowest: ${Math.round(slowest.milliseconds)} ms (${slowest.name}); memory grew by ${Math.round(largestGrowth)} MB at most`,
);
for (const fault of faults) console.log(`\nFAULT: ${fault}`);
console.log(`\n${done - faults.length} passed, ${faults.length} failed`);
process.exitCode = faults.length === 0 ? 0 : 1;
