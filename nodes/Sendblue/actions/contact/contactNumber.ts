import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { phoneNumber } from '../parameters/phoneNumbers';

/**
 * The phone number of the contact an item is about, in E.164.
 *
 * @throws {SendblueInputError}
 */
export async function contactNumber(context: IExecuteFunctions, itemIndex: number): Promise<string> {
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	return await phoneNumber('Contact', context.getNodeParameter('contact', itemIndex), options);
}
