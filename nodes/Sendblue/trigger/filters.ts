/** The filters that decide which deliveries start the workflow. */
import type { IDataObject, IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

import { nameInUrl } from '../n8n/audioFiles';
import { listOf, locatorValue, phoneNumber, textOf } from '../parameters/values';
import type { WebhookType } from '../sendblue/resources/webhooks';
import { chosenEvent } from './events';

/** The user's filters. */
export interface MessageFilters {
	/** `all`, `withMedia` or `voiceNotes`. */
	messages: string;
	/** Statuses in upper case; empty for all. */
	statuses: string[];
	/** In E.164; undefined for all lines. */
	line?: string;
	/** Numbers in E.164 and email addresses in lower case; empty for everybody. */
	senders: string[];
	/** In lower case; empty for any text. */
	text: string;
}

/**
 * The filters for the chosen event; fields the event does not have count as empty.
 *
 * @throws {SendblueInputError} if a number is not valid
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

/** Extensions of voice notes from iPhones, older phones and other apps: Sendblue gives no media type. */
const VOICE_NOTE_NAME = /\.(caf|amr|m4a|opus|ogg|mp3)$/i;

const EXTENSION = /\.[a-z0-9]{1,8}$/i;

/** A message's media that may be a voice note. */
export interface VoiceNoteMedia {
	url: URL;
	/** Whether the name shows that it is one; if not, only the bytes can. */
	isNamed: boolean;
}

/** The address of a message's media; undefined if it has none. */
export function mediaUrl(body: IDataObject): URL | undefined {
	const address = body.media_url;
	const url = typeof address === 'string' && URL.canParse(address) ? new URL(address) : undefined;
	return url?.protocol === 'https:' || url?.protocol === 'http:' ? url : undefined;
}

/** A message's media if their extension is that of a voice note, or if they have none. */
export function voiceNoteMedia(body: IDataObject): VoiceNoteMedia | undefined {
	const url = mediaUrl(body);
	if (!url) return undefined;
	const name = nameInUrl(url);
	if (VOICE_NOTE_NAME.test(name)) return { url, isNamed: true };
	return EXTENSION.test(name) ? undefined : { url, isNamed: false };
}

/** Whether an event is of the chosen kind and passes the filters. */
export function isWanted(type: WebhookType, body: IDataObject, filters: MessageFilters): boolean {
	if (type === 'receive') return body.is_outbound !== true && passes(body, filters);
	if (type === 'outbound') return body.is_outbound !== false && passes(body, filters);
	return true;
}

function passes(body: IDataObject, { messages, statuses, line, senders, text }: MessageFilters): boolean {
	if (messages === 'voiceNotes' && !voiceNoteMedia(body)) return false;
	if (messages === 'withMedia' && !mediaUrl(body)) return false;
	if (statuses.length > 0 && !statuses.includes(textOf(body.status).toUpperCase())) return false;
	if (line !== undefined && lineOf(body) !== line) return false;
	if (senders.length > 0 && !senders.includes(textOf(body.from_number).toLowerCase())) return false;
	return textOf(body.content).toLowerCase().includes(text);
}

/** The account's line that a message went to or came from; older deliveries have no separate field for it. */
function lineOf(body: IDataObject): string {
	const named = textOf(body.sendblue_number);
	if (named !== '') return named;
	return textOf(body.is_outbound === true ? body.from_number : body.to_number);
}
