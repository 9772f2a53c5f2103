/** The webhook at Sendblue: registering and removing it, and receiving deliveries. */
import type {
	IDataObject,
	IHookFunctions,
	INodeExecutionData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { toShownError } from '../n8n/itemErrors';
import { openAccount } from '../parameters/account';
import { simplifyReceived } from '../parameters/messageOutput';
import { textOf } from '../parameters/values';
import type { SendblueClient } from '../sendblue/client';
import { rethrow } from '../sendblue/errors';
import { checkPublicUrl } from '../sendblue/urls';
import type { WebhookEntry, WebhookList, WebhookType } from '../sendblue/resources/webhooks';
import { chosenEvent, type TriggerEvent } from './events';
import { isWanted, messageFilters, type MessageFilters, voiceNoteMedia, type VoiceNoteMedia } from './filters';
import { claimEvent, eventKeys } from './recentEvents';
import { isSecret, isSigned, newSecret, readSecret } from './secrets';
import { downloadVoiceNote } from './voiceNoteFile';

/** Exported here so that the editor's list of lines is loaded together with the webhook, on first use. */
export { searchLines } from '../parameters/listSearch';

/** The query parameter that carries the secret of types for which Sendblue takes only plain URLs. */
export const TOKEN_PARAMETER = 'token';

/** A webhook of ours at Sendblue, as the static data remembers it. */
interface Registration {
	url: string;
	type: WebhookType;
	/** Whether it is that of the editor's test run; the active workflow has one of its own. */
	test: boolean;
}

/** What the node keeps in its static data, besides the recent events. */
interface TriggerData {
	/** Created once and kept: deliveries each have a copy of the static data, and would write an old secret back. */
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

/** Removes the webhook of ours that this one replaces, and adds ours. Other people's webhooks are left alone. */
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

/** Removes our own webhook, by its exact URL and type. */
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
 * Lists the account's webhooks, and remembers its global secret: Sendblue may send that instead of a webhook's own, and
 * without it the delivery would be refused.
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

/** Turns errors of Sendblue and of the settings into those that n8n shows. */
async function shown<T>(context: IHookFunctions, action: () => Promise<T>): Promise<T> {
	try {
		return await action();
	} catch (error) {
		return rethrow(toShownError(context.getNode(), error, 0));
	}
}

/** The header in which Sendblue sends a webhook's secret, literally. */
const SECRET_HEADER = 'sb-signing-secret';

/** The header in which some accounts get a signature instead. */
const SIGNATURE_HEADER = 'x-sendblue-signature';

/** Written to n8n's log, for users who wonder why no delivery arrives. */
const REFUSED =
	"Sendblue Trigger: a delivery was refused, as it carried neither this webhook's secret nor the account's global one. " +
	'If it came from Sendblue, the global secret was changed: publish the workflow again.';

/** Answered with 200, so that Sendblue does not repeat the delivery, without starting the workflow. */
const NOT_WANTED: IWebhookResponseData = {};

/** Receives a delivery: starts the workflow with its body if it is ours, new, and passes the filters. */
export async function receiveDelivery(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const event = chosenEvent(context);
	if (!isGenuine(context, event.plainUrl === true)) {
		noteRefused(context);
		answer(context, 401, 'Unauthorized');
		return { noWebhookResponse: true };
	}

	const body = bodyOf(context);
	const filters = await messageFilters(context);
	if (!isWanted(event.type, body, filters)) return NOT_WANTED;
	const keys = eventKeys(event.type, body, Date.now());
	const node = `${String(context.getWorkflow().id)} ${context.getNode().name} ${context.getMode()}`;
	const claim = claimEvent(node, context.getWorkflowStaticData('node'), keys);
	if (!claim) return NOT_WANTED;

	try {
		const field = textOf(context.getNodeParameter('outputBinaryPropertyName', 'data')) || 'data';
		const media = event.type === 'receive' ? voiceNoteMedia(body) : undefined;
		const wish = { download: context.getNodeParameter('downloadVoiceNote', true) === true, filters, field };
		answer(context, 200, 'Event received');
		const item = media ? await withVoiceNote(context, body, media, wish) : { json: body };
		claim.confirm();
		if (!item) return { noWebhookResponse: true };
		const json = isSimplified(context, event) ? simplifyReceived(item.json) : item.json;
		return { noWebhookResponse: true, workflowData: [[{ ...item, json }]] };
	} catch (error) {
		claim.release();
		return rethrow(error);
	}
}

/**
 * Answers before doing anything slow, since Sendblue repeats a delivery that is not answered soon.
 *
 * We also answer ourselves for the sake of the static data. n8n 2.41 stores it at the moment of the answer; its own
 * answer comes after the workflow has started, which is too late for our changes.
 */
function answer(context: IWebhookFunctions, status: number, message: string): void {
	context.getResponseObject().status(status).json({ message });
}

/** Only messages are simplified; calls, lines and the like are returned unchanged. */
function isSimplified(context: IWebhookFunctions, { type }: TriggerEvent): boolean {
	return (type === 'receive' || type === 'outbound') && context.getNodeParameter('simplify', false) === true;
}

/** The shortest time between two refusals in n8n's log, in milliseconds: anybody can call the address. */
const NOTED_EVERY_MS = 60_000;

let notedAt = 0;

function noteRefused({ logger }: IWebhookFunctions): void {
	const now = Date.now();
	if (now - notedAt < NOTED_EVERY_MS) return;
	notedAt = now;
	logger.warn(REFUSED);
}

/**
 * Types with plain URLs carry our secret in the address, all others in a header: ours, or the account's global one. If
 * the header is missing, a signature with one of them is as good; if the header is wrong, no signature helps.
 */
function isGenuine(context: IWebhookFunctions, inUrl: boolean): boolean {
	const { secret, accountSecret } = context.getWorkflowStaticData('node');
	if (typeof secret !== 'string') return false;
	if (inUrl) return isSecret((context.getQueryData() as IDataObject)[TOKEN_PARAMETER], [secret]);

	const secrets = [secret, ...(typeof accountSecret === 'string' ? [accountSecret] : [])];
	const headers = context.getHeaderData();
	if (headers[SECRET_HEADER] !== undefined) return isSecret(headers[SECRET_HEADER], secrets);
	const { rawBody } = context.getRequestObject();
	return isSigned({ signature: headers[SIGNATURE_HEADER], body: rawBody ?? Buffer.alloc(0), now: Date.now() }, secrets);
}

function bodyOf(context: IWebhookFunctions): IDataObject {
	const body: unknown = context.getBodyData();
	return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as IDataObject) : {};
}

/** The settings for a message's voice note. */
interface VoiceNoteWish {
	/** Whether it is put on the item. */
	download: boolean;
	filters: MessageFilters;
	/** The field of the item that it is put in. */
	field: string;
}

/**
 * The item of a message with media that may be a voice note. If the name does not show it, the bytes do; they are
 * downloaded only if needed.
 *
 * @returns undefined if only voice notes are wanted and this is not one
 */
async function withVoiceNote(
	context: IWebhookFunctions,
	body: IDataObject,
	{ url, isNamed }: VoiceNoteMedia,
	{ download, filters, field }: VoiceNoteWish,
): Promise<INodeExecutionData | undefined> {
	const mustBeOne = filters.messages === 'voiceNotes';
	if (!download && (isNamed || !mustBeOne)) return { json: body };
	const { file, error, isAudio } = await downloadVoiceNote(context, url);
	if (!isNamed && isAudio === false) return mustBeOne ? undefined : { json: body };
	return {
		json: error === undefined ? body : { ...body, voiceNoteError: error },
		...(file && download ? { binary: { [field]: file } } : {}),
	};
}
