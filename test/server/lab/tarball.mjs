import { rmSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCommand } from './command.mjs';
import { withLock } from './lock.mjs';
import { labDir, projectDir } from './places.mjs';
import { step } from './progress.mjs';

/**
 * The package as it would be published.
 *
 * @typedef {object} Tarball
 * @property {string} file
 * @property {string} name
 * @property {string} version
 */

/** @type {import('./progress.mjs').Work} */
const PACKING = { title: 'Building and packing the package', cost: 'half a minute', minutes: [0.3, 1] };

/**
 * What getting a tarball takes.
 *
 * @param {string} [given] path of one
 */
export function packageWork(given) {
	return given ? [] : [PACKING];
}

/**
 * Builds and packs the package, or takes a tarball that is there already.
 *
 * @param {string} [given] path of a tarball
 * @returns {Promise<Tarball>}
 */
export async function packageTarball(given) {
	const file = given ? path.resolve(given) : await buildAndPack();
	const { stdout } = await runCommand('tar', ['-xzOf', file, 'package/package.json']);
	const { name, version } = JSON.parse(stdout);
	return { file, name, version };
}

async function buildAndPack() {
	const folder = await mkdtemp(path.join(tmpdir(), 'n8n-sendblue-package-'));
	process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
	return await step(PACKING.title, async () => {
		await mkdir(labDir, { recursive: true });
		// A build begins by removing what the last one made.
		return await withLock(path.join(labDir, 'build.lock'), async () => {
			await runCommand('npm', ['run', 'build'], { cwd: projectDir });
			const { stdout } = await runCommand('npm', ['pack', '--json', '--pack-destination', folder], { cwd: projectDir });
			return path.join(folder, JSON.parse(stdout)[0].filename);
		});
	});
}

/**
 * Puts the package where n8n keeps community packages, without asking the server.
 *
 * @param {Tarball} tarball
 * @param {string} home n8n's user folder
 */
export async function unpackInto(tarball, home) {
	const folder = path.join(home, '.n8n', 'nodes', 'node_modules', tarball.name);
	await mkdir(folder, { recursive: true });
	await runCommand('tar', ['-xzf', tarball.file, '-C', folder, '--strip-components=1']);
}
