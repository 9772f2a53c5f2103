import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { errorItem, toShownError, withSentHandles } from '../n8n/itemErrors';
import { runItems } from '../n8n/runItems';
import * as contact from './contact';
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
	group: group.operations,
	line: line.operations,
	media: media.operations,
	message: message.operations,
	number: number.operations,
	voiceNote: voiceNote.operations,
	webhook: webhook.operations,
};

/** Runs the chosen operation on every input item and returns the outputs in the items' order. */
export async function router(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const items = context.getInputData();
	if (items.length === 0) return [[]];

	const operation = chosenOperation(context);
	const run = new ExecutionRun(context);
	const keepGoing = context.continueOnFail();
	const outcomes = await runItems(
		items.length,
		{ stopAfterFailure: !keepGoing, signal: context.getExecutionCancelSignal() },
		async (itemIndex, checkpoint) => await operation(context, itemIndex, { run, checkpoint }),
	);

	const node = context.getNode();
	const output = outcomes.flatMap((outcome, itemIndex) => {
		if (outcome.kind === 'done') return outcome.value;
		if (outcome.kind === 'stopped') throw withSentHandles(cancelled(context), run.handlesInOrder());
		const shown = toShownError(node, outcome.error, itemIndex);
		if (!keepGoing) throw withSentHandles(shown, run.handlesInOrder());
		return [errorItem(node, items[itemIndex], shown, itemIndex, outcome.error)];
	});
	showRemarks(context, run);
	return [output];
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

/** Shows what the conversions remarked beside the output. */
function showRemarks(context: IExecuteFunctions, run: ExecutionRun): void {
	const hints = [...run.conversions.remarks].map((message) => ({ message, location: 'outputPane' as const }));
	if (hints.length > 0) context.addExecutionHints?.(...hints);
}
