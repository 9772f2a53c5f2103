#!/usr/bin/env node
/**
 * Runs the checks of n8n's official community-package scanner over our source and over the packed tarball, as
 * `npx @n8n/scan-community-package` does for a published package, without the download and the provenance check.
 * Also checks what the tarball holds. Ends with exit code 1 if anything is found.
 *
 * Needs a build: `npm run build` first.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { analyzePackage } from '@n8n/scan-community-package/scanner/scanner.mjs';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const MAX_TARBALL_BYTES = 3 * 1024 * 1024;
const ALLOWED_AT_TOP = ['package.json', 'README.md', 'LICENSE', 'THIRD_PARTY_NOTICES.md', 'CHANGELOG.md', 'dist'];
/** What the scanner lints: source files of these two folders, and every script of the tarball. */
const SOURCE_PATTERNS = ['package.json', '{nodes,credentials}/**/*.{js,ts,json}'];
const TARBALL_PATTERNS = ['package.json', '**/*.js'];

let findings = 0;
const report = (passed, what, details = '') => {
	if (!passed) findings++;
	console.log(`${passed ? 'ok  ' : 'FAIL'}  ${what}${passed || !details ? '' : `\n${details}`}`);
};

async function scan(what, folder, patterns) {
	const { passed, message, details } = await analyzePackage(folder, patterns);
	report(passed, `official scanner, ${what}`, `${message ?? ''}\n${details ?? ''}`);
}

const temporary = mkdtempSync(path.join(tmpdir(), 'scan-'));
try {
	await scan('source', ROOT, SOURCE_PATTERNS);

	const pack = execFileSync('npm', ['pack', '--json', '--pack-destination', temporary], {
		cwd: ROOT,
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	const [{ filename, files }] = JSON.parse(pack);
	const tarball = path.join(temporary, filename);
	execFileSync('tar', ['-xzf', tarball, '-C', temporary]);
	await scan('tarball', path.join(temporary, 'package'), TARBALL_PATTERNS);

	const bytes = statSync(tarball).size;
	report(bytes < MAX_TARBALL_BYTES, `the tarball has ${(bytes / 1024 / 1024).toFixed(2)} MB, less than 3 MB`);
	const strangers = files.map(({ path: file }) => file).filter((file) => !ALLOWED_AT_TOP.includes(file.split('/')[0]));
	report(strangers.length === 0, 'the tarball holds dist and the documents, nothing else', strangers.join('\n'));
	const missing = ALLOWED_AT_TOP.filter((name) => !files.some(({ path: file }) => file.split('/')[0] === name));
	report(missing.length === 0, 'the tarball is complete', `missing: ${missing.join(', ')}`);

	const manifest = JSON.parse(readFileSync(path.join(temporary, 'package/package.json'), 'utf8'));
	const forbidden = ['dependencies', 'optionalDependencies', 'overrides'].filter((field) => manifest[field]);
	report(forbidden.length === 0, 'no runtime dependencies, no overrides', forbidden.join(', '));

	const bundled = JSON.parse(readFileSync(path.join(ROOT, '.cache/bundled-packages.json'), 'utf8'));
	const notices = readFileSync(path.join(ROOT, 'THIRD_PARTY_NOTICES.md'), 'utf8');
	const unnamed = bundled.filter((name) => !notices.includes(`\`${name}\``));
	report(unnamed.length === 0, 'every bundled package is named in THIRD_PARTY_NOTICES.md', unnamed.join(', '));
} finally {
	rmSync(temporary, { recursive: true, force: true });
}
console.log(findings === 0 ? 'No findings.' : `${findings} finding(s).`);
process.exitCode = findings === 0 ? 0 : 1;
