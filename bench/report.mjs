/** The results as a table of Markdown. */
import os from 'node:os';
import { usedBitrate } from './ours.mjs';

const ratio = ({ median, low, high }) => `${number(median)} (${number(low)}–${number(high)})`;
const number = (value) => (value < 0.1 ? value.toFixed(3) : value.toFixed(2));

/** Whether a row keeps its targets, by wall time; undefined if it has none or could not be measured. */
export function reached({ missing, targets, v, d }) {
	if (missing || (targets.v === undefined && targets.d === undefined)) return undefined;
	const keeps = (target, result) => target === undefined || result.wall.median <= target;
	return keeps(targets.v, v) && keeps(targets.d, d);
}

const verdict = (row) => ({ true: 'yes', false: 'no', undefined: '' })[reached(row)];

function targetText({ v, d }) {
	return [v !== undefined && `V ≤ ${v}`, d !== undefined && `D ≤ ${d}`].filter(Boolean).join(', ');
}

function cells(row) {
	if (row.missing) return [row.work, 'not yet', '', '', '', '', '', targetText(row.targets), ''];
	const { work, v, d, fluent, core, targets } = row;
	const optional = (value) => (value ? ratio(value) : '');
	return [
		work,
		ratio(v.wall),
		optional(v.cpu),
		optional(d?.wall),
		optional(d?.cpu),
		optional(fluent),
		optional(core),
		targetText(targets),
		verdict(row),
	];
}

/** One line as soon as a row is measured. */
export function printRow(row) {
	const [work, vWall, vCpu, dWall, , fluent, core, targets, kept] = cells(row);
	const extra = [dWall && `D ${dWall}`, fluent && `fluent-ffmpeg ${fluent}`, core && `@ffmpeg/core ${core}`];
	const cpu = vCpu && `CPU ${vCpu}`;
	console.log(
		[work.padEnd(42), `V ${vWall}`, cpu, ...extra, targets && `target ${targets}: ${kept}`].filter(Boolean).join('   '),
	);
}

function table(head, rows) {
	const line = (values) => `| ${values.join(' | ')} |`;
	return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

function comparison({ rows }) {
	if (rows.length === 0) return [];
	const head = ['work', 'V', 'V, CPU', 'D', 'D, CPU', 'fluent-ffmpeg', '@ffmpeg/core', 'target', 'reached'];
	return ['## Our time ÷ theirs', '', ...table(head, rows.map(cells)), '', '![Our time against V](results.svg)', ''];
}

function others({ loop, mp3Loop, memory, growth, load, start, tarball, item, latency }) {
	const rows = [];
	const within = (value, limit) => (value <= limit ? 'yes' : 'no');
	const held = [
		['notes of a minute', loop],
		['an MP3 of ten minutes', mp3Loop],
	].filter(([, times]) => times);
	for (const [work, times] of held) {
		for (const [clock, name] of [
			['wall', 'wall time'],
			['cpu', 'processor time of all threads'],
		]) {
			const { p50, p999, longest } = times[clock];
			const value = `${p999.toFixed(1)} ms (median ${p50.toFixed(1)}, longest ${longest.toFixed(1)})`;
			const target = clock === 'wall' ? ['≤ 20 ms', within(p999, 20)] : ['', ''];
			rows.push([`event loop held by ${work}, 99.9th percentile, ${name}`, value, ...target]);
		}
	}
	for (const { work, megabytes, highest } of memory ?? []) {
		const value =
			highest === undefined
				? `${megabytes.toFixed(0)} MB (once)`
				: `${megabytes.toFixed(0)} MB (highest ${highest.toFixed(0)})`;
		rows.push([`memory beyond input and idle process, ${work}`, value, '≤ 60 MB', within(megabytes, 60)]);
	}
	for (const { name, milliseconds, requests, target } of latency ?? []) {
		const value = `${milliseconds.toFixed(0)} ms (${requests} requests)`;
		rows.push([
			`audio to accepted, answers after 200 ms, ${name}`,
			value,
			`≤ ${target} ms`,
			within(milliseconds, target),
		]);
	}
	for (const { length, factor } of growth ?? []) {
		rows.push([`CPU time per second of audio, ${length} against 60 s`, factor.toFixed(2), 'about 1', '']);
	}
	if (load)
		rows.push([
			'loading the node',
			`${load.median.toFixed(1)} ms (fastest ${load.fastest.toFixed(1)})`,
			'≤ 15 ms',
			within(load.median, 15),
		]);
	if (start) rows.push(['n8n starting with the package ÷ without', ratio(start), 'about 1', '']);
	if (tarball) rows.push(['tarball', `${tarball.toFixed(2)} MB`, '≤ 1.5 MB', within(tarball, 1.5)]);
	const parts = item
		? [
				'## An item, part by part',
				'',
				...table(
					['part', 'share of the item'],
					item.parts.map(({ name, share }) => [name, `${(share * 100).toFixed(0)} %`]),
				),
				'',
			]
		: [];
	return rows.length > 0
		? ['## Other measures', '', ...table(['measure', 'value', 'target', 'reached'], rows), '', ...parts]
		: parts;
}

/** The whole report. */
export function markdown(results) {
	const { ffmpeg, rounds, hasCore } = results;
	const machine = `Node ${process.version}, ${os.cpus().length} processors (${os.arch()}), load ${os.loadavg()[0].toFixed(1)}`;
	return [
		'# Benchmark',
		'',
		`Written by \`npm run bench\`: ${ffmpeg}; ${machine}; ${rounds} rounds; ours at ${usedBitrate()} kb/s.`,
		'',
		'Ours runs warm inside one process, as n8n has it, and pauses as it does there. The others take turns with it, file by',
		'file, in the same run; a ratio is formed in every round, and the table shows its median (lowest–highest). Below 1, ours',
		'is faster. If the machine is busy with other things, the CPU columns tell more than the wall columns.',
		'',
		'- **V**: `ffmpeg -c:a libopus -b:a 24k -ac 1 -ar 24000 -application voip -rematrix_maxval 1`, process start included',
		"- **D**: `ffmpeg -c:a libopus -b:a 24k`, which is Sendblue's documented command made to work",
		'- **fluent-ffmpeg**: D through the wrapper, audio in memory through files',
		`- **@ffmpeg/core**: V as WebAssembly in this process${hasCore ? '' : ' (could not be installed here)'}`,
		'',
		...comparison(results),
		...others(results),
		'Settings and quality: [quality.md](quality.md).',
		'',
	].join('\n');
}
