'use strict';

const { readFile, readdir } = require('node:fs/promises');
const path = require('node:path');
const { COMPILER, compileC } = require('../compileC.cjs');

/**
 * Where npm puts the sources of libopus 1.5.2: the package brings them along for a native addon, which is not built here.
 * They were compared with the tag v1.5.2 of https://github.com/xiph/opus: the same but for the ends of lines.
 */
const SOURCE_PACKAGE = 'audify';
const SOURCE_FOLDER = 'vendor/opus';

/** The lists of source files that libopus keeps for its makefiles, and what of them goes into ours. */
const SOURCE_LISTS = {
	'opus_sources.mk': ['OPUS_SOURCES', 'OPUS_SOURCES_FLOAT'],
	'celt_sources.mk': ['CELT_SOURCES'],
	'silk_sources.mk': ['SILK_SOURCES', 'SILK_SOURCES_FLOAT'],
};
/** More channels than two, which our own code takes apart into streams of one or two. */
const UNUSED_SOURCES = /opus_(multistream|projection)|mapping_matrix/;
/** What our own code with vector instructions takes the place of: files of libopus that are then not compiled. */
const VECTOR_FILES = {
	'vectors/noiseShapingQuantizer.c': ['silk/NSQ_del_dec.c'],
	'vectors/predictionError.c': ['silk/float/LPC_analysis_filter_FLP.c'],
	'vectors/sumsOfProducts.c': ['silk/float/energy_FLP.c', 'silk/float/inner_product_FLP.c'],
	'vectors/warpedAutocorrelation.c': ['silk/float/warped_autocorrelation_FLP.c'],
};
const HEADER_FOLDERS = ['include', 'celt', 'silk', 'silk/float', 'src', '.'];
const OWN_FILES = ['config.h', 'voiceCodec.c'];
const OUTPUT = 'libopus.wasm';

const TARGET = ['--target=wasm32-wasip1'];
/**
 * V8 runs a function unoptimised until it has compiled the whole of it, and it compiles what it runs: small functions are
 * what makes the first seconds short. So the code is made small, and a function goes into another one only where libopus
 * asks for it.
 */
const SMALL = ['-Os', '-finline-hint-functions'];
/** Where that costs more of every second than it saves of the first ones. */
const FAST = ['-O2'];
const FAST_SOURCES =
	/NLSF_del_dec_quant|LTP_analysis_filter_FLP|burg_modified_FLP|schur_FLP|pitch_analysis_core_FLP|resampler_private_down_FIR/;
const COMPILER_FLAGS = ['-c', '-fno-math-errno', '-w', '-DHAVE_CONFIG_H'];
const LINKER_FLAGS = [
	'-mexec-model=reactor',
	'-Wl,--strip-all',
	'-Wl,--stack-first',
	'-Wl,-z,stack-size=524288',
	// Above two gigabytes an address would look like an error code; a quarter of that is far more than is used.
	'-Wl,--max-memory=536870912',
];
/** Some processors, or what virtual machines show of them, lack the instructions that V8 needs for vectors. */
const VECTOR_FLAGS = ['-msimd128'];

/**
 * Compiles libopus to WebAssembly.
 *
 * @param {string} root the project's folder
 * @param {{ vectors: boolean }} options whether to use vector instructions
 * @returns {Promise<Buffer>} the module, which imports nothing
 */
async function compileLibopus(root, { vectors }) {
	const library = path.join(root, 'node_modules', SOURCE_PACKAGE, SOURCE_FOLDER);
	const replacements = vectors ? VECTOR_FILES : {};
	const replaced = new Set(Object.values(replacements).flat());
	const own = await readFiles(__dirname, [...OWN_FILES, ...Object.keys(replacements)]);
	const headers = await readFiles(library, await headerFiles(library));
	const sources = await readFiles(library, await sourceFiles(library));
	const target = [...TARGET, ...(vectors ? VECTOR_FLAGS : [])];
	const includes = ['-Iown', ...HEADER_FOLDERS.map((folder) => path.posix.join('-Ilibrary', folder))];
	const all = [
		...['voiceCodec.c', ...Object.keys(replacements)].map((source) => `own/${source}`),
		...Object.keys(sources)
			.filter((source) => !replaced.has(source))
			.map((source) => `library/${source}`),
	];
	const compile = (flags, list) => ['clang', ...target, ...flags, ...COMPILER_FLAGS, ...includes, ...list];
	const objects = all.map((source) => `${path.posix.basename(source, '.c')}.o`);
	const commands = [
		compile(
			SMALL,
			all.filter((source) => !FAST_SOURCES.test(source)),
		),
		compile(
			FAST,
			all.filter((source) => FAST_SOURCES.test(source)),
		),
		['clang', ...target, ...LINKER_FLAGS, ...objects, '-o', OUTPUT],
	];
	return await compileC(root, {
		name: 'libopus',
		commands,
		files: { own, library: { ...headers, ...sources } },
		onCompile: () =>
			console.log(
				`Compiling libopus ${vectors ? 'with' : 'without'} vector instructions; this half a minute is needed once.`,
			),
	});
}

/** The contents of files by their names, which have forward slashes. */
async function readFiles(folder, names) {
	const contents = await Promise.all(names.map((name) => readFile(path.join(folder, name))));
	return Object.fromEntries(names.map((name, index) => [name, contents[index]]));
}

async function headerFiles(library) {
	const folders = await Promise.all(
		HEADER_FOLDERS.map(async (folder) => {
			const files = await readdir(path.join(library, folder));
			return files.filter((file) => file.endsWith('.h')).map((file) => path.posix.join(folder, file));
		}),
	);
	return folders.flat();
}

async function sourceFiles(library) {
	const lists = await Promise.all(
		Object.entries(SOURCE_LISTS).map(async ([file, variables]) => {
			const makefile = (await readFile(path.join(library, file), 'utf8')).replace(/\r/g, '').replace(/\\\n/g, ' ');
			return variables.flatMap((variable) => listedIn(makefile, variable, file));
		}),
	);
	return lists.flat().filter((source) => !UNUSED_SOURCES.test(source));
}

function listedIn(makefile, variable, file) {
	const list = new RegExp(`^${variable} *=(.*)$`, 'm').exec(makefile);
	if (!list) throw new Error(`${SOURCE_PACKAGE}: no list ${variable} in ${file}`);
	return list[1].trim().split(/\s+/);
}

module.exports = { compileLibopus, COMPILED_PACKAGES: [SOURCE_PACKAGE, COMPILER] };
