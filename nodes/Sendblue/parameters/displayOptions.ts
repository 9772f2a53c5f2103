/** The conditions under which a field is shown. */
import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

/**
 * The parameters of an operation, shown only for this operation; their own conditions still apply.
 *
 * Not n8n's helper for this: its deep merge took a third of the node's load time.
 */
export function shownFor(resource: string, operation: string, parameters: INodeProperties[]): INodeProperties[] {
	return parameters.map((parameter) => ({
		...parameter,
		displayOptions: {
			...parameter.displayOptions,
			show: { ...parameter.displayOptions?.show, resource: [resource], operation: [operation] },
		},
	}));
}

/** Shown if an AI agent uses the node as a tool; never shown by an n8n that does not know this condition. */
export const FOR_TOOL = { show: { '@tool': [true] } } satisfies IDisplayOptions;

/** Shown unless an AI agent uses the node as a tool. */
export const NOT_FOR_TOOL = { hide: { '@tool': [true] } } satisfies IDisplayOptions;

/** Tells the person who sets up the tool that an agent cannot pass files. */
export const toolFilesNotice: INodeProperties = {
	displayName:
		"An AI agent cannot hand over files. Use a URL, or an expression that returns the file of an earlier node, such as {{ $('Get File').item.binary.data }}.",
	name: 'toolFilesNotice',
	type: 'notice',
	default: '',
	displayOptions: FOR_TOOL,
};
