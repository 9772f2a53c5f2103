import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { rethrow, SendblueInputError } from '../sendblue/errors';
import { MAX_GROUP_SIZE } from '../sendblue/limits';
import { toE164 } from '../sendblue/phoneNumbers';
import { listOf, locatorValue, textOf } from './values';

/**
 * The phone number a parameter holds, typed or chosen from a list, in E.164.
 *
 * @param parameter the parameter's name in the editor; the message of a wrong number names it
 * @param options the item's options, for *Default Country*
 * @throws {SendblueInputError}
 */
export async function phoneNumber(parameter: string, value: unknown, options: IDataObject = {}): Promise<string> {
	const country = textOf(options.defaultCountry);
	try {
		return await toE164(locatorValue(value), country === '' ? undefined : country);
	} catch (error) {
		if (!(error instanceof SendblueInputError)) return rethrow(error);
		return rethrow(new SendblueInputError(`'${parameter}': ${error.message}`, error.advice));
	}
}

/** The number of the line chosen in *From*, as it stands there. */
export function lineNumber(context: IExecuteFunctions, itemIndex: number): unknown {
	return locatorValue(context.getNodeParameter('from', itemIndex, ''));
}

/**
 * The members of a group, in E.164, each once.
 *
 * @throws {SendblueInputError} also where there are none, or more than Sendblue allows
 */
export async function groupNumbers(value: unknown, options: IDataObject): Promise<string[]> {
	const given = listOf(value);
	const numbers = [...new Set(await Promise.all(given.map(async (one) => await phoneNumber('Numbers', one, options))))];
	if (numbers.length > 0 && numbers.length <= MAX_GROUP_SIZE) return numbers;
	throw new SendblueInputError(
		numbers.length === 0
			? "'Numbers' is empty."
			: `'Numbers' holds ${numbers.length} people; a group can have ${MAX_GROUP_SIZE}.`,
		'Enter phone numbers with + and country code, with commas between them.',
	);
}
