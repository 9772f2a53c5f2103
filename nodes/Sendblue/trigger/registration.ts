import type { IDataObject, IHookFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { toShownError } from '../n8n/itemErrors';
import { openAccount } from '../parameters/account';
import type { SendblueClient } from '../sendblue/client';
import { rethrow } from '../sendblue/errors';
import { checkPublicUrl } from '../sendblue/mediaUrl';
import type { WebhookEntry, WebhookList, WebhookType } from '../sendblue/resources/webhooks';
import { newSecret, readSecret } from './secrets';
import { chosenEvent, messageFilters } from './settings';

/** Query parameter that stands in for the secret if Sendblue takes plain URLs only. */
export const TOKEN_PARAMETER = 'token';

/** A webhook of ours at Sendblue, as the static data remembers it. */
interface Registration {
	url: string;
	type: WebhookType;
	/** Whether it is the one of the editor's test run, which lives beside the one of the active workflow. */
	test: boolean;
}

/** What the node keeps in its static data beside the recent events. */
interface TriggerData {
	/** Made once and kept: deliveries that were under way while it changed would put the old one back. */
	secret?: string;
	/** The account's global secret, as it was when the webhooks were last listed. */
	accountSecret?: string;
	registrations?: Registration[];
}

/** Whether our webhook is registered exactly as it would be now. */
export async function webhookExists(context: IHookFunctions): Promise<boolean> {
	return await shown(context, async () => {
		const data = triggerData(context);
		if (data.secret === undefined) return false;
		const { type, webhook } = await wantedWebhook(context, data.secret);
		const { byType } = await listWebhooks(await openAccount(context), data);
		return (byType[type] ?? []).some((entry) => isSame(entry, webhook));
	});
}

/** Adds our webhook, and takes away one of ours that stands in its place; those of others are left alone. */
export async function createWebhook(context: IHookFunctions): Promise<boolean> {
	return await shown(context, async () => {
		const data = triggerData(context);
		data.secret ??= newSecret();
		const { type, webhook } = await wantedWebhook(context, data.secret);
		const client = await openAccount(context);
		checkPublicUrl(webhook.url, 'The webhook URL of this n8n', client);

		const registration = { url: webhook.url, type, test: context.getMode() === 'manual' };
		const { same, other } = parted(data.registrations, ({ test }) => test === registration.test);
		await removeListed(client, data, [...same, registration]);
		await client.webhooks.add(type, webhook);
		data.registrations = [...other, registration];
		return true;
	});
}

/** Takes away our own webhook, by its exact URL and type. */
export async function deleteWebhook(context: IHookFunctions): Promise<boolean> {
	return await shown(context, async () => {
		const data = triggerData(context);
		const ourUrl = nodeUrl(context);
		const { same, other } = parted(data.registrations, ({ url }) => url.split('?')[0] === ourUrl);
		if (same.length > 0) await removeListed(await openAccount(context), data, same);
		data.registrations = other;
		return true;
	});
}

function triggerData(context: IHookFunctions): TriggerData & IDataObject {
	return context.getWorkflowStaticData('node') as TriggerData & IDataObject;
}

function nodeUrl(context: IHookFunctions): string {
	const url = context.getNodeWebhookUrl('default');
	if (url !== undefined) return url;
	throw new NodeOperationError(context.getNode(), 'This n8n has no webhook URL');
}

async function wantedWebhook(
	context: IHookFunctions,
	secret: string,
): Promise<{ type: WebhookType; webhook: WebhookEntry }> {
	const { type, plainUrl } = chosenEvent(context);
	const url = nodeUrl(context);
	if (plainUrl) return { type, webhook: { url: `${url}?${TOKEN_PARAMETER}=${secret}` } };
	const { line } = await messageFilters(context);
	const lines = type === 'receive' && line !== undefined ? { sendblue_numbers: [line] } : {};
	return { type, webhook: { url, secret, ...lines } };
}

function isSame(entry: WebhookEntry, wanted: WebhookEntry): boolean {
	const lines = ({ sendblue_numbers: numbers }: WebhookEntry): string => JSON.stringify(numbers ?? []);
	return entry.url === wanted.url && entry.secret === wanted.secret && lines(entry) === lines(wanted);
}

function parted(
	registrations: Registration[] = [],
	belongs: (registration: Registration) => boolean,
): { same: Registration[]; other: Registration[] } {
	return {
		same: registrations.filter(belongs),
		other: registrations.filter((registration) => !belongs(registration)),
	};
}

/**
 * The account's webhooks. Its global secret is remembered: if Sendblue sends it in place of a webhook's own, every
 * delivery would be refused otherwise.
 */
async function listWebhooks(client: SendblueClient, data: TriggerData): Promise<WebhookList> {
	const list = await client.webhooks.list();
	const secret = readSecret(list.globalSecret);
	if (secret === data.accountSecret) return list;
	if (secret === undefined) delete data.accountSecret;
	else data.accountSecret = secret;
	return list;
}

/** Removes those of our webhooks that the account still has. */
async function removeListed(client: SendblueClient, data: TriggerData, registrations: Registration[]): Promise<void> {
	const { byType } = await listWebhooks(client, data);
	const removed = new Set<string>();
	for (const { type, url } of registrations) {
		const key = `${type} ${url}`;
		if (removed.has(key) || !byType[type]?.some((entry) => entry.url === url)) continue;
		await client.webhooks.remove(type, url);
		removed.add(key);
	}
}

/** Errors of Sendblue and of the settings as n8n shows them. */
async function shown<T>(context: IHookFunctions, action: () => Promise<T>): Promise<T> {
	try {
		return await action();
	} catch (error) {
		return rethrow(toShownError(context.getNode(), error, 0));
	}
}
