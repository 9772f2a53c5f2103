/** The table of containers and faults, and what was forbidden. */

import { OPEN_FAULTS } from './openFaults.mjs';

/** @returns {boolean} whether nothing was forbidden, open faults aside, and no cell is empty */
export function printReport(results, { seconds, seed, kinds }) {
	const count = ({ outcomes }, ...names) => names.reduce((sum, name) => sum + (outcomes[name] ?? 0), 0);
	const total = (result) => Object.values(result.outcomes).reduce((sum, value) => sum + value, 0);
	let container;
	for (const result of results) {
		if (result.fault.container !== container) {
			container = result.fault.container;
			console.log(`\n${container.padEnd(52)}  cases    all   less  refused  forbidden`);
		}
		const cells = [
			total(result),
			count(result, 'all'),
			count(result, 'less, said'),
			count(result, 'refused'),
			count(result, 'forbidden', 'broken'),
		];
		const widths = [5, 5, 5, 7, 9];
		console.log(
			`  ${result.fault.name.padEnd(50)}  ${cells.map((value, index) => String(value).padStart(widths[index])).join('  ')}`,
		);
	}
	const bad = results.filter((result) => result.examples.length > 0);
	if (bad.length > 0) console.log('\nForbidden:');
	for (const { fault, examples } of bad)
		for (const example of examples) console.log(`  ${fault.container}, ${fault.name}, case ${example}`);
	if (kinds) printKinds(bad);
	const empty = results.filter((result) => total(result) === 0);
	for (const { fault } of empty) console.log(`no case of ${fault.container}, ${fault.name}: more cases are needed`);
	const cases = results.reduce((sum, result) => sum + total(result), 0);
	const faults = results.reduce((sum, result) => sum + count(result, 'forbidden', 'broken'), 0);
	console.log(
		`\n${cases} files of ${results.length} faults, seed ${seed}, in ${seconds.toFixed(0)} s: ${faults} forbidden results in ${bad.length} faults`,
	);
	const fresh = bad.filter(({ fault }) => !OPEN_FAULTS.has(`${fault.container}, ${fault.name}`));
	console.log(`${fresh.length} of these faults are not among the open ones`);
	return fresh.length === 0 && empty.length === 0;
}

function printKinds(bad) {
	const byKind = new Map();
	for (const { fault } of bad)
		byKind.set(fault.kind, [...(byKind.get(fault.kind) ?? []), `${fault.container} ${fault.name}`]);
	console.log(`\n${byKind.size} kinds:`);
	for (const [kind, faults] of [...byKind].sort()) console.log(`  ${kind}: ${faults.join('; ')}`);
}
