import type { SendblueMessage, SendGroupMessageBody, SendMessageBody } from '../sendblue/resources/messages';

/** A message to one number or to a group. */
export type SendBody = SendMessageBody | SendGroupMessageBody;

/** Whether a message goes to one number. */
export function isToOne(body: SendBody): body is SendMessageBody {
	return typeof body.number === 'string';
}

/** Recipient of a message in words: the number, the group's ID, or the group's numbers. */
export function recipientOf(body: SendBody): string {
	if (isToOne(body)) return body.number;
	return body.group_id ? `group ${body.group_id}` : `the group of ${(body.numbers ?? []).join(', ')}`;
}

/** Equal for messages that Sendblue's list could not tell apart. */
export function sendKey(body: SendBody): string {
	const recipient = isToOne(body) ? body.number : (body.group_id ?? [...(body.numbers ?? [])].sort());
	return JSON.stringify([body.from_number, recipient, body.media_url ?? '', textOf(body.content)]);
}

/**
 * Whether a listed message is one that this body makes: outbound, same line, recipient, media URL to the letter, and
 * text, and not older than `notBefore` (milliseconds since 1970, the server's clock).
 */
export function isSameMessage(message: SendblueMessage, body: SendBody, notBefore: number): boolean {
	if (message.is_outbound === false || !message.message_handle) return false;
	if (!isFromLine(message, body.from_number)) return false;
	if (!hasSameRecipient(message, body)) return false;
	if ((message.media_url ?? '') !== (body.media_url ?? '')) return false;
	if (!hasSameText(message, body)) return false;
	const created = Date.parse(message.date_created ?? message.date_sent ?? '');
	return Number.isNaN(created) || created >= notBefore;
}

/** Whether a listed message went out from a line. */
export function isFromLine(message: SendblueMessage, line: string): boolean {
	return [message.from_number, message.sendblue_number].includes(line);
}

/** Whether a listed message went to the number or group that a body names. */
export function hasSameRecipient(message: SendblueMessage, body: SendBody): boolean {
	const listed = [message.number, message.to_number].flat().filter((number) => number !== undefined);
	if (isToOne(body)) return !message.group_id && listed.includes(body.number);
	if (body.group_id) return message.group_id === body.group_id;
	const people = new Set([...listed, ...(message.participants ?? [])]);
	people.delete(body.from_number);
	const wanted = new Set(body.numbers ?? []);
	return people.size === wanted.size && [...wanted].every((number) => people.has(number));
}

function hasSameText(message: SendblueMessage, body: SendBody): boolean {
	const listed = message.content;
	// A list that leaves the text out can still be told by the file.
	if (listed === undefined || listed === null) return Boolean(body.media_url) || textOf(body.content) === '';
	return textOf(listed) === textOf(body.content);
}

/** A message's text as it is compared. */
export function textOf(content: string | undefined): string {
	return (content ?? '').trim();
}
