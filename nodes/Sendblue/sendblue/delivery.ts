import { sleepUnlessCancelled } from './clock';
import type { SendblueClient } from './client';
import { SendblueApiError } from './errors';
import type { SendblueMessage } from './types';

/** Messages per page. */
const PAGE_SIZE = 200;

/** Pages read per look at most. */
const MOST_PAGES = 10;

/** How much longer the next pause is. */
const PAUSE_GROWTH = 1.5;

/** A message whose state is followed. */
export interface FollowedMessage {
	/** As last seen; replaced by each look that finds it. */
	message: SendblueMessage;
	/** When it was sent or found, in milliseconds since 1970; counts where Sendblue names no time. */
	sentAt: number;
	/** Until when it is looked at again, in milliseconds since 1970; it is looked at once in any case. */
	until: number;
	/** Why its state could not be read, at the last look. */
	problem?: string;
}

/** Whether a message's state will not change any more: SENT is the last one for SMS, which tells nothing of arrival. */
export function isFinal(message: SendblueMessage): boolean {
	const status = String(message.status ?? '').toUpperCase();
	if (['DELIVERED', 'READ', 'ERROR', 'FAILED', 'DECLINED'].includes(status)) return true;
	return status === 'SENT' && message.service === 'SMS';
}

/**
 * Follows the states of messages together, by Sendblue's list, until they are final or their time is over. A look that
 * fails is noted and repeated; it says nothing about the messages.
 *
 * Ends early, without an error, when the execution is stopped.
 */
export async function followDeliveries(client: SendblueClient, followed: readonly FollowedMessage[]): Promise<void> {
	const { clock, signal, timings } = client;
	let pending = followed.filter(({ message }) => message.message_handle && !isFinal(message));
	for (let pause = timings.deliveryFirstPause; pending.length > 0; pause *= PAUSE_GROWTH) {
		const maySucceed = await lookAt(client, pending);
		const now = clock.now();
		pending = pending.filter(({ message, until }) => !isFinal(message) && now < until);
		if (!maySucceed || pending.length === 0 || signal?.aborted) return;
		const longest = Math.max(...pending.map(({ until }) => until)) - now;
		await sleepUnlessCancelled(clock, Math.min(pause, timings.deliveryLongestPause, longest), signal).catch(
			() => undefined,
		);
		if (signal?.aborted) return;
	}
}

/** Reads the states once; false where a further look would be refused as well. */
async function lookAt(client: SendblueClient, pending: FollowedMessage[]): Promise<boolean> {
	// Several items may follow one message, where one was the duplicate of another.
	const byHandle = new Map<string | undefined, FollowedMessage[]>();
	for (const entry of pending) {
		const handle = entry.message.message_handle;
		byHandle.set(handle, [...(byHandle.get(handle) ?? []), entry]);
	}
	const since = new Date(Math.min(...pending.map((entry) => createdAt(entry, client)))).toISOString();
	try {
		// Oldest first, so that each final one shortens what is read the next time.
		const query = {
			is_outbound: 'true',
			created_at_gte: since,
			order_by: 'createdAt',
			order_direction: 'asc',
		} as const;
		for (let page = 0; page < MOST_PAGES && byHandle.size > 0; page++) {
			const { messages, hasMore } = await client.listMessages(
				{ ...query, limit: PAGE_SIZE, offset: page * PAGE_SIZE },
				{ attempts: 1, totalMs: client.timings.deliveryLongestPause },
				client.timings.lookUpTimeout,
			);
			for (const message of messages) {
				for (const entry of byHandle.get(message.message_handle) ?? []) {
					entry.message = message;
					entry.problem = undefined;
				}
				byHandle.delete(message.message_handle);
			}
			if (!hasMore || messages.length === 0) break;
		}
		for (const entry of [...byHandle.values()].flat()) entry.problem = "Sendblue's list of messages does not show it.";
		return true;
	} catch (error) {
		const problem = error instanceof Error ? error.message : String(error);
		for (const entry of pending) entry.problem = problem;
		return !(error instanceof SendblueApiError && error.outcome === 'rejected' && error.httpStatus !== 429);
	}
}

function createdAt({ message, sentAt }: FollowedMessage, client: SendblueClient): number {
	const created = Date.parse(message.date_created ?? message.date_sent ?? '');
	return Number.isNaN(created) ? client.serverTime.before(sentAt) : created - 1_000;
}
