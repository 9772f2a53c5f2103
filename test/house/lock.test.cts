/** The lock file is one for everybody: for all systems, whatever registry it was made with. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

interface LockedPackage {
	resolved?: string;
	optionalDependencies?: Record<string, string>;
}

const ROOT = resolve(__dirname, '../..');
const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
	packages: Record<string, LockedPackage>;
};

/** Whether Node would find the package from the place of another. */
function isLocked(place: string, name: string): boolean {
	for (let folder = place; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
		if (`${folder === '' ? '' : `${folder}/`}node_modules/${name}` in packages) return true;
		if (folder === '') return false;
	}
}

it('names no registry', () => {
	const resolved = Object.values(packages).flatMap((entry) => entry.resolved ?? []);
	expect(resolved).toEqual([]);
});

it('holds the native parts of packages for every system, not for the one it was made on', () => {
	const missing = Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
		Object.keys(optionalDependencies)
			.filter((name) => !isLocked(place, name))
			.map((name) => `${name}, of ${place}`),
	);
	expect(missing).toEqual([]);
});
