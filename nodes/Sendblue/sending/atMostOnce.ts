import { errorFromMessage, rethrow, SendblueApiError } from '../sendblue/errors';
import { sleepUnlessCancelled } from '../sendblue/http/time';
import { backOff, SEND_LIMITS } from '../sendblue/http/retry';
import { handleOf, isInFailure, verdictOf } from '../sendblue/messageState';
import { SEND_GROUP_MESSAGE_PATH, SEND_MESSAGE_PATH, type SendblueMessage } from '../sendblue/resources/messages';
import { lookOnce, lookUp, type Findings, type Search, type Sender } from './lookUp';
import { isToOne, namesAnother, recipientOf, sendKey, type SendBody } from './sameMessage';

/** A message that Sendblue has accepted. */
export interface SentMessage {
	/** As returned by the send, or as listed. */
	message: SendblueMessage;
	/** Whether the answer to the send was lost and the message was found in the list. */
	reconciled: boolean;
}

/** Options of a send. */
export interface SendOptions {
	/** Whether the message's file was uploaded for it alone; by default, whether it has a file. */
	hasOwnFile?: boolean;
	/** Called before the look-up after a lost answer: the line is free for its next message. */
	onAttemptEnded?(): void;
}

/** The result of one request to send. */
interface Attempt {
	/** The body of a 2xx answer. */
	message?: SendblueMessage;
	error?: SendblueApiError;
}

/**
 * Sends a message at most once, and reports only what is certain.
 *
 * Sendblue has no idempotency key. If the answer is lost (timeout, cut connection, 5xx, unreadable), the message is
 * looked up in Sendblue's list and returned if it is there. If it is not, that does not prove that it was not sent, so
 * it is not sent again. After a 429, too, it is looked up before it is sent again: the server may have accepted it
 * anyway.
 *
 * @throws {SendblueApiError} `rejected` or `notSent` if the message certainly did not go out, else `unknown`
 */
export async function sendReliably(sender: Sender, body: SendBody, options: SendOptions = {}): Promise<SentMessage> {
	const { client, ledger } = sender;
	const key = sendKey(body);
	return await ledger.oneAtATime(key, async () => {
		const requestedAt = client.clock.now();
		const hasOwnFile = options.hasOwnFile ?? Boolean(body.media_url);
		const search = { body, key, requestedAt, endedAt: requestedAt, hasOwnFile, forMs: client.timings.lookUpFor };
		const attempt = await attemptUntilTaken(sender, search);
		if ('reconciled' in attempt) return attempt;

		const { error } = attempt;
		// An answer to another request says nothing about this one.
		const message = attempt.message && namesAnother(attempt.message, body) ? undefined : attempt.message;
		const verdict = verdictOf(message);
		if (message && verdict === 'taken' && ledger.claim(String(handleOf(message))))
			return { message, reconciled: false };
		if (message && verdict === 'refused' && handleOf(message) !== undefined) throw refusal(message, body);
		if (error && error.outcome !== 'unknown') throw error;
		options.onAttemptEnded?.();
		return await reconcile(sender, search, message, error);
	});
}

/**
 * Sends; after a 429, looks the message up and sends again if it was not accepted. An accepted message may be listed
 * late, so there are several look-ups.
 *
 * @throws {SendblueApiError} the last 429, or `unknown` if no look-up could show that the message was not accepted
 */
async function attemptUntilTaken(sender: Sender, search: Search): Promise<Attempt | SentMessage> {
	const { client } = sender;
	const { clock, signal, timings } = client;
	for (let tried = 1; ; tried++) {
		const attempt = await attemptOf(sender, search);
		search.endedAt = clock.now();
		const { error } = attempt;
		if (error?.httpStatus !== 429 || error.outcome === 'unknown') return attempt;

		const pause = Math.max(error.retryAfterMs ?? 0, backOff(tried, client.random(), timings), timings.refusalPause);
		const isLast = tried >= SEND_LIMITS.attempts || clock.now() - search.requestedAt + pause > SEND_LIMITS.totalMs;
		const refusedAt = clock.now();
		let findings = await lookUp(sender, { ...search, forMs: timings.refusalPause });
		if (findings.message) return asFound(findings.message, search.body);
		const left = isLast ? 0 : refusedAt + pause - clock.now();
		await sleepUnlessCancelled(clock, left, signal).catch(() => undefined);
		// The list may have been refused by the same rate limit; the pause is over now.
		if (!findings.listWasRead && !findings.isDoubtful) findings = await lookOnce(sender, search);
		if (findings.message) return asFound(findings.message, search.body);
		const cancelled = signal?.aborted === true;
		if (cancelled || !findings.listWasRead || findings.isDoubtful) {
			throw unknownOutcome(new SendblueApiError({ ...error, cancelled }), search, findings);
		}
		if (isLast) throw error;
	}
}

async function attemptOf({ client, ledger }: Sender, { body, key }: Search): Promise<Attempt> {
	const answered = ledger.await(key);
	try {
		return { message: isToOne(body) ? await client.messages.send(body) : await client.messages.sendToGroup(body) };
	} catch (error) {
		return error instanceof SendblueApiError ? { error } : rethrow(error);
	} finally {
		answered();
	}
}

/** Looks up a send whose answer was lost or leaves the outcome open. */
async function reconcile(
	sender: Sender,
	search: Search,
	message: SendblueMessage | undefined,
	error: SendblueApiError | undefined,
): Promise<SentMessage> {
	const isRefused = verdictOf(message) === 'refused';
	const cause = error ?? (message && isInFailure(message) ? refusal(message, search.body) : answerLeavesOpen());
	let findings: Findings = { listWasRead: false, isDoubtful: false };
	// A refusal without a handle is believed unless the list contradicts it.
	if (!cause.cancelled) findings = isRefused ? await lookOnce(sender, search) : await lookUp(sender, search);
	if (findings.message) return asFound(findings.message, search.body);
	if (message && isRefused && findings.listWasRead && !findings.isDoubtful) throw refusal(message, search.body);

	sender.ledger.leaveUnresolved(search.key, search.requestedAt);
	const cancelled = cause.cancelled || sender.client.signal?.aborted === true;
	throw unknownOutcome(new SendblueApiError({ ...cause, cancelled }), search, findings);
}

/** The message found in the list; if it is listed as refused, the send failed. */
function asFound(message: SendblueMessage, body: SendBody): SentMessage {
	if (isInFailure(message)) throw refusal(message, body);
	return { message, reconciled: true };
}

function refusal(message: SendblueMessage, body: SendBody): SendblueApiError {
	const path = isToOne(body) ? SEND_MESSAGE_PATH : SEND_GROUP_MESSAGE_PATH;
	return errorFromMessage(message, { method: 'POST', path });
}

function answerLeavesOpen(): SendblueApiError {
	return new SendblueApiError({
		outcome: 'unknown',
		explanation: "Sendblue's answer does not say what became of the message.",
		hint: 'Check in Sendblue whether the message is there before you send it again.',
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
		hint:
			`Look in Sendblue for a message to ${recipient} sent about ${time}${file}. ` +
			'Send it again only if it is not there.',
		httpStatus: cause.httpStatus,
		sendblueCode: cause.sendblueCode,
		sendblueMessage: cause.sendblueMessage,
		cancelled: cause.cancelled,
	});
}

function lookedUp(findings: Findings, cancelled: boolean, forMs: number): string {
	if (cancelled) return 'The execution was stopped before it was found in the list of messages.';
	if (!findings.listWasRead) return "Sendblue's list of messages could not be read either.";
	if (findings.isDoubtful) return "Sendblue's list has a message like it, which may be somebody else's.";
	return `It did not appear in Sendblue's list of messages within ${Math.round(forMs / 1000)} s, but it may appear later.`;
}
