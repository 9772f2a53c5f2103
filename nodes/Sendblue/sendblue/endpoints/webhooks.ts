import type { Call } from '../call';
import { isRecord } from '../envelope';
import type { SendblueAnswer, WebhookEntry, Webhooks, WebhookType } from '../types';
import { answerOf } from './messages';
import { READ, WRITE } from './rules';

const PATH = '/api/account/webhooks';

/** `GET /api/account/webhooks`: all webhooks of the account; entries that are bare URLs become objects. */
export async function listWebhooks(call: Call): Promise<Webhooks> {
	const body = await call({ method: 'GET', path: PATH }, READ);
	const byType = isRecord(body) && isRecord(body.webhooks) ? body.webhooks : {};
	const webhooks: Webhooks = {};
	for (const [type, entries] of Object.entries(byType)) {
		if (Array.isArray(entries)) webhooks[type] = entries.flatMap(webhookOf);
	}
	return webhooks;
}

/** `POST /api/account/webhooks`: adds one webhook and leaves the others alone. */
export async function addWebhook(call: Call, type: WebhookType, webhook: WebhookEntry): Promise<SendblueAnswer> {
	// A bare URL is what every type is known to take.
	const entry = Object.keys(webhook).length === 1 ? webhook.url : webhook;
	const json = { webhooks: [entry], type };
	return answerOf(await call({ method: 'POST', path: PATH, json }, WRITE));
}

/**
 * `DELETE /api/account/webhooks`: removes one URL of one type.
 *
 * Webhooks belong to the whole account, so nothing here can replace the list (`PUT`) or remove what others added.
 */
export async function removeWebhook(call: Call, type: WebhookType, url: string): Promise<SendblueAnswer> {
	const json = { webhooks: [url], type };
	return answerOf(await call({ method: 'DELETE', path: PATH, json }, WRITE));
}

function webhookOf(entry: unknown): WebhookEntry[] {
	if (typeof entry === 'string') return [{ url: entry }];
	return isRecord(entry) && typeof entry.url === 'string' ? [entry as WebhookEntry] : [];
}
