/** Draws quality over encoding time, one line per bitrate, with the peers as levels. */
import { axis, document, escape, text } from './svg.mjs';

const COLOURS = ['#b3541e', '#c98a00', '#4c8c2b', '#1f78b4', '#6a4ea0', '#c23b80', '#555555'];
const PANEL = { width: 430, height: 300, top: 60, left: 64 };
const GAP = 90;

/** One panel: a measure over the time relative to V. */
function panel({ title, key, place, settings, peers, better }) {
	const left = PANEL.left + place * (PANEL.width + GAP);
	const values = [...settings, ...peers].map((item) => item[key]);
	const [low, high] = [Math.min(...values), Math.max(...values)];
	const slowest = Math.max(...settings.map(({ time }) => time)) * 1.05;
	const x = (time) => left + (time / slowest) * PANEL.width;
	const y = (value) => PANEL.top + PANEL.height * (1 - (value - low) / (high - low));
	const parts = [
		text(left, PANEL.top - 14, `${title} (${better} is better)`, { weight: 600 }),
		axis({ ...PANEL, left, x, y, maxX: slowest, low, high }),
	];
	for (const [index, bitrate] of [...new Set(settings.map((item) => item.bitrate))].entries()) {
		const line = settings.filter((item) => item.bitrate === bitrate);
		const colour = COLOURS[index % COLOURS.length];
		const points = line.map((item) => `${x(item.time).toFixed(1)},${y(item[key]).toFixed(1)}`);
		parts.push(`<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="1.5"/>`);
		for (const [at, item] of line.entries()) {
			const [cx, cy] = points[at].split(',');
			const label = escape(`${item.name}: ${item[key].toFixed(4)}, time ${item.time.toFixed(2)}`);
			parts.push(`<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"><title>${label}</title></circle>`);
		}
		const last = line.at(-1);
		parts.push(text(x(last.time) + 6, y(last[key]) + 4, `${bitrate}`, { colour, size: 11 }));
	}
	for (const [at, peer] of peers.entries()) {
		const height = y(peer[key]).toFixed(1);
		parts.push(
			`<line x1="${left}" x2="${left + PANEL.width}" y1="${height}" y2="${height}" stroke="#222" stroke-dasharray="5 4"/>`,
		);
		parts.push(text(left + 4 + 14 * at, Number(height) - 4, peer.name, { size: 11 }));
	}
	return parts.join('\n');
}

/** The chart of quality.mjs as SVG. */
export function planeChart({ settings, tuned, documented }) {
	const relative = settings.map((item) => ({ ...item, time: item.cpu / tuned.cpu }));
	const peers = [tuned, documented];
	const width = 2 * (PANEL.width + GAP) + PANEL.left;
	return document(width, PANEL.top + PANEL.height + 70, [
		text(PANEL.left, 22, 'Quality over encoding time, by bitrate in kb/s; complexity 0 to 10 from left to right', {
			size: 14,
		}),
		panel({ title: 'STOI', key: 'stoi', place: 0, settings: relative, peers, better: 'higher' }),
		panel({ title: 'Log-spectral distance, dB', key: 'lsd', place: 1, settings: relative, peers, better: 'lower' }),
		text(PANEL.left, PANEL.top + PANEL.height + 50, 'CPU time of encoding ÷ CPU time of the whole process V', {
			size: 11,
		}),
	]);
}
