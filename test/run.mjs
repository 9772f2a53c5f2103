#!/usr/bin/env node
/**
 * `npm test`: builds the package, sets up what the tests need, runs them on the newest n8n engine and the engine's
 * part again on that of n8n 2.8. With `--coverage` the coverage of the first run is printed. In CI (`CI=true`) a skipped
 * test counts as a failed one.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { IN_CI } from './ci.mjs';
import { installTools } from './tools.mjs';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const FLOOR = path.join(ROOT, 'test/engine/floor');
/** Written when the installation has come to its end. */
const FLOOR_COMPLETE = path.join(FLOOR, 'node_modules/.complete');
const JEST = path.join(ROOT, 'node_modules/jest/bin/jest.js');
const INSTALL_TRIES = 3;
/** Tests that measure short times run by themselves, one after the other, and never under coverage. */
const MEASURING = ['test/engine/linePacing', 'test/package/', 'test/unit/core/pacing'];
/** These mostly wait, or measure seconds and memory of their own process, so they run beside each other only. */
const WAITING = [
	'test/faults/endless',
	'test/faults/faultMatrix',
	'test/faults/manyExecutions',
	'test/faults/manyFaults',
	'test/faults/manyItems',
];

const reports = mkdtempSync(path.join(tmpdir(), 'jest-reports-'));

async function run(command, commandArguments, environment = {}) {
	const program = spawn(command, commandArguments, {
		cwd: ROOT,
		stdio: 'inherit',
		env: { ...process.env, ...environment },
	});
	const [code] = await once(program, 'exit');
	return code === 0;
}

async function build() {
	if (!(await run('npm', ['run', '--silent', 'build']))) throw new Error('The build failed.');
}

/** The oldest engine lives in a folder of its own, as n8n-core can stand only once in the project's. */
async function installFloor() {
	if (existsSync(FLOOR_COMPLETE)) return;
	console.log('Installing the n8n engine of version 2.8 below test/engine/floor (about 300 MB, once) …');
	for (let attempt = 1; attempt <= INSTALL_TRIES; attempt++) {
		// What an interrupted installation left behind would pass for installed.
		rmSync(path.join(FLOOR, 'node_modules'), { recursive: true, force: true });
		const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'];
		if (await run('npm', ['install', '--prefix', FLOOR, ...flags])) {
			writeFileSync(FLOOR_COMPLETE, '');
			return;
		}
		console.log(`That did not work (attempt ${attempt} of ${INSTALL_TRIES}).`);
	}
	throw new Error('The n8n engine of version 2.8 could not be installed. Check the network and run npm test again.');
}

async function jest(name, jestArguments, environment) {
	const report = path.join(reports, `${name}.json`);
	console.log(`\n=== ${name} ===`);
	const passed = await run(process.execPath, [JEST, '--json', `--outputFile=${report}`, ...jestArguments], environment);
	const result = JSON.parse(readFileSync(report, 'utf8'));
	if (!passed && result.success) {
		console.log(
			`\nEvery test of “${name}” passed, but jest calls the run failed: see the error among its output above.`,
		);
	}
	return { passed, ...result };
}

/** The names of the tests that did not run. */
function skippedTests(results) {
	return results.flatMap(({ testResults }) =>
		testResults.flatMap(({ assertionResults }) =>
			assertionResults.filter(({ status }) => status === 'pending').map(({ fullName }) => fullName),
		),
	);
}

/** A missing tool must not look like a passed check: the tests are named, and in CI, which has all tools, they fail. */
function printSkipped(skipped) {
	if (skipped.length === 0) return;
	console.log(`\nSkipped, because a tool they need is not on this machine${IN_CI ? ', which fails in CI' : ''}:`);
	for (const name of skipped) console.log(`  ○ ${name}`);
}

try {
	// Two of them wait for the network, and the third for the processor.
	await Promise.all([installTools(), build(), installFloor()]);
	const inPairs = '--maxWorkers=2';
	const others = `--testPathIgnorePatterns=/node_modules/|${[...MEASURING, ...WAITING].join('|')}`;
	const coverage = process.argv.includes('--coverage') ? ['--coverage'] : [];
	const measuringEngine = MEASURING.filter((test) => test.startsWith('test/engine'));
	const results = [
		await jest('newest n8n engine', [inPairs, others, ...coverage], { N8N_ENGINE: 'newest' }),
		await jest('tests that wait', [inPairs, ...WAITING], { N8N_ENGINE: 'newest' }),
		await jest('tests that measure', ['--runInBand', ...MEASURING], { N8N_ENGINE: 'newest' }),
		await jest('n8n engine of version 2.8', ['test/engine', inPairs, others], { N8N_ENGINE: 'floor' }),
		await jest('its tests that measure', ['--runInBand', ...measuringEngine], { N8N_ENGINE: 'floor' }),
	];
	const skipped = skippedTests(results);
	printSkipped(skipped);
	const total = (field) => results.reduce((sum, result) => sum + result[field], 0);
	const brokenFiles = total('numRuntimeErrorTestSuites');
	console.log(
		`\n${total('numPassedTests')} passed, ${total('numFailedTests') + brokenFiles} failed, ${skipped.length} skipped`,
	);
	const complete = skipped.length === 0 || !IN_CI;
	process.exitCode = complete && results.every(({ passed }) => passed) ? 0 : 1;
} finally {
	rmSync(reports, { recursive: true, force: true });
}
