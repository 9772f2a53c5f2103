import { corruptAac } from '../aacErrors';

/** NINT() of the standard. */
export function nearest(value: number): number {
	return Math.floor(value + 0.5);
}

/** Borders of bands of given widths. */
export function cumulate(first: number, widths: readonly number[]): number[] {
	const borders = [first];
	for (const width of widths) borders.push(borders[borders.length - 1] + width);
	return borders;
}

/** Order of sorting. */
export function ascending(a: number, b: number): number {
	return a - b;
}

/** The error of a header whose bands cannot be. */
export function impossibleBands(): Error {
	return corruptAac('the bands of its spectral band replication make no sense');
}
