import { isReceived } from '../sendblue/messageState';
import type { SendblueMessage, SendGroupMessageBody, SendMessageBody } from '../sendblue/resources/messages';

/** A message to one number or to a group. */
export type SendBody = SendMessageBody | SendGroupMessageBody;

/** Whether a message goes to one number. */
export function isToOne(body: SendBody): body is SendMessageBody {
	return typeof body.number === 'string';
}

/** The recipient of a message for display: the number, the group's ID, or the group's numbers. */
export function recipientOf(body: SendBody): string {
	if (isToOne(body)) return body.number;
	return body.group_id ? `group ${body.group_id}` : `the group of ${(body.numbers ?? []).join(', ')}`;
}

/** The recipient for comparison: equal for the same people in any order. */
export function recipientKey(body: SendBody): string | string[] {
	return isToOne(body) ? body.number : (body.group_id ?? [...(body.numbers ?? [])].sort());
}

/** A key that is equal for messages that look the same in Sendblue's list. */
export function sendKey(body: SendBody): string {
	return JSON.stringify([body.from_number, recipientKey(body), body.media_url ?? '', textOf(body.content)]);
}

/**
 * Whether a listed message is one that this body produces: outbound, with the same line, recipient, text and exact
 * media URL.
 */
export function isSameMessage(message: SendblueMessage, body: SendBody): boolean {
	if (isInbound(message)) return false;
	if (!isFromLine(message, body.from_number)) return false;
	if (!hasSameRecipient(message, body)) return false;
	return mediaOf(message) === (body.media_url ?? '') && hasSameText(message, body);
}

/** The address of a message's file, however the list holds it; empty if it has none. */
export function mediaOf({ media_url: media }: SendblueMessage): string {
	const [first]: unknown[] = [media].flat();
	return typeof first === 'string' ? first : '';
}

/** What lists put in place of a group if there is none. */
const NO_GROUPS: ReadonlySet<string> = new Set(['', '0', 'null', 'undefined', 'none']);

/** The ID of the group a message went to; undefined if it went to a number. */
export function groupOf({ group_id: group }: SendblueMessage): string | undefined {
	const id = String(group ?? '').trim();
	return NO_GROUPS.has(id.toLowerCase()) ? undefined : id;
}

/**
 * Whether a listed message may have been sent with the effect, the seat and the reply reference of this body, as far as
 * the list shows them. A message from Sendblue's own app names the seat of its sender.
 */
export function hasSameSettings(message: SendblueMessage, body: SendBody): boolean {
	const { send_style: style, seat_id: seat, sender_email: sender, reply_to: answered } = message;
	const isSame = (listed: unknown, given: string | undefined): boolean =>
		listed === undefined || listed === null || String(listed).toLowerCase() === (given ?? '').toLowerCase();
	if (!isSame(style, body.send_style) || !isSame(answered?.message_handle, body.reply_to?.message_handle)) return false;
	// A seat has two identifiers, so only its absence can be compared.
	if (body.seat_id) return seat !== null && seat !== '';
	const isFromAccount = [message.accountEmail, message.account_email].includes(sender ?? undefined);
	return !seat && (!sender || isFromAccount);
}

/** Whether a message was received, judged by its direction or else by its state; without either it counts as sent. */
export function isInbound(message: SendblueMessage): boolean {
	const { is_outbound: isOutbound } = message;
	if (isOutbound === undefined || isOutbound === null) return isReceived(message);
	return String(isOutbound).toLowerCase() === 'false';
}

/** The number of final digits that stay the same even if carriers rewrite those before them (Mexico, Argentina). */
export const SUBSCRIBER_DIGITS = 7;

/**
 * Whether the answer to a send names another recipient than the request did. Then it is the answer to another request,
 * which a proxy or a reused connection can deliver. An answer that names no recipient counts as ours.
 */
export function namesAnother(answer: SendblueMessage, body: SendBody): boolean {
	const group = groupOf(answer);
	if (!isToOne(body) && body.group_id && group) return group.toLowerCase() !== body.group_id.toLowerCase();
	const wanted = (isToOne(body) ? [body.number] : (body.numbers ?? [])).map(digitsOf);
	const named = [answer.number, answer.to_number].flat().map(digitsOf);
	const whole = named.filter((digits) => digits.length >= SUBSCRIBER_DIGITS);
	if (whole.length === 0 || wanted.length === 0) return false;
	return !whole.some((digits) => wanted.some((number) => digits.endsWith(number.slice(-SUBSCRIBER_DIGITS))));
}

/** The furthest that a time zone is behind UTC, in milliseconds: the tolerance for dates without a zone. */
const FARTHEST_ZONE_MS = 12 * 3_600_000;

/**
 * When a message was created, in milliseconds since 1970 by the server's clock; undefined without a date or a time
 * zone.
 */
export function createdAt(message: SendblueMessage): number | undefined {
	const { time, hasZone } = creationOf(message);
	return hasZone ? time : undefined;
}

/** Whether a message was certainly created before a moment, in milliseconds since 1970 by the server's clock. */
export function isOlderThan(message: SendblueMessage, moment: number): boolean {
	const { time, hasZone } = creationOf(message);
	return time !== undefined && time + (hasZone ? 0 : FARTHEST_ZONE_MS) < moment;
}

function creationOf(message: SendblueMessage): { time?: number; hasZone: boolean } {
	const date: unknown = message.date_created ?? message.date_sent;
	if (typeof date !== 'string') return { hasZone: false };
	const hasZone = /[a-z]\s*$|[+-]\d\d:?\d\d\s*$/i.test(date);
	const time = Date.parse(hasZone ? date : `${date.trim()} UTC`.replace('T', ' '));
	return Number.isNaN(time) ? { hasZone: false } : { time, hasZone };
}

/** Whether a listed message went out from a line. */
export function isFromLine(message: SendblueMessage, line: string): boolean {
	return [message.from_number, message.sendblue_number].some((number) => isSameNumber(number, line));
}

/** Whether a listed message went to the number or group that a body names. */
export function hasSameRecipient(message: SendblueMessage, body: SendBody): boolean {
	const listed = [message.number, message.to_number].flat().filter((number) => number !== undefined && number !== null);
	if (isToOne(body))
		return groupOf(message) === undefined && listed.some((number) => isSameNumber(number, body.number));
	if (body.group_id) return groupOf(message) === body.group_id;
	const people = new Set([...listed, ...(message.participants ?? [])].map(digitsOf));
	people.delete(digitsOf(body.from_number));
	const wanted = new Set((body.numbers ?? []).map(digitsOf));
	return people.size === wanted.size && [...wanted].every((number) => people.has(number));
}

/** The fewest digits that identify a number written without its country code. */
const NATIONAL_DIGITS = 10;

/** Whether a number in any notation equals one in E.164: the same digits, with or without the country code. */
export function isSameNumber(listed: unknown, number: string): boolean {
	const digits = digitsOf(listed);
	const wanted = digitsOf(number);
	return digits === wanted || (digits.length >= NATIONAL_DIGITS && wanted.endsWith(digits));
}

/** The digits of a number in any notation; empty if it is not one. */
export function digitsOf(number: unknown): string {
	return typeof number === 'string' || typeof number === 'number' ? String(number).replace(/\D/g, '') : '';
}

function hasSameText(message: SendblueMessage, body: SendBody): boolean {
	const listed = message.content;
	// If the list leaves out the text, the file decides.
	if (listed === undefined || listed === null) return Boolean(body.media_url) || textOf(body.content) === '';
	return isSameText(listed, body.content);
}

/** Whether a listed text is one that was sent, as it is or as HTML escapes it. */
export function isSameText(listed: string | null | undefined, sent: string | undefined): boolean {
	const wanted = textOf(sent);
	return textOf(listed) === wanted || textOf(unescaped(String(listed ?? ''))) === wanted;
}

const HTML_NAMES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", '#39': "'" };

function unescaped(text: string): string {
	return text.replace(/&(amp|lt|gt|quot|apos|#39);/g, (_, name: string) => HTML_NAMES[name] ?? '');
}

/** A message's text for comparison. */
export function textOf(content: string | null | undefined): string {
	return String(content ?? '')
		.replace(/\r\n?/g, '\n')
		.normalize('NFC')
		.trim();
}
