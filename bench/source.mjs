/** Lets the benchmark reach into our TypeScript, if it measures parts and not the whole package. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import esbuild from 'esbuild';
import { CACHE, DIST, ROOT } from './paths.mjs';

const FOLDER = path.join(CACHE, 'source');
/** The built codecs are CommonJS. */
const REQUIRE =
	"import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);";

/** Codecs of others are not in our source: they are taken from the build. */
const builtCodecs = {
	name: 'built-codecs',
	setup(build) {
		build.onResolve({ filter: /\/vendor\/\w+$/ }, ({ path: specifier, resolveDir }) => ({
			path: `${path.join(DIST, path.relative(ROOT, path.resolve(resolveDir, specifier)))}.js`,
		}));
	},
};

/** Imports a TypeScript file of the project. */
export async function importSource(file) {
	mkdirSync(FOLDER, { recursive: true });
	const outfile = path.join(FOLDER, `${file.replace(/[\\/]/g, '-')}.mjs`);
	await esbuild.build({
		entryPoints: [path.join(ROOT, file)],
		outfile,
		bundle: true,
		format: 'esm',
		platform: 'node',
		loader: { '.cts': 'ts' },
		banner: { js: REQUIRE },
		plugins: [builtCodecs],
		logLevel: 'warning',
	});
	return await import(outfile);
}
