/** When a field is shown. */
import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

/**
 * The parameters of an operation, shown if it is chosen and their own conditions hold.
 *
 * n8n's helper for this merges deeply, which took a third of the time that the node needs to load.
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

/** Shown if an AI agent uses the node; never by an n8n that does not know this condition. */
export const FOR_TOOL = { show: { '@tool': [true] } } satisfies IDisplayOptions;

/** Shown everywhere else. */
export const NOT_FOR_TOOL = { hide: { '@tool': [true] } } satisfies IDisplayOptions;

/** Tells whoever sets the node up for an AI agent that an agent cannot hand over files. */
export const toolFilesNotice: INodeProperties = {
	displayName:
		"An AI agent cannot hand over files. Use a URL, or an expression that returns the file of an earlier node, such as {{ $('Get File').item.binary.data }}.",
	name: 'toolFilesNotice',
	type: 'notice',
	default: '',
	displayOptions: FOR_TOOL,
};
