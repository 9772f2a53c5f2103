import type { IExecuteFunctions } from 'n8n-workflow';

/** Whether an AI agent called the node as a tool: there is no main input then, and no files go either way. */
export function isToolExecution(context: IExecuteFunctions): boolean {
	return context.isToolExecution?.() ?? false;
}
