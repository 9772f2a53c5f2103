import { shownValue } from '../n8n/wording';
import { SendblueInputError } from '../sendblue/errors';

/** A value as text, trimmed; empty where there is none. */
export function textOf(value: unknown): string {
	return value === undefined || value === null ? '' : String(value).trim();
}

/**
 * Text of a parameter that an expression may have filled with something else.
 *
 * @param parameter the parameter's name in the editor
 * @returns trimmed; empty where there is none
 * @throws {SendblueInputError} where it is an object or a list, which as text would be the same for all of them
 */
export function plainText(parameter: string, value: unknown): string {
	if (typeof value !== 'object' || value === null) return textOf(value);
	throw new SendblueInputError(
		`'${parameter}' holds ${Array.isArray(value) ? 'a list' : 'an object'}, not text, so nothing was sent.`,
		'Check the expression: it must return one value, such as {{ $json.text }} rather than {{ $json }}.',
	);
}

/** What a resource locator points at; any other value is returned as it is. */
export function locatorValue(value: unknown): unknown {
	return typeof value === 'object' && value !== null && 'mode' in value && 'value' in value ? value.value : value;
}

/**
 * An ID of Sendblue's, which becomes part of an address.
 *
 * @param parameter the parameter's name in the editor
 * @param advice what to enter
 * @throws {SendblueInputError} where it is missing
 */
function identifier(parameter: string, value: unknown, advice: string): string {
	const id = textOf(locatorValue(value));
	if (id === '') throw new SendblueInputError(`'${parameter}' is empty for this item.`, advice, 'emptyValue');
	// A path of dots would lead to another endpoint.
	if (/^\.+$/.test(id)) throw new SendblueInputError(`'${parameter}' is “${shownValue(id)}”, which is no ID.`, advice);
	return id;
}

/** The handle of a message; see {@link identifier}. */
export function messageHandle(value: unknown): string {
	return identifier(
		'Message Handle',
		value,
		'Enter the message_handle that the trigger, a send or a list of messages gave.',
	);
}

/** The ID of a group; see {@link identifier}. */
export function groupId(value: unknown): string {
	return identifier(
		'Group',
		value,
		'Choose it from the list, or enter the group_id that the trigger or the response to a group message carries.',
	);
}

/**
 * Several values in one parameter: a list, or text with commas, semicolons or line breaks between them.
 *
 * @returns the values that are not empty, in their order
 */
export function listOf(value: unknown): unknown[] {
	const values: unknown[] = Array.isArray(value) ? value : typeof value === 'string' ? value.split(/[,;\n]/) : [value];
	return values.filter((entry) => textOf(entry) !== '');
}
