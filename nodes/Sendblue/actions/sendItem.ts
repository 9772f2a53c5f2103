import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { lineNumber } from '../parameters/phoneNumbers';
import { deliveryWaitMs, messagesPerSecond, sendSettings } from '../parameters/sendSettings';
import type { SendblueClient } from '../sendblue/client';
import type { Sent, Skipped } from '../sending/outcomes';
import { sendInTurn, type PreparedMessage, type SendPlan } from '../sending/send';
import type { ItemRun } from './executionRun';

/** A plan as an operation makes it: the options all sends share are read here. */
export type OperationPlan<Prepared extends PreparedMessage> = Omit<SendPlan<Prepared>, 'settings'>;

/**
 * Sends an item's message in its turn.
 *
 * @param makePlan reads and checks what the user set
 */
export async function sendItem<Prepared extends PreparedMessage>(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
	options: IDataObject,
	makePlan: (client: SendblueClient) => Promise<OperationPlan<Prepared>>,
): Promise<Sent<Prepared> | Skipped> {
	const item = {
		index: itemIndex,
		checkpoint,
		line: String(lineNumber(context, itemIndex)),
		perSecond: messagesPerSecond(options),
	};
	return await sendInTurn(run.sending, item, async (client) => ({
		...(await makePlan(client)),
		settings: () => sendSettings(options),
	}));
}

/**
 * What stands on the output of an item that was sent or left out: Sendblue's answer as it came, with remarks. Where the
 * delivery is waited for, the object is brought up to date before the node ends.
 */
export function sendOutput(
	{ run }: ItemRun,
	result: Sent<PreparedMessage> | Skipped,
	options: IDataObject,
): IDataObject {
	if ('skipped' in result) return { ...result };
	const json = { ...(result.message as IDataObject), ...(result.notes as IDataObject) };
	const waitMs = deliveryWaitMs(options);
	if (waitMs > 0) run.sending.deliveries.await(result.message, json, waitMs);
	return json;
}
