/** The operations on one contact. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { outputItem } from '../../n8n/execution';
import { shownFor } from '../../parameters/displayOptions';
import { numberOptions } from '../../parameters/shared.fields';
import { outputCut, outputFormFields } from '../../parameters/outputForm';
import type { ItemRun } from '../executionRun';
import { CONTACT_OUTPUT, contactBody, contactDetails, contactField, contactNumber } from './contact';

/** The fields of an operation that takes only a contact: Delete, Opt In, Opt Out or Verify. */
export function contactDescription(operation: string): INodeProperties[] {
	return shownFor('contact', operation, [contactField, numberOptions]);
}

/** The fields of Get. */
export const getDescription: INodeProperties[] = shownFor('contact', 'get', [
	contactField,
	...outputFormFields(CONTACT_OUTPUT),
	numberOptions,
]);

/** The fields of Create or Update. */
export const upsertDescription: INodeProperties[] = shownFor('contact', 'upsert', [
	contactField,
	contactDetails,
	numberOptions,
]);

/** Reads one contact. */
export async function get(context: IExecuteFunctions, index: number, itemRun: ItemRun): Promise<INodeExecutionData[]> {
	const { client, number } = await contactAndClient(context, index, itemRun);
	const contact = await client.contacts.get(number);
	return [outputItem(outputCut(context, index, CONTACT_OUTPUT)(contact), index)];
}

/** Removes a contact. */
export async function remove(
	context: IExecuteFunctions,
	index: number,
	itemRun: ItemRun,
): Promise<INodeExecutionData[]> {
	const { client, number } = await contactAndClient(context, index, itemRun);
	await client.contacts.delete(number);
	return [outputItem({ deleted: true }, index)];
}

/** Allows messages to a contact that had opted out. */
export async function optIn(
	context: IExecuteFunctions,
	index: number,
	itemRun: ItemRun,
): Promise<INodeExecutionData[]> {
	const { client, number } = await contactAndClient(context, index, itemRun);
	return [outputItem(await client.contacts.setOptOut(number, false), index)];
}

/** Stops all messages to a contact: Sendblue refuses them from now on. */
export async function optOut(
	context: IExecuteFunctions,
	index: number,
	itemRun: ItemRun,
): Promise<INodeExecutionData[]> {
	const { client, number } = await contactAndClient(context, index, itemRun);
	return [outputItem(await client.contacts.setOptOut(number, true), index)];
}

/** Registers a person with the shared line of a free plan; the output says whether they have written to it yet. */
export async function verify(
	context: IExecuteFunctions,
	index: number,
	itemRun: ItemRun,
): Promise<INodeExecutionData[]> {
	const { client, number } = await contactAndClient(context, index, itemRun);
	return [outputItem(await client.contacts.verify(number), index)];
}

/** Creates a contact, or updates the given fields of an existing one. */
export async function upsert(
	context: IExecuteFunctions,
	index: number,
	{ checkpoint, run }: ItemRun,
): Promise<INodeExecutionData[]> {
	const options = context.getNodeParameter('options', index, {}) as IDataObject;
	const details = context.getNodeParameter('additionalFields', index, {}) as IDataObject;
	const number = await contactNumber(context, index);
	const { company_name: company, ...body } = await contactBody(details, options);
	const client = await run.client();
	checkpoint();
	const contact = await client.contacts.create({ number, ...body, update_if_exists: true });
	// Creating ignores `company_name` (Sendblue's reference), so it needs a second request.
	if (company === undefined) return [outputItem(contact, index)];
	return [outputItem(await client.contacts.update(number, { company_name: company }), index)];
}

/** Reads the contact's number, opens the client, and passes the checkpoint before the request. */
async function contactAndClient(context: IExecuteFunctions, index: number, { checkpoint, run }: ItemRun) {
	const number = await contactNumber(context, index);
	const client = await run.client();
	checkpoint();
	return { client, number };
}
