import type { IDataObject } from 'n8n-workflow';

import { phoneNumber } from '../parameters/phoneNumbers';
import { locatorValue, textOf } from '../parameters/values';

/**
 * The line named in the options, in E.164; undefined where Sendblue is to find it.
 *
 * @throws {SendblueInputError}
 */
export async function actingLine(options: IDataObject): Promise<string | undefined> {
	if (textOf(locatorValue(options.from)) === '') return undefined;
	return await phoneNumber('From', options.from, options);
}
