import type {
	IHookFunctions,
	ILoadOptionsFunctions,
	INodeListSearchResult,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

export { triggerFields } from './fields';

/** The code that runs is loaded on first use, since n8n loads every node when it starts. */
const loadReceiver = async () => await import('./receiver');

/** The methods that fill the lists of resource locators. */
export const listSearch = {
	async searchLines(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
		return await (await loadReceiver()).searchLines.call(this, filter);
	},
};

/** n8n's webhook life cycle: check, register and remove the webhook at Sendblue. */
export const webhookMethods = {
	async checkExists(this: IHookFunctions): Promise<boolean> {
		return await (await loadReceiver()).webhookExists(this);
	},
	async create(this: IHookFunctions): Promise<boolean> {
		return await (await loadReceiver()).createWebhook(this);
	},
	async delete(this: IHookFunctions): Promise<boolean> {
		return await (await loadReceiver()).deleteWebhook(this);
	},
};

/** Receives a delivery: starts the workflow with its body if it is ours, new, and passes the filters. */
export async function receive(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	return await (await loadReceiver()).receiveDelivery(context);
}
