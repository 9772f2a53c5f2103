import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { SENT_OUTPUT } from '../parameters/messageOutput';
import { optionsOf } from '../parameters/optionGroups';
import { outputCut } from '../parameters/outputForm';
import { lineNumber } from '../parameters/values';
import { deliveryWaitMs, messagesPerSecond, sendSettings } from '../parameters/message';
import { rememberGroup } from '../parameters/listSearch';
import type { SendblueMessage } from '../sendblue/resources/messages';
import { refuseForeignLine } from '../sending/checks';
import type { Sent, Skipped } from '../sending/outcomes';
import { recall, sendInTurn, type PreparedMessage, type SendPlan } from '../sending/send';
import type { ExecutionRun, ItemRun } from './executionRun';

/** The plan of an operation, without the settings that all sends share, which are read here. */
export interface OperationPlan<Prepared extends PreparedMessage> extends Omit<SendPlan<Prepared>, 'settings'> {
	/**
	 * Checks that the item's file can be of the kind that is sent. Reads its first bytes at most, and makes no request.
	 *
	 * @throws if it cannot
	 */
	checkMedia?(): Promise<void>;
}

/** Reads and checks what the user set for an item, without a request for it. */
export type PlanMaker<Prepared extends PreparedMessage> = (
	context: IExecuteFunctions,
	itemIndex: number,
	run: ExecutionRun,
) => Promise<OperationPlan<Prepared>>;

/**
 * Checks an item as far as possible without a request of its own, and keeps its plan. Items that an earlier try sent
 * are skipped.
 *
 * @throws whatever is wrong with the item
 */
export async function checkItem<Prepared extends PreparedMessage>(
	context: IExecuteFunctions,
	itemIndex: number,
	run: ExecutionRun,
	makePlan: PlanMaker<Prepared>,
): Promise<void> {
	if (recall(run.sending, { index: itemIndex })) return;
	const plan = await makePlan(context, itemIndex, run);
	const settings = sendSettings(optionsOf(context, itemIndex));
	// Only the first item asks for the list of lines.
	await refuseForeignLine(run.sending, plan.draft.from_number);
	await plan.checkMedia?.();
	run.plans.set(itemIndex, { ...plan, settings });
}

/** Sends an item's message in its turn. */
export async function sendItem<Prepared extends PreparedMessage>(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, fails, run }: ItemRun,
	makePlan: PlanMaker<Prepared>,
): Promise<Sent<Prepared> | Skipped> {
	const options = optionsOf(context, itemIndex);
	const item = {
		index: itemIndex,
		checkpoint,
		fails,
		line: run.plans.get(itemIndex)?.draft.from_number ?? String(lineNumber(context, itemIndex)),
		perSecond: messagesPerSecond(options),
	};
	const result = await sendInTurn<Prepared>(run.sending, item, async () => {
		const checked = run.plans.get(itemIndex);
		run.plans.delete(itemIndex);
		// Safe: an execution runs one operation, so that operation made every plan in the map.
		if (checked) return checked as SendPlan<Prepared>;
		return { ...(await makePlan(context, itemIndex, run)), settings: sendSettings(options) };
	});
	if (!('skipped' in result) && result.prepared) await rememberNewGroup(run, result.message, result.prepared);
	return result;
}

/** Adds a group that this send created to those that the editor's list offers. */
async function rememberNewGroup(
	run: ExecutionRun,
	{ group_id: id }: SendblueMessage,
	{ body: { numbers } }: PreparedMessage,
): Promise<void> {
	if (id && Array.isArray(numbers)) rememberGroup((await run.client()).account, { id, numbers: numbers as string[] });
}

/**
 * The output of an item that was sent or skipped: Sendblue's answer as it came, or reduced as the user wants it, with
 * remarks. With *Wait for Delivery*, the returned object is updated before the node ends.
 *
 * @param facts what the operation adds to the output
 */
export function sendOutput(
	context: IExecuteFunctions,
	itemIndex: number,
	{ run }: ItemRun,
	result: Sent<PreparedMessage> | Skipped,
	facts: IDataObject = {},
): IDataObject {
	if ('skipped' in result) return { ...result };
	const cut = outputCut(context, itemIndex, SENT_OUTPUT);
	const { error, ...message } = result.message as IDataObject;
	// n8n and workflows treat an item with a field named `error` as failed.
	const renamed = error === undefined || error === null ? {} : { sendblue_error: error };
	const json = { ...cut({ ...message, ...renamed, ...facts, ...result.notes }) };
	const waitMs = deliveryWaitMs(optionsOf(context, itemIndex));
	if (waitMs > 0) run.sending.deliveries.await(result.message, waitMs, (state) => Object.assign(json, cut(state)));
	return json;
}
