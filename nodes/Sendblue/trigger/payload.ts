import { createHash } from 'crypto';

import type { IDataObject } from 'n8n-workflow';

import { nameInUrl } from '../n8n/audioFiles';
import { textOf } from '../parameters/values';
import type { WebhookType } from '../sendblue/resources/webhooks';
import type { MessageFilters } from './settings';

/**
 * Voice notes of iPhones, of older telephones and of other apps, by the extension of their address: Sendblue gives no
 * media type.
 */
const VOICE_NOTE_NAME = /\.(caf|amr|m4a|opus|ogg|mp3)$/i;

const EXTENSION = /\.[a-z0-9]{1,8}$/i;

/** Media of a message that may be a voice note. */
export interface VoiceNoteMedia {
	url: URL;
	/** Whether its name says that it is one; else only the bytes can tell. */
	isNamed: boolean;
}

/** Sendblue repeats a delivery three times, 45 s after one that was not answered. */
const REPEATED_WITHIN_MS = 300_000;

/** The address of a message's media; undefined if it has none. */
export function mediaUrl(body: IDataObject): URL | undefined {
	const address = body.media_url;
	const url = typeof address === 'string' && URL.canParse(address) ? new URL(address) : undefined;
	return url?.protocol === 'https:' || url?.protocol === 'http:' ? url : undefined;
}

/** The media of a message that are a voice note by their name, or that have no name to tell by. */
export function voiceNoteMedia(body: IDataObject): VoiceNoteMedia | undefined {
	const url = mediaUrl(body);
	if (!url) return undefined;
	const name = nameInUrl(url);
	if (VOICE_NOTE_NAME.test(name)) return { url, isNamed: true };
	return EXTENSION.test(name) ? undefined : { url, isNamed: false };
}

/**
 * What tells an event from all others, so that a repeated delivery is known: a message's handle, and its status if
 * that is what the event is about. Calls, contacts and lines have no handle: what they say, word for word, stands in
 * its place for a while, as the same person may well call again.
 *
 * @param now milliseconds since 1970
 * @returns the event's key, and others under which it may have been remembered
 */
export function eventKeys(type: WebhookType, body: IDataObject, now: number): [key: string, ...others: string[]] {
	const handle = textOf(body.message_handle);
	if (handle !== '') return [type === 'outbound' ? `${handle}:${textOf(body.status).toUpperCase()}` : handle];
	const said = createHash('sha256')
		.update(`${type} ${JSON.stringify(body)}`)
		.digest('hex');
	const window = Math.floor(now / REPEATED_WITHIN_MS);
	return [`${said}@${window}`, `${said}@${window - 1}`];
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

/** The account's line a message went to or came from; older deliveries do not name it apart. */
function lineOf(body: IDataObject): string {
	const named = textOf(body.sendblue_number);
	if (named !== '') return named;
	return textOf(body.is_outbound === true ? body.from_number : body.to_number);
}
