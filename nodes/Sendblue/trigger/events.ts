import type { IHookFunctions, INodePropertyOptions, IWebhookFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import type { WebhookType } from '../sendblue/resources/webhooks';

/** An event the trigger starts on. */
export interface TriggerEvent {
	/** The type of webhook Sendblue has for it. */
	type: WebhookType;
	/** Its option in *Event*. */
	option: INodePropertyOptions;
	/** Whether Sendblue documents this type with plain URLs only, without a secret. */
	plainUrl?: boolean;
}

const event = (
	value: string,
	type: WebhookType,
	name: string,
	description: string,
	rest: Partial<TriggerEvent> = {},
): TriggerEvent => ({ type, option: { name, value, description }, ...rest });

/** The events in the order of the list. */
const EVENTS: readonly TriggerEvent[] = [
	event(
		'callLog',
		'call_log',
		'Call Logged',
		'A call to or from one of the lines has ended; comes with a transcript if there is one',
	),
	event('contactCreated', 'contact_created', 'Contact Created', 'A contact was added to the account', {
		plainUrl: true,
	}),
	event(
		'contactProfile',
		'contact_profile',
		'Contact Profile Published',
		'Publishing the name and photo of one of your lines succeeded or failed',
	),
	event('inboundCall', 'inbound_call', 'Inbound Call', 'Somebody calls one of the lines'),
	event('lineAssigned', 'line_assigned', 'Line Assigned', 'A line was given to the account'),
	event('lineBlocked', 'line_blocked', 'Line Blocked', 'A line was blocked'),
	event('messageReceived', 'receive', 'Message Received', 'A message or voice note came in'),
	event(
		'messageStatusChanged',
		'outbound',
		'Message Status Changed',
		'A message you sent is on its way, was delivered, or failed',
	),
	event('typingIndicator', 'typing_indicator', 'Typing Indicator', 'Somebody began or stopped typing'),
];

/** The options of *Event*. */
export const EVENT_OPTIONS: INodePropertyOptions[] = EVENTS.map(({ option }) => option);

/**
 * The chosen event.
 *
 * @throws {NodeOperationError} if it is not known
 */
export function chosenEvent(context: IHookFunctions | IWebhookFunctions): TriggerEvent {
	const value = context.getNodeParameter('event');
	const event = EVENTS.find(({ option }) => option.value === value);
	if (event) return event;
	throw new NodeOperationError(context.getNode(), `The event '${String(value)}' is not known`, {
		description: 'Choose the event again, or update the package if the workflow is newer.',
	});
}
