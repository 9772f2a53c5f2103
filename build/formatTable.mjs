#!/usr/bin/env node
/**
 * Writes the table of formats in docs/formats.md from the list that the tests run over (test/support/formats.cts), so that the
 * page says what is tested and nothing else. With `--check` it only tells whether the table is up to date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const PAGE = path.join(ROOT, 'docs/formats.md');
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

const page = readFileSync(PAGE, 'utf8');
const start = page.indexOf(BEGIN);
const end = page.indexOf(END);
if (start < 0 || end < start) throw new Error('docs/formats.md has no place for the table of formats.');
const updated = page.slice(0, start) + table + page.slice(end + END.length);

if (process.argv.includes('--check')) {
	if (updated !== page) {
		console.error('The table of docs/formats.md is out of date: run node build/formatTable.mjs');
		process.exitCode = 1;
	}
} else {
	writeFileSync(PAGE, updated);
}
