import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { outputItems } from '../../n8n/execution';
import { readPages } from '../../sendblue/resources/paging';
import type { ListMessagesQuery, SendblueMessage } from '../../sendblue/resources/messages';
import type { ItemRun } from '../executionRun';
import { outputCut, wantedResults } from '../../parameters/outputForm';
import { isoTime, locatorValue, phoneNumber, textOf } from '../../parameters/values';
import { MESSAGE_OUTPUT } from '../../parameters/messageOutput';

export { getAllFields as description } from './getAll.fields';

/** Messages per request; Sendblue allows 100 requests in 10 seconds. */
const PAGE_SIZE = 200;

/** Reads messages, the newest first unless the options say otherwise. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
): Promise<INodeExecutionData[]> {
	const query = await messagesQuery(context, itemIndex);
	const limit = wantedResults(context, itemIndex);
	const client = await run.client();
	const messages = await readPages<SendblueMessage>({
		limit,
		pageSize: PAGE_SIZE,
		keyOf: ({ message_handle: handle }) => handle,
		readPage: async (page) => {
			checkpoint();
			const { messages: entries, ...rest } = await client.messages.list({ ...query, ...page });
			return { entries, ...rest };
		},
	});
	return outputItems(messages.map(outputCut(context, itemIndex, MESSAGE_OUTPUT)), itemIndex);
}

async function messagesQuery(context: IExecuteFunctions, itemIndex: number): Promise<ListMessagesQuery> {
	const filters = context.getNodeParameter('filters', itemIndex, {}) as IDataObject;
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const number = async (name: string, value: unknown): Promise<string | undefined> =>
		textOf(locatorValue(value)) === '' ? undefined : await phoneNumber(name, value, options);
	const direction = textOf(filters.direction);
	return {
		sendblue_number: await number('Line', filters.line),
		number: await number('Phone Number', filters.phoneNumber),
		group_id: textOf(locatorValue(filters.groupId)),
		is_outbound: direction === '' ? undefined : direction === 'outbound' ? 'true' : 'false',
		message_type: textOf(filters.messageType) as ListMessagesQuery['message_type'],
		service: textOf(filters.service) as ListMessagesQuery['service'],
		status: textOf(filters.status),
		sent_at_gte: isoTime(context, 'Sent After', filters.sentAfter),
		sent_at_lte: isoTime(context, 'Sent Before', filters.sentBefore),
		updated_at_gte: isoTime(context, 'Updated After', filters.updatedAfter),
		// Sendblue names no default, and pages of a list without an order may overlap.
		order_by: (textOf(options.orderBy) || 'createdAt') as ListMessagesQuery['order_by'],
		order_direction: (textOf(options.orderDirection) || 'desc') as ListMessagesQuery['order_direction'],
	};
}
