import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
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
 * The lock is a file with a token of its holder, whose time is kept fresh. A number of the process in it would mean
 * nothing in another container that shares the folder, or after a restart. A holder that was silent for too long, on a
 * machine that slept, may find the lock taken by another; it fails then, and leaves the other's lock alone.
 *
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work goes on for a moment if the lock was lost, until the process ends
 * @returns {Promise<T>}
 */
export async function withLock(file, work) {
	const token = randomUUID();
	await take(file, token);
	let beat;
	const lost = new Promise((_resolve, reject) => {
		beat = setInterval(() => void keepFresh(file, token).catch(reject), BEAT_MS);
	});
	const release = async () => {
		clearInterval(beat);
		if (await isHeld(file, token)) await rm(file, { force: true });
	};
	const released = onStop(release);
	try {
		const result = await Promise.race([work(), lost]);
		await keepFresh(file, token);
		return result;
	} finally {
		released();
		await release();
	}
}

/**
 * @param {string} file
 * @param {string} token
 */
async function take(file, token) {
	for (let isFirst = true; ; isFirst = false) {
		try {
			await writeFile(file, token, { flag: 'wx' });
			return;
		} catch (error) {
			if (error.code !== 'EEXIST') throw error;
		}
		if (await isAbandoned(file)) await breakLock(file);
		else if (isFirst) console.log(`Another process holds ${file}; waiting for it …`);
		await sleep(LOOK_MS);
	}
}

/**
 * Shows that the holder is there.
 *
 * @param {string} file
 * @param {string} token
 */
async function keepFresh(file, token) {
	if (!(await isHeld(file, token))) {
		throw new Error(
			`${file} was taken over by another process, because this one did nothing for ${SILENCE_MS / 1_000} s ` +
				'(did the machine sleep?). Start it again.',
		);
	}
	await utimes(file, new Date(), new Date());
}

/**
 * @param {string} file
 * @param {string} token
 */
async function isHeld(file, token) {
	return (await readFile(file, 'utf8').catch(() => undefined)) === token;
}

/** @param {string} file that may be gone by now */
async function isAbandoned(file) {
	const state = await stat(file).catch(() => undefined);
	return state !== undefined && Date.now() - state.mtimeMs > SILENCE_MS;
}

/**
 * Takes away a lock whose holder is gone. Of several processes that try, one gets the file; if that is a newer lock,
 * taken in between, it is put back. If yet another lock is in its place by then, the newer one's holder finds out at
 * its next beat.
 *
 * @param {string} file
 */
async function breakLock(file) {
	const taken = `${file}.${randomUUID()}`;
	try {
		await rename(file, taken);
	} catch (error) {
		if (error.code === 'ENOENT') return;
		throw error;
	}
	if (!(await isAbandoned(taken))) await link(taken, file).catch(() => {});
	await rm(taken);
}
