import { link, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { onStop } from './stopping.mjs';

/** How often the holder of a lock shows that it is there, in milliseconds. */
const BEAT_MS = 2_000;

/** After this silence, in milliseconds, the holder is taken to be gone (killed, or the machine was switched off). */
const SILENCE_MS = 20_000;

/** How often a waiting process looks again, in milliseconds. */
const LOOK_MS = 500;

/**
 * Does work that only one process on the machine may do at a time; others wait for their turn.
 *
 * The lock is a file whose time is kept fresh. A number of the process in it would mean nothing in another container
 * that shares the folder, or after a restart.
 *
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, work) {
	await take(file);
	const beat = setInterval(() => utimes(file, new Date(), new Date()).catch(() => {}), BEAT_MS);
	const release = async () => {
		clearInterval(beat);
		await rm(file, { force: true });
	};
	const released = onStop(release);
	try {
		return await work();
	} finally {
		released();
		await release();
	}
}

/** @param {string} file */
async function take(file) {
	for (let isFirst = true; ; isFirst = false) {
		try {
			await writeFile(file, '', { flag: 'wx' });
			return;
		} catch (error) {
			if (error.code !== 'EEXIST') throw error;
		}
		if (await isAbandoned(file)) await breakLock(file);
		else if (isFirst) console.log(`Another process holds ${file}; waiting for it …`);
		await sleep(LOOK_MS);
	}
}

/** @param {string} file that may be gone by now */
async function isAbandoned(file) {
	const state = await stat(file).catch(() => undefined);
	return state !== undefined && Date.now() - state.mtimeMs > SILENCE_MS;
}

/**
 * Takes away a lock whose holder is gone. Of several processes that try, one gets the file; where that is a newer lock,
 * taken in between, it is put back.
 *
 * @param {string} file
 */
async function breakLock(file) {
	const taken = `${file}.${process.pid}`;
	try {
		await rename(file, taken);
	} catch (error) {
		if (error.code === 'ENOENT') return;
		throw error;
	}
	if (!(await isAbandoned(taken))) await link(taken, file).catch(() => {});
	await rm(taken);
}
