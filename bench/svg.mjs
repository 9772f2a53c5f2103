/** Small pieces of SVG. */

export const escape = (value) =>
	String(value).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

export function text(x, y, content, { size = 12, colour = '#222', anchor = 'start', weight = 400 } = {}) {
	const place = `x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}"`;
	return `<text ${place} font-size="${size}" font-weight="${weight}" fill="${colour}">${escape(content)}</text>`;
}

export function bar(x, y, width, height, colour, title) {
	const size = `x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${Math.max(0, width).toFixed(1)}" height="${height}"`;
	return `<rect ${size} fill="${colour}"><title>${escape(title)}</title></rect>`;
}

/** Frame, grid and numbers of a panel. */
export function axis({ left, top, width, height, x, y, maxX, low, high }) {
	const parts = [`<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="none" stroke="#999"/>`];
	const step = maxX > 1 ? 0.25 : 0.1;
	for (let value = 0; value <= maxX; value += step) {
		parts.push(text(x(value), top + height + 16, value.toFixed(2), { size: 11, anchor: 'middle' }));
	}
	for (let tick = 0; tick <= 5; tick++) {
		const value = low + ((high - low) * tick) / 5;
		const place = y(value).toFixed(1);
		parts.push(`<line x1="${left}" x2="${left + width}" y1="${place}" y2="${place}" stroke="#e2e2e2"/>`);
		parts.push(text(left - 6, Number(place) + 4, value.toFixed(high < 2 ? 3 : 2), { size: 11, anchor: 'end' }));
	}
	return parts.join('\n');
}

/** A whole drawing on white. */
export function document(width, height, parts) {
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif">`,
		`<rect width="${width}" height="${height}" fill="#fff"/>`,
		...parts,
		'</svg>',
		'',
	].join('\n');
}
