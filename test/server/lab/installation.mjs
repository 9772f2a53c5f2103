import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runCommand } from './command.mjs';
import { FLOOR_N8N_VERSION, FLOOR_NODE_VERSION, labDir, N8N_VERSION, NODE_VERSION } from './places.mjs';
import { step, withRetries } from './progress.mjs';
import { nodeRuntime, runtimeEnvironment } from './runtime.mjs';

/**
 * An n8n with the Node.js it runs on.
 *
 * @typedef {object} Installation
 * @property {string} version
 * @property {import('./runtime.mjs').Runtime} runtime
 * @property {string} script n8n's executable, to be run by the runtime
 */

/** Dependencies that registries lack in the version n8n asks for; the ones named here are in n8n's own range. */
const OVERRIDES = {
	// 0.18.15 needs a package that is not on npm.
	[N8N_VERSION]: { linkedom: '0.18.13' },
	// n8n takes it from an address outside npm.
	[FLOOR_N8N_VERSION]: { xlsx: '0.18.5' },
};

/** The n8n of today. */
export async function currentN8n() {
	return await n8nInstallation(N8N_VERSION, NODE_VERSION);
}

/** The oldest n8n that is tested. */
export async function floorN8n() {
	return await n8nInstallation(FLOOR_N8N_VERSION, FLOOR_NODE_VERSION);
}

/**
 * Installs n8n from npm, once. What an interrupted installation left is taken up again.
 *
 * @param {string} version
 * @param {string} nodeVersion
 * @returns {Promise<Installation>}
 */
export async function n8nInstallation(version, nodeVersion) {
	const runtime = await nodeRuntime(nodeVersion);
	const folder = path.join(labDir, `n8n-${version}`);
	const installation = { version, runtime, script: path.join(folder, 'node_modules', 'n8n', 'bin', 'n8n') };
	// Written last, so that a folder without it is not taken for finished.
	const finished = path.join(folder, 'finished');
	if (existsSync(finished)) return installation;

	await mkdir(folder, { recursive: true });
	const manifest = {
		name: 'lab-n8n',
		private: true,
		dependencies: { n8n: version },
		overrides: OVERRIDES[version] ?? {},
	};
	await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest, null, '\t'));
	const options = { cwd: folder, env: runtimeEnvironment(runtime), timeoutMs: 1_500_000 };
	await step(`Installing n8n ${version} from npm (about 3 GB, 3 to 8 minutes the first time)`, async () => {
		const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
		await withRetries('npm install', () => runCommand('npm', args, options));
	});
	await step('Building the SQLite driver (1 to 3 minutes)', async () => {
		const args = ['rebuild', 'sqlite3', '--ignore-scripts=false'];
		await withRetries('npm rebuild', () => runCommand('npm', args, options));
	});
	await runCommand(runtime.node, ['-e', 'require("sqlite3")'], options);
	await writeFile(finished, '');
	return installation;
}
