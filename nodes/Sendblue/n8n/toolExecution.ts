import type { IExecuteFunctions } from 'n8n-workflow';

/** What n8n puts behind a node's type if it makes a tool of it; `@tool` in display options goes by it as well. */
const TOOL_SUFFIX = 'Tool';

/**
 * Whether an AI agent called the node as a tool: there is no main input then, and no files go either way. Agents since
 * version 3 have the engine run their tools, in a context that says it is none.
 */
export function isToolExecution(context: IExecuteFunctions): boolean {
	return context.isToolExecution?.() === true || context.getNode().type.endsWith(TOOL_SUFFIX);
}
