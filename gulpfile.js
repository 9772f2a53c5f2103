'use strict';

const { execFile } = require('node:child_process');
const { readdir, rename, rm, writeFile } = require('node:fs/promises');
const path = require('node:path');
const { promisify } = require('node:util');
const { dest, parallel, series, src } = require('gulp');
const { bundleVendor } = require('./build/bundleVendor.cjs');

const run = promisify(execFile);
const OUT = 'dist';
/** The package is put together here and then moved to its place, so that a failed build leaves the last one whole. */
const STAGE = path.join('.cache', 'dist');

/** Icons, codex files and output schemas go along unchanged, beside the code they belong to. */
const METADATA = ['nodes/**/*.{svg,png,node.json}', 'nodes/**/__schema__/**/*.json', 'credentials/**/*.{svg,png}'];

const clean = () => rm(STAGE, { recursive: true, force: true });

async function compile() {
	const compiler = require.resolve('typescript/bin/tsc');
	try {
		await run(process.execPath, [compiler, '-p', 'tsconfig.json', '--outDir', STAGE]);
	} catch (failure) {
		throw new Error(`TypeScript found:\n${failure.stdout}`);
	}
}

/** Bundles the codecs over what the compiler left at their place, and notes which packages went in. */
async function bundle() {
	const packages = new Set();
	const sources = await readdir('nodes', { recursive: true });
	// Third-party code enters the package through files in a folder `vendor`, and nowhere else.
	const entries = sources.filter((file) => path.basename(path.dirname(file)) === 'vendor' && file.endsWith('.ts'));
	for (const entry of entries.map((file) => path.join('nodes', file))) {
		for (const name of await bundleVendor(__dirname, entry, STAGE)) packages.add(name);
	}
	await writeFile(path.join('.cache', 'bundled-packages.json'), JSON.stringify([...packages].sort(), null, '\t'));
}

const metadata = () =>
	src(METADATA, {
		base: '.',
		encoding: false,
	}).pipe(dest(STAGE));

async function replaceLast() {
	await rm(OUT, { recursive: true, force: true });
	await rename(STAGE, OUT);
}

exports.build = series(clean, parallel(series(compile, bundle), metadata), replaceLast);
exports.default = exports.build;
