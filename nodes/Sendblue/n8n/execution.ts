import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import type { SendblueClient } from '../sendblue/client';
import type { SendingHost } from '../sending/run';

/**
 * The suffix n8n appends to the type of a node that it offers as a tool; `@tool` in display options checks for it, too.
 */
const TOOL_SUFFIX = 'Tool';

/**
 * Whether an AI agent called the node as a tool. If so, there is no main input, and no files go in or out. Since
 * version 3 of the AI Agent node, the engine runs its tools, in a context that does not identify itself as a tool's.
 */
export function isToolExecution(context: IExecuteFunctions): boolean {
	return context.isToolExecution?.() === true || context.getNode().type.endsWith(TOOL_SUFFIX);
}

/** The input item with this index. */
export function inputItem(context: IExecuteFunctions, itemIndex: number): INodeExecutionData {
	return context.getInputData()[itemIndex] ?? { json: {} };
}

/** An output item, paired with the input item it comes from. */
export function outputItem(json: object, itemIndex: number): INodeExecutionData {
	return { json: json as IDataObject, pairedItem: { item: itemIndex } };
}

/** One output item per entry of a list, all paired with one input item. */
export function outputItems(list: readonly object[], itemIndex: number): INodeExecutionData[] {
	return list.map((json) => outputItem(json, itemIndex));
}

/** The part of the execution's time that is reserved for n8n itself, in milliseconds. */
const TIME_FOR_N8N_MS = 2_000;

/** What sends need to know about the execution. */
export function sendingHost(context: IExecuteFunctions, client: () => Promise<SendblueClient>): SendingHost {
	return {
		client,
		scope: runScope(context),
		isToolCall: isToolExecution(context),
		endsAt: endOfExecution(context, Date.now()),
		signal: context.getExecutionCancelSignal(),
		sleep,
		onFinish: (forget) => context.onExecutionFinish?.(forget),
		log: (message, fields) => context.logger.info(message, fields),
	};
}

/**
 * Identifies a run of a node; all its tries share the identifier. For an AI agent, all runs share it, since n8n counts
 * each try of a tool as a separate run. Undefined without an execution ID.
 */
export function runScope(context: IExecuteFunctions): string | undefined {
	const executionId = context.getExecutionId();
	if (!executionId) return undefined;
	const run = isToolExecution(context) ? 'tool' : context.getWorkflowDataProxy(0).$runIndex;
	return JSON.stringify([executionId, context.getNode().id, run]);
}

/** When the workflow's timeout ends the execution; infinite if it has none. */
function endOfExecution(context: IExecuteFunctions, startedAt: number): number {
	const seconds = Number(context.getWorkflowSettings().executionTimeout ?? 0);
	return seconds > 0 ? startedAt + seconds * 1000 - TIME_FOR_N8N_MS : Number.POSITIVE_INFINITY;
}
