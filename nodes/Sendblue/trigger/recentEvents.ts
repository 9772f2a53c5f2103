import { createHash } from 'crypto';

import type { IDataObject } from 'n8n-workflow';

import { textOf } from '../parameters/values';
import { isRecord } from '../sendblue/http/envelope';
import type { WebhookType } from '../sendblue/resources/webhooks';

/**
 * Identical deliveries without a handle count as one if they fall into one window of this length or into neighboring
 * ones. Sendblue repeats an unanswered delivery three times, 45 s apart.
 */
const REPEATED_WITHIN_MS = 300_000;

/**
 * Keys that identify an event, so that a repeated delivery is noticed: a message's handle, with its status if the event
 * is a status change. Calls, contacts and lines have no handle; a digest of the delivery replaces it, but only for a
 * while, since the same person may well call again.
 *
 * @param now milliseconds since 1970
 * @returns the event's key, and others under which it may have been remembered
 */
export function eventKeys(type: WebhookType, body: IDataObject, now: number): [key: string, ...others: string[]] {
	const handle = textOf(body.message_handle);
	if (handle !== '') return [type === 'outbound' ? `${handle}:${textOf(body.status).toUpperCase()}` : handle];
	const digest = createHash('sha256')
		.update(`${type} ${JSON.stringify(body, inOrder)}`)
		.digest('hex');
	const window = Math.floor(now / REPEATED_WITHIN_MS);
	return [`${digest}@${window}`, `${digest}@${window - 1}`];
}

/** Sorts the fields of an object, since a delivery that is made anew may have them in another order. */
function inOrder(_name: string, value: unknown): unknown {
	if (!isRecord(value)) return value;
	return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** The most events remembered; Sendblue repeats a delivery within minutes. */
const REMEMBERED_EVENTS = 500;

/** Longer keys are cut to this many characters. */
const MAX_KEY_LENGTH = 200;

/** Field of the static data that holds the keys, oldest first. */
const FIELD = 'recentEvents';

/**
 * Events that are being or were processed, by node. Concurrent deliveries each get their own copy of the static data,
 * so they see each other only here, in the memory of the process.
 */
const inThisProcess = new Map<string, Set<string>>();

/** An event that this caller is the first to process. */
export interface ClaimedEvent {
	/** Remembers the event in the static data. */
	confirm(): void;
	/** Forgets it, so that a repeated delivery is processed. */
	release(): void;
}

/**
 * Claims an event, so that only this caller processes it.
 *
 * @param node identifies the node in this n8n
 * @param staticData the node's static data, in which confirmed events survive a restart
 * @param keys the key under which the event is remembered, and others under which it may already be known
 * @returns undefined if the event is already known
 */
export function claimEvent(
	node: string,
	staticData: IDataObject,
	keys: readonly [key: string, ...others: string[]],
): ClaimedEvent | undefined {
	const known = inThisProcess.get(node) ?? new Set<string>();
	inThisProcess.set(node, known);
	const stored = storedKeys(staticData);
	const [kept, ...others] = keys.map((key) => key.slice(0, MAX_KEY_LENGTH)) as [string, ...string[]];
	if ([kept, ...others].some((key) => known.has(key) || stored.includes(key))) return undefined;
	known.add(kept);
	return {
		confirm: () => {
			const all = [...new Set([...storedKeys(staticData), ...known])];
			staticData[FIELD] = all.slice(-REMEMBERED_EVENTS);
			for (const old of [...known].slice(0, -REMEMBERED_EVENTS)) known.delete(old);
		},
		release: () => known.delete(kept),
	};
}

function storedKeys(staticData: IDataObject): string[] {
	const keys = staticData[FIELD];
	return Array.isArray(keys) ? (keys as string[]) : [];
}
