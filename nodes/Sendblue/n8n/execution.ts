import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import type { SendblueClient } from '../sendblue/client';
import type { SendingHost } from '../sending/run';

/** What n8n puts behind a node's type if it makes a tool of it; `@tool` in display options goes by it as well. */
const TOOL_SUFFIX = 'Tool';

/**
 * Whether an AI agent called the node as a tool: there is no main input then, and no files go either way. Agents since
 * version 3 have the engine run their tools, in a context that says it is none.
 */
export function isToolExecution(context: IExecuteFunctions): boolean {
	return context.isToolExecution?.() === true || context.getNode().type.endsWith(TOOL_SUFFIX);
}

/** The item a node is working on. */
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

/** What is left of the execution's time for n8n itself, in milliseconds. */
const TIME_FOR_N8N_MS = 2_000;

/** What the sends have to know of the execution. */
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
 * What tells a run of a node from all others, the same for all its tries; the same for all its runs if an AI agent
 * calls it, since n8n counts each try of a tool as a run of its own. Undefined without an execution ID.
 */
export function runScope(context: IExecuteFunctions): string | undefined {
	const executionId = context.getExecutionId();
	if (!executionId) return undefined;
	const run = isToolExecution(context) ? 'tool' : context.getWorkflowDataProxy(0).$runIndex;
	return JSON.stringify([executionId, context.getNode().id, run]);
}

/** When n8n ends the execution by the workflow's time-out. */
function endOfExecution(context: IExecuteFunctions, startedAt: number): number {
	const seconds = Number(context.getWorkflowSettings().executionTimeout ?? 0);
	return seconds > 0 ? startedAt + seconds * 1000 - TIME_FOR_N8N_MS : Number.POSITIVE_INFINITY;
}
