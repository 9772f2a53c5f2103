import type { IDataObject } from 'n8n-workflow';

import type { ExecutionRun } from '../executionRun';
import { deliveryWaitMs } from './safety';
import type { PreparedMessage, Sent } from './sendInTurn';
import type { Skipped } from './skipped';

/**
 * What stands on the output of an item that was sent or left out: Sendblue's answer as it came, with remarks. Where the
 * delivery is waited for, the object is brought up to date before the node ends.
 */
export function sendOutput(
	run: ExecutionRun,
	result: Sent<PreparedMessage> | Skipped,
	options: IDataObject,
): IDataObject {
	if ('skipped' in result) return { ...result };
	const json = { ...(result.message as IDataObject), ...(result.notes as IDataObject) };
	const waitMs = deliveryWaitMs(options);
	if (waitMs > 0) run.sending.deliveries.await(result.message, json, waitMs);
	return json;
}
