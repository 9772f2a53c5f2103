import type {
	IHookFunctions,
	ILoadOptionsFunctions,
	INodeListSearchResult,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

export { triggerFields } from './fields';

/** What runs is loaded when it is first needed: n8n loads every node at its start. */
const late = async () => await import('./receiver');

/** What the lists of resource locators are filled by. */
export const listSearch = {
	async searchLines(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
		return await (await late()).searchLines.call(this, filter);
	},
};

/** The webhook at Sendblue: whether it is there, and how it comes and goes. */
export const webhookMethods = {
	async checkExists(this: IHookFunctions): Promise<boolean> {
		return await (await late()).webhookExists(this);
	},
	async create(this: IHookFunctions): Promise<boolean> {
		return await (await late()).createWebhook(this);
	},
	async delete(this: IHookFunctions): Promise<boolean> {
		return await (await late()).deleteWebhook(this);
	},
};

/** Receives a delivery: starts the workflow with its body if it is ours, new, and passes the filters. */
export async function receive(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	return await (await late()).receiveDelivery(context);
}
