import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { outputItem } from '../../n8n/execution';
import { numberOptions } from '../../parameters/locators';
import { shownFor } from '../../parameters/displayOptions';
import type { ItemRun } from '../executionRun';
import { contactField, contactNumber } from './contact';

/** The fields of Opt In and of Opt Out. */
export const description: INodeProperties[] = ['optIn', 'optOut'].flatMap((operation) =>
	shownFor('contact', operation, [contactField, numberOptions]),
);

/** Allows messages to a contact that had opted out. */
export async function optIn(
	context: IExecuteFunctions,
	itemIndex: number,
	itemRun: ItemRun,
): Promise<INodeExecutionData[]> {
	return await setOptOut(context, itemIndex, itemRun, false);
}

/** Stops all messages to a contact: Sendblue refuses them from now on. */
export async function optOut(
	context: IExecuteFunctions,
	itemIndex: number,
	itemRun: ItemRun,
): Promise<INodeExecutionData[]> {
	return await setOptOut(context, itemIndex, itemRun, true);
}

async function setOptOut(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
	optedOut: boolean,
): Promise<INodeExecutionData[]> {
	const number = await contactNumber(context, itemIndex);
	const client = await run.client();
	checkpoint();
	return [outputItem(await client.contacts.setOptOut(number, optedOut), itemIndex)];
}
