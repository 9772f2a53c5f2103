import type { INodeType, INodeTypeDescription, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { listSearch, receive, triggerFields, webhookMethods } from './trigger';

/** Starts workflows on what happens in a Sendblue account: messages, voice notes, statuses, calls, lines, contacts. */
export class SendblueTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Sendblue Trigger',
		name: 'sendblueTrigger',
		icon: { light: 'file:sendblue.svg', dark: 'file:sendblue.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["event"] }}',
		// n8n's node list shows both nodes of the package as one entry, with this description.
		description: 'Send Apple voice notes and iMessages with Sendblue, or start when one comes in',
		defaults: { name: 'Sendblue Trigger' },
		eventTriggerDescription: 'Send a message to your line now, or make the chosen event happen',
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'sendblueApi', required: true }],
		webhooks: [{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' }],
		properties: triggerFields,
	};

	methods = { listSearch };

	webhookMethods = { default: webhookMethods };

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receive(this);
	}
}
