#!/usr/bin/env node
/**
 * `npm run bench`: our conversion against ffmpeg, side by side in one run. Prints a table and writes results.md and
 * results.svg beside this file. The package must be built.
 *
 *   --full          ten minutes of every format, and the memory of two hours of those that stay small enough
 *   --rounds 5      rounds that count; memory has three of them, and one for two hours
 *   --only rows     one or more parts, separated by commas: rows, first, loop, memory, load, item, latency, notes,
 *                   growth, long, and two that are left out otherwise: start, which installs n8n, and hours, which
 *                   takes half an hour
 *   --out folder    where the results go
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { itemCost } from './item.mjs';
import { latency } from './latency.mjs';
import { CORE_FILE } from './ours.mjs';
import { n8nStart } from './n8nStart.mjs';
import { BENCH } from './paths.mjs';
import { ffmpegVersion, loadFfmpegCore } from './peers.mjs';
import { markdown, printRow } from './report.mjs';
import { resultsChart } from './resultsChart.mjs';
import * as measure from './sections.mjs';

const PARTS = ['rows', 'first', 'loop', 'memory', 'load', 'item', 'latency', 'notes', 'growth', 'long'];

const { values: options } = parseArgs({
	options: {
		full: { type: 'boolean', default: false },
		rounds: { type: 'string', default: '5' },
		only: { type: 'string', default: PARTS.join() },
		out: { type: 'string', default: BENCH },
	},
});
const rounds = Number(options.rounds);
const wanted = new Set(options.only.split(','));

function comparisons(formats, seconds, targets, peers = {}) {
	return formats.map((format) => ({ work: { format, seconds, targets }, ...peers }));
}

/** The works of the table, with what they are to reach: our time ÷ that of V and of D. */
function shortWorks() {
	return [
		...comparisons(['opus', 'webm'], 60, { v: 0.01 }),
		...comparisons(['mp3'], 5, { v: 0.35 }, { wrapper: true, wasm: true }),
		...comparisons(['m4a', 'wav'], 5, { v: 0.35 }, { wrapper: true }),
		...comparisons(['mp3'], 60, { v: 0.8, d: 0.7 }, { wrapper: true, wasm: true }),
		...comparisons(['m4a', 'wav', 'flac', 'ogg'], 60, { v: 0.8, d: 0.7 }),
	];
}

function longWorks() {
	const formats = options.full ? ['mp3', 'm4a', 'wav', 'flac', 'ogg'] : ['mp3'];
	return comparisons(formats, 600, { v: 0.8, d: 0.7 });
}

/** Two hours show whether memory grows; one round of them is enough, as there is no warming up. */
function memoryWorks() {
	const longFormats = options.full ? ['mp3', 'm4a', 'ogg', 'webm'] : ['mp3'];
	return [
		...['mp3', 'm4a', 'wav', 'flac', 'ogg', 'webm'].map((format) => ({ format, seconds: 60, rounds: 3 })),
		{ format: 'mp3', seconds: 600, rounds: 3 },
		...longFormats.map((format) => ({ format, seconds: 7_200, rounds: 1 })),
	];
}

/** How cost grows is measured from five seconds to two hours. */
const GROWTH_SECONDS = [5, 60, 600, 7_200];

async function main() {
	const ffmpeg = ffmpegVersion();
	if (!ffmpeg) throw new Error('ffmpeg is not installed; set FFMPEG_BIN or install it');
	mkdirSync(options.out, { recursive: true });
	if (!existsSync(CORE_FILE)) throw new Error('The package is not built: npm run build');
	const core = wanted.has('rows') ? await loadFfmpegCore() : undefined;
	const results = { ffmpeg, rounds, rows: [], hasCore: !wanted.has('rows') || core !== undefined };
	/** After every part, so that a run that is cut short leaves what it has. */
	const write = () => {
		writeFileSync(path.join(options.out, 'results.md'), markdown(results));
		writeFileSync(path.join(options.out, 'results.svg'), resultsChart(results));
	};
	const add = (...rows) => {
		results.rows.push(...rows);
		rows.forEach(printRow);
		write();
	};
	if (wanted.has('rows') && !core) console.log('@ffmpeg/core could not be installed; it is left out');
	const compare = async (list) => {
		for (const { work, wrapper, wasm } of list) {
			add(await measure.conversion(work, { rounds, wrapper, core: wasm && core }));
		}
	};
	if (wanted.has('rows')) await compare(shortWorks());
	if (wanted.has('first')) add(await measure.firstCall(rounds));
	if (wanted.has('loop')) {
		results.loop = await measure.heldEventLoop(rounds);
		results.mp3Loop = await measure.heldByMp3();
	}
	if (wanted.has('memory')) results.memory = measure.memory(memoryWorks());
	write();
	if (wanted.has('load')) {
		results.load = measure.loadTime(rounds);
		results.tarball = measure.tarballSize();
	}
	if (wanted.has('start')) results.start = await n8nStart(rounds);
	if (wanted.has('item')) results.item = await itemCost(rounds);
	if (wanted.has('latency')) results.latency = await latency(rounds);
	write();
	if (wanted.has('notes')) add(...(await measure.manyNotes()));
	if (wanted.has('long')) await compare(longWorks());
	if (wanted.has('growth')) results.growth = await measure.growth(GROWTH_SECONDS, Math.min(rounds, 3));
	if (wanted.has('hours')) await compare(comparisons(['mp3'], 7_200, { v: 0.8, d: 0.7 }));
	write();
	console.log(`\n${markdown(results)}`);
}

await main();
// The engine and the WebAssembly peer leave handles open.
process.exit(0);
