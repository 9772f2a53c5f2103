import type { SendblueClient } from '../sendblue/client';
import { enumerated, errorForNoList, rethrow, SendblueApiError, SendblueInputError } from '../sendblue/errors';
import { goesOn } from '../sendblue/resources/paging';
import { skipped, type Fallback, type MessageForm, type Skipped } from './outcomes';
import type { SendingRun } from './run';
import { groupOf, isInbound, isSameNumber, isToOne, type SendBody } from './sameMessage';

/** What to do for people without iMessage. */
export type NoIMessageWish = 'send' | 'mp3' | 'attachment' | 'text' | 'skip' | 'fail';

/** What to do for people who never wrote to the line. */
export type NeverRepliedWish = 'send' | 'text' | 'skip' | 'fail';

/** The form in which a message goes out, or why it is skipped. */
export type ChosenForm = { form: MessageForm; fallback?: Fallback } | Skipped;

/** The most accounts whose lines are cached. */
const MAX_ACCOUNTS = 100;

/** The lines of accounts, cached for some minutes; lists that may be incomplete are not kept. */
const accountLines = new Map<string, { lines: ReadonlySet<string>; at: number }>();

/**
 * Refuses a line that is not the account's. The account's lines are cached for some minutes, and read again before a
 * line is refused. If they are not known for certain, Sendblue decides.
 *
 * @throws {SendblueInputError}
 */
export async function refuseForeignLine(run: SendingRun, line: string): Promise<void> {
	const client = await run.client();
	const known = accountLines.get(client.account);
	if (known && client.clock.now() - known.at < client.timings.linesKnownFor && isAmong(known.lines, line)) return;
	const lines = await run.lines.get('all', async () => await readLines(client));
	if (!lines || isAmong(lines, line)) return;
	throw new SendblueInputError(
		`${line} is not one of the account's lines.`,
		`The account's lines are: ${enumerated(lines)}.`,
		'foreignLine',
	);
}

/** Drops an account's lines from the cache; called after Sendblue refused a message, perhaps because of its line. */
export function forgetLines(account: string): void {
	accountLines.delete(account);
}

async function readLines(client: SendblueClient): Promise<ReadonlySet<string> | undefined> {
	const lines = await client.lines.completeList();
	accountLines.delete(client.account);
	if (lines) accountLines.set(client.account, { lines, at: client.clock.now() });
	if (accountLines.size > MAX_ACCOUNTS) accountLines.delete(accountLines.keys().next().value as string);
	return lines;
}

/** Sendblue may list lines with or without plus sign and country code. */
function isAmong(lines: ReadonlySet<string>, line: string): boolean {
	return [...lines].some((listed) => {
		const digits = listed.replace(/\D/g, '');
		return digits.length >= 7 && line.endsWith(digits);
	});
}

/** The service of the recipient's phone; undefined if it does not matter or Sendblue does not know it. */
export async function readService(run: SendingRun, body: SendBody, wish: NoIMessageWish): Promise<string | undefined> {
	if (wish === 'send' || !isToOne(body)) return undefined;
	const { number } = body;
	// Asked once per number and execution.
	return await run.services.get(number, async () => {
		const client = await run.client();
		try {
			const { service } = await client.numbers.evaluateService(number, false);
			if (typeof service === 'string' && service !== '') return service;
			run.hints.add('Sendblue did not say whether some recipients have iMessage; they were sent the voice note.');
		} catch (error) {
			if (!(error instanceof SendblueApiError)) return rethrow(error);
			run.hints.add(
				`It could not be determined whether some recipients have iMessage; they were sent the voice note. ${error.message}`,
			);
		}
		return undefined;
	});
}

/**
 * Decides by the recipient's service in which form a message goes out, if at all.
 *
 * @param service as {@link readService} found it
 * @throws {SendblueApiError} `notSent` if the message is to fail for people without iMessage
 * @throws {SendblueInputError} if there is no text to send instead
 */
export function formForService(body: SendBody, wish: NoIMessageWish, service: string | undefined): ChosenForm {
	if (wish === 'send' || !isToOne(body)) return { form: 'planned' };
	if (service === undefined || service.toLowerCase() === 'imessage') return { form: 'planned' };

	const message = `${body.number} has no iMessage (Sendblue says ${service}).`;
	switch (wish) {
		case 'skip':
			return skipped(body, { reason: 'noIMessage', message, service });
		case 'fail':
			throw new SendblueApiError({
				outcome: 'notSent',
				explanation: message,
				hint: 'Send another kind of message.',
				kind: 'noIMessage',
			});
		case 'text':
			if (body.content !== undefined) break;
			throw noTextInstead(message);
	}
	return { form: wish, fallback: { reason: 'noIMessage', service, sentAs: wish } };
}

/** How many messages per page, and how many pages, are searched for a message from the person. */
const PAGE_SIZE = 100;
const MAX_PAGES = 10;

/**
 * Whether the person has ever written to the line; true if that does not matter. Asked once per number, line and
 * execution.
 *
 * @throws {SendblueApiError} `notSent` if that cannot be determined
 */
export async function readReplied(run: SendingRun, body: SendBody, wish: NeverRepliedWish): Promise<boolean> {
	if (wish === 'send' || !isToOne(body)) return true;
	const { from_number: line, number } = body;
	return await run.replied.get(`${line} ${number}`, async () => {
		const client = await run.client();
		try {
			return await hasWritten(client, line, number);
		} catch (error) {
			if (!(error instanceof SendblueApiError)) return rethrow(error);
			const explanation = `It could not be determined whether ${number} has written to the line ${line}. ${error.explanation}`;
			const kind = 'neverRepliedUnchecked';
			return rethrow(new SendblueApiError({ ...error, outcome: 'notSent', explanation, kind, request: undefined }));
		}
	});
}

async function hasWritten(client: SendblueClient, line: string, number: string): Promise<boolean> {
	const filter = { number, sendblue_number: line, is_outbound: 'false' } as const;
	const order = { order_by: 'createdAt', order_direction: 'desc' } as const;
	let offset = 0;
	for (let pages = 0; pages < MAX_PAGES; pages++) {
		const request = { limit: PAGE_SIZE, offset };
		const { messages, ...page } = await client.messages.list({ ...filter, ...order, ...request });
		const isOfPerson = messages.some(
			(message) =>
				isInbound(message) &&
				groupOf(message) === undefined &&
				[message.from_number, message.number].flat().some((one) => isSameNumber(one, number)) &&
				[message.to_number, message.sendblue_number].flat().some((one) => isSameNumber(one, line)),
		);
		if (isOfPerson) return true;
		if (!page.areMessages) throw errorForNoList();
		offset += page.received;
		if (!goesOn(page.received, page, request)) return false;
	}
	throw errorForNoList();
}

/**
 * Decides in which form a message goes out to somebody who never wrote to the line.
 *
 * @throws {SendblueApiError} `notSent` if the user wants it to fail
 * @throws {SendblueInputError} if the text cannot be sent instead
 */
export function formForStranger(body: SendBody, wish: NeverRepliedWish): ChosenForm {
	const number = isToOne(body) ? body.number : '';
	const message = `${number} has never written to the line ${body.from_number}.`;
	switch (wish) {
		case 'skip':
			return skipped(body, { reason: 'neverReplied', message });
		case 'text':
			refuseUnlessPlain(message, body.content);
			return { form: 'text', fallback: { reason: 'neverReplied', sentAs: 'text' } };
		default:
			throw new SendblueApiError({
				outcome: 'notSent',
				explanation: message,
				hint: 'Wait until the person has written to the line.',
				kind: 'neverReplied',
			});
	}
}

/** The longest text that a line may send to somebody who never wrote to it, in characters. */
const LONGEST_FIRST_TEXT = 300;

/** Addresses with a scheme or `www`, email addresses, and domains with a common ending or with a path. */
const LINK =
	/\b[a-z][a-z\d+.-]*:\/\/|\bwww\.|\S@\S+\.\S|\b[a-z\d-]+(\.[a-z\d-]+)*\.(com|net|org|info|biz|edu|gov|io|co|ai|app|dev|me|ly|gl|link|shop|store|site|online|xyz|tv|[a-z]{2}(?=\/|\s|$))\b|\b[a-z\d-]+\.[a-z]{2,}\/\S/i;

/** @throws {SendblueInputError} that says which rule the text breaks */
function refuseUnlessPlain(message: string, text: string | undefined): void {
	if (text === undefined) throw noTextInstead(message);
	const length = [...text].length;
	const hasLink = LINK.test(text);
	if (length <= LONGEST_FIRST_TEXT && !hasLink) return;
	const why = hasLink
		? 'holds a link, and a line may not send links'
		: `has ${length} characters, and a line may send ${LONGEST_FIRST_TEXT} at most`;
	throw new SendblueInputError(
		`${message} The text ${why} to people who never wrote to it.`,
		`Use a text of at most ${LONGEST_FIRST_TEXT} characters without links.`,
	);
}

function noTextInstead(message: string): SendblueInputError {
	return new SendblueInputError(
		`${message} There is no text to send instead.`,
		'Add a text to send instead.',
		'noTextInstead',
	);
}
