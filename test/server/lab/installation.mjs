import { statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runCommand } from './command.mjs';
import { installOnce, isInstalled } from './installOnce.mjs';
import { FLOOR_N8N_VERSION, FLOOR_NODE_VERSION, labDir, N8N_1_VERSION, N8N_VERSION, NODE_VERSION } from './places.mjs';
import { step, withRetries } from './progress.mjs';
import { countPackages } from './npmProgress.mjs';
import { nodeRuntime, runtimeEnvironment, runtimeWork } from './runtime.mjs';
import { systemProgram } from './systemProgram.mjs';

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
	[N8N_1_VERSION]: { xlsx: '0.18.5' },
};

/** How many packages npm downloads for an n8n, all others apart that it gets from its cache. */
const PACKAGES = { [N8N_VERSION]: 1_909 };

const DRIVER_TITLE = 'Building the SQLite driver';

/** @param {string} version */
const downloadTitle = (version) => `Downloading n8n ${version} from npm`;

/** @param {string} version */
const folderOf = (version) => path.join(labDir, `n8n-${version}`);

/** The n8n of today. */
export async function currentN8n() {
	return await n8nInstallation(N8N_VERSION, NODE_VERSION);
}

/**
 * What getting it takes.
 *
 * @returns {import('./progress.mjs').Work[]}
 */
export function currentN8nWork() {
	if (isInstalled(folderOf(N8N_VERSION), SQLITE_DRIVER)) return runtimeWork(NODE_VERSION);
	return [
		...runtimeWork(NODE_VERSION),
		{
			title: downloadTitle(N8N_VERSION),
			cost: `390 MB in ${PACKAGES[N8N_VERSION]} packages, 3 to 8 minutes`,
			minutes: [3, 8],
			gigabytes: 2.9,
			isOnce: true,
		},
		{ title: DRIVER_TITLE, cost: 'up to 3 minutes', minutes: [0.5, 3], isOnce: true },
	];
}

/** The n8n 2 that the package is at least made for. */
export async function floorN8n() {
	return await n8nInstallation(FLOOR_N8N_VERSION, FLOOR_NODE_VERSION);
}

/** The last n8n 1. */
export async function n8n1() {
	return await n8nInstallation(N8N_1_VERSION, FLOOR_NODE_VERSION);
}

/**
 * Where the SQLite driver has to be built, a quick build is good enough: optimising takes the compiler twice as long,
 * and node-gyp uses one processor unless told otherwise.
 */
const QUICK_BUILD = { CFLAGS: '-O1', CXXFLAGS: '-O1', JOBS: 'max' };

/** The driver, from the folder of the installation; its build is the last step. */
const SQLITE_DRIVER = path.join('node_modules', 'sqlite3', 'build', 'Release', 'node_sqlite3.node');

/**
 * Installs n8n from npm, once.
 *
 * @param {string} version
 * @param {string} nodeVersion
 * @returns {Promise<Installation>}
 */
async function n8nInstallation(version, nodeVersion) {
	const runtime = await nodeRuntime(nodeVersion);
	const folder = folderOf(version);
	await installOnce(folder, SQLITE_DRIVER, async (draft) => await installN8n(draft, version, runtime));
	return { version, runtime, script: path.join(folder, 'node_modules', 'n8n', 'bin', 'n8n') };
}

/** What an installation needs on the disk while it is made, in bytes. */
const NEEDED_BYTES = 3_200_000_000;

/** @param {string} folder */
async function assertRoom(folder) {
	const { bavail, bsize } = await statfs(folder);
	if (bavail * bsize >= NEEDED_BYTES) return;
	const [free, needed] = [bavail * bsize, NEEDED_BYTES].map((bytes) => (bytes / 1e9).toFixed(1));
	throw new Error(
		`There are ${free} GB free at ${labDir}, and n8n needs ${needed} GB. N8N_LAB_DIR names another folder.`,
	);
}

/**
 * @param {string} folder
 * @param {string} version
 * @param {import('./runtime.mjs').Runtime} runtime
 */
async function installN8n(folder, version, runtime) {
	await assertRoom(folder);
	const manifest = {
		name: 'lab-n8n',
		private: true,
		dependencies: { n8n: version },
		overrides: OVERRIDES[version] ?? {},
	};
	await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest, null, '\t'));
	const options = { cwd: folder, env: runtimeEnvironment(runtime), timeoutMs: 1_500_000 };
	await step(downloadTitle(version), async (show) => {
		const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=http'];
		await withRetries('npm install', () => {
			return runCommand('npm', args, { ...options, onOutput: countPackages(PACKAGES[version], show) });
		});
	});
	// Needed where the driver cannot be downloaded ready-made.
	await systemProgram(['c++', 'g++', 'clang++'], ['g++', 'make', 'python3']);
	await step(DRIVER_TITLE, async () => {
		const args = ['rebuild', 'sqlite3', '--ignore-scripts=false'];
		const env = { ...options.env, ...QUICK_BUILD };
		await withRetries('npm rebuild', () => runCommand('npm', args, { ...options, env }));
	});
	await runCommand(runtime.node, ['-e', 'require("sqlite3")'], options);
}
