'use strict';

const { readFile } = require('node:fs/promises');
const path = require('node:path');
const { compileC } = require('../compileC.cjs');

const SOURCES = ['vectorKernel.c', 'qmf.c'];
const OUTPUT = 'vectorKernel.wasm';

const FLAGS = [
	'--target=wasm32',
	'-nostdlib',
	'-O2',
	'-msimd128',
	// The order of the sums is part of the result.
	'-ffp-contract=off',
	'-Wall',
	'-Werror',
	'-Wl,--no-entry',
	'-Wl,--strip-all',
	// What calls it lays the memory out; the module itself keeps nothing there.
	'-Wl,--import-memory',
	'-Wl,-z,stack-size=0',
];

/**
 * Compiles the inner loops that JavaScript is too slow for: of the resampling filter, and of the QMF banks of HE-AAC.
 *
 * @param {string} root the project's folder
 * @returns {Promise<Buffer>} a module that imports its memory as `env.memory` and exports `filter`, `analyse`, `synthesizeFull` and
 *   `synthesizeHalf`
 */
async function compileVectorKernel(root) {
	const contents = await Promise.all(SOURCES.map((source) => readFile(path.join(__dirname, source))));
	return await compileC(root, {
		name: 'vectorKernel',
		commands: [['clang', ...FLAGS, ...SOURCES.map((source) => `own/${source}`), '-o', OUTPUT]],
		files: { own: Object.fromEntries(SOURCES.map((source, i) => [source, contents[i]])) },
	});
}

module.exports = { compileVectorKernel };
