import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { outputItems } from '../../n8n/execution';
import { numberOptions } from '../../parameters/shared.fields';
import { listOf, phoneNumber, textOf } from '../../parameters/values';
import { shownFor } from '../../parameters/displayOptions';
import { SendblueInputError } from '../../sendblue/errors';
import { isRecord } from '../../sendblue/http/envelope';
import type { BulkContact } from '../../sendblue/resources/contacts';
import type { ItemRun } from '../executionRun';

/** The fields of Create Many. */
export const description: INodeProperties[] = shownFor('contact', 'createMany', [
	{
		displayName: 'Contacts',
		name: 'contacts',
		type: 'json',
		default: '[\n  {\n    "phone": "+14155550123",\n    "first_name": "Ada"\n  }\n]',
		required: true,
		description:
			'A list of contacts, or an expression that returns one. Each needs phone; first_name, last_name, company_name, tags and custom_variables are optional.',
	},
	numberOptions,
]);

/** Creates many contacts with one request; the output has an item per contact. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
): Promise<INodeExecutionData[]> {
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const contacts: BulkContact[] = [];
	for (const [index, given] of givenContacts(context.getNodeParameter('contacts', itemIndex)).entries()) {
		contacts.push(await contactOf(given, index, options));
	}
	const client = await run.client();
	checkpoint();
	return outputItems(await client.contacts.createMany(contacts), itemIndex);
}

function givenContacts(value: unknown): Array<Record<string, unknown>> {
	const list = typeof value === 'string' ? parsed(value) : value;
	if (Array.isArray(list) && list.length > 0 && list.every(isRecord)) return list;
	throw new SendblueInputError(
		"'Contacts' is not a list of contacts.",
		'Enter a list such as [{ "phone": "+14155550123", "first_name": "Ada" }].',
	);
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

async function contactOf(given: Record<string, unknown>, index: number, options: IDataObject): Promise<BulkContact> {
	const phone = await phoneNumber(`Contacts, ${index + 1}`, given.phone ?? given.number, options);
	const text = (snake: string, camel: string): string => textOf(given[snake] ?? given[camel]);
	const names = {
		first_name: text('first_name', 'firstName'),
		last_name: text('last_name', 'lastName'),
		company_name: text('company_name', 'companyName'),
	};
	const tags = listOf(given.tags).map(textOf);
	const variables = given.custom_variables ?? given.customVariables;
	return {
		phone,
		...Object.fromEntries(Object.entries(names).filter(([, value]) => value !== '')),
		...(tags.length > 0 ? { tags } : {}),
		...(isRecord(variables) ? { custom_variables: variables } : {}),
	};
}
