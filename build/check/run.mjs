#!/usr/bin/env node
/**
 * `npm run check`: what n8n's lint does not read or does not look for. Without a name all of them run, and each says
 * what it found; with one (`npm run check -- directions`) that one runs. `npm run check -- --write` formats, and writes
 * the tables of CONTRIBUTING.md anew.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { deadCode } from './deadCode.cjs';
import { indexedAccess } from './indexedAccess.cjs';
import { roomTable, wrongDirections } from './directions.cjs';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const PAGE = path.join(ROOT, 'CONTRIBUTING.md');
const TABLE = /(<!-- rooms: npm run check -- --write -->\n)[\s\S]*?(<!-- end of rooms -->)/;

const { values, positionals } = parseArgs({ options: { write: { type: 'boolean' } }, allowPositionals: true });

/** Runs a program of node_modules; what it finds it prints itself. */
function program(name, ...programArguments) {
	const { status } = spawnSync(path.join(ROOT, 'node_modules/.bin', name), programArguments, {
		cwd: ROOT,
		stdio: 'inherit',
	});
	return status === 0 ? [] : [`${name} ended with ${status}`];
}

function roomsOnPage() {
	const page = readFileSync(PAGE, 'utf8');
	if (!TABLE.test(page)) return ['CONTRIBUTING.md has no place for the table of rooms'];
	const right = page.replace(TABLE, (_, start, end) => `${start}\n${roomTable()}\n\n${end}`);
	if (right === page) return [];
	if (!values.write) return ['The table of rooms in CONTRIBUTING.md is old: npm run check -- --write'];
	writeFileSync(PAGE, right);
	return [];
}

const CHECKS = {
	biome: () => program('biome', ...(values.write ? ['check', '--write'] : ['ci']), '.'),
	promises: () => program('eslint', '--config', 'build/check/eslint.config.mjs', '--max-warnings', '0', '.'),
	'indexed-access': () => indexedAccess(ROOT),
	'dead-code': () => deadCode(ROOT),
	contributing: roomsOnPage,
	directions: () => wrongDirections(ROOT),
};

for (const name of positionals) {
	if (!(name in CHECKS)) throw new Error(`There is no check ${name}; there are ${Object.keys(CHECKS).join(', ')}.`);
}
for (const [name, check] of Object.entries(CHECKS)) {
	if (positionals.length > 0 && !positionals.includes(name)) continue;
	const findings = check();
	console.log(`${findings.length === 0 ? 'ok   ' : 'FOUND'} ${name}`);
	for (const finding of findings) console.log(`      ${finding}`);
	if (findings.length > 0) process.exitCode = 1;
}
