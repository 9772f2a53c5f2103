import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { SENT_OUTPUT } from '../parameters/messageOutput';
import { optionsOf } from '../parameters/optionGroups';
import { outputCut } from '../parameters/outputForm';
import { lineNumber } from '../parameters/values';
import { deliveryWaitMs, messagesPerSecond, sendSettings } from '../parameters/message';
import { noteGroup } from '../parameters/listSearch';
import type { SendblueMessage } from '../sendblue/resources/messages';
import { refuseForeignLine } from '../sending/checks';
import type { Sent, Skipped } from '../sending/outcomes';
import { recall, sendInTurn, type PreparedMessage, type SendPlan } from '../sending/send';
import type { ExecutionRun, ItemRun } from './executionRun';

/** A plan as an operation makes it: the options all sends share are read here. */
export interface OperationPlan<Prepared extends PreparedMessage> extends Omit<SendPlan<Prepared>, 'settings'> {
	/**
	 * Checks that the item's media can be what they are meant to be, without a request and without loading them.
	 *
	 * @throws if they cannot
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
 * Checks what can be known of an item without a request for it, and keeps its plan. Items that an earlier try sent are
 * skipped.
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
		// A plan that was kept is one that this operation made.
		if (checked) return checked as SendPlan<Prepared>;
		return { ...(await makePlan(context, itemIndex, run)), settings: sendSettings(options) };
	});
	if (!('skipped' in result) && result.prepared) await noteGroupOfNumbers(run, result.message, result.prepared);
	return result;
}

/** Has the editor's list offer a group that was made by sending to its members. */
async function noteGroupOfNumbers(
	run: ExecutionRun,
	{ group_id: id }: SendblueMessage,
	{ body: { numbers } }: PreparedMessage,
): Promise<void> {
	if (id && Array.isArray(numbers)) noteGroup((await run.client()).account, { id, numbers: numbers as string[] });
}

/**
 * The output of an item that was sent or skipped: Sendblue's answer as it came, or reduced as the user wants it, with
 * remarks. If the delivery is waited for, the object is brought up to date before the node ends.
 *
 * @param facts what the operation has to tell of the message
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
	// n8n and workflows take a field of this name for a failed item.
	const beside = error === undefined || error === null ? {} : { sendblue_error: error };
	const json = { ...cut({ ...message, ...beside, ...facts, ...result.notes }) };
	const waitMs = deliveryWaitMs(optionsOf(context, itemIndex));
	if (waitMs > 0) run.sending.deliveries.await(result.message, waitMs, (state) => Object.assign(json, cut(state)));
	return json;
}
