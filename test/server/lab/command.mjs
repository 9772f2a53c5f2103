import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { assertNotStopping, onStop } from './stopping.mjs';

/** How long a command that is told to end may take to do so, in milliseconds. */
const END_MS = 5_000;

/** What `npm run` puts into the environment; an npm started inside must not take it for its own settings. */
const OUTER_NPM = /^npm_(package_|lifecycle_|command$|execpath$|config_(ignore_scripts|local_prefix|omit_lockfile))/i;

/** This process's environment without the traces of an `npm run` around it. */
export function cleanEnvironment() {
	return Object.fromEntries(Object.entries(process.env).filter(([name]) => !OUTER_NPM.test(name)));
}

/**
 * @param {string} name
 * @returns {string | undefined} where a program is, by PATH
 */
export function programPath(name) {
	const folders = (process.env.PATH ?? '').split(path.delimiter);
	return folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file));
}

/** A command that ended with something else than 0, or not in time. */
class CommandFailure extends Error {
	/**
	 * @param {string} message
	 * @param {number | null} code
	 * @param {string} output
	 */
	constructor(message, code, output) {
		super(`${message}\n${output.slice(-2_000)}`);
		this.code = code;
		this.output = output;
	}
}

/**
 * Runs a command to its end without blocking this process, whose servers the command may need.
 *
 * @param {string} file
 * @param {string[]} args
 * @param {object} [options]
 * @param {string} [options.cwd]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {number} [options.timeoutMs]
 * @param {boolean} [options.anyCode] also a failed command returns
 * @param {(text: string) => void} [options.onOutput] gets what the command says, as it comes
 * @returns {Promise<{ code: number | null, output: string, stdout: string }>}
 */
export async function runCommand(file, args, options = {}) {
	const { cwd, env = cleanEnvironment(), timeoutMs = 600_000, anyCode, onOutput = () => {} } = options;
	assertNotStopping(path.basename(file));
	// With a process group of its own, all that it starts can be ended with it.
	const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
	const closed = new Promise((resolve) => child.once('close', resolve));
	let isLate = false;
	const timer = setTimeout(() => {
		isLate = true;
		endGroup(child, 'SIGKILL');
	}, timeoutMs);
	const ended = onStop(async () => {
		endGroup(child, 'SIGTERM');
		const patience = setTimeout(() => endGroup(child, 'SIGKILL'), END_MS);
		await closed;
		clearTimeout(patience);
	});
	let output = '';
	let stdout = '';
	child.stdout.on('data', (chunk) => {
		output += chunk;
		stdout += chunk;
		onOutput(String(chunk));
	});
	child.stderr.on('data', (chunk) => {
		output += chunk;
		onOutput(String(chunk));
	});
	try {
		const code = await new Promise((resolve, reject) => {
			child.on('error', reject);
			child.on('close', resolve);
		});
		if (code === 0 || (anyCode && code !== null)) return { code, output, stdout };
		const how = isLate ? `did not end within ${timeoutMs / 1_000} s` : `ended with ${code ?? child.signalCode}`;
		throw new CommandFailure(`${path.basename(file)} ${args.join(' ')} ${how}`, code, output);
	} finally {
		clearTimeout(timer);
		ended();
	}
}

/**
 * Ends a command and what it started.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function endGroup({ pid }, signal) {
	try {
		if (pid !== undefined) process.kill(-pid, signal);
	} catch {
		// Nobody of the group is left.
	}
}
