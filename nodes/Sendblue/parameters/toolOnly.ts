import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

/** Shown if an AI agent uses the node. An n8n that does not know the condition shows neither field more than once. */
export const FOR_TOOL = { show: { '@tool': [true] } } satisfies IDisplayOptions;

/** Shown everywhere else. */
export const NOT_FOR_TOOL = { hide: { '@tool': [true] } } satisfies IDisplayOptions;

/** Says to whoever sets the node up for an AI agent that files do not come that way. */
export const toolFilesNotice: INodeProperties = {
	displayName:
		"An AI agent cannot hand over files. Use a URL, or an expression that returns the file of an earlier node, such as {{ $('Get File').item.binary.data }}.",
	name: 'toolFilesNotice',
	type: 'notice',
	default: '',
	displayOptions: FOR_TOOL,
};
