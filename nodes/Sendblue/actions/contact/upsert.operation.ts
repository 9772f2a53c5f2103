import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { outputItem } from '../../n8n/execution';
import type { ItemRun } from '../executionRun';
import { numberOptions } from '../../parameters/locators';
import { shownFor } from '../../parameters/displayOptions';
import { contactBody, contactDetails, contactField, contactNumber } from './contact';

/** The fields of Create or Update. */
export const description: INodeProperties[] = shownFor('contact', 'upsert', [
	contactField,
	contactDetails,
	numberOptions,
]);

/** Creates a contact, or updates the given fields of an existing one. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
): Promise<INodeExecutionData[]> {
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const details = context.getNodeParameter('additionalFields', itemIndex, {}) as IDataObject;
	const number = await contactNumber(context, itemIndex);
	const { company_name: company, ...body } = await contactBody(details, options);
	const client = await run.client();
	checkpoint();
	const contact = await client.contacts.create({ number, ...body, update_if_exists: true });
	// Creating ignores `company_name` (Sendblue's reference), so that it needs a second request.
	if (company === undefined) return [outputItem(contact, itemIndex)];
	return [outputItem(await client.contacts.update(number, { company_name: company }), itemIndex)];
}
