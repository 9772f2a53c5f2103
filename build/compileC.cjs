'use strict';

const { createHash } = require('node:crypto');
const { mkdir, readFile, rename, writeFile } = require('node:fs/promises');
const path = require('node:path');

/** Clang as WebAssembly, with a C library of which parts are linked in. */
const COMPILER = '@yowasp/clang';

/**
 * Compiles C to WebAssembly, with a compiler that is WebAssembly itself and comes from npm. The result is kept in
 * `.cache` for as long as nothing that went into it changes.
 *
 * @param {string} root the project's folder
 * @param {object} module
 * @param {string} module.name of what is compiled, for messages and for the cache
 * @param {string[][]} module.commands what Clang is called with, one call after the other: what one has written, the next
 *   ones find beside the folders; the name of the module is the last word of the last one
 * @param {Record<string, Record<string, Buffer>>} module.files by folder the contents of files by their names, which
 *   have forward slashes
 * @param {() => void} [module.onCompile] called if there is nothing in the cache
 * @returns {Promise<Buffer>} the module
 */
async function compileC(root, { name, commands, files, onCompile = () => {} }) {
	const key = await cacheKey(root, commands, files);
	const cached = path.join(root, '.cache', name, `${key}.wasm`);
	const kept = await readFile(cached).catch(() => undefined);
	if (kept && WebAssembly.validate(kept)) return kept;

	onCompile();
	const module = await compile(name, commands, files);
	if (!WebAssembly.validate(module)) throw new Error(`The compiled ${name} is not a valid WebAssembly module`);
	await mkdir(path.dirname(cached), { recursive: true });
	// Another build may read or write the same file.
	await writeFile(`${cached}.${process.pid}`, module);
	await rename(`${cached}.${process.pid}`, cached);
	return module;
}

async function cacheKey(root, commands, files) {
	const hash = createHash('sha256');
	const compiler = await readFile(path.join(root, 'node_modules', COMPILER, 'package.json'), 'utf8');
	hash.update(JSON.stringify([JSON.parse(compiler).version, commands]));
	for (const [name, contents] of Object.entries(Object.assign({}, ...Object.values(files)))) {
		hash.update(`\0${name}\0${contents.length}\0`).update(contents);
	}
	return hash.digest('hex').slice(0, 32);
}

async function compile(name, commands, files) {
	const { runClang, runLLVM } = await import(COMPILER);
	const messages = [];
	// Node 20 may leave a module waiting to be compiled for as long as nothing else wakes its event loop.
	const wake = setInterval(() => {}, 100);
	try {
		// The compiler is loaded on its first call, which would report every step of that to the console.
		await runLLVM(null, {}, { fetchProgress: () => {} });
		let tree = Object.fromEntries(Object.entries(files).map(([folder, contents]) => [folder, asTree(contents)]));
		for (const args of commands) {
			tree = await runClang(args, tree, {
				stderr: (bytes) => bytes && messages.push(Buffer.from(bytes)),
				decodeASCII: false,
			});
		}
		return Buffer.from(tree[commands.at(-1).at(-1)]);
	} catch (failure) {
		throw new Error(`${name} could not be compiled (${failure.message}):\n${Buffer.concat(messages)}`);
	} finally {
		clearInterval(wake);
	}
}

/** Files by their paths, as the folders within folders that the compiler takes. */
function asTree(files) {
	const tree = {};
	for (const [name, contents] of Object.entries(files)) {
		const folders = name.split('/');
		const file = folders.pop();
		let folder = tree;
		for (const part of folders) folder = folder[part] ??= {};
		folder[file] = contents;
	}
	return tree;
}

module.exports = { COMPILER, compileC };
