import type { SendblueClient } from '../sendblue/client';
import { SendblueApiError } from '../sendblue/errors';
import { sleepUnlessCancelled } from '../sendblue/http/clock';
import type { ListMessagesQuery, SendblueMessage } from '../sendblue/resources/messages';
import type { SendLedger } from './memories';
import { isSameMessage, isToOne, type SendBody } from './sameMessage';

/** Messages per page. */
const PAGE_SIZE = 100;

/** Pages per look-up; more than a busy line sends in the time looked at. */
const MOST_PAGES = 5;

/** What sends with, and what it knows of the other sends. */
export interface Sender {
	client: SendblueClient;
	ledger: SendLedger;
}

/** A send whose answer was lost. */
export interface Search {
	body: SendBody;
	/** As `sendKey` makes it. */
	key: string;
	/** When the send was started, in milliseconds since 1970, our clock. */
	requestedAt: number;
	/** How long it is looked for, in milliseconds. */
	forMs: number;
}

/** What a search came to. */
export interface Findings {
	/** The message, now claimed; undefined where it was not listed, which proves nothing. */
	message?: SendblueMessage;
	/** Whether the list could be read at least once. */
	listWasRead: boolean;
}

/**
 * Looks for the message of a send whose answer was lost, with growing pauses, since it may be listed late.
 *
 * A message that belongs to another send is never taken. Where earlier sends of the same look stayed unknown, one of
 * theirs could be the one listed, so ours counts as found only when there are enough for all of them.
 */
export async function lookUp(sender: Sender, search: Search): Promise<Findings> {
	const { client } = sender;
	const { clock, signal } = client;
	const deadline = clock.now() + search.forMs;
	const findings: Findings = { listWasRead: false };
	for (let pause = client.timings.lookUpFirstPause; clock.now() < deadline; pause *= 2) {
		try {
			await sleepUnlessCancelled(clock, Math.min(pause, deadline - clock.now()), signal);
			findings.message = await findOnce(sender, search);
			findings.listWasRead = true;
		} catch (error) {
			// A look-up that is refused will be refused again; one that got lost may succeed the next time.
			if (signal?.aborted || willFailAgain(error)) return findings;
		}
		if (findings.message) return findings;
	}
	return findings;
}

async function findOnce({ client, ledger }: Sender, search: Search): Promise<SendblueMessage | undefined> {
	const { serverTime } = client;
	const rivals = ledger.unresolvedSince(search.key);
	const notBefore = serverTime.before(Math.min(search.requestedAt, ...rivals));
	const free = new Map<string, SendblueMessage>();
	for (let page = 0; page < MOST_PAGES; page++) {
		const query = {
			...conversationQuery(search.body),
			created_at_gte: new Date(notBefore).toISOString(),
			limit: PAGE_SIZE,
			offset: page * PAGE_SIZE,
		};
		const limits = { attempts: 1, totalMs: search.forMs };
		const { messages, hasMore } = await client.messages.list(query, limits, client.timings.lookUpTimeout);
		for (const message of messages) {
			const handle = String(message.message_handle);
			if (isSameMessage(message, search.body, notBefore) && !ledger.isClaimed(handle)) free.set(handle, message);
		}
		if (!hasMore || messages.length === 0) break;
	}
	if (free.size <= rivals.length) return undefined;
	// The newest: what is older may belong to the sends before.
	const newest = [...free.values()].reduce((best, message) => (timeOf(message) > timeOf(best) ? message : best));
	ledger.claim(String(newest.message_handle));
	return newest;
}

/** What lists the messages that went to a body's recipient, the newest first. */
export function conversationQuery(body: SendBody): ListMessagesQuery {
	const query: ListMessagesQuery = { is_outbound: 'true', order_by: 'createdAt', order_direction: 'desc' };
	if (isToOne(body)) return { ...query, number: body.number };
	return body.group_id ? { ...query, group_id: body.group_id } : { ...query, from_number: body.from_number };
}

function timeOf(message: SendblueMessage): number {
	return Date.parse(message.date_created ?? message.date_sent ?? '') || 0;
}

function willFailAgain(error: unknown): boolean {
	return error instanceof SendblueApiError && error.outcome === 'rejected' && error.httpStatus !== 429;
}
