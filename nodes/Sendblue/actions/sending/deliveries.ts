import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { SendblueClient } from '../../sendblue/client';
import { followDeliveries, isFinal, type FollowedMessage } from '../../sendblue/delivery';
import type { SendblueMessage } from '../../sendblue/types';

/** Fields of a message that change on its way. */
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

/** What is left of the execution's time for n8n itself, in milliseconds. */
const TIME_FOR_N8N_MS = 2_000;

/** Deliveries that the items of one execution wait for, all together, once everything is sent. */
export class Deliveries {
	private readonly awaited: Array<FollowedMessage & { json: IDataObject }> = [];

	private readonly latest: number;

	/** @param startedAt when the node began, in milliseconds since 1970 */
	constructor(context: IExecuteFunctions, startedAt: number) {
		const seconds = Number(context.getWorkflowSettings().executionTimeout ?? 0);
		this.latest = seconds > 0 ? startedAt + seconds * 1000 - TIME_FOR_N8N_MS : Number.POSITIVE_INFINITY;
	}

	/**
	 * Has a message followed after all are sent.
	 *
	 * @param json of the item's output, which gets the last state then, under `delivery` and in its own fields
	 * @param waitMs from now on
	 */
	await(message: SendblueMessage, json: IDataObject, waitMs: number): void {
		const now = Date.now();
		this.awaited.push({ message, json, sentAt: now, until: Math.min(now + waitMs, this.latest) });
	}

	/** Waits for what is awaited and writes the last states to the outputs. */
	async settle(client: () => Promise<SendblueClient>): Promise<void> {
		if (this.awaited.length === 0) return;
		await followDeliveries(await client(), this.awaited);
		for (const { message, json, problem } of this.awaited) {
			for (const field of CHANGING) {
				if (message[field] !== undefined) json[field] = message[field] as IDataObject[string];
			}
			json.delivery = deliveryOf(message, problem);
		}
	}
}

/** The state of a message, told so that nothing on its way counts as delivered. */
function deliveryOf(message: SendblueMessage, problem: string | undefined): IDataObject {
	const final = isFinal(message);
	const status = String(message.status ?? 'UNKNOWN').toUpperCase();
	return {
		final,
		delivered: status === 'DELIVERED' || status === 'READ',
		status,
		service: message.service ?? null,
		was_downgraded: message.was_downgraded ?? null,
		...(problem === undefined || final ? {} : { problem: `The status could not be read at last. ${problem}` }),
	};
}
