#!/usr/bin/env node
/**
 * Writes the README's table of formats from the list that the tests run over (test/support/formats.cts), so that the
 * README says what is tested and nothing else. With `--check` it only tells whether the table is up to date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const README = path.join(ROOT, 'README.md');
const BEGIN = '<!-- formats: made by `node build/formatTable.mjs` -->';
const END = '<!-- end of formats -->';

function formatRows() {
	const source = readFileSync(path.join(ROOT, 'test/support/formats.cts'), 'utf8');
	const { code } = transformSync(source, { loader: 'ts', format: 'cjs' });
	const module = { exports: {} };
	new Function('module', 'exports', 'require', code)(module, module.exports, () => ({}));
	return module.exports.FORMATS;
}

function agreementText({ snrDb, spectrumDb }) {
	if (spectrumDb !== undefined) return `spectrum within ${spectrumDb} dB`;
	return snrDb === Infinity ? 'exact' : `SNR ≥ ${snrDb} dB`;
}

function testedWith({ encodings, kept }) {
	const byAgreement = new Map();
	for (const { agreement, encoder } of encodings) {
		const text = agreementText(agreement);
		byAgreement.set(text, new Set([...(byAgreement.get(text) ?? []), encoder]));
	}
	const parts = [...byAgreement].map(([text, encoders]) => `${[...encoders].join(', ')} (${text})`);
	if (kept) parts.push(`${kept.encoder} (${kept.agreement})`);
	return parts.join('; ');
}

const rows = formatRows().map((row) => `| ${row.format} | ${row.how} | ${testedWith(row)} |`);
const table = [
	BEGIN,
	'',
	'| Format | How it is read | Tested with files of (agreement with another decoder) |',
	'|---|---|---|',
	...rows,
	'',
	END,
].join('\n');

const readme = readFileSync(README, 'utf8');
const start = readme.indexOf(BEGIN);
const end = readme.indexOf(END);
if (start < 0 || end < start) throw new Error('The README has no place for the table of formats.');
const updated = readme.slice(0, start) + table + readme.slice(end + END.length);

if (process.argv.includes('--check')) {
	if (updated !== readme) {
		console.error("The README's table of formats is out of date: run node build/formatTable.mjs");
		process.exitCode = 1;
	}
} else {
	writeFileSync(README, updated);
}
