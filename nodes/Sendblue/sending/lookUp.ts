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

/** Pages per look-up; more than a busy line sends in the time looked at. */
const MOST_PAGES = 10;

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
	/** When its last request had ended, likewise. */
	endedAt: number;
	/**
	 * Whether the message carries a file that was uploaded for it, at an address of its own. Others may send the same
	 * text, or the same public address, on the same line.
	 */
	hasOwnFile: boolean;
	/** How long it is looked for, in milliseconds. */
	forMs: number;
}

/** What a search came to. */
export interface Findings {
	/** The message, now claimed; undefined if it was not listed, which proves nothing. */
	message?: SendblueMessage;
	/** Whether the list could be read at least once, at a moment when no twin was under way. */
	listWasRead: boolean;
	/** Whether a message like it is listed that may as well be somebody else's. */
	isDoubtful: boolean;
}

/**
 * Looks for the message of a send whose answer was lost, with growing pauses, since it may be listed late.
 *
 * A message that belongs to another send is never taken. Where earlier sends of the same look stayed unknown, one of
 * theirs could be the one listed, so ours counts as found only when there are enough for all of them.
 */
export async function lookUp(sender: Sender, search: Search): Promise<Findings> {
	return await lookAgain(sender, search, ({ message }) => message !== undefined);
}

/**
 * Looks once whether a message is listed: after an answer that says it was not taken, before it is sent again. Only a
 * look that fails, or cannot decide while a twin is under way, is repeated.
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

/** What one look came to; undecided while a twin is under way. */
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
	// What is listed may be that of a twin whose answer is on its way.
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
	// The newest: what is older may belong to the sends before.
	const newest = [...ours.values()].reduce((best, message) => (timeOf(message) > timeOf(best) ? message : best));
	ledger.claim(String(handleOf(newest)));
	return { message: newest, isDecided: true, isDoubtful: false };
}

/** How much earlier messages are listed than the server's clock says, in milliseconds: its parts may have several. */
const LISTED_BEFORE_MS = 120_000;

/** Messages of the conversation that are no older than a moment of our clock, and whether these are surely all. */
async function listSince(
	{ serverTime, messages: resource, timings }: SendblueClient,
	{ body, forMs }: Search,
	from: number,
): Promise<{ messages: SendblueMessage[]; isWhole: boolean }> {
	const notBefore = Math.min(serverTime.before(from), from - LISTED_BEFORE_MS);
	const found: SendblueMessage[] = [];
	let isReadable = true;
	let offset = 0;
	for (let pages = 0; pages < MOST_PAGES; pages++) {
		const request = { limit: PAGE_SIZE, offset };
		const query = { ...conversationQuery(body), created_at_gte: new Date(notBefore).toISOString(), ...request };
		const { messages, ...page } = await resource.list(query, { attempts: 1, totalMs: forMs }, timings.lookUpTimeout);
		found.push(...messages.filter((message) => !isOlderThan(message, notBefore)));
		isReadable &&= messages.length === page.received;
		offset += page.received;
		if (!goesOn(page.received, page, request)) return { messages: found, isWhole: isReadable };
	}
	return { messages: found, isWhole: false };
}

/** Whether a listed message is surely one of this request: without a file of its own, by all that can be told. */
function isOurs(message: SendblueMessage, search: Search, from: number, { serverTime }: SendblueClient): boolean {
	const { body, endedAt, hasOwnFile } = search;
	if (!isSameMessage(message, body)) return false;
	const created = createdAt(message);
	if (hasOwnFile) return true;
	return created !== undefined && serverTime.isWithin(created, from, endedAt) && hasSameSettings(message, body);
}

/** What lists the messages that went to a body's recipient, the newest first. */
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
