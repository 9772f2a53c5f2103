'use strict';

const { execFile } = require('node:child_process');
const { mkdir, readdir, rename, rm, writeFile } = require('node:fs/promises');
const path = require('node:path');
const { promisify } = require('node:util');
const { dest, parallel, series, src } = require('gulp');
const { bundlePackage } = require('./build/bundlePackage.cjs');
const { bundleVendor } = require('./build/bundleVendor.cjs');
const { COMPILED_PACKAGES, compileLibopus } = require('./build/libopus/compileLibopus.cjs');
const { compileVectorKernel } = require('./build/vectorKernel/compileVectorKernel.cjs');

const run = promisify(execFile);
const OUT = 'dist';
/**
 * The package is put together here and then moved to its place, so that a failed build leaves the last one whole. Builds
 * at the same time do not meet.
 */
const STAGE = path.join('.cache', `dist-${process.pid}`);

/** Icons, codex files and output schemas go along unchanged, beside the code they belong to. */
const METADATA = ['nodes/**/*.{svg,png,node.json}', 'nodes/**/__schema__/**/*.json', 'credentials/**/*.{svg,png}'];

/** Removes what builds that failed have left. */
async function clean() {
	await mkdir('.cache', { recursive: true });
	for (const name of await readdir('.cache')) {
		const builder = /^dist-(\d+)/.exec(name)?.[1];
		if (builder && !isRunning(Number(builder))) await rm(path.join('.cache', name), { recursive: true, force: true });
	}
}

function isRunning(pid) {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}

/** Files of our own that are required at run time: by more than one other file, and so exist once, or late. */
const SHARED_MODULES = [
	'actions/router.ts',
	'trigger/receiver.ts',
	'voiceNote/index.ts',
	'voiceNote/errors.ts',
	'voiceNote/limits.ts',
].map((file) => path.join('nodes/Sendblue', file));

async function checkTypes() {
	const compiler = require.resolve('typescript/bin/tsc');
	try {
		await run(process.execPath, [compiler, '--noEmit', '-p', 'tsconfig.json']);
	} catch (failure) {
		throw new Error(`TypeScript found:\n${failure.stdout}`);
	}
}

/** The source files below nodes/ and credentials/, by kind. */
async function sourceFiles() {
	const below = async (folder) => (await readdir(folder, { recursive: true })).map((file) => path.join(folder, file));
	const all = [...(await below('nodes')), ...(await below('credentials'))];
	const files = all.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'));
	return {
		loadedByN8n: files.filter((file) => /\.(node|credentials)\.ts$/.test(file)),
		// Third-party code enters the package through files in a folder `vendor`, and nowhere else.
		vendor: files.filter((file) => path.basename(path.dirname(file)) === 'vendor'),
	};
}

/** Bundles our code, and the codecs each by itself; notes which packages went in. */
async function bundle() {
	const { loadedByN8n, vendor } = await sourceFiles();
	await bundlePackage(__dirname, [...loadedByN8n, ...SHARED_MODULES], vendor, STAGE);
	const compiled = {
		LIBOPUS_BASE64: (await compileLibopus(__dirname, { vectors: true })).toString('base64'),
		SCALAR_LIBOPUS_BASE64: (await compileLibopus(__dirname, { vectors: false })).toString('base64'),
		VECTOR_KERNEL_BASE64: (await compileVectorKernel(__dirname)).toString('base64'),
	};
	const packages = new Set(COMPILED_PACKAGES);
	for (const entry of vendor) {
		for (const name of await bundleVendor(__dirname, entry, STAGE, compiled)) packages.add(name);
	}
	await writeFile(path.join('.cache', 'bundled-packages.json'), JSON.stringify([...packages].sort(), null, '\t'));
}

const metadata = () =>
	src(METADATA, {
		base: '.',
		encoding: false,
	}).pipe(dest(STAGE));

async function replaceLast() {
	const last = `${STAGE}-last`;
	await rename(OUT, last).catch(() => undefined);
	await rename(STAGE, OUT);
	await rm(last, { recursive: true, force: true });
}

exports.build = series(clean, parallel(checkTypes, bundle, metadata), replaceLast);
exports.default = exports.build;
