import assert from 'node:assert/strict';
import path from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { skip } from '../lab/report.mjs';
import { writeLongMp3 } from '../lab/sampleAudio.mjs';
import { chain, convertToCaf, manualTrigger, readFile } from '../lab/workflows.mjs';
import { assertConverted } from './voiceNotes.mjs';

const LONG_SECONDS = 600;

/** How long the conversion may take, in milliseconds. */
const CONVERSION_MS = 180_000;

/** What n8n may take to answer a health check meanwhile, in milliseconds, in 99 of 100 cases. */
const LIMIT_MS = 100;

/** Pause between two health checks, in milliseconds. */
const PAUSE_MS = 5;

/**
 * If an idle n8n is slower than this, or this process is held up longer while n8n converts, in milliseconds in 99 of
 * 100 cases, the machine is too busy to tell anything.
 */
const BUSY_MS = 40;
const IDLE_SECONDS = 3;

/** How often it is measured before a busy machine is believed to stay busy. */
const MEASUREMENTS = 3;

/**
 * n8n goes on answering while the node converts a file of ten minutes.
 *
 * @param {import('../lab/report.mjs').Report} report
 * @param {import('../lab/lab.mjs').Lab} lab
 */
export async function checkEventLoop(report, { home, rest, server }) {
	const work = async () => {
		const file = path.join(home.filesDir, 'Long.mp3');
		await writeLongMp3(file, LONG_SECONDS);
		const workflow = await rest.createWorkflow(chain('Long', [manualTrigger(), readFile(file), convertToCaf()]));

		let measured = await measure(rest, server.url, workflow);
		for (let n = 1; n < MEASUREMENTS && measured.p99 >= LIMIT_MS && measured.busy; n++) {
			measured = await measure(rest, server.url, workflow);
		}
		if (measured.p99 >= LIMIT_MS && measured.busy) skip(`the machine is too busy to tell: ${measured.facts}`);
		assert.ok(measured.p99 < LIMIT_MS, measured.facts);
		return measured.facts;
	};
	await report.check(`n8n answers within ${LIMIT_MS} ms while ten minutes of audio are converted`, work, {
		timeoutMs: MEASUREMENTS * (CONVERSION_MS + 30_000),
	});
}

/**
 * Converts once and asks for the server's health meanwhile.
 *
 * @param {import('../lab/restClient.mjs').RestClient} rest
 * @param {string} url of the server
 * @param {{ id: string }} workflow
 * @returns {Promise<{ p99: number, busy: boolean, facts: string }>} what it took to answer, in milliseconds, in 99 of
 *   100 cases; whether other work on this machine may be the cause; and the figures in words
 */
async function measure(rest, url, workflow) {
	const idleProbe = healthProbe(url);
	await sleep(IDLE_SECONDS * 1_000);
	const idle = percentile99((await idleProbe.stop()).map(({ ms }) => ms));

	const probe = healthProbe(url);
	const ownDelays = monitorEventLoopDelay({ resolution: PAUSE_MS });
	ownDelays.enable();
	const execution = await rest.run(workflow, 'Start', { timeoutMs: CONVERSION_MS });
	ownDelays.disable();
	const own = ownDelays.percentile(99) / 1e6 - PAUSE_MS;
	const answers = await probe.stop();
	const { voiceNote } = await assertConverted(rest, execution);
	assert.ok(voiceNote.durationSeconds > LONG_SECONDS - 5, `${voiceNote.durationSeconds} s`);

	// Only what was asked while the node itself was at work.
	const [run] = execution.data.resultData.runData['Convert to CAF'];
	const end = run.startTime + run.executionTime;
	const during = answers.filter(({ at, ms }) => at + ms >= run.startTime && at <= end);
	const p99 = percentile99(during.map(({ ms }) => ms));
	const longest = during.reduce((worst, answer) => (answer.ms > worst.ms ? answer : worst));
	const longestAt = (longest.at - run.startTime) / 1_000;
	const facts =
		`converted in ${(run.executionTime / 1_000).toFixed(1)} s; ${during.length} health checks, ` +
		`p99 ${p99.toFixed(1)} ms (idle ${idle.toFixed(1)} ms, this process ${own.toFixed(1)} ms), longest ${longest.ms.toFixed(1)} ms, ${longestAt.toFixed(1)} s after the start`;
	return { p99, busy: Math.max(idle, own) > BUSY_MS, facts };
}

/** @param {number[]} values */
function percentile99(values) {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.ceil(sorted.length * 0.99) - 1];
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
