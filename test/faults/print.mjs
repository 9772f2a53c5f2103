#!/usr/bin/env node
/** Runs the fault matrix, writes it to docs/fault-matrix.md and prints it. The package must be built. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const file = path.join(ROOT, 'docs/fault-matrix.md');
mkdirSync(path.dirname(file), { recursive: true });

const jest = path.join(ROOT, 'node_modules/jest/bin/jest.js');
const { status } = spawnSync(process.execPath, [jest, 'test/faults/faultMatrix'], {
	cwd: ROOT,
	stdio: ['ignore', 'ignore', 'inherit'],
	env: { ...process.env, FAULT_MATRIX_FILE: file },
});
if (status === 0) console.log(readFileSync(file, 'utf8'));
process.exitCode = status ?? 1;
