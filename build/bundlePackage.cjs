'use strict';

const { existsSync } = require('node:fs');
const path = require('node:path');
const esbuild = require('esbuild');

// n8n-workflow comes with n8n; the other two exist only if an operator installed them for the FFmpeg engine.
const HOST_PACKAGES = ['n8n-workflow', 'fluent-ffmpeg', 'ffmpeg-static'];

/**
 * Bundles our own code into few files: n8n loads every node at its start, and opening fifty small files takes longer
 * than all else a node does then.
 *
 * Each entry becomes one file. What another entry is stays a file of its own and is required at run time, so that
 * codecs, and all that only runs, are loaded on first use and shared modules exist once.
 *
 * @param {string} root the project's folder
 * @param {string[]} entries source files, relative to the root
 * @param {string[]} apart further files, relative to the root, that are not bundled in
 * @param {string} outDir where the tree is rebuilt
 */
async function bundlePackage(root, entries, apart, outDir) {
	const ownFiles = new Set([...entries, ...apart].map((file) => path.resolve(root, file)));
	for (const entry of entries) {
		await esbuild.build({
			absWorkingDir: root,
			entryPoints: [entry],
			outfile: path.join(outDir, entry.replace(/\.ts$/, '.js')),
			bundle: true,
			format: 'cjs',
			platform: 'node',
			target: 'node20',
			// Late loading by `require`: a native import would not see the names a CommonJS file exports.
			supported: { 'dynamic-import': false },
			external: HOST_PACKAGES,
			charset: 'utf8',
			logLevel: 'warning',
			plugins: [requireOwnFiles(ownFiles, path.dirname(path.resolve(root, entry)))],
		});
	}
}

/** Leaves imports of files that exist by themselves as relative requires. */
function requireOwnFiles(ownFiles, entryFolder) {
	return {
		name: 'require-own-files',
		setup(build) {
			build.onResolve({ filter: /^\.\.?(\/|$)/ }, ({ path: specifier, resolveDir, kind }) => {
				const target = sourceFile(path.resolve(resolveDir, specifier));
				if (kind === 'entry-point' || !target || !ownFiles.has(target)) return undefined;
				const relative = path.relative(entryFolder, target).replace(/\.ts$/, '.js').split(path.sep).join('/');
				// None of them does anything by being loaded, so that one of which nothing is used is not.
				return { path: relative.startsWith('.') ? relative : `./${relative}`, external: true, sideEffects: false };
			});
		},
	};
}

function sourceFile(file) {
	return [`${file}.ts`, path.join(file, 'index.ts')].find((candidate) => existsSync(candidate));
}

module.exports = { bundlePackage };
