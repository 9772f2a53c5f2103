import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { filtersField, optionsField, orderDirectionOption } from '../../parameters/shared.fields';
import { outputItems } from '../../n8n/execution';
import { SendblueInputError } from '../../sendblue/errors';
import { readPages } from '../../sendblue/resources/paging';
import type { ListContactsQuery, SendblueContact } from '../../sendblue/resources/contacts';
import type { ItemRun } from '../executionRun';
import { listingFields, outputCut, outputFormFields, resultLimit } from '../../parameters/outputForm';
import { shownFor } from '../../parameters/displayOptions';
import { isoTime, textOf } from '../../parameters/values';
import { CONTACT_OUTPUT } from './contact';

/** The most contacts per request. */
const PAGE_SIZE = 1000;

/** The largest offset Sendblue takes. */
const MAX_OFFSET = 10_000;

/** The fields of Get Many. */
export const description: INodeProperties[] = shownFor('contact', 'getAll', [
	...listingFields,
	filtersField([
		{
			displayName: 'Contact ID',
			name: 'contactId',
			type: 'string',
			default: '',
			description: 'Only the contact with this ID',
		},
		{
			displayName: 'Created After',
			name: 'createdAfter',
			type: 'dateTime',
			default: '',
			description: 'Only contacts created at this time or later',
		},
	]),
	...outputFormFields(CONTACT_OUTPUT),
	optionsField([orderDirectionOption('contacts')]),
]);

/** Lists contacts. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
): Promise<INodeExecutionData[]> {
	const query = contactsQuery(context, itemIndex);
	const limit = resultLimit(context, itemIndex);
	const client = await run.client();
	const contacts = await readPages<SendblueContact>({
		limit,
		pageSize: PAGE_SIZE,
		keyOf: ({ contact_id: id, phone }) => id ?? phone,
		readPage: async (page) => {
			if (page.offset > MAX_OFFSET) throw tooMany();
			checkpoint();
			const entries = await client.contacts.list({ ...query, ...page });
			return { entries, hasMore: entries.length >= page.limit };
		},
	});
	return outputItems(contacts.map(outputCut(context, itemIndex, CONTACT_OUTPUT)), itemIndex);
}

function contactsQuery(context: IExecuteFunctions, itemIndex: number): ListContactsQuery {
	const filters = context.getNodeParameter('filters', itemIndex, {}) as IDataObject;
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	return {
		cid: textOf(filters.contactId),
		created_at_gte: isoTime(context, 'Created After', filters.createdAfter),
		// Sendblue documents no default order, and pages of an unordered list may overlap.
		order_by: 'created_at',
		order_direction: (textOf(options.orderDirection) || 'desc') as ListContactsQuery['order_direction'],
	};
}

function tooMany(): SendblueInputError {
	return new SendblueInputError(
		`Sendblue lists no more than ${MAX_OFFSET + PAGE_SIZE} contacts, and there are more than that.`,
		"Turn off 'Return All', or add the filter 'Created After'.",
	);
}
