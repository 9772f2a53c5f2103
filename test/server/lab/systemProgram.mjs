import { LOCK_PATIENCE } from '../../tools.mjs';
import { programPath, runCommand } from './command.mjs';
import { step, withRetries } from './progress.mjs';

/**
 * Finds a program of the operating system, and installs it if that is possible without asking: as root on Debian and
 * its relatives.
 *
 * @param {string[]} names it may have
 * @param {string[]} packages that bring it, by apt
 * @returns {Promise<string | undefined>} its path; undefined if it is not there and cannot be installed
 */
export async function systemProgram(names, packages) {
	const found = names.map(programPath).find(Boolean);
	if (found || process.getuid?.() !== 0 || !programPath('apt-get')) return found;
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	const apt = (...args) => runCommand('apt-get', ['-y', '-q', ...LOCK_PATIENCE, ...args], { env });
	try {
		await step(`Installing ${packages.join(', ')} with apt`, async () => {
			await withRetries('apt-get', async () => {
				await apt('update');
				await apt('install', '--no-install-recommends', ...packages);
			});
		});
	} catch (error) {
		console.log(`  ${packages[0]} could not be installed: ${error.message.slice(-500)}`);
	}
	return names.map(programPath).find(Boolean);
}
