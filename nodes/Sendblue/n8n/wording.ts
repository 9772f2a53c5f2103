import type { INodeExecutionData } from 'n8n-workflow';

/** How error messages show values, lists of names, and items. */

/** The longest part of a value that a message quotes, in characters. */
const LONGEST_SHOWN = 60;

/** A word that n8n's panel would not wrap but cut off at its edge, such as Base64 text; what comes after it is left out. */
const UNWRAPPED = /([\w+=-]{36})[\w+=-].*$/;

/** A value as messages quote it: on one line, and shortened if it is long. */
export function shownValue(value: unknown): string {
	const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
	const line = text
		.slice(0, LONGEST_SHOWN * 4)
		.replace(/\s+/g, ' ')
		.trim();
	const shown = line.length > LONGEST_SHOWN ? `${line.slice(0, LONGEST_SHOWN)}…` : line;
	return shown.replace(UNWRAPPED, '$1…');
}

/** Formats a size in megabytes of 1,000,000 bytes, as in Sendblue's documentation. */
export function megabytes(bytes: number): string {
	return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** Names in quotes, separated by commas. */
export function listed(names: readonly string[]): string {
	return names.map((name) => `'${shownValue(name)}'`).join(', ');
}

/** The expression that returns a field of the item's JSON. */
export function jsonExpression(field: string): string {
	return `{{ $json${/^[A-Za-z_$][\w$]*$/.test(field) ? `.${field}` : `[${JSON.stringify(field)}]`} }}`;
}

/** The most field names that a message lists. */
const MAX_NAMES = 10;

/** A sentence that lists the fields of an item, for a user who named one it lacks. */
export function whatItemHas({ json = {} }: Partial<INodeExecutionData> = {}): string {
	// In binary mode "combined" this field of the JSON holds the files.
	const names = Object.keys(json).filter((name) => name !== '_files');
	if (names.length === 0) return 'The JSON of this item is empty: check the previous step.';
	const more = names.length - MAX_NAMES;
	return `This item has: ${listed(names.slice(0, MAX_NAMES))}${more > 0 ? ` and ${more} more` : ''}.`;
}

/** Whether a value is the text of an expression, which n8n did not evaluate since the field is set to *Fixed*. */
export function isUnusedExpression(value: unknown): boolean {
	return typeof value === 'string' && /^\s*=?\s*\{\{.*\}\}\s*$/s.test(value);
}

/** The hint for such a value. */
export const USE_EXPRESSION = "Switch the field from 'Fixed' to 'Expression'.";

/** Names an item by its number, counted from 1 as in n8n's panel. */
export function inItem(itemIndex: number): string {
	return `(item ${itemIndex + 1})`;
}
