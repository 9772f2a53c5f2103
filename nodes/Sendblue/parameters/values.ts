/** Converts what the user entered to the form Sendblue takes: text, IDs, lists, times and phone numbers. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { tryToParseDateTime } from 'n8n-workflow';

import { isUnusedExpression, shownValue, USE_EXPRESSION } from '../n8n/wording';
import { rethrow, SendblueInputError } from '../sendblue/errors';
import { MAX_GROUP_SIZE } from '../sendblue/limits';
import { isEmailAddress, PhoneNumberError, type PhoneNumberProblem, toE164 } from '../sendblue/phoneNumbers';

/** A value as trimmed text; empty if there is none. */
export function textOf(value: unknown): string {
	return value === undefined || value === null ? '' : String(value).trim();
}

/**
 * Text of a parameter that an expression may have filled with something else.
 *
 * @param parameter the parameter's name in the editor
 * @returns trimmed; empty if there is none
 * @throws {SendblueInputError} if it is an object or a list: as text, all objects would be the same
 */
export function plainText(parameter: string, value: unknown): string {
	if (typeof value !== 'object' || value === null) return textOf(value);
	throw new SendblueInputError(
		`'${parameter}' holds ${Array.isArray(value) ? 'a list' : 'an object'}, not text.`,
		'Check the expression: it must return one value, such as {{ $json.text }} rather than {{ $json }}.',
	);
}

/** The value inside a resource locator; any other value is returned as it is. */
export function locatorValue(value: unknown): unknown {
	return typeof value === 'object' && value !== null && 'mode' in value && 'value' in value ? value.value : value;
}

/**
 * A Sendblue ID, which becomes part of a URL.
 *
 * @param parameter the parameter's name in the editor
 * @param hint what to enter
 * @throws {SendblueInputError} if it is missing
 */
function identifier(parameter: string, value: unknown, hint: string): string {
	const id = textOf(locatorValue(value));
	if (id === '') throw new SendblueInputError(`'${parameter}' is empty for this item.`, hint, 'emptyValue');
	// As a path segment, dots would lead to another endpoint.
	if (/^\.+$/.test(id))
		throw new SendblueInputError(`'${parameter}' is “${shownValue(id)}”, which is not an ID.`, hint);
	return id;
}

/** The handle of a message; see {@link identifier}. */
export function messageHandle(value: unknown): string {
	return identifier(
		'Message Handle',
		value,
		'Enter the message_handle from the trigger, a send or a list of messages.',
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

/**
 * A point in time as Sendblue takes it (ISO 8601, UTC). A time without a zone is taken to be in the workflow's.
 *
 * @param parameter the parameter's name in the editor
 * @returns undefined if the parameter is empty
 * @throws {SendblueInputError} if it is not a time
 */
export function isoTime(context: IExecuteFunctions, parameter: string, value: unknown): string | undefined {
	if (textOf(value) === '') return undefined;
	try {
		return tryToParseDateTime(value, context.getTimezone()).toUTC().toISO() ?? undefined;
	} catch {
		throw notATime(parameter, value);
	}
}

function notATime(parameter: string, value: unknown): SendblueInputError {
	return new SendblueInputError(
		`'${parameter}' is not a date and time that n8n can read: “${shownValue(value)}”.`,
		'Enter a date such as 2026-01-31T09:00:00Z.',
	);
}

/** Hints about phone numbers, in the words of the editor; for other problems, the error's own hint is shown. */
const HINTS: Readonly<Partial<Record<PhoneNumberProblem, string>>> = {
	empty: 'The expression returned nothing for this item. Use the field that holds the number.',
	name: 'Enter the number itself, or use the field of the item that holds it.',
	noCountry: "For numbers without a country code, set the option 'Default Country' (such as US).",
	noPlus:
		'Put a plus sign in front of the expression, as in +{{ $json.phone }}, without leading zeros, or correct the number where it comes from.',
	several: 'Enter only one number.',
};

/** For several numbers in *To*, which can mean two things. */
const SEVERAL_RECIPIENTS =
	"Enter one number per item. To message these people in one conversation, set 'Send To' to Group of Numbers; to message each of them separately, turn each number into an item before this node (Split Out does that with a list).";

/**
 * The phone number a parameter holds, typed or chosen from a list, in E.164.
 *
 * @param parameter the parameter's name in the editor; the message of a wrong number names it
 * @param options the item's options, for *Default Country*
 * @throws {SendblueInputError}
 */
export async function phoneNumber(parameter: string, value: unknown, options: IDataObject = {}): Promise<string> {
	const country = textOf(options.defaultCountry);
	const given = locatorValue(value);
	if (isUnusedExpression(given)) {
		throw new SendblueInputError(
			`'${parameter}' holds an expression as plain text: ${shownValue(given)}`,
			USE_EXPRESSION,
		);
	}
	try {
		return await toE164(given, country === '' ? undefined : country);
	} catch (error) {
		return rethrow(error instanceof PhoneNumberError ? inScreenWords(parameter, error) : error);
	}
}

/**
 * As {@link phoneNumber}, but also accepts the email address of an iMessage account.
 *
 * @throws {SendblueInputError}
 */
export async function phoneNumberOrEmail(
	parameter: string,
	value: unknown,
	options: IDataObject = {},
): Promise<string> {
	const text = textOf(locatorValue(value));
	return isEmailAddress(text) ? text : await phoneNumber(parameter, value, options);
}

function inScreenWords(parameter: string, { problem, message, hint }: PhoneNumberError): SendblueInputError {
	const whatToDo = problem === 'several' && parameter === 'To' ? SEVERAL_RECIPIENTS : (HINTS[problem] ?? hint);
	if (problem === 'empty') {
		return new SendblueInputError(`'${parameter}' is empty for this item.`, whatToDo, 'emptyValue');
	}
	if (problem === 'unknownCountry') return new SendblueInputError(`'Default Country': ${message}`, whatToDo);
	return new SendblueInputError(`'${parameter}': ${message}`, whatToDo);
}

/** The raw value of *From*. */
export function lineNumber(context: IExecuteFunctions, itemIndex: number): unknown {
	return locatorValue(context.getNodeParameter('from', itemIndex, ''));
}

/** Provides the line to act with if *From* is empty. */
export interface DefaultLine {
	defaultLine(): Promise<string>;
}

/**
 * The line an item acts with, in E.164: that of *From*, else the account's.
 *
 * @throws {SendblueInputError} if it is not a phone number, or *From* is empty and there is no default line
 */
export async function fromLine(
	context: IExecuteFunctions,
	itemIndex: number,
	options: IDataObject,
	account: DefaultLine,
): Promise<string> {
	const given = lineNumber(context, itemIndex);
	// Exactly '' means that nothing was chosen; an expression that returned nothing is reported as an error.
	if (given === '') return await account.defaultLine();
	return await phoneNumber('From', given, options);
}

/**
 * The members of a group, in E.164, without duplicates.
 *
 * @throws {SendblueInputError} also if there are none, or more than Sendblue allows
 */
export async function groupNumbers(value: unknown, options: IDataObject): Promise<string[]> {
	const given = listOf(value);
	const numbers = [...new Set(await Promise.all(given.map(async (one) => await phoneNumber('Numbers', one, options))))];
	if (numbers.length > 0 && numbers.length <= MAX_GROUP_SIZE) return numbers;
	const hint = 'Enter phone numbers with + and country code, separated by commas.';
	if (numbers.length === 0) throw new SendblueInputError("'Numbers' is empty for this item.", hint, 'emptyValue');
	throw new SendblueInputError(
		`'Numbers' holds ${numbers.length} phone numbers; a group can have at most ${MAX_GROUP_SIZE}.`,
		'Send to fewer people, or to several groups.',
	);
}
