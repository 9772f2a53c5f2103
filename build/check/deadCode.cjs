'use strict';

/**
 * Finds files that nothing reaches and exports that nobody imports.
 *
 * What counts as a start: what n8n loads, what is bundled by itself, tests, and every script that package.json, `.ci/run`
 * or another file names (workers are run by their path). A type that only its own module uses may be exported, since
 * it describes what the module's functions take and give.
 */
const { readdirSync, readFileSync, statSync } = require('node:fs');
const path = require('node:path');
const { ALL, readModule, resolveImport } = require('./modules.cjs');

const FOLDERS = ['nodes', 'credentials', 'test', 'build', 'bench', 'demo'];
const SOURCE = /\.(?:[cm]?js|[cm]?ts)$/;
const SKIPPED = /(?:^|\/)node_modules\/|^test\/fixtures\//;

/** Read by n8n, gulp, esbuild, jest or eslint, and by whoever calls the built package. */
const STARTS = [
	/\.node\.ts$/,
	/\.credentials\.ts$/,
	/(?:^|\/)vendor\/[^/]+\.ts$/,
	/^nodes\/Sendblue\/voiceNote\/index\.ts$/,
	/^[^/]+$/,
	/eslint\.config\.mjs$/,
	/^build\/hostStandIns\.js$/,
	/^test\/support\/esbuildTransform\.cjs$/,
	/\.test\.cts$/,
	/\.d\.ts$/,
	/^test\/sandbox\/busboy\.d\.cts$/,
];
/** Called by the checks and examples of others, who rely on all of their exports. */
const CALLED_FROM_OUTSIDE = [
	/^test\/engine\/support\/(?:engine|triggerHost)(?:\.d)?\.c[jt]s$/,
	/^test\/sandbox\/index(?:\.d)?\.c[jt]s$/,
];
/** Where scripts are named that people and machines start. */
const NAMING = ['package.json', '.ci/run', '.github/workflows/ci.yml', 'CONTRIBUTING.md', 'docs', 'bench'];

/**
 * @param {string} root of the project
 * @returns {string[]} a sentence for each finding
 */
function deadCode(root) {
	const modules = new Map(sourceFiles(root).map((file) => [file, readModule(path.join(root, file))]));
	const links = linksBetween(root, modules);
	const reached = reachedFrom(startsOf(root, modules), links);
	const used = usedNames(links);
	return [...modules].flatMap(([file, { exports }]) => {
		if (!reached.has(file)) return [`${file} is reached from nowhere`];
		if (isStart(file) || CALLED_FROM_OUTSIDE.some((start) => start.test(file))) return [];
		const names = used.get(file) ?? new Set();
		if (names.has(ALL)) return [];
		return exports
			.filter(({ name, isType, usedInside }) => !names.has(name) && !(isType && usedInside))
			.map(({ name, line }) => `${file}:${line} exports ${name}, which no other file imports`);
	});
}

function sourceFiles(root) {
	const below = FOLDERS.flatMap((folder) =>
		readdirSync(path.join(root, folder), { recursive: true }).map((name) => path.join(folder, String(name))),
	);
	return [...readdirSync(root), ...below].filter((file) => SOURCE.test(file) && !SKIPPED.test(file));
}

const isStart = (file) => STARTS.some((start) => start.test(file));

function startsOf(root, modules) {
	const named = NAMING.flatMap((name) => textsIn(path.join(root, name))).join('\n');
	return [...modules.keys()].filter(
		(file) => isStart(file) || named.includes(file) || CALLED_FROM_OUTSIDE.some((start) => start.test(file)),
	);
}

/** The text of a file, or of the pages in a folder. */
function textsIn(place) {
	if (!statSync(place).isDirectory()) return [readFileSync(place, 'utf8')];
	return readdirSync(place)
		.filter((name) => name.endsWith('.md'))
		.map((name) => readFileSync(path.join(place, name), 'utf8'));
}

/** Each import and each file named in a text, as a link: from, to, names. */
function linksBetween(root, modules) {
	const byBaseName = new Map();
	for (const file of modules.keys()) {
		const name = path.basename(file);
		byBaseName.set(name, [...(byBaseName.get(name) ?? []), file]);
	}
	const links = [];
	for (const [file, { imports, texts }] of modules) {
		for (const { specifier, names } of imports) {
			for (const target of resolveImport(path.join(root, file), specifier)) {
				links.push({ from: file, to: path.relative(root, target), names });
			}
		}
		for (const text of texts) {
			const namesakes = SOURCE.test(text) ? (byBaseName.get(path.basename(text)) ?? []) : [];
			for (const to of namesakes) links.push({ from: file, to, names: [] });
		}
	}
	return links;
}

function reachedFrom(starts, links) {
	const reached = new Set(starts);
	const targets = new Map();
	for (const { from, to } of links) targets.set(from, [...(targets.get(from) ?? []), to]);
	const open = [...starts];
	while (open.length > 0) {
		for (const to of targets.get(open.pop()) ?? []) {
			if (reached.has(to)) continue;
			reached.add(to);
			open.push(to);
		}
	}
	return reached;
}

function usedNames(links) {
	const used = new Map();
	for (const { from, to, names } of links) {
		if (from === to) continue;
		if (!used.has(to)) used.set(to, new Set());
		for (const name of names) used.get(to).add(name);
	}
	return used;
}

module.exports = { deadCode };
