import type { SendblueClient } from '../sendblue/client';
import { SendblueApiError } from '../sendblue/errors';
import { sleepUnlessCancelled } from '../sendblue/http/time';
import { handleOf } from '../sendblue/messageState';
import type { ListMessagesQuery, SendblueMessage } from '../sendblue/resources/messages';
import { goesOn } from '../sendblue/resources/paging';
import type { SendLedger } from './ledger';
import { createdAt, hasSameSettings, isOlderThan, isSameMessage, isToOne, type SendBody } from './sameMessage';
import { mayBeSame } from './similarMessage';

/** Messages per page. */
const PAGE_SIZE = 100;

/** Pages per look-up; more than a busy line fills in the time searched. */
const MAX_PAGES = 10;

/** The client that sends, and the ledger of the other sends. */
export interface Sender {
	client: SendblueClient;
	ledger: SendLedger;
}

/** A send whose answer was lost. */
export interface Search {
	body: SendBody;
	/** As `sendKey` makes it. */
	key: string;
	/** When the send was started, in milliseconds since 1970 by our clock. */
	requestedAt: number;
	/** When its last request ended, in milliseconds since 1970 by our clock. */
	endedAt: number;
	/**
	 * Whether the message carries a file that was uploaded for it, whose address no other message has. Without one,
	 * other messages on the line may have the same text or the same public address.
	 */
	hasOwnFile: boolean;
	/** How long to look, in milliseconds. */
	forMs: number;
}

/** The result of a search. */
export interface Findings {
	/** The message, now claimed; undefined if it was not listed, which does not prove that it was not sent. */
	message?: SendblueMessage;
	/**
	 * Whether the list could be read to its end at least once while no twin (another send with the same key) was waiting
	 * for its answer.
	 */
	listWasRead: boolean;
	/** Whether a similar message is listed that may be ours or somebody else's. */
	isDoubtful: boolean;
}

/**
 * Searches the list for the message of a send whose answer was lost: repeatedly, with growing pauses, since it may be
 * listed late.
 *
 * A message that belongs to another send is never taken. If earlier sends that look the same remained unknown, the
 * listed message could be theirs, so ours counts as found only if there are enough messages for all of them.
 */
export async function lookUp(sender: Sender, search: Search): Promise<Findings> {
	return await lookAgain(sender, search, ({ message }) => message !== undefined);
}

/**
 * A single look-up, after an answer that says the message was not accepted. It is repeated only if it fails, or if it
 * cannot decide because a twin is still waiting for its answer.
 */
export async function lookOnce(sender: Sender, search: Search): Promise<Findings> {
	return await lookAgain(sender, search, ({ listWasRead }) => listWasRead);
}

async function lookAgain(sender: Sender, search: Search, isEnough: (findings: Findings) => boolean): Promise<Findings> {
	const { client } = sender;
	const { clock, signal } = client;
	const deadline = clock.now() + search.forMs;
	const findings: Findings = { listWasRead: false, isDoubtful: false };
	for (let pause = client.timings.lookUpFirstPause; clock.now() < deadline; pause *= 2) {
		try {
			await sleepUnlessCancelled(clock, Math.min(pause, deadline - clock.now()), signal);
			const { message, isDecided, isDoubtful } = await findOnce(sender, search);
			findings.message = message;
			findings.listWasRead ||= isDecided;
			findings.isDoubtful ||= isDoubtful;
		} catch (error) {
			// A look-up that is refused will be refused again; one that got lost may succeed the next time.
			if (signal?.aborted || willFailAgain(error)) return findings;
		}
		if (isEnough(findings)) return findings;
	}
	return findings;
}

/** The result of one look-up; undecided if the list may be incomplete, or while a twin is waiting for its answer. */
interface Look {
	message?: SendblueMessage;
	isDecided: boolean;
	isDoubtful: boolean;
}

async function findOnce(sender: Sender, search: Search): Promise<Look> {
	const { client, ledger } = sender;
	const rivals = ledger.unresolvedSince(search.key);
	const from = Math.min(search.requestedAt, ...rivals);
	const { messages, isWhole } = await listSince(client, search, from);
	// A listed message may be that of a twin still waiting for its answer.
	if (ledger.awaitsTwin(search.key)) return { isDecided: false, isDoubtful: false };

	const free = messages.filter((message) => !ledger.isClaimed(handleOf(message) ?? ''));
	const ours = new Map<string, SendblueMessage>();
	for (const message of free) {
		const handle = handleOf(message);
		if (handle !== undefined && isOurs(message, search, from, client)) ours.set(handle, message);
	}
	if (ours.size <= rivals.length) {
		return { isDecided: isWhole, isDoubtful: free.some((message) => mayBeSame(message, search.body)) };
	}
	// The newest, since older ones may belong to earlier sends.
	const newest = [...ours.values()].reduce((best, message) => (timeOf(message) > timeOf(best) ? message : best));
	ledger.claim(String(handleOf(newest)));
	return { message: newest, isDecided: true, isDoubtful: false };
}

/**
 * The search begins at least this long before the send, in milliseconds, since the machine that dates messages may have
 * a different clock from the one that answers.
 */
const LISTED_BEFORE_MS = 120_000;

/** The messages of the conversation since a time of our clock, and whether the list is certainly complete. */
async function listSince(
	{ serverTime, messages: resource, timings }: SendblueClient,
	{ body, forMs }: Search,
	from: number,
): Promise<{ messages: SendblueMessage[]; isWhole: boolean }> {
	const notBefore = Math.min(serverTime.before(from), from - LISTED_BEFORE_MS);
	const found: SendblueMessage[] = [];
	let isReadable = true;
	let offset = 0;
	for (let pages = 0; pages < MAX_PAGES; pages++) {
		const request = { limit: PAGE_SIZE, offset };
		const query = { ...conversationQuery(body), created_at_gte: new Date(notBefore).toISOString(), ...request };
		const { messages, ...page } = await resource.list(query, { attempts: 1, totalMs: forMs }, timings.lookUpTimeout);
		found.push(...messages.filter((message) => !isOlderThan(message, notBefore)));
		isReadable &&= page.areMessages;
		offset += page.received;
		if (!goesOn(page.received, page, request)) return { messages: found, isWhole: isReadable };
	}
	return { messages: found, isWhole: false };
}

/**
 * Whether a listed message certainly comes from this request. If the request has no file of its own, date and settings
 * must match as well.
 */
function isOurs(message: SendblueMessage, search: Search, from: number, { serverTime }: SendblueClient): boolean {
	const { body, endedAt, hasOwnFile } = search;
	if (!isSameMessage(message, body)) return false;
	if (hasOwnFile) return true;
	const created = createdAt(message);
	return created !== undefined && serverTime.isWithin(created, from, endedAt) && hasSameSettings(message, body);
}

/** The query for the messages to a body's recipient, newest first; for a group without an ID, for all of the line. */
export function conversationQuery(body: SendBody): ListMessagesQuery {
	const query: ListMessagesQuery = { is_outbound: 'true', order_by: 'createdAt', order_direction: 'desc' };
	if (isToOne(body)) return { ...query, number: body.number };
	return body.group_id ? { ...query, group_id: body.group_id } : { ...query, from_number: body.from_number };
}

function timeOf(message: SendblueMessage): number {
	return createdAt(message) ?? 0;
}

function willFailAgain(error: unknown): boolean {
	return error instanceof SendblueApiError && !error.mayPass;
}
