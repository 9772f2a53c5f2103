import type { SendblueClient } from '../sendblue/client';
import { errorFromMessage, rethrow, SendblueApiError } from '../sendblue/errors';
import { isTaken, reportsRefusal } from '../sendblue/messageState';
import { SEND_GROUP_MESSAGE_PATH, SEND_MESSAGE_PATH, type SendblueMessage } from '../sendblue/resources/messages';
import { lookUp, type Findings, type Search, type Sender } from './lookUp';
import { isToOne, recipientOf, sendKey, type SendBody } from './sameMessage';

/** A message that Sendblue has taken. */
export interface SentMessage {
	/** As the send returned it, or as the list of messages shows it. */
	message: SendblueMessage;
	/** Whether the answer to the send was lost and the message was found in the list. */
	reconciled: boolean;
}

/** How a send is carried out. */
export interface SendOptions {
	/** How long a message whose answer was lost is looked for, in milliseconds; else as the client's timings say. */
	lookUpForMs?: number;
	/** Called when nothing more will be sent, before any look-up: the line is free for its next message. */
	onAttemptEnded?(): void;
}

/**
 * Sends a message at most once, and tells the truth about it.
 *
 * Sendblue has no idempotency key. Where the answer is lost (time-out, cut connection, 5xx, unreadable), the message is
 * looked up in Sendblue's list and returned when it is there. When it is not, nothing is proved, and it is not sent
 * again.
 *
 * @throws {SendblueApiError} `rejected` or `notSent` where the message surely did not go out, else `unknown`
 */
export async function sendReliably(sender: Sender, body: SendBody, options: SendOptions = {}): Promise<SentMessage> {
	const { client, ledger } = sender;
	const key = sendKey(body);
	return await ledger.oneAtATime(key, async () => {
		const requestedAt = client.clock.now();
		const { message, error } = await attemptOf(client, body);
		options.onAttemptEnded?.();
		if (message?.message_handle) {
			ledger.claim(message.message_handle);
			return { message, reconciled: false };
		}
		const cause = error ?? answerWithoutHandle();
		if (cause.outcome !== 'unknown') throw cause;
		const search = { body, key, requestedAt, forMs: options.lookUpForMs ?? client.timings.lookUpFor };
		const findings: Findings = cause.cancelled ? { listWasRead: false } : await lookUp(sender, search);
		if (findings.message) return asFound(findings.message, body);

		// Taken by its own words, though without a handle to follow it by.
		if (message && isTaken(message)) return { message, reconciled: false };
		ledger.leaveUnresolved(key, requestedAt);
		throw unknownOutcome(cause, search, findings);
	});
}

async function attemptOf(
	client: SendblueClient,
	body: SendBody,
): Promise<{ message?: SendblueMessage; error?: SendblueApiError }> {
	try {
		return { message: isToOne(body) ? await client.messages.send(body) : await client.messages.sendToGroup(body) };
	} catch (error) {
		return error instanceof SendblueApiError ? { error } : rethrow(error);
	}
}

/** A message that is listed as refused was refused, whatever became of the answer. */
function asFound(message: SendblueMessage, body: SendBody): SentMessage {
	const path = isToOne(body) ? SEND_MESSAGE_PATH : SEND_GROUP_MESSAGE_PATH;
	if (reportsRefusal(message)) throw errorFromMessage(message, { method: 'POST', path });
	return { message, reconciled: true };
}

function answerWithoutHandle(): SendblueApiError {
	return new SendblueApiError({
		outcome: 'unknown',
		explanation: 'Sendblue answered without the handle of a message.',
		advice: 'Check in Sendblue whether the message is there before you send it again.',
	});
}

function unknownOutcome(cause: SendblueApiError, search: Search, findings: Findings): SendblueApiError {
	const { body, requestedAt, forMs } = search;
	const recipient = recipientOf(body);
	const time = new Date(requestedAt).toISOString();
	const file = body.media_url ? `, media URL ${body.media_url}` : '';
	return new SendblueApiError({
		outcome: 'unknown',
		explanation:
			`It is unknown whether the message to ${recipient} went out (${time}, line ${body.from_number}${file}). ` +
			`${cause.explanation} ${lookedUp(findings, cause.cancelled, forMs)} It was not sent again.`,
		advice:
			`Look in Sendblue for a message to ${recipient} sent about ${time}${file}. ` +
			'Run the item again only if it is not there.',
		httpStatus: cause.httpStatus,
		sendblueCode: cause.sendblueCode,
		sendblueMessage: cause.sendblueMessage,
		cancelled: cause.cancelled,
	});
}

function lookedUp(findings: Findings, cancelled: boolean, forMs: number): string {
	if (cancelled) return 'It was not looked up.';
	if (!findings.listWasRead) return "Sendblue's list of messages could not be read either.";
	return `It was not in Sendblue's list of messages within ${Math.round(forMs / 1000)} s, which proves nothing.`;
}
