/** Draws the ratios as bars, and what an item costs part by part. */
import { bar, document, escape, text } from './svg.mjs';
import { reached } from './report.mjs';

const LEFT = 290;
const WIDTH = 520;
const ROW = 26;
const PART_COLOURS = ['#1f78b4', '#4c8c2b', '#c98a00', '#b3541e', '#6a4ea0', '#c23b80', '#777777', '#2b8c85'];

function ratioBars(rows, top) {
	const longest = Math.max(1.2, ...rows.map(({ v }) => v.wall.median));
	const x = (value) => LEFT + (value / longest) * WIDTH;
	const parts = rows.map((row, index) => {
		const y = top + index * ROW;
		const { median, low, high } = row.v.wall;
		const colour = reached(row) === false ? '#b3541e' : '#1f78b4';
		const target = row.targets.v;
		const mark =
			target &&
			`<line x1="${x(target)}" x2="${x(target)}" y1="${y - 2}" y2="${y + 18}" stroke="#222" stroke-width="2"/>`;
		const label = `${row.work}: ${median.toFixed(3)} of V (${low.toFixed(3)} to ${high.toFixed(3)})`;
		return [
			text(LEFT - 8, y + 13, row.work, { anchor: 'end' }),
			bar(LEFT, y, x(median) - LEFT, 16, colour, label),
			text(x(Math.max(median, target ?? 0)) + 6, y + 13, median < 0.1 ? median.toFixed(3) : median.toFixed(2)),
			mark ?? '',
		].join('\n');
	});
	const bottom = top + rows.length * ROW;
	parts.push(`<line x1="${x(1)}" x2="${x(1)}" y1="${top - 6}" y2="${bottom}" stroke="#222" stroke-dasharray="5 4"/>`);
	parts.push(text(x(1), top - 10, 'V = 1', { anchor: 'middle', size: 11 }));
	return { svg: parts.join('\n'), bottom };
}

function itemBar({ parts }, top) {
	let left = LEFT;
	const svg = [text(LEFT - 8, top + 20, 'one item: 60 s MP3, sent', { anchor: 'end' })];
	parts.forEach(({ name, share }, index) => {
		const colour = PART_COLOURS[index % PART_COLOURS.length];
		svg.push(bar(left, top, share * WIDTH, 30, colour, `${name}: ${(share * 100).toFixed(0)} %`));
		left += share * WIDTH;
		const x = LEFT + (index % 3) * 190;
		const y = top + 52 + Math.floor(index / 3) * 20;
		svg.push(`<rect x="${x}" y="${y - 10}" width="11" height="11" fill="${colour}"/>`);
		svg.push(text(x + 16, y, escape(`${name} ${(share * 100).toFixed(0)} %`), { size: 11 }));
	});
	return { svg: svg.join('\n'), bottom: top + 60 + Math.ceil(parts.length / 3) * 20 };
}

/** The chart of run.mjs as SVG. */
export function resultsChart({ rows, item }) {
	const measured = rows.filter(({ missing }) => !missing);
	const parts = [
		text(20, 24, 'Our time ÷ time of ffmpeg as we would tune it (V); a black mark is the target', { size: 14 }),
	];
	let bottom = 60;
	if (measured.length > 0) {
		const bars = ratioBars(measured, 60);
		parts.push(bars.svg);
		bottom = bars.bottom;
	}
	if (item) {
		parts.push(text(20, bottom + 34, 'Where the time of an item goes', { size: 14 }));
		const stacked = itemBar(item, bottom + 50);
		parts.push(stacked.svg);
		bottom = stacked.bottom;
	}
	return document(LEFT + WIDTH + 90, bottom + 10, parts);
}
