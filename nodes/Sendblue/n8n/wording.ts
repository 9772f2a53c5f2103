/** How messages show values, lists of names, and items. */

/** Longest part of a value that a message repeats, in characters. */
const LONGEST_SHOWN = 60;

/** A value as messages repeat it: on one line, and cut where it is long. */
export function shownValue(value: unknown): string {
	const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
	const line = text
		.slice(0, LONGEST_SHOWN * 4)
		.replace(/\s+/g, ' ')
		.trim();
	return line.length > LONGEST_SHOWN ? `${line.slice(0, LONGEST_SHOWN)}…` : line;
}

/** Names in quotes, with commas between them. */
export function listed(names: readonly string[]): string {
	return names.map((name) => `'${shownValue(name)}'`).join(', ');
}

/** The expression that returns a field of the item's JSON. */
export function jsonExpression(field: string): string {
	return `{{ $json${/^[A-Za-z_$][\w$]*$/.test(field) ? `.${field}` : `[${JSON.stringify(field)}]`} }}`;
}

/** An item as people count: the panel calls the first one 1. */
export function inItem(itemIndex: number): string {
	return `(item ${itemIndex + 1})`;
}
