#!/usr/bin/env node
/**
 * `npm run memory`: converts very large and very long audio, each in a process of its own, and checks that its memory
 * stays under that of the idle process after one conversion, plus the input, plus 60 MB.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ALLOWANCE = 60;
const CASES = [
	['wav', 100, '100 MB of WAV'],
	['mp3', 7_200, '2 hours of MP3'],
];
const convert = fileURLToPath(new URL('convert.mjs', import.meta.url));

let failed = 0;
for (const [kind, amount, title] of CASES) {
	const printed = execFileSync(process.execPath, [convert, kind, String(amount)], { encoding: 'utf8' });
	const { idle, input, peak, durationSeconds, seconds } = JSON.parse(printed);
	const bound = idle + input + ALLOWANCE;
	const passed = peak < bound;
	if (!passed) failed++;
	console.log(
		`${passed ? 'ok  ' : 'FAIL'}  ${title} (${Math.round(durationSeconds)} s of sound): peak ${Math.round(peak)} MB, ` +
			`allowed ${Math.round(bound)} MB (idle ${Math.round(idle)} + input ${Math.round(input)} + ${ALLOWANCE}); ` +
			`converted ${Math.round(durationSeconds / seconds)} times as fast as it plays`,
	);
}
console.log(`\n${CASES.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
