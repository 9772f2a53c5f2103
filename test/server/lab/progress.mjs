import { setTimeout as sleep } from 'node:timers/promises';
import { isStopping } from './stopping.mjs';

/** How often a long step says that it is still running, in milliseconds. */
const HEARTBEAT_MS = 20_000;

/** Waits between tries of a step that needs the network, in milliseconds. */
const RETRY_DELAYS_MS = [3_000, 15_000, 45_000];

/** @param {number} ms */
export function duration(ms) {
	const seconds = ms / 1_000;
	if (seconds < 60) return `${seconds.toFixed(1)} s`;
	return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/**
 * Does a long piece of work and says so: at its start, now and then, and at its end.
 *
 * @template T
 * @param {string} title in the form "Installing n8n"
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
	const start = Date.now();
	console.log(`${title} …`);
	const heartbeat = setInterval(() => console.log(`  … ${duration(Date.now() - start)}`), HEARTBEAT_MS);
	try {
		const result = await work();
		console.log(`  done in ${duration(Date.now() - start)}`);
		return result;
	} finally {
		clearInterval(heartbeat);
	}
}

/**
 * Does work that needs the network, again after a failure.
 *
 * @template T
 * @param {string} title for the message about a failed try
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withRetries(title, work) {
	for (const delay of RETRY_DELAYS_MS) {
		try {
			return await work();
		} catch (error) {
			if (isStopping()) throw error;
			console.log(`  ${title} failed, again in ${duration(delay)}: ${String(error.message).slice(-600)}`);
			await sleep(delay);
		}
	}
	return await work();
}

/**
 * Asks again until there is an answer.
 *
 * @template T
 * @param {string} what for the message when time is up
 * @param {() => Promise<T | undefined>} ask
 * @param {{ timeoutMs?: number, everyMs?: number }} [limits]
 * @returns {Promise<T>}
 */
export async function until(what, ask, { timeoutMs = 60_000, everyMs = 100 } = {}) {
	const end = Date.now() + timeoutMs;
	for (;;) {
		const answer = await ask();
		if (answer !== undefined) return answer;
		if (Date.now() > end) throw new Error(`${what}: nothing within ${duration(timeoutMs)}`);
		await sleep(everyMs);
	}
}
