/** Runs cases in a thread of its own: asks for a number, answers with the verdict. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadProject, runCase } from './run.mjs';

const core = loadProject(workerData.project);

async function judge(number) {
	let verdict;
	try {
		verdict = await runCase(core, workerData.seed, number);
	} catch (error) {
		verdict = { outcome: 'broken', reason: error.stack };
	}
	parentPort.postMessage({ number, verdict });
}

parentPort.on('message', (number) => void judge(number));
parentPort.postMessage({ ready: true });
