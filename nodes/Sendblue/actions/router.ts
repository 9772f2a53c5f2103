import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { errorItem, forAgent, type OtherMessages, shownErrorOf, withItem, withSent } from '../n8n/itemErrors';
import { inputItem, isToolExecution } from '../n8n/execution';
import { runItems } from '../n8n/concurrency';
import type { Timings } from '../sendblue/http/time';
import { rethrow } from '../sendblue/errors';
import { checkItems, errorForWrong, type WrongItems } from './checkItems';
import * as contact from './contact';
import * as contactCard from './contactCard';
import { ExecutionRun, type ItemRun } from './executionRun';
import * as group from './group';
import * as line from './line';
import * as media from './media';
import * as message from './message';
import { messageFate, noFurtherMessage, withSentence } from './messageFate';
import * as number from './number';
import * as voiceNote from './voiceNote';
import * as webhook from './webhook';

/** Exported here so that the editor's lists are loaded together with the operations, on first use. */
export { getLines, getSeats, searchContacts, searchGroups, searchLines } from '../parameters/listSearch';

/** Checks one item of an operation, with no request of its own, before the first message leaves. */
export type Check = (context: IExecuteFunctions, itemIndex: number, run: ExecutionRun) => Promise<void>;

/** Operations whose items are all checked before the first of them has an effect. */
const checks: Record<string, Record<string, Check>> = { message: message.checks, voiceNote: voiceNote.checks };

/** One operation on one item. */
export type Operation = (
	context: IExecuteFunctions,
	itemIndex: number,
	itemRun: ItemRun,
) => Promise<INodeExecutionData[]>;

const operations: Record<string, Record<string, Operation>> = {
	contact: contact.operations,
	contactCard: contactCard.operations,
	group: group.operations,
	line: line.operations,
	media: media.operations,
	message: message.operations,
	number: number.operations,
	voiceNote: voiceNote.operations,
	webhook: webhook.operations,
};

/**
 * Runs the chosen operation on every input item and returns the outputs in the items' order.
 *
 * @param timings overrides of the default timings
 */
export async function router(context: IExecuteFunctions, timings?: Partial<Timings>): Promise<INodeExecutionData[][]> {
	const items = context.getInputData();
	if (items.length === 0) return [[]];

	const { operation, check } = chosenOperation(context);
	const run = new ExecutionRun(context, timings);
	try {
		const output = await runOperation(context, run, operation, check);
		await run.sending.deliveries.settle(async () => await run.client());
		showRemarks(context, run);
		return [output];
	} finally {
		if (context.getExecutionCancelSignal()?.aborted) run.sending.logStop();
		run.sending.finish();
		await run.conversions.end();
	}
}

async function runOperation(
	context: IExecuteFunctions,
	run: ExecutionRun,
	operation: Operation,
	check: Check | undefined,
): Promise<INodeExecutionData[]> {
	const items = context.getInputData();
	const keepGoing = context.continueOnFail();
	const wrong = await checkAllItems(context, run, check);
	if (wrong.size > 0 && !keepGoing) {
		const others = otherMessages(run);
		throw withSent(errorForWrong(context, wrong, noFurtherMessage(others)), others, items.length);
	}
	const outcomes = await runItems(
		items.length,
		{ stopAfterFailure: !keepGoing, signal: context.getExecutionCancelSignal() },
		async (itemIndex, checkpoint, fails) => {
			if (wrong.has(itemIndex)) return rethrow(wrong.get(itemIndex));
			return await operation(context, itemIndex, { run, checkpoint, fails });
		},
	);

	const node = context.getNode();
	return outcomes.flatMap((outcome, itemIndex) => {
		if (outcome.kind === 'done') return outcome.value;
		if (outcome.kind === 'stopped') {
			const others = otherMessages(run);
			throw withSent(withSentence(cancelled(context), check && noFurtherMessage(others)), others, items.length);
		}
		const item = { index: itemIndex, count: items.length };
		const fate = check && messageFate(run.sending, outcome.error, item);
		const shown = withSentence(shownErrorOf(context, outcome.error, itemIndex), fate);
		if (!keepGoing) {
			const numbered = withItem(shown, itemIndex, items.length);
			const thrown = isToolExecution(context) ? forAgent(node, numbered, itemIndex) : numbered;
			throw withSent(thrown, otherMessages(run, itemIndex), items.length);
		}
		return [errorItem(node, inputItem(context, itemIndex), shown, itemIndex, outcome.error, fate)];
	});
}

/** The messages that went out, and those that may have, except the failed item's: its own error reports it. */
function otherMessages({ sending }: ExecutionRun, failedItem?: number): OtherMessages {
	return { sent: sending.sentInOrder(), unknown: sending.unknownInOrder(failedItem) };
}

/** Checks all items up front. A single item is not checked here: it reports its error when it runs. */
async function checkAllItems(
	context: IExecuteFunctions,
	run: ExecutionRun,
	check: Check | undefined,
): Promise<WrongItems> {
	const { length } = context.getInputData();
	if (!check || length === 1) return new Map();
	const checkOne = async (itemIndex: number): Promise<void> => await check(context, itemIndex, run);
	return await checkItems(length, checkOne, context.getExecutionCancelSignal());
}

function chosenOperation(context: IExecuteFunctions): { operation: Operation; check?: Check } {
	const resource = context.getNodeParameter('resource', 0) as string;
	const name = context.getNodeParameter('operation', 0) as string;
	const operation = operations[resource]?.[name] as Operation | undefined;
	if (operation) return { operation, check: checks[resource]?.[name] };
	throw new NodeOperationError(context.getNode(), `The operation '${name}' of '${resource}' is not known`, {
		description: 'Choose the resource and the operation again, or update the package if the workflow is newer.',
	});
}

function cancelled(context: IExecuteFunctions): NodeOperationError {
	return new NodeOperationError(context.getNode(), 'The execution was cancelled before all items were done');
}

/** Shows the remarks on conversions and sends in the output pane. */
function showRemarks(context: IExecuteFunctions, run: ExecutionRun): void {
	const hints = [...run.conversions.remarks, ...run.sending.remarks(context.getInputData().length)].map((message) => ({
		message,
		location: 'outputPane' as const,
	}));
	if (hints.length > 0) context.addExecutionHints?.(...hints);
}
