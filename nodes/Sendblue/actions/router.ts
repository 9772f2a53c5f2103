import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { errorItem, forAgent, toShownError, withSentHandles } from '../n8n/itemErrors';
import { inputItem } from '../n8n/outputItems';
import { runItems } from '../n8n/runItems';
import { isToolExecution } from '../n8n/toolExecution';
import type { Timings } from '../sendblue/http/timings';
import * as contact from './contact';
import * as contactCard from './contactCard';
import { ExecutionRun, type ItemRun } from './executionRun';
import * as group from './group';
import * as line from './line';
import * as media from './media';
import * as message from './message';
import * as number from './number';
import * as voiceNote from './voiceNote';
import * as webhook from './webhook';

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
 * @param timings those that differ from the usual ones
 */
export async function router(context: IExecuteFunctions, timings?: Partial<Timings>): Promise<INodeExecutionData[][]> {
	const items = context.getInputData();
	if (items.length === 0) return [[]];

	const operation = chosenOperation(context);
	const run = new ExecutionRun(context, timings);
	try {
		const output = await runOperation(context, run, operation);
		await run.sending.deliveries.settle(async () => await run.client());
		showRemarks(context, run);
		return [output];
	} finally {
		if (context.getExecutionCancelSignal()?.aborted) run.sending.logStop();
		run.sending.finish();
	}
}

async function runOperation(
	context: IExecuteFunctions,
	run: ExecutionRun,
	operation: Operation,
): Promise<INodeExecutionData[]> {
	const items = context.getInputData();
	const keepGoing = context.continueOnFail();
	const outcomes = await runItems(
		items.length,
		{ stopAfterFailure: !keepGoing, signal: context.getExecutionCancelSignal() },
		async (itemIndex, checkpoint) => await operation(context, itemIndex, { run, checkpoint }),
	);

	const node = context.getNode();
	return outcomes.flatMap((outcome, itemIndex) => {
		if (outcome.kind === 'done') return outcome.value;
		if (outcome.kind === 'stopped') throw withSentHandles(cancelled(context), run.sending.handlesInOrder());
		const shown = toShownError(node, outcome.error, itemIndex);
		if (!keepGoing) {
			const thrown = isToolExecution(context) ? forAgent(node, shown, itemIndex) : shown;
			throw withSentHandles(thrown, run.sending.handlesInOrder());
		}
		return [errorItem(node, inputItem(context, itemIndex), shown, itemIndex, outcome.error)];
	});
}

function chosenOperation(context: IExecuteFunctions): Operation {
	const resource = context.getNodeParameter('resource', 0) as string;
	const name = context.getNodeParameter('operation', 0) as string;
	const operation = operations[resource]?.[name];
	if (operation) return operation;
	throw new NodeOperationError(context.getNode(), `The operation '${name}' of '${resource}' is not known`, {
		description: 'Choose the resource and the operation again, or update the package if the workflow is newer.',
	});
}

function cancelled(context: IExecuteFunctions): NodeOperationError {
	return new NodeOperationError(context.getNode(), 'The execution was cancelled before all items were done');
}

/** Shows what the conversions and the sends remarked beside the output. */
function showRemarks(context: IExecuteFunctions, run: ExecutionRun): void {
	const hints = [...run.conversions.remarks, ...run.sending.hints].map((message) => ({
		message,
		location: 'outputPane' as const,
	}));
	if (hints.length > 0) context.addExecutionHints?.(...hints);
}
