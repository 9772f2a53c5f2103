import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { outputItem } from '../../n8n/execution';
import type { ItemRun } from '../executionRun';
import { numberOptions } from '../../parameters/locators';
import { outputCut, outputFormFields } from '../../parameters/outputForm';
import { shownFor } from '../../parameters/displayOptions';
import { CONTACT_OUTPUT, contactField, contactNumber } from './contact';

/** The fields of Get. */
export const description: INodeProperties[] = shownFor('contact', 'get', [
	contactField,
	...outputFormFields(CONTACT_OUTPUT),
	numberOptions,
]);

/** Reads one contact. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
): Promise<INodeExecutionData[]> {
	const number = await contactNumber(context, itemIndex);
	const client = await run.client();
	checkpoint();
	const contact = await client.contacts.get(number);
	return [outputItem(outputCut(context, itemIndex, CONTACT_OUTPUT)(contact), itemIndex)];
}
