import type { IDataObject, IHookFunctions, IWebhookFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { listOf, locatorValue, phoneNumber, textOf } from '../parameters/values';
import { eventCalled, type TriggerEvent } from './events';

/** Which messages start the workflow. */
export interface MessageFilters {
	/** `all`, `withMedia` or `voiceNotes`. */
	messages: string;
	/** Statuses in capitals; empty for all. */
	statuses: string[];
	/** In E.164; undefined for all lines. */
	line?: string;
	/** Numbers in E.164 and email addresses in small letters; empty for everybody. */
	senders: string[];
	/** In small letters; empty for any text. */
	text: string;
}

/**
 * The chosen event.
 *
 * @throws {NodeOperationError} if it is not known
 */
export function chosenEvent(context: IHookFunctions | IWebhookFunctions): TriggerEvent {
	const value = context.getNodeParameter('event');
	const event = eventCalled(value);
	if (event) return event;
	throw new NodeOperationError(context.getNode(), `The event '${String(value)}' is not known`, {
		description: 'Choose the event again, or update the package if the workflow is newer.',
	});
}

/**
 * The filters for the chosen event; fields the event does not have count as empty.
 *
 * @throws {SendblueInputError} if a number cannot be one
 */
export async function messageFilters(context: IHookFunctions | IWebhookFunctions): Promise<MessageFilters> {
	const { type } = chosenEvent(context);
	const filters = context.getNodeParameter('filters', {}) as IDataObject;
	const line = textOf(locatorValue(filters.line));
	const hasLine = (type === 'receive' || type === 'outbound') && line !== '';
	const received = type === 'receive';
	return {
		messages: received ? textOf(context.getNodeParameter('messages', 'all')) : 'all',
		statuses: type === 'outbound' ? listOf(context.getNodeParameter('statuses', [])).map(inCapitals) : [],
		...(hasLine ? { line: await phoneNumber('Line', line) } : {}),
		senders: received ? await Promise.all(listOf(filters.senderNumbers).map(sender)) : [],
		text: received ? textOf(filters.textContains).toLowerCase() : '',
	};
}

function inCapitals(status: unknown): string {
	return textOf(status).toUpperCase();
}

/** People write from phone numbers and, over iMessage, from email addresses. */
async function sender(value: unknown): Promise<string> {
	const text = textOf(value).toLowerCase();
	return text.includes('@') ? text : await phoneNumber('Sender Numbers', text);
}
