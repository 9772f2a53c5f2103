import { type Call, READ, WRITE } from '../http/call';
import { answerOf, isRecord, type SendblueAnswer } from '../http/envelope';

/** What a webhook is called for. */
export type WebhookType =
	| 'receive'
	| 'outbound'
	| 'typing_indicator'
	| 'call_log'
	| 'inbound_call'
	| 'contact_profile'
	| 'line_blocked'
	| 'line_assigned'
	| 'contact_created';

/** One webhook; lists hold such objects or bare URLs. */
export interface WebhookEntry {
	url: string;
	/** Sent back literally in the header `sb-signing-secret`. */
	secret?: string;
	/** Lines the webhook is for; `receive` only. */
	sendblue_numbers?: string[];
	[field: string]: unknown;
}

/** All webhooks of the account by type; every entry is an object. */
export type AllWebhooks = Partial<Record<WebhookType, WebhookEntry[]>> & Record<string, WebhookEntry[] | undefined>;

/** The answer of `GET /api/account/webhooks`. */
export interface WebhookList {
	byType: AllWebhooks;
	/** The account's secret for all webhooks, if there is one; it is not documented which of the two is sent. */
	globalSecret?: unknown;
}

const PATH = '/api/account/webhooks';

/**
 * The webhooks of the whole account, whoever added them. So nothing here replaces the whole list (`PUT`). Every method
 * may throw {@link SendblueApiError}.
 */
export class Webhooks {
	constructor(private readonly call: Call) {}

	/** `GET /api/account/webhooks`: entries that are bare URLs become objects. */
	async list(): Promise<WebhookList> {
		const body = await this.call({ method: 'GET', path: PATH }, READ);
		const { globalSecret, ...lists } = isRecord(body) && isRecord(body.webhooks) ? body.webhooks : {};
		const byType: AllWebhooks = {};
		for (const [type, entries] of Object.entries(lists)) {
			if (Array.isArray(entries)) byType[type] = entries.flatMap(webhookOf);
		}
		return { byType, globalSecret };
	}

	/** `POST /api/account/webhooks`: adds one webhook and leaves the others alone. */
	async add(type: WebhookType, webhook: WebhookEntry): Promise<SendblueAnswer> {
		// Every type is known to accept a bare URL.
		const entry = Object.keys(webhook).length === 1 ? webhook.url : webhook;
		const json = { webhooks: [entry], type };
		return answerOf(await this.call({ method: 'POST', path: PATH, json }, WRITE));
	}

	/** `DELETE /api/account/webhooks`: removes one URL of one type. */
	async remove(type: WebhookType, url: string): Promise<SendblueAnswer> {
		const json = { webhooks: [url], type };
		return answerOf(await this.call({ method: 'DELETE', path: PATH, json }, WRITE));
	}
}

function webhookOf(entry: unknown): WebhookEntry[] {
	if (typeof entry === 'string') return [{ url: entry }];
	return isRecord(entry) && typeof entry.url === 'string' ? [entry as WebhookEntry] : [];
}
