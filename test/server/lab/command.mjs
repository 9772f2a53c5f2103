import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

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
export class CommandFailure extends Error {
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
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number, anyCode?: boolean }} [options]
 *   `anyCode`: also a failed command returns
 * @returns {Promise<{ code: number | null, output: string, stdout: string }>}
 */
export async function runCommand(file, args, { cwd, env = cleanEnvironment(), timeoutMs = 600_000, anyCode } = {}) {
	const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
	const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
	let output = '';
	let stdout = '';
	child.stdout.on('data', (chunk) => {
		output += chunk;
		stdout += chunk;
	});
	child.stderr.on('data', (chunk) => (output += chunk));
	try {
		const code = await new Promise((resolve, reject) => {
			child.on('error', reject);
			child.on('close', resolve);
		});
		if (code === 0 || (anyCode && code !== null)) return { code, output, stdout };
		const how = code === null ? `did not end within ${timeoutMs / 1_000} s` : `ended with code ${code}`;
		throw new CommandFailure(`${path.basename(file)} ${args.join(' ')} ${how}`, code, output);
	} finally {
		clearTimeout(timer);
	}
}
