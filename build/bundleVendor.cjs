'use strict';

const { readFile } = require('node:fs/promises');
const path = require('node:path');
const vm = require('node:vm');
const esbuild = require('esbuild');

// Node's own modules and worker threads are never reached inside a bundle: an import of one becomes an empty class.
const HOST_MODULES = /^(node:)?(fs|fs\/promises|path|url|module|crypto|worker_threads|os|stream|util)$/;

const emptyHostModules = {
	name: 'empty-host-modules',
	setup(build) {
		build.onResolve({ filter: HOST_MODULES }, ({ path: name }) => ({ path: name, namespace: 'empty-host-module' }));
		build.onLoad({ filter: /.*/, namespace: 'empty-host-module' }, () => ({
			contents: 'export default class {}',
			loader: 'js',
		}));
	},
};

/**
 * Emscripten writes a module into its loader as a string of its bytes, which Node takes a while to read and the loader
 * to decode. As Base64 both are many times as fast, and the file stays text.
 *
 * @param {string} source
 */
function withModuleAsBase64(source) {
	return source.replace(/binaryDecode\(('(?:[^'\\]|\\.)*')\)/s, (_, literal) => {
		// Of a character only the low byte counts: some bytes are written as larger ones.
		const bytes = Array.from(vm.runInNewContext(literal), (character) => character.charCodeAt(0) & 0xff);
		return `Buffer.from('${Buffer.from(bytes).toString('base64')}', 'base64')`;
	});
}

// Binds `WebAssembly` in third-party code to a stand-in. A plain `inject` could not, as the stand-in needs the real one.
const promptWebAssembly = {
	name: 'prompt-webassembly',
	setup(build) {
		build.onLoad({ filter: /node_modules.*\.m?js$/ }, async ({ path: file }) => {
			const source = await readFile(file, 'utf8');
			if (!source.includes('WebAssembly')) return undefined;
			const { code } = await esbuild.transform(withModuleAsBase64(source), {
				charset: 'utf8',
				define: { WebAssembly: 'promptWebAssembly', 'import.meta.url': '""' },
			});
			return { contents: code, loader: 'js' };
		});
	},
};

/** A WebAssembly module that a package brings along as a file becomes its bytes, kept as Base64 like those in loaders. */
const moduleAsBase64 = {
	name: 'module-as-base64',
	setup(build) {
		build.onLoad({ filter: /\.wasm$/ }, async ({ path: file }) => ({
			contents: `export default Buffer.from('${await readFile(file, 'base64')}', 'base64')`,
			loader: 'js',
		}));
	},
};

/**
 * Bundles one file of a `vendor/` folder, with the packages it re-exports, into one CommonJS file that needs nothing
 * at run time and passes n8n's scanner.
 *
 * @param {string} root the project's folder
 * @param {string} entry the source file, relative to the root
 * @param {string} outDir where the tree is rebuilt
 * @param {Record<string, string>} constants names in that file and what the build puts in their place
 * @returns {Promise<string[]>} the npm packages whose code ended up in the bundle
 */
async function bundleVendor(root, entry, outDir, constants) {
	const result = await esbuild.build({
		absWorkingDir: root,
		entryPoints: [entry],
		outfile: path.join(outDir, entry.replace(/\.ts$/, '.js')),
		bundle: true,
		format: 'cjs',
		platform: 'browser',
		target: 'node20',
		minify: true,
		// Names are kept readable for whoever reviews the shipped files.
		minifyIdentifiers: false,
		charset: 'utf8',
		legalComments: 'none',
		metafile: true,
		logLevel: 'warning',
		inject: [path.join(__dirname, 'hostStandIns.js')],
		define: {
			__dirname: '""',
			__filename: '""',
			'import.meta.url': '""',
			...Object.fromEntries(Object.entries(constants).map(([name, value]) => [name, JSON.stringify(value)])),
		},
		plugins: [emptyHostModules, moduleAsBase64, promptWebAssembly],
	});
	return bundledPackages(Object.keys(result.metafile.inputs));
}

/** @param {string[]} files */
function bundledPackages(files) {
	const names = files.map((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(file)?.[1]);
	return [...new Set(names.filter((name) => name !== undefined))];
}

module.exports = { bundleVendor };
