import type { SendblueClient } from './client';
import { bodyReportsRefusal } from './envelope';
import { conversationQuery } from './lookUp';
import { errorFromMessage, type SendblueApiError } from './errors';
import { hasSameRecipient, isFromLine, isToOne, textOf, type SendBody } from './sameMessage';
import type { SendblueMessage } from './types';

/** Messages per page. */
const PAGE_SIZE = 100;

/** Pages read at most: a conversation's latest 1,000 messages. */
const MOST_PAGES = 10;

/** What a message sent before is known by. */
export interface Trace {
	/** What the name of its uploaded file holds, unique to the message. */
	tag: string;
	/** Whether the message has text alone, and so carries no tag. */
	isText: boolean;
	/** Address of a file that would be sent as it is, and so carries no tag. */
	mediaUrl?: string;
	/** How far back an untagged message with the same address, or the same text alone, counts; milliseconds. */
	windowMs: number;
}

/**
 * Looks in Sendblue's list for a message that was sent before, in whatever execution. One that Sendblue refused or
 * could not deliver does not count.
 *
 * @param body the message as far as it is known before anything is uploaded
 * @throws {SendblueApiError} where the list cannot be read, so that nothing can be said; with a message handle where
 * Sendblue itself does not know whether the message it lists went out
 */
export async function findEarlier(
	client: SendblueClient,
	body: SendBody,
	trace: Trace,
): Promise<SendblueMessage | undefined> {
	const notBefore = client.serverTime.before(client.clock.now() - trace.windowMs);
	for (let page = 0; page < MOST_PAGES; page++) {
		const query = { ...conversationQuery(body), limit: PAGE_SIZE, offset: page * PAGE_SIZE };
		const { messages, hasMore } = await client.listMessages(query);
		const found = messages.filter((message) => isEarlier(message, body, trace, notBefore));
		const taken = found.find((message) => !bodyReportsRefusal(message));
		if (taken) return taken;
		const uncertain = found.map(refusalOf).find(({ outcome }) => outcome === 'unknown');
		if (uncertain) throw uncertain;
		if (!hasMore || messages.length === 0) return undefined;
	}
	return undefined;
}

function isEarlier(message: SendblueMessage, body: SendBody, trace: Trace, notBefore: number): boolean {
	if (message.is_outbound === false || !message.message_handle) return false;
	if (!isFromLine(message, body.from_number)) return false;
	// The tag stands for the members of a group that has no ID yet, however the list shows them.
	const hasTag = fileNameOf(message.media_url ?? '').includes(`_${trace.tag}.`);
	if (hasTag && !isToOne(body) && !body.group_id) return true;
	if (!hasSameRecipient(message, body)) return false;
	return hasTag || (isRecent(message, notBefore) && hasSameContent(message, body, trace));
}

/** The error for a message that Sendblue's list shows as refused, or as one whose fate it does not know. */
export function refusalOf(message: SendblueMessage): SendblueApiError {
	return errorFromMessage(message, { method: 'GET', path: '/api/v2/messages' });
}

function hasSameContent(message: SendblueMessage, body: SendBody, { isText, mediaUrl }: Trace): boolean {
	if (mediaUrl !== undefined) return message.media_url === mediaUrl;
	return isText && !message.media_url && textOf(message.content ?? '') === textOf(body.content);
}

function isRecent(message: SendblueMessage, notBefore: number): boolean {
	const created = Date.parse(message.date_created ?? message.date_sent ?? '');
	return Number.isNaN(created) || created >= notBefore;
}

function fileNameOf(url: string): string {
	return url.slice(url.lastIndexOf('/') + 1);
}
