import { setTimeout as sleep } from 'node:timers/promises';
import { isStopping } from './stopping.mjs';

/** How often a long step says that it is still running, in milliseconds: on a screen, whose line moves, and in a log. */
const FRAME_MS = 250;
const HEARTBEAT_MS = 20_000;

/** Waits between tries of a step that needs the network, in milliseconds. */
const RETRY_DELAYS_MS = [3_000, 15_000, 45_000];

/** Characters of the bar. */
const BAR_WIDTH = 24;

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/**
 * Work that lies ahead.
 *
 * @typedef {object} Work
 * @property {string} title as the step is called
 * @property {string} cost how much it downloads, and how long it takes
 * @property {[least: number, most: number]} minutes
 * @property {number} [gigabytes] what it takes on the disk
 * @property {boolean} [isOnce] whether it is kept for the next time
 */

/** @type {Work[]} what was announced, in its order */
let plan = [];

/** @param {number} ms */
export function duration(ms) {
	const seconds = ms / 1_000;
	if (seconds < 60) return `${seconds.toFixed(1)} s`;
	return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/**
 * Says at once all that is going to be done, what it downloads and how long it takes. The steps are numbered from then on.
 *
 * @param {Work[]} works
 * @param {{ keptIn: string, out?: NodeJS.WritableStream }} options `keptIn`: the folder of what is needed once
 */
export function announce(works, { keptIn, out = process.stdout }) {
	plan = works;
	const width = Math.max(...works.map(({ title }) => title.length));
	const lines = works.map(({ title, cost, isOnce }, index) => {
		return `  ${index + 1}  ${title.padEnd(width)}  ${cost}${isOnce ? ', once' : ''}`;
	});
	const disk = works.reduce((sum, { gigabytes = 0 }) => sum + gigabytes, 0);
	const kept = disk === 0 ? [] : [`It takes ${disk.toFixed(1)} GB in ${keptIn}, which can be removed at any time.`];
	const count = works.length === 1 ? 'One step' : `${works.length} steps`;
	out.write(`${[`${count}, ${together(works)}:`, ...lines, ...kept].join('\n')}\n\n`);
}

/** @param {Work[]} works */
function together(works) {
	const [least, most] = [0, 1].map((end) => Math.ceil(works.reduce((sum, { minutes }) => sum + minutes[end], 0)));
	if (most <= 1) return 'less than a minute';
	return least === most ? `about ${most} minutes` : `${least} to ${most} minutes`;
}

/**
 * How far a step has come.
 *
 * @typedef {object} State
 * @property {string} text
 * @property {number} [part] 0 … 1, where it is known
 */

/**
 * Does a long piece of work and says so: at its start, while it lasts, and at its end. On a screen one line moves; in a log
 * a line is added now and then.
 *
 * @template T
 * @param {string} title in the form "Installing n8n"
 * @param {(show: (state: State) => void) => Promise<T>} work tells how far it has come, where it knows
 * @param {NodeJS.WritableStream & { isTTY?: boolean, columns?: number }} [out]
 * @returns {Promise<T>}
 */
export async function step(title, work, out = process.stdout) {
	const start = Date.now();
	const place = plan.findIndex((planned) => planned.title === title);
	const cost = place === -1 ? '' : ` (${plan[place].cost})`;
	out.write(`${place === -1 ? '' : `Step ${place + 1} of ${plan.length}: `}${title}${cost} …\n`);
	/** @type {State} */
	let state = { text: '' };
	let frame = 0;
	const draw = () => {
		const spinner = SPINNER[frame++ % SPINNER.length];
		out.write(`\r\u001b[2K  ${spinner} ${stateLine(state, Date.now() - start)}`.slice(0, (out.columns ?? 80) + 4));
	};
	const add = () => out.write(`  … ${stateLine(state, Date.now() - start)}\n`);
	const heartbeat = out.isTTY ? setInterval(draw, FRAME_MS) : setInterval(add, HEARTBEAT_MS);
	const end = () => {
		clearInterval(heartbeat);
		if (out.isTTY) out.write('\r\u001b[2K');
	};
	try {
		const result = await work((now) => (state = now));
		end();
		out.write(`  done in ${duration(Date.now() - start)}\n`);
		return result;
	} catch (error) {
		end();
		throw error;
	}
}

/**
 * @param {State} state
 * @param {number} ms since the start of the step
 */
function stateLine({ text, part }, ms) {
	const filled = Math.round(Math.min(part ?? 0, 1) * BAR_WIDTH);
	const bar = part === undefined ? [] : [`${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`];
	return [...bar, duration(ms), ...(text === '' ? [] : [text])].join('  ');
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
			console.log(`\n  ${title} failed, again in ${duration(delay)}: ${String(error.message).slice(-600)}`);
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
