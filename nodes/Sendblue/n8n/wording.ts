import type { INodeExecutionData } from 'n8n-workflow';

/** How messages show values, lists of names, and items. */

/** Longest part of a value that a message quotes, in characters. */
const LONGEST_SHOWN = 60;

/** A value as messages quote it: on one line, and shortened if it is long. */
export function shownValue(value: unknown): string {
	const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
	const line = text
		.slice(0, LONGEST_SHOWN * 4)
		.replace(/\s+/g, ' ')
		.trim();
	return line.length > LONGEST_SHOWN ? `${line.slice(0, LONGEST_SHOWN)}…` : line;
}

/** A size in words, for messages; a megabyte has 1,000,000 bytes, as in Sendblue's documentation. */
export function megabytes(bytes: number): string {
	return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** Names in quotes, with commas between them. */
export function listed(names: readonly string[]): string {
	return names.map((name) => `'${shownValue(name)}'`).join(', ');
}

/** The expression that returns a field of the item's JSON. */
export function jsonExpression(field: string): string {
	return `{{ $json${/^[A-Za-z_$][\w$]*$/.test(field) ? `.${field}` : `[${JSON.stringify(field)}]`} }}`;
}

/** How many names of fields a message lists at most. */
const MOST_NAMES = 10;

/** What fields an item has, for a user who named one that it lacks. */
export function whatItemHas({ json = {} }: Partial<INodeExecutionData> = {}): string {
	// In the binary mode "combined" the files are in the JSON too.
	const names = Object.keys(json).filter((name) => name !== '_files');
	if (names.length === 0) return 'The JSON of this item is empty: look at the previous step.';
	const more = names.length - MOST_NAMES;
	return `This item has: ${listed(names.slice(0, MOST_NAMES))}${more > 0 ? ` and ${more} more` : ''}.`;
}

/** Whether a value is an expression that is not evaluated, since its field is set to *Fixed*. */
export function isUnusedExpression(value: unknown): boolean {
	return typeof value === 'string' && /^\s*=?\s*\{\{.*\}\}\s*$/s.test(value);
}

/** What to do about such a value. */
export const USE_EXPRESSION = "Switch the field from 'Fixed' to 'Expression'.";

/** An item by its number: the panel calls the first one 1. */
export function inItem(itemIndex: number): string {
	return `(item ${itemIndex + 1})`;
}
