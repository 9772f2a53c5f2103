import type { SendblueClient } from '../sendblue/client';
import { SendblueApiError } from '../sendblue/errors';
import { sleepUnlessCancelled } from '../sendblue/http/time';
import { handleOf, isDelivered, isSettled, stateOf } from '../sendblue/messageState';
import type { SendblueMessage } from '../sendblue/resources/messages';
import { goesOn } from '../sendblue/resources/paging';

/** Messages per page. */
const PAGE_SIZE = 200;

/** The most pages that one poll reads. */
const MAX_PAGES = 10;

/** The factor by which pauses grow. */
const PAUSE_GROWTH = 1.5;

/** A message whose state is followed. */
export interface FollowedMessage {
	/** As last seen; replaced by each poll that finds it. */
	message: SendblueMessage;
	/** When it was sent or found, in milliseconds since 1970; used if Sendblue gives no time. */
	sentAt: number;
	/** Until when it is polled, in milliseconds since 1970; it is polled at least once. */
	until: number;
	/** Why its state could not be read at the last poll. */
	problem?: string;
}

/**
 * Polls Sendblue's list for the states of all messages together, until they are final or their time is over. A failed
 * poll is noted and repeated; it says nothing about the messages.
 *
 * Ends early, without an error, when the execution is stopped.
 */
export async function followDeliveries(client: SendblueClient, followed: readonly FollowedMessage[]): Promise<void> {
	const { clock, signal, timings } = client;
	let pending = followed.filter(({ message }) => handleOf(message) !== undefined && !isSettled(message));
	for (let pause = timings.deliveryFirstPause; pending.length > 0; pause *= PAUSE_GROWTH) {
		const maySucceed = await lookAt(client, pending);
		const now = clock.now();
		pending = pending.filter(({ message, until }) => !isSettled(message) && now < until);
		if (!maySucceed || pending.length === 0 || signal?.aborted) return;
		const longest = Math.max(...pending.map(({ until }) => until)) - now;
		await sleepUnlessCancelled(clock, Math.min(pause, timings.deliveryLongestPause, longest), signal).catch(
			() => undefined,
		);
		if (signal?.aborted) return;
	}
}

/** Reads the states once; false if another poll would be refused as well. */
async function lookAt(client: SendblueClient, pending: FollowedMessage[]): Promise<boolean> {
	// Several items may wait for the same message, if one was the duplicate of another.
	const byHandle = new Map<string | undefined, FollowedMessage[]>();
	for (const entry of pending) {
		const handle = handleOf(entry.message);
		byHandle.set(handle, [...(byHandle.get(handle) ?? []), entry]);
	}
	const since = new Date(Math.min(...pending.map((entry) => createdAt(entry, client)))).toISOString();
	try {
		// Oldest first: the next poll begins at the oldest message whose state is not final yet.
		const query = {
			is_outbound: 'true',
			created_at_gte: since,
			order_by: 'createdAt',
			order_direction: 'asc',
		} as const;
		let offset = 0;
		for (let pages = 0; pages < MAX_PAGES && byHandle.size > 0; pages++) {
			const request = { limit: PAGE_SIZE, offset };
			const { messages, ...page } = await client.messages.list(
				{ ...query, ...request },
				{ attempts: 1, totalMs: client.timings.deliveryLongestPause },
				client.timings.lookUpTimeout,
			);
			for (const message of messages) {
				const handle = handleOf(message);
				for (const entry of byHandle.get(handle) ?? []) {
					entry.message = message;
					entry.problem = undefined;
				}
				byHandle.delete(handle);
			}
			offset += page.received;
			if (!goesOn(page.received, page, request)) break;
		}
		for (const entry of [...byHandle.values()].flat()) entry.problem = "Sendblue's list of messages does not show it.";
		return true;
	} catch (error) {
		const problem = error instanceof Error ? error.message : String(error);
		for (const entry of pending) entry.problem = problem;
		return !(error instanceof SendblueApiError) || error.mayPass;
	}
}

function createdAt({ message, sentAt }: FollowedMessage, client: SendblueClient): number {
	const created = Date.parse(message.date_created ?? message.date_sent ?? '');
	return Number.isNaN(created) ? client.serverTime.before(sentAt) : created - 1_000;
}

/** Fields of a message that may still change. */
const CHANGING = [
	'status',
	'service',
	'was_downgraded',
	'error_code',
	'error_message',
	'error_detail',
	'error_reason',
	'date_sent',
	'date_updated',
] as const;

/** The deliveries that an execution waits for, all together, once everything is sent. */
export class Deliveries {
	private readonly awaited: Array<FollowedMessage & { onSettled: (state: object) => void }> = [];

	/** @param latest the end of all waiting, in milliseconds since 1970 */
	constructor(private readonly latest: number) {}

	/**
	 * Registers a message to be waited for once all are sent.
	 *
	 * @param waitMs the longest wait, from now, in milliseconds
	 * @param onSettled called with the last values of the fields that may change, and the outcome as `delivery`
	 */
	await(message: SendblueMessage, waitMs: number, onSettled: (state: object) => void): void {
		const now = Date.now();
		this.awaited.push({ message, onSettled, sentAt: now, until: Math.min(now + waitMs, this.latest) });
	}

	/** Waits for all registered messages and reports their last states. */
	async settle(client: () => Promise<SendblueClient>): Promise<void> {
		if (this.awaited.length === 0) return;
		await followDeliveries(await client(), this.awaited);
		for (const { message, onSettled, problem } of this.awaited) {
			const changed = CHANGING.filter((field) => message[field] !== undefined).map((field) => [field, message[field]]);
			onSettled({ ...Object.fromEntries(changed), delivery: deliveryOf(message, problem) });
		}
	}
}

/** The outcome of a message; one that is still on its way never counts as delivered. */
function deliveryOf(message: SendblueMessage, problem: string | undefined): Record<string, unknown> {
	const final = isSettled(message);
	return {
		final,
		delivered: isDelivered(message),
		status: stateOf(message) ?? 'UNKNOWN',
		service: message.service ?? null,
		was_downgraded: message.was_downgraded ?? null,
		...(problem === undefined || final ? {} : { problem: `The last status could not be read. ${problem}` }),
	};
}
