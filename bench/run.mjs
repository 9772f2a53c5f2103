#!/usr/bin/env node
/**
 * `npm run bench`: our conversion against ffmpeg, side by side in one run. Prints a table and writes results.md and
 * results.svg beside this file. The package must be built.
 *
 *   --full          longer works too: ten minutes of every format, two hours of MP3 (takes most of an hour)
 *   --rounds 5      rounds that count, for every row
 *   --only rows     one or more parts: rows, first, notes, loop, memory, growth, load, item (separated by commas)
 *   --out folder    where the results go
 */
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { itemCost } from './item.mjs';
import { CORE_FILE } from './ours.mjs';
import { BENCH } from './paths.mjs';
import { ffmpegVersion, loadFfmpegCore } from './peers.mjs';
import { markdown, printRow } from './report.mjs';
import { resultsChart } from './resultsChart.mjs';
import * as measure from './sections.mjs';

const PARTS = ['rows', 'first', 'notes', 'loop', 'memory', 'growth', 'load', 'item'];

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

/** The works of the table, with what they are to reach: our time ÷ that of V and of D. */
function works() {
	const lengths = (formats, seconds, targets, peers = {}) =>
		formats.map((format) => ({ work: { format, seconds, targets }, ...peers }));
	const long = options.full ? ['mp3', 'm4a', 'wav', 'flac', 'ogg'] : ['mp3'];
	return [
		...lengths(['opus', 'webm'], 60, { v: 0.01 }),
		...lengths(['mp3'], 5, { v: 0.35 }, { wrapper: true, wasm: true }),
		...lengths(['m4a', 'wav'], 5, { v: 0.35 }, { wrapper: true }),
		...lengths(['mp3'], 60, { v: 0.8, d: 0.7 }, { wrapper: true, wasm: true }),
		...lengths(['m4a', 'wav', 'flac', 'ogg'], 60, { v: 0.8, d: 0.7 }),
		...lengths(long, 600, { v: 0.8, d: 0.7 }),
	];
}

const MEMORY_WORKS = [
	...['mp3', 'm4a', 'wav', 'flac', 'ogg', 'webm'].map((format) => ({ format, seconds: 60 })),
	{ format: 'mp3', seconds: 600 },
];

async function main() {
	const ffmpeg = ffmpegVersion();
	if (!ffmpeg) throw new Error('ffmpeg is not installed; set FFMPEG_BIN or install it');
	if (!existsSync(CORE_FILE)) throw new Error('The package is not built: npm run build');
	const core = wanted.has('rows') ? await loadFfmpegCore() : undefined;
	const results = { ffmpeg, rounds, rows: [], hasCore: core !== undefined };
	const add = (...rows) => {
		results.rows.push(...rows);
		rows.forEach(printRow);
	};
	if (wanted.has('rows')) {
		if (!core) console.log('@ffmpeg/core could not be installed; it is left out');
		for (const { work, wrapper, wasm } of works()) {
			add(await measure.conversion(work, { rounds, wrapper, core: wasm && core }));
		}
	}
	if (wanted.has('first')) add(await measure.firstCall(rounds));
	if (wanted.has('notes')) add(...(await measure.manyNotes()));
	if (wanted.has('loop')) results.loop = await measure.heldEventLoop(rounds);
	if (wanted.has('memory')) {
		const longest = options.full ? [{ format: 'mp3', seconds: 7_200 }] : [];
		results.memory = await measure.memory([...MEMORY_WORKS, ...longest], Math.min(rounds, 3));
	}
	if (wanted.has('growth')) {
		results.growth = await measure.growth(options.full ? [5, 60, 600, 7_200] : [5, 60, 600], options.full ? 1 : 3);
	}
	if (wanted.has('load')) {
		results.load = measure.loadTime(rounds);
		results.tarball = measure.tarballSize();
	}
	if (wanted.has('item')) results.item = await itemCost(rounds);
	const report = markdown(results);
	console.log(`\n${report}`);
	writeFileSync(path.join(options.out, 'results.md'), report);
	writeFileSync(path.join(options.out, 'results.svg'), resultsChart(results));
}

await main();
// The engine and the WebAssembly peer leave handles open.
process.exit(0);
