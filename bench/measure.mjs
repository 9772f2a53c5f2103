/** Clocks, medians, and the order in which rivals take turns. */

/** CPU time of this process so far, all threads, in ms. */
export function cpuTime() {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1_000;
}

/** Value below which the given part (0 to 1) of the values lies. */
export function quantile(values, part) {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
}

export const median = (values) => quantile(values, 0.5);

/** Wall and CPU time in ms of work in this process. */
export async function timed(work) {
	const cpuBefore = cpuTime();
	const before = performance.now();
	await work();
	return { wall: performance.now() - before, cpu: cpuTime() - cpuBefore };
}

/**
 * Lets rivals take turns, so that whatever else the machine does meets all of them alike. Each goes once before
 * anything counts.
 *
 * @param {Record<string, () => Promise<{ wall: number, cpu: number }>>} rivals
 * @returns {Promise<Record<string, Array<{ wall: number, cpu: number }>>>}
 */
export async function takeTurns(rivals, rounds) {
	const results = {};
	for (let round = -1; round < rounds; round++) {
		for (const [name, run] of Object.entries(rivals)) {
			const result = await run();
			if (round >= 0) (results[name] ??= []).push(result);
		}
	}
	return results;
}

/** The ratio of two rivals round by round: its median and its span, in wall and in CPU time. */
export function ratios(ours, theirs) {
	const of = (clock) => {
		const values = ours.map((result, round) => result[clock] / theirs[round][clock]);
		return { median: median(values), low: Math.min(...values), high: Math.max(...values) };
	};
	return { wall: of('wall'), cpu: of('cpu') };
}
