import { createHash } from 'crypto';

import type { SendblueClient } from '../sendblue/client';
import { errorForNoList, errorFromMessage, rethrow, SendblueApiError } from '../sendblue/errors';
import { handleOf, isInFailure } from '../sendblue/messageState';
import { LIST_MESSAGES_PATH, type SendblueMessage } from '../sendblue/resources/messages';
import { goesOn, USUAL_PAGE_SIZE } from '../sendblue/resources/paging';
import { lastPartOf, withoutQuery } from '../sendblue/urls';
import { conversationQuery } from './lookUp';
import {
	hasSameRecipient,
	isFromLine,
	isInbound,
	isOlderThan,
	isSameText,
	mediaOf,
	recipientKey,
	type SendBody,
} from './sameMessage';

/** Length of a tag, in hexadecimal digits: 80 bits. */
const TAG_LENGTH = 20;

/** The longest file name, extension included, in characters. */
const MAX_NAME_LENGTH = 100;

/** Messages per page. */
const PAGE_SIZE = 100;

/** The most messages of a conversation that are searched, the latest first. */
const MAX_MESSAGES = 1_000;

/** The most pages that are read, in case the server's pages are smaller than requested. */
const MAX_PAGES = 40;

/** What identifies an earlier message. */
export interface Trace {
	/** The tag in the name of its uploaded file, unique to the message. */
	tag: string;
	/** Whether the message has text alone, and so carries no tag. */
	isText: boolean;
	/** Address of a file that would be sent as it is, and so carries no tag. */
	mediaUrl?: string;
	/** How far back an untagged message with the same address, or the same text alone, counts; milliseconds. */
	windowMs: number;
	/** Called if the search ended before the list did. */
	onCut?(searched: number): void;
}

/**
 * The tag for a key, a line and a recipient. In the name of an uploaded file it shows in Sendblue's list of messages
 * what was sent. The key cannot be read from it.
 */
export function duplicateTag(key: string, body: SendBody): string {
	const text = JSON.stringify([key, body.from_number, recipientKey(body)]);
	return createHash('sha256').update(text).digest('hex').slice(0, TAG_LENGTH);
}

/** A file name with a tag before its extension, such as `AudioMessage_0123456789abcdef0123.caf`. */
export function taggedName(fileName: string, tag: string | undefined): string {
	if (tag === undefined) return fileName;
	const dot = fileName.lastIndexOf('.');
	const ending = `_${tag}${dot === -1 ? '' : fileName.slice(dot)}`;
	const base = dot === -1 ? fileName : fileName.slice(0, dot);
	return `${base.slice(0, Math.max(0, MAX_NAME_LENGTH - ending.length))}${ending}`;
}

/**
 * The message that was sent under a tag before, in this or another execution, if Sendblue lists one.
 *
 * @throws {SendblueApiError} `notSent` if the list cannot be read: sending then could be a duplicate; `unknown` if
 * there is such a message and Sendblue does not know whether it went out
 */
export async function findDuplicate(
	client: SendblueClient,
	body: SendBody,
	trace: Trace,
): Promise<SendblueMessage | undefined> {
	try {
		return await findEarlier(client, body, trace);
	} catch (error) {
		if (!(error instanceof SendblueApiError) || error.messageHandle !== undefined) return rethrow(error);
		const { httpStatus, sendblueCode, sendblueMessage, cancelled } = error;
		return rethrow(
			new SendblueApiError({
				outcome: 'notSent',
				explanation: `It could not be checked whether this was sent before. ${error.explanation}`,
				hint: error.hint,
				kind: 'duplicatesUnchecked',
				httpStatus,
				sendblueCode,
				sendblueMessage,
				cancelled,
			}),
		);
	}
}

/**
 * Searches Sendblue's list for a message that any execution sent before. One that Sendblue refused or could not deliver
 * does not count.
 *
 * @param body the message as far as it is known before anything is uploaded
 * @throws {SendblueApiError} if the list cannot be read; with a message handle if Sendblue itself does not know whether
 * the listed message went out
 */
export async function findEarlier(
	client: SendblueClient,
	body: SendBody,
	trace: Trace,
): Promise<SendblueMessage | undefined> {
	const notBefore = client.serverTime.before(client.clock.now() - trace.windowMs);
	let offset = 0;
	let before = '';
	for (let pages = 0; pages < MAX_PAGES && offset < MAX_MESSAGES; pages++) {
		const request = { limit: PAGE_SIZE, offset };
		const { messages, ...page } = await client.messages.list({ ...conversationQuery(body), ...request });
		const found = messages.filter((message) => isEarlier(message, body, trace, notBefore));
		const counts = found.find((message) => !isInFailure(message));
		if (counts) return counts;
		const uncertain = found.map(refusalOf).find(({ outcome }) => outcome === 'unknown');
		if (uncertain) throw uncertain;
		// An unreadable entry could be the message.
		if (!page.areMessages) throw errorForNoList();
		offset += page.received;
		if (!goesOn(page.received, page, request)) return undefined;
		const handles = messages.map(handleOf).join();
		if (handles === before) {
			// The same page again: the server ignores the offset. Unless the page holds everything, it hides the rest.
			if (page.hasMore === true || (page.total ?? 0) > page.received || isFull(page.received, page)) {
				throw errorForNoList();
			}
			return undefined;
		}
		before = handles;
	}
	trace.onCut?.(offset);
	return undefined;
}

/** Whether a page has as many entries as were asked for, or as the server gives at most. */
function isFull(received: number, { pageSize }: { pageSize?: number }): boolean {
	return [PAGE_SIZE, USUAL_PAGE_SIZE, pageSize].includes(received);
}

function isEarlier(message: SendblueMessage, body: SendBody, trace: Trace, notBefore: number): boolean {
	if (isInbound(message)) return false;
	// The tag covers key, line and recipient, however the list writes these.
	if (hasTag(mediaOf(message), trace.tag)) return true;
	if (!isFromLine(message, body.from_number) || !hasSameRecipient(message, body)) return false;
	return !isOlderThan(message, notBefore) && hasSameContent(message, body, trace);
}

/** The error for a message that Sendblue lists as refused, or with an unknown outcome. */
function refusalOf(message: SendblueMessage): SendblueApiError {
	return errorFromMessage(message, { method: 'GET', path: LIST_MESSAGES_PATH });
}

function hasSameContent(message: SendblueMessage, body: SendBody, { isText, mediaUrl }: Trace): boolean {
	const listed = mediaOf(message);
	// The list may add a signature to the address.
	if (mediaUrl !== undefined) return listed === mediaUrl || withoutQuery(listed) === mediaUrl;
	return isText && listed === '' && isSameText(message.content, body.content);
}

/** Whether the name of a file, the last part of its address, holds a tag. */
export function hasTag(url: unknown, tag: string): boolean {
	if (typeof url !== 'string') return false;
	const name = lastPartOf(url).replace(/%5f/gi, '_');
	return name.toLowerCase().includes(`_${tag}.`);
}
