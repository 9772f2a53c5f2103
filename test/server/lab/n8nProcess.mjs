import { spawn } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCommand } from './command.mjs';
import { n8nEnvironment } from './environment.mjs';
import { freePort } from './freePort.mjs';
import { writeNpmStandIn } from './npmStandIn.mjs';
import { until } from './progress.mjs';
import { assertNotStopping, onStop } from './stopping.mjs';
import { unpackInto } from './tarball.mjs';

/** How long n8n may take to start, and to stop, in milliseconds. */
const START_MS = 120_000;
const STOP_MS = 20_000;

/**
 * A home of n8n with everything a server or a command needs.
 *
 * @typedef {object} Home
 * @property {import('./installation.mjs').Installation} installation
 * @property {string} folder n8n's user folder
 * @property {string} filesDir the folder its file nodes may use
 * @property {Record<string, string>} env
 * @property {number} port
 * @property {string} url
 * @property {{ calls: () => Promise<string[]> }} npm the npm that n8n uses
 * @property {(...args: string[]) => Promise<{ code: number | null, output: string }>} command runs n8n's command line
 * @property {() => Promise<void>} remove
 */

/**
 * Makes an empty home.
 *
 * @param {object} options
 * @param {import('./installation.mjs').Installation} options.installation
 * @param {import('./tarball.mjs').Tarball} options.tarball
 * @param {boolean} [options.unpacked] with the package in its place already; else it is to be installed by the server
 * @param {number} [options.port] taken if it is free
 * @param {Record<string, string>} [options.env]
 * @returns {Promise<Home>}
 */
export async function createHome({ installation, tarball, unpacked, port: wantedPort, env: extra }) {
	const folder = await mkdtemp(path.join(tmpdir(), 'n8n-sendblue-'));
	const filesDir = path.join(folder, 'files');
	await mkdir(filesDir);
	if (unpacked) await unpackInto(tarball, folder);
	const npm = await writeNpmStandIn(folder, tarball);
	const port = await freePort(wantedPort);
	const brokerPort = await freePort();
	const removed = onStop(() => removeFolder(folder));
	const common = { installation, home: folder, filesDir, npmDir: npm.binDir, extra };
	const env = n8nEnvironment({ ...common, port, brokerPort });
	return {
		installation,
		folder,
		filesDir,
		env,
		port,
		url: `http://127.0.0.1:${port}`,
		npm,
		async command(...args) {
			// A command beside a running server needs a task broker of its own.
			const own = n8nEnvironment({ ...common, port, brokerPort: await freePort() });
			const { node } = installation.runtime;
			return await runCommand(node, [installation.script, ...args], { env: own, timeoutMs: 120_000, anyCode: true });
		},
		remove: async () => {
			await removeFolder(folder);
			removed();
		},
	};
}

/** @param {string} folder that an ending n8n may still write to */
const removeFolder = async (folder) => await rm(folder, { recursive: true, force: true, maxRetries: 5 });

/**
 * A running server or worker.
 *
 * @typedef {object} N8nProcess
 * @property {string} url
 * @property {number} pid
 * @property {() => Promise<string>} log
 * @property {Promise<number | null>} ended resolves with the exit code
 * @property {() => Promise<void>} stop
 */

/**
 * Starts an n8n and waits until it says that it is ready.
 *
 * @param {Home} home
 * @param {object} [options]
 * @param {string[]} [options.args] of n8n; without them it is the server
 * @param {RegExp} [options.ready] what the log says then
 * @param {Record<string, string>} [options.env]
 * @returns {Promise<N8nProcess>}
 */
export async function startN8n(home, { args = ['start'], ready = /Editor is now accessible/, env = {} } = {}) {
	assertNotStopping('n8n');
	const { installation } = home;
	const logFile = path.join(home.folder, `${args[0]}.log`);
	const descriptor = openSync(logFile, 'w');
	const child = spawn(installation.runtime.node, [installation.script, ...args], {
		env: { ...home.env, ...env },
		stdio: ['ignore', descriptor, descriptor],
		// Ctrl-C in the terminal reaches this process alone, which then stops n8n in good order.
		detached: true,
	});
	closeSync(descriptor);
	const ended = new Promise((resolve) => child.once('close', resolve));
	const log = async () => await readFile(logFile, 'utf8');

	const stop = async () => {
		if (child.exitCode !== null || child.signalCode !== null) return;
		const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
		child.kill('SIGTERM');
		await ended;
		clearTimeout(timer);
	};
	void ended.then(onStop(stop));
	const startUp = async () => {
		const text = await log();
		if (child.exitCode !== null) throw new Error(`n8n ended with code ${child.exitCode}:\n${text.slice(-3_000)}`);
		return ready.test(text) ? true : undefined;
	};
	try {
		await until(`n8n ${args[0]} is ready`, startUp, { timeoutMs: START_MS });
	} catch (error) {
		await stop();
		throw error;
	}
	return { url: home.url, pid: child.pid, log, ended, stop };
}
