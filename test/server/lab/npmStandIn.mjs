import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { programPath } from './command.mjs';

/**
 * Writes an `npm` that knows one package more than the registry: ours, which may not be published yet. Everything else
 * goes to the real npm. n8n finds it when its folder is first in PATH.
 *
 * @param {string} home a folder of this run
 * @param {import('./tarball.mjs').Tarball} tarball
 */
export async function writeNpmStandIn(home, { file, name, version }) {
	const npm = programPath('npm');
	if (!npm) throw new Error('npm is not in PATH');
	const binDir = path.join(home, 'npm-stand-in');
	const callsFile = path.join(home, 'npm-calls.log');
	await mkdir(binDir, { recursive: true });
	const script = `#!/bin/sh
echo "$*" >> '${callsFile}'
case "$1 $2" in
	"view ${name}@${version}" | "view ${name}@latest" | "view ${name}") echo '"${version}"'; exit 0 ;;
	"pack ${name}@${version}" | "pack ${name}@latest" | "pack ${name}") cp '${file}' . && basename '${file}'; exit 0 ;;
esac
exec '${npm}' "$@"
`;
	await writeFile(path.join(binDir, 'npm'), script, { mode: 0o755 });
	return {
		binDir,
		/** The calls so far, each with its arguments. */
		calls: async () => (await readFile(callsFile, 'utf8').catch(() => '')).split('\n').filter(Boolean),
	};
}
