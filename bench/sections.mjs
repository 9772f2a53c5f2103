/** The parts of the benchmark: each measures one thing and gives rows for the report. */
import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bytesOf, FORMAT_NAMES, inputFile, noteFiles } from './inputs.mjs';
import { cpuTime, median, quantile, ratios, takeTurns, timed } from './measure.mjs';
import { convert, makeMp3, pause, reads } from './ours.mjs';
import { ROOT } from './paths.mjs';
import { DOCUMENTED, runFfmpeg, runFluentFfmpeg, startFfmpeg, TUNED } from './peers.mjs';

const FRESH_PROCESS = fileURLToPath(new URL('freshProcess.mjs', import.meta.url));

/**
 * @typedef {{ median: number, low: number, high: number }} Ratio
 * @typedef {{ work: string, missing?: boolean, targets: { v?: number, d?: number },
 *   v?: { wall: Ratio, cpu: Ratio }, d?: { wall: Ratio, cpu: Ratio }, fluent?: Ratio, core?: Ratio }} Row
 */

/** Audio of a format that is converted before ours counts as warm: n8n's process runs for days. */
const WARM_SECONDS = 60;

const lengthName = (seconds) =>
	seconds < 120 ? `${seconds} s` : seconds < 7_200 ? `${seconds / 60} min` : `${seconds / 3_600} h`;

/**
 * One conversion, warm, against the peers.
 *
 * @param {{ format: string, seconds: number, targets: { v?: number, d?: number } }} work
 * @param {{ rounds: number, wrapper?: boolean, core?: (bytes: Uint8Array) => Promise<{ wall: number, cpu: number }> }} how
 * @returns {Promise<Row>}
 */
export async function conversion({ format, seconds, targets }, { rounds, wrapper, core }) {
	const file = inputFile(format, seconds);
	const bytes = bytesOf(file);
	const row = { work: `${lengthName(seconds)} ${FORMAT_NAMES[format]}`, targets };
	if (!(await reads(bytes))) return { ...row, missing: true };
	for (let warmed = seconds; warmed < WARM_SECONDS; warmed += seconds) await convert(bytes);
	const rivals = {
		ours: () => timed(() => convert(bytes)),
		v: async () => runFfmpeg(file, TUNED),
		d: async () => runFfmpeg(file, DOCUMENTED),
		...(wrapper && { fluent: () => runFluentFfmpeg(bytes) }),
		...(core && { core: () => core(bytes) }),
	};
	const { ours, v, d, fluent, core: wasm } = await takeTurns(rivals, rounds);
	return {
		...row,
		v: ratios(ours, v),
		d: ratios(ours, d),
		...(fluent && { fluent: ratios(ours, fluent).wall }),
		...(wasm && { core: ratios(ours, wasm).wall }),
	};
}

/** Runs a task of freshProcess.mjs. */
function inFreshProcess(task, ...args) {
	const output = execFileSync(process.execPath, ['--expose-gc', FRESH_PROCESS, task, ...args], { encoding: 'utf8' });
	return JSON.parse(output);
}

/** @returns {Promise<Row>} the first call in a fresh process */
export async function firstCall(rounds) {
	const file = inputFile('mp3', 5);
	const { ours, v, d } = await takeTurns(
		{
			ours: async () => inFreshProcess('first', file),
			v: async () => runFfmpeg(file, TUNED),
			d: async () => runFfmpeg(file, DOCUMENTED),
		},
		rounds,
	);
	return { work: 'first call in a fresh process, 5 s MP3', targets: { v: 1 }, v: ratios(ours, v), d: ratios(ours, d) };
}

const NOTES = 100;
const BATCH = 20;

/**
 * A hundred notes of ten seconds, one after the other, in batches that take turns.
 *
 * @returns {Promise<Row[]>} against V one after the other and V two at a time
 */
export async function manyNotes() {
	const files = noteFiles(10);
	const batch = Array.from({ length: BATCH }, (_, index) => files[index % files.length]);
	const notes = batch.map(bytesOf);
	const results = await takeTurns(
		{
			ours: () =>
				timed(async () => {
					for (const note of notes) await convert(note);
				}),
			single: async () => {
				const runs = batch.map((file) => runFfmpeg(file, TUNED));
				const sum = (clock) => runs.reduce((total, run) => total + run[clock], 0);
				return { wall: sum('wall'), cpu: sum('cpu') };
			},
			pairs: () =>
				timed(async () => {
					const queue = [...batch];
					const worker = async (slot) => {
						for (let file = queue.shift(); file; file = queue.shift()) await startFfmpeg(file, TUNED, slot);
					};
					await Promise.all([worker(0), worker(1)]);
				}),
		},
		NOTES / BATCH,
	);
	const pairs = ratios(results.ours, results.pairs);
	return [
		{
			work: `${NOTES} notes of 10 s, against V one after the other`,
			targets: { v: 0.8 },
			v: ratios(results.ours, results.single),
		},
		{ work: `${NOTES} notes of 10 s, against V two at a time`, targets: {}, v: { wall: pairs.wall } },
	];
}

/**
 * How long the event loop is held between two pauses, over conversions of a minute, in ms. The time on the processor that
 * passes meanwhile is told beside it: other programs cannot lengthen it, but compiler and collector work in it too, on
 * threads of their own.
 */
export async function heldEventLoop(rounds) {
	const files = [];
	for (const format of ['mp3', 'm4a', 'wav', 'flac', 'ogg']) {
		const bytes = bytesOf(inputFile(format, 60));
		if (await reads(bytes)) files.push(bytes);
	}
	return await heldBy(async (measuredPause) => {
		for (let round = 0; round < rounds; round++) {
			for (const bytes of files) {
				await measuredPause();
				await convert(bytes, { pause: measuredPause });
			}
		}
	});
}

/** The same while an MP3 of ten minutes is made. */
export async function heldByMp3() {
	const note = await convert(bytesOf(inputFile('mp3', 600)));
	return await heldBy(async (measuredPause) => await makeMp3(note.bytes, { pause: measuredPause }));
}

/** The times between the pauses of some work, in ms. */
async function heldBy(work) {
	const held = { wall: [], cpu: [] };
	let resumed = performance.now();
	let cpuBefore = cpuTime();
	await work(async () => {
		held.wall.push(performance.now() - resumed);
		held.cpu.push(cpuTime() - cpuBefore);
		await pause();
		resumed = performance.now();
		cpuBefore = cpuTime();
	});
	const facts = (values) => ({ p50: median(values), p999: quantile(values, 0.999), longest: Math.max(...values) });
	return { wall: facts(held.wall), cpu: facts(held.cpu) };
}

/** Peak memory beyond the idle process after one conversion and the input, in MB, by format and length. */
export function memory(works) {
	return works.map(({ format, seconds, rounds }) => {
		const files = [inputFile(format, 5), inputFile(format, seconds)];
		const peaks = Array.from({ length: rounds }, () => inFreshProcess('memory', ...files).megabytes);
		const highest = rounds > 1 ? Math.max(...peaks) : undefined;
		return { work: `${lengthName(seconds)} ${FORMAT_NAMES[format]}`, megabytes: median(peaks), highest };
	});
}

/** CPU time per second of audio, as a multiple of that at 60 s; short audio is converted until a minute of it is done. */
export async function growth(lengths, rounds) {
	const repeats = (seconds) => Math.max(1, Math.round(60 / seconds));
	const rivals = Object.fromEntries(
		lengths.map((seconds) => {
			const bytes = bytesOf(inputFile('mp3', seconds));
			const work = async () => {
				for (let run = 0; run < repeats(seconds); run++) await convert(bytes);
			};
			return [seconds, () => timed(work)];
		}),
	);
	const results = await takeTurns(rivals, rounds);
	const perSecond = (seconds) => median(results[seconds].map(({ cpu }) => cpu)) / (seconds * repeats(seconds));
	return lengths.map((seconds) => ({ length: lengthName(seconds), factor: perSecond(seconds) / perSecond(60) }));
}

/** Time to load the node with n8n-workflow loaded already, in ms. */
export function loadTime(rounds) {
	const times = Array.from({ length: rounds }, () => inFreshProcess('load').wall);
	return { median: median(times), fastest: Math.min(...times) };
}

/** Size of the packed package in MB, as npm would pack it. */
export function tarballSize() {
	const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
		cwd: path.resolve(ROOT),
		encoding: 'utf8',
	});
	const [{ size }] = JSON.parse(stdout);
	return size / 2 ** 20;
}
