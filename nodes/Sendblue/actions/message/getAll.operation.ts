import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { outputItems } from '../../n8n/execution';
import { shownFor } from '../../parameters/displayOptions';
import {
	defaultCountryOption,
	filtersField,
	groupLocator,
	lineLocator,
	MESSAGE_STATUSES,
	optionsField,
	orderDirectionOption,
	personLocator,
} from '../../parameters/shared.fields';
import { MESSAGE_OUTPUT } from '../../parameters/messageOutput';
import { listingFields, outputCut, outputFormFields, resultLimit } from '../../parameters/outputForm';
import { isoTime, locatorValue, phoneNumber, textOf } from '../../parameters/values';
import type { ListMessagesQuery, SendblueMessage } from '../../sendblue/resources/messages';
import { readPages } from '../../sendblue/resources/paging';
import type { ItemRun } from '../executionRun';

const filterFields: INodeProperties = filtersField([
	{
		displayName: 'Direction',
		name: 'direction',
		type: 'options',
		options: [
			{ name: 'Inbound', value: 'inbound', description: 'Messages you received' },
			{ name: 'Outbound', value: 'outbound', description: 'Messages you sent' },
		],
		default: 'inbound',
		description: 'Whether to return messages you received or messages you sent',
	},
	{ ...groupLocator, displayName: 'Group', name: 'groupId', description: 'Only messages of this group' },
	{ ...lineLocator, displayName: 'Line', name: 'line', description: 'Only messages of this line of your account' },
	{
		displayName: 'Message Type',
		name: 'messageType',
		type: 'options',
		options: [
			{ name: 'Group', value: 'group', description: 'Messages in groups' },
			{ name: 'Message', value: 'message', description: 'Messages between two people' },
		],
		default: 'message',
		description: 'Whether to return messages between two people or in groups',
	},
	{
		...personLocator,
		displayName: 'Phone Number',
		name: 'phoneNumber',
		description: 'Only messages from or to this person',
	},
	{
		displayName: 'Sent After',
		name: 'sentAfter',
		type: 'dateTime',
		default: '',
		description: 'Only messages sent at this time or later',
	},
	{
		displayName: 'Sent Before',
		name: 'sentBefore',
		type: 'dateTime',
		default: '',
		description: 'Only messages sent at this time or earlier',
	},
	{
		displayName: 'Service',
		name: 'service',
		type: 'options',
		options: [
			{ name: 'iMessage', value: 'iMessage' },
			{ name: 'RCS', value: 'RCS' },
			{ name: 'SMS', value: 'SMS' },
		],
		default: 'iMessage',
		description: 'Only messages of this service',
	},
	{
		displayName: 'Status',
		name: 'status',
		type: 'options',
		options: MESSAGE_STATUSES,
		default: 'DELIVERED',
		description: 'Only messages in this state',
	},
	{
		displayName: 'Updated After',
		name: 'updatedAfter',
		type: 'dateTime',
		default: '',
		description: 'Only messages whose status changed at this time or later',
	},
]);

const optionFields: INodeProperties = optionsField([
	defaultCountryOption,
	{
		displayName: 'Order By',
		name: 'orderBy',
		type: 'options',
		options: [
			{ name: 'Created', value: 'createdAt' },
			{ name: 'Sent', value: 'sentAt' },
			{ name: 'Updated', value: 'updatedAt' },
		],
		default: 'createdAt',
		description: 'The time by which the messages are sorted',
	},
	orderDirectionOption('messages'),
]);

/** The fields of Get Many. */
export const description: INodeProperties[] = shownFor('message', 'getAll', [
	...listingFields,
	filterFields,
	...outputFormFields(MESSAGE_OUTPUT),
	optionFields,
]);

/** Messages per request; Sendblue allows 100 requests in 10 seconds. */
const PAGE_SIZE = 200;

/** Reads messages, the newest first unless the options say otherwise. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
): Promise<INodeExecutionData[]> {
	const query = await messagesQuery(context, itemIndex);
	const limit = resultLimit(context, itemIndex);
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
		// Sendblue documents no default order, and pages of an unordered list may overlap.
		order_by: (textOf(options.orderBy) || 'createdAt') as ListMessagesQuery['order_by'],
		order_direction: (textOf(options.orderDirection) || 'desc') as ListMessagesQuery['order_direction'],
	};
}
