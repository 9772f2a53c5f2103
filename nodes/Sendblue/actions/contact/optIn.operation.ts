import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { outputItem } from '../../n8n/outputItems';
import type { ItemRun } from '../executionRun';
import { numberOptions } from '../parameters/locators';
import { shownFor } from '../parameters/shownFor';
import { contactField } from './contact.fields';
import { contactNumber } from './contactNumber';

/** The fields of Opt In. */
export const description: INodeProperties[] = shownFor('contact', 'optIn', [contactField, numberOptions]);

/** Allows messages to a contact that had opted out. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
): Promise<INodeExecutionData[]> {
	const number = await contactNumber(context, itemIndex);
	const client = await run.client();
	checkpoint();
	return [outputItem(await client.setOptOut(number, false), itemIndex)];
}
