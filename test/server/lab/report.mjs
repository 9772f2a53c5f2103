import { IN_CI } from '../../ci.mjs';
import { duration } from './progress.mjs';

/** How long one check may take, in milliseconds. */
const CHECK_MS = 120_000;

/** Says a check does not apply here, and why. */
class Skipped extends Error {}

/**
 * @param {string} reason
 * @returns {never}
 */
export function skip(reason) {
	throw new Skipped(reason);
}

/** Prints what is checked, and counts. */
export class Report {
	passed = 0;
	failed = 0;
	skipped = 0;

	/** @param {string} title of the checks that follow */
	heading(title) {
		console.log(`\n${title}`);
	}

	/**
	 * Runs a check; a failure is printed and the next check goes on.
	 *
	 * @template T
	 * @param {string} name what is so, in words
	 * @param {() => Promise<T>} work throws where it is not so; a text it returns is printed beside the name
	 * @param {{ timeoutMs?: number }} [limits]
	 * @returns {Promise<T | undefined>} what the check returned
	 */
	async check(name, work, { timeoutMs = CHECK_MS } = {}) {
		const start = Date.now();
		try {
			const result = await inTime(work(), timeoutMs);
			this.passed++;
			const detail = typeof result === 'string' ? `: ${result}` : '';
			console.log(`  ok    ${name}${detail} (${duration(Date.now() - start)})`);
			return result;
		} catch (error) {
			if (error instanceof Skipped) this.#skip(name, error.message);
			else this.#fail(name, error);
			return undefined;
		}
	}

	/**
	 * Runs work that prepares several checks; where it fails, they count as one that failed.
	 *
	 * @param {string} title
	 * @param {() => Promise<void>} work
	 */
	async group(title, work) {
		this.heading(title);
		try {
			await work();
		} catch (error) {
			if (error instanceof Skipped) this.#skip(title, error.message);
			else this.#fail(title, error);
		}
	}

	summary() {
		const skipped = this.skipped > 0 ? `, ${this.skipped} skipped` : '';
		return `${this.passed} passed, ${this.failed} failed${skipped}`;
	}

	/** The exit code of the process: a check that failed, and in CI one that was skipped, is a failure. */
	exitCode() {
		return this.failed > 0 || (IN_CI && this.skipped > 0) ? 1 : 0;
	}

	/**
	 * @param {string} name
	 * @param {string} reason
	 */
	#skip(name, reason) {
		this.skipped++;
		console.log(`  skip  ${name}: ${reason}`);
	}

	/**
	 * @param {string} name
	 * @param {any} error
	 */
	#fail(name, error) {
		this.failed++;
		const where = error.stack?.split('\n').find((line) => line.includes('/test/'));
		console.log(`  FAIL  ${name}\n        ${String(error.message).replaceAll('\n', '\n        ')}\n    ${where ?? ''}`);
	}
}

/**
 * @template T
 * @param {Promise<T>} work
 * @param {number} ms
 */
async function inTime(work, ms) {
	let timer;
	const timeout = new Promise((_resolve, reject) => {
		timer = setTimeout(() => reject(new Error(`Not done within ${duration(ms)}`)), ms);
	});
	try {
		return await Promise.race([work, timeout]);
	} finally {
		clearTimeout(timer);
	}
}
