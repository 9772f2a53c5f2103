import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { outputItem } from '../../n8n/execution';
import { numberOptions } from '../../parameters/locators';
import { shownFor } from '../../parameters/displayOptions';
import type { ItemRun } from '../executionRun';
import { contactField, contactNumber } from './contact';

/** The fields of Verify. */
export const description: INodeProperties[] = shownFor('contact', 'verify', [contactField, numberOptions]);

/** Makes a contact of the shared line (free plan); the output says whether they have written to it yet. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
): Promise<INodeExecutionData[]> {
	const number = await contactNumber(context, itemIndex);
	const client = await run.client();
	checkpoint();
	return [outputItem(await client.contacts.verify(number), itemIndex)];
}
