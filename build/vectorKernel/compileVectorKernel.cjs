'use strict';

const { readFile } = require('node:fs/promises');
const path = require('node:path');
const { compileC } = require('../compileC.cjs');

const SOURCE = 'vectorKernel.c';
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
 * Compiles the inner loop of the resampling filter.
 *
 * @param {string} root the project's folder
 * @returns {Promise<Buffer>} a module that imports its memory as `env.memory` and exports `filter`
 */
async function compileVectorKernel(root) {
	return await compileC(root, {
		name: 'vectorKernel',
		args: ['clang', ...FLAGS, `own/${SOURCE}`, '-o', OUTPUT],
		files: { own: { [SOURCE]: await readFile(path.join(__dirname, SOURCE)) } },
	});
}

module.exports = { compileVectorKernel };
