import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { freePort } from '../lab/freePort.mjs';
import { openLab, sandboxKeys } from '../lab/lab.mjs';
import { startN8n } from '../lab/n8nProcess.mjs';
import { until } from '../lab/progress.mjs';
import { skip } from '../lab/report.mjs';
import { assertNotStopping, onStop } from '../lab/stopping.mjs';
import { systemProgram } from '../lab/systemProgram.mjs';
import { chain, sendVoiceNote, webhook } from '../lab/workflows.mjs';
import { assertKept, storageModes } from './storage.mjs';
import { postFile } from './triggeredRuns.mjs';
import { assertReceived } from './voiceNotes.mjs';

/**
 * Queue mode: the server takes the request, a worker converts and sends.
 *
 * @param {import('../lab/report.mjs').Report} report
 * @param {Pick<Parameters<typeof openLab>[0], 'installation' | 'tarball'>} options
 */
export async function checkQueueMode(report, { installation, tarball }) {
	const program = await systemProgram(['redis-server'], ['redis-server']);
	if (!program) skip('redis-server is not installed');
	const redis = await startRedis(program);
	let lab;
	let worker;
	try {
		const env = {
			EXECUTIONS_MODE: 'queue',
			QUEUE_BULL_REDIS_HOST: '127.0.0.1',
			QUEUE_BULL_REDIS_PORT: String(redis.port),
			OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
		};
		lab = await openLab({ installation, tarball, unpacked: true, env });
		worker = await startWorker(lab.home);
		await checkWorker(report, lab, worker);
	} finally {
		await worker?.stop();
		await lab?.close();
		await redis.stop();
	}
}

/**
 * @param {import('../lab/report.mjs').Report} report
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {import('../lab/n8nProcess.mjs').N8nProcess} worker
 */
async function checkWorker(report, { home, rest, sandbox, server, samples }, worker) {
	await report.check('a webhook run is converted and sent in the worker', async () => {
		const credential = await rest.createCredential('Sandbox', 'sendblueApi', sandboxKeys(sandbox));
		const send = sendVoiceNote(credential, { binaryPropertyName: 'voice', options: { includeCaf: true } });
		const workflow = await rest.createWorkflow(chain('Queue', [webhook('queued-voice'), send]));
		await rest.activate(workflow);
		const answer = await postFile(`${server.url}/webhook/queued-voice`, 'voice', samples.mp3);
		const message = assertReceived(answer, sandbox);
		await until('the end of the execution in the log of the worker', async () => {
			const log = await worker.log();
			return /Worker started execution[\s\S]*Worker finished execution/.test(log) ? true : undefined;
		});
		const execution = await rest.nextExecution(workflow);
		const file = execution.items('Send Voice Note')[0].binary.data;
		assertKept(file, storageModes(home.installation).inQueue);
		assert.equal((await rest.download(file)).length, message.media.size);
		return 'the worker logged the execution';
	});
}

/**
 * Starts a worker beside a server, in the server's home.
 *
 * @param {import('../lab/n8nProcess.mjs').Home} home
 */
async function startWorker(home) {
	return await startN8n(home, {
		args: ['worker', '--concurrency=2'],
		ready: /n8n worker is now ready/,
		env: {
			N8N_PORT: String(await freePort()),
			N8N_RUNNERS_BROKER_PORT: String(await freePort()),
		},
	});
}

/**
 * A Redis of our own, in memory, on 127.0.0.1.
 *
 * @param {string} program
 */
async function startRedis(program) {
	const port = await freePort();
	const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
	assertNotStopping('redis-server');
	const child = spawn(program, args, { stdio: 'ignore' });
	const ended = new Promise((resolve) => child.once('close', resolve));
	const stop = async () => {
		child.kill('SIGTERM');
		await ended;
	};
	void ended.then(onStop(stop));
	await until('redis-server listens', async () => ((await canConnect(port)) ? true : undefined), { timeoutMs: 15_000 });
	return { port, stop };
}

/** @param {number} port of 127.0.0.1 */
function canConnect(port) {
	return new Promise((resolve) => {
		const socket = connect(port, '127.0.0.1', () => resolve(true));
		socket.once('error', () => resolve(false));
		socket.once('connect', () => socket.end());
	});
}
