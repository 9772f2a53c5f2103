import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { SendblueClient } from '../../sendblue/client';
import { DEFAULT_PER_SECOND } from '../../sendblue/pacing';
import { sendReliably } from '../../sendblue/reconcile';
import type { SendBody } from '../../sendblue/sameMessage';
import type { SendblueMessage } from '../../sendblue/types';
import type { ItemRun } from '../executionRun';
import { lineNumber } from '../parameters/phoneNumbers';
import { showTyping } from './showTyping';

/** A message ready to go out, with whatever its operation wants to know afterwards. */
export interface PreparedMessage {
	body: SendBody;
}

/**
 * Sends an item's message when it is its turn: messages of a line go out in the order of the items and at the pace the
 * options allow, while the preparations of several items run side by side.
 *
 * @param prepare Checks and uploads; called once.
 * @returns What was prepared, and the message as Sendblue accepted it.
 * @throws {SendblueApiError} as `sendReliably` does; also whatever `prepare` throws
 */
export async function sendInTurn<Prepared extends PreparedMessage>(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
	options: IDataObject,
	prepare: (client: SendblueClient) => Promise<Prepared>,
): Promise<{ prepared: Prepared; message: SendblueMessage }> {
	// Taken before anything is waited for, so that a line's messages keep the order of the items.
	const place = run.pacer(messagesPerSecond(options)).reserve(lineKey(context, itemIndex));
	try {
		const client = await run.client();
		const prepared = await prepare(client);
		checkpoint();
		await showTyping(client, prepared.body, options);
		const { message } = await place.run(async (next) => {
			checkpoint();
			return await sendReliably(client, prepared.body, { onAttemptEnded: next });
		});
		if (message.message_handle) run.sentHandles.set(itemIndex, message.message_handle);
		return { prepared, message };
	} finally {
		place.release();
	}
}

/** A rate that is none counts as the default one, which is the careful side. */
function messagesPerSecond(options: IDataObject): number {
	const rate = Number(options.messagesPerSecond);
	return rate > 0 ? rate : DEFAULT_PER_SECOND;
}

/** One key for all spellings of a line's number. */
function lineKey(context: IExecuteFunctions, itemIndex: number): string {
	return String(lineNumber(context, itemIndex)).replace(/\D/g, '');
}
