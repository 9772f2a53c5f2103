import type { SendblueMessage } from '../sendblue/resources/messages';
import { lastPartOf } from '../sendblue/urls';
import {
	digitsOf,
	groupOf,
	isInbound,
	isSameNumber,
	isToOne,
	mediaOf,
	SUBSCRIBER_DIGITS,
	type SendBody,
} from './sameMessage';

/**
 * Whether a listed message could be one that this body produces, although the list shows it differently: without the
 * file or the text, with a file address that a CDN or a signature changed, with truncated or escaped text, or with
 * hidden numbers. A message that has such a match is neither sent again nor reported as found.
 */
export function mayBeSame(message: SendblueMessage, body: SendBody): boolean {
	if (isInbound(message) || !mayBeFromLine(message, body) || !mayBeTo(message, body)) return false;
	const listed = mediaOf(message);
	if (listed !== '') return Boolean(body.media_url) && nameIn(listed) === nameIn(body.media_url);
	return mayHaveText(message.content, body.content);
}

function mayBeFromLine(message: SendblueMessage, { from_number: line }: SendBody): boolean {
	return mayName(line, [message.from_number, message.sendblue_number], message);
}

function mayBeTo(message: SendblueMessage, body: SendBody): boolean {
	if (isToOne(body)) return mayName(body.number, [message.number, message.to_number].flat(), message);
	const group = groupOf(message);
	if (body.group_id && group) return group === body.group_id;
	return message.message_type !== 'message';
}

/**
 * Whether a message names a number in any of its fields, or no complete number in the fields where this one belongs.
 *
 * @param there the values of the fields where it belongs
 */
function mayName(number: string, there: unknown[], message: SendblueMessage): boolean {
	const { number: person, to_number: to, from_number: from, sendblue_number: line } = message;
	const anywhere = [person, to, from, line].flat();
	return !there.some(isWholeNumber) || anywhere.some((listed) => isSameNumber(listed, number));
}

/** Whether a value is a complete phone number. */
function isWholeNumber(number: unknown): boolean {
	return digitsOf(number).length >= SUBSCRIBER_DIGITS;
}

function isFilled(value: unknown): boolean {
	return value !== undefined && value !== null && value !== '';
}

/** The file name in an address, which stays the same when a CDN moves the file. */
function nameIn(url: unknown): string {
	return decoded(lastPartOf(String(url))).toLowerCase();
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

/** Whether a listed text may be the one sent: its letters and digits are those of the sent text, or its beginning. */
function mayHaveText(listed: string | null | undefined, sent: string | undefined): boolean {
	if (!isFilled(listed)) return true;
	if (!isFilled(sent)) return false;
	const [shown, whole] = [lettersOf(listed), lettersOf(sent)];
	return shown === whole || (shown !== '' && whole.startsWith(shown));
}

function lettersOf(text: unknown): string {
	return String(text)
		.replace(/&#?\w+;/g, '')
		.normalize('NFKD')
		.replace(/[^\p{L}\p{N}]/gu, '')
		.toLowerCase();
}
