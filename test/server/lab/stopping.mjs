/** Signals by which a terminal or another program ends this process. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** The exit code of a program that was interrupted, if nothing else was set. */
const INTERRUPTED = 130;

/** @type {Set<() => unknown>} */
const cleanUps = new Set();
let stopping = false;

/** Whether the process is on its way out; what fails from then on is of no interest. */
export const isStopping = () => stopping;

/**
 * Called before a program is started: work that goes on beside the stopping must not start one that nobody ends.
 *
 * @param {string} program
 * @throws {Error} if the process is on its way out
 */
export function assertNotStopping(program) {
	if (stopping) throw new Error(`Stopping, so ${program} is not started`);
}

/**
 * Has something undone when the process is told to end before its time: programs it started would go on without it.
 *
 * @param {() => unknown} cleanUp
 * @returns {() => void} takes it back, once there is nothing to undo any more
 */
export function onStop(cleanUp) {
	cleanUps.add(cleanUp);
	return () => cleanUps.delete(cleanUp);
}

/**
 * Undoes everything, the newest first, and ends the process.
 *
 * @param {number} code
 */
export async function stopNow(code) {
	if (stopping) return;
	stopping = true;
	// Work that still goes on may add to them.
	while (cleanUps.size > 0) {
		const cleanUp = [...cleanUps].at(-1);
		cleanUps.delete(cleanUp);
		try {
			await cleanUp();
		} catch (error) {
			console.error(`While stopping: ${error.message}`);
		}
	}
	process.exit(code);
}

// A second signal is ignored: npm passes on what the terminal has sent already.
for (const signal of SIGNALS) {
	process.on(signal, () => {
		if (!stopping) console.log('\nStopping …');
		void stopNow(Number(process.exitCode ?? INTERRUPTED));
	});
}

// What nobody caught must not leave a server behind either; while stopping, whoever still waits for one fails.
process.on('uncaughtException', (error) => {
	if (stopping) return;
	console.error(error);
	void stopNow(1);
});
