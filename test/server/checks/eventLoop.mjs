import assert from 'node:assert/strict';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeLongMp3 } from '../lab/sampleAudio.mjs';
import { chain, convertToCaf, manualTrigger, readFile } from '../lab/workflows.mjs';
import { assertConverted } from './voiceNotes.mjs';

const LONG_SECONDS = 600;

/** What n8n may take to answer a health check meanwhile, in milliseconds, in 99 of 100 cases. */
const LIMIT_MS = 100;

/** Pause between two health checks, in milliseconds. */
const PAUSE_MS = 5;

/**
 * n8n goes on answering while the node converts a file of ten minutes.
 *
 * @param {import('../lab/report.mjs').Report} report
 * @param {import('../lab/lab.mjs').Lab} lab
 */
export async function checkEventLoop(report, { home, rest, server }) {
	await report.check(`n8n answers within ${LIMIT_MS} ms while ten minutes of audio are converted`, async () => {
		const file = path.join(home.filesDir, 'Long.mp3');
		await writeLongMp3(file, LONG_SECONDS);
		const workflow = await rest.createWorkflow(chain('Long', [manualTrigger(), readFile(file), convertToCaf()]));

		const probe = healthProbe(server.url);
		const execution = await rest.run(workflow, 'Start', { timeoutMs: 110_000 });
		const answers = await probe.stop();
		const { voiceNote } = await assertConverted(rest, execution);
		assert.ok(voiceNote.durationSeconds > LONG_SECONDS - 5, `${voiceNote.durationSeconds} s`);

		// Only what was asked while the node itself was at work.
		const [run] = execution.data.resultData.runData['Convert to CAF'];
		const end = run.startTime + run.executionTime;
		const during = answers.filter(({ at, ms }) => at + ms >= run.startTime && at <= end).map(({ ms }) => ms);
		const sorted = during.sort((a, b) => a - b);
		const p99 = sorted[Math.ceil(sorted.length * 0.99) - 1];
		const facts =
			`converted in ${(run.executionTime / 1_000).toFixed(1)} s; ${sorted.length} health checks, ` +
			`median ${sorted[sorted.length >> 1].toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, ` +
			`longest ${sorted.at(-1).toFixed(1)} ms`;
		assert.ok(p99 < LIMIT_MS, facts);
		return facts;
	});
}

/**
 * Asks for the server's health again and again, and notes when it was asked and how long the answer took.
 *
 * @param {string} url
 */
function healthProbe(url) {
	/** @type {{ at: number, ms: number }[]} */
	const answers = [];
	let running = true;
	const done = (async () => {
		while (running) {
			const at = Date.now();
			const start = performance.now();
			await (await fetch(`${url}/healthz`)).text();
			answers.push({ at, ms: performance.now() - start });
			await sleep(PAUSE_MS);
		}
	})();
	return {
		stop: async () => {
			running = false;
			await done;
			return answers;
		},
	};
}
