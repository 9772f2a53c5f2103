import type { IExecuteFunctions } from 'n8n-workflow';
import { tryToParseDateTime } from 'n8n-workflow';

import { shownValue } from '../n8n/wording';
import { SendblueInputError } from '../sendblue/errors';
import { textOf } from './values';

/**
 * A point in time as Sendblue takes it (ISO 8601, UTC); a time without a zone is taken in the workflow's.
 *
 * @param parameter the parameter's name in the editor
 * @returns undefined if the parameter is empty
 * @throws {SendblueInputError} if it is no time
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
		`'${parameter}' is not a date: “${shownValue(value)}”.`,
		'Enter a date such as 2026-01-31T09:00:00Z.',
	);
}
