import type { INodeProperties } from 'n8n-workflow';

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
