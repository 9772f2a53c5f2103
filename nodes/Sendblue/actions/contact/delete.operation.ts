import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { outputItem } from '../../n8n/execution';
import type { ItemRun } from '../executionRun';
import { numberOptions } from '../../parameters/locators';
import { shownFor } from '../../parameters/displayOptions';
import { contactField, contactNumber } from './contact';

/** The fields of Delete. */
export const description: INodeProperties[] = shownFor('contact', 'delete', [contactField, numberOptions]);

/** Removes a contact. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
): Promise<INodeExecutionData[]> {
	const number = await contactNumber(context, itemIndex);
	const client = await run.client();
	checkpoint();
	await client.contacts.delete(number);
	return [outputItem({ deleted: true }, itemIndex)];
}
