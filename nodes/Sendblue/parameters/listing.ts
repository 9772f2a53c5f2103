import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { shownValue } from '../n8n/wording';
import { SendblueInputError } from '../sendblue/errors';

/** The fields that say how many results an operation returns. */
export const listingFields: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		description: 'Max number of results to return',
		displayOptions: { show: { returnAll: [false] } },
	},
];

/**
 * How many results are wanted; undefined if all are.
 *
 * @throws {SendblueInputError} if *Limit* is no number of results
 */
export function wantedResults(context: IExecuteFunctions, itemIndex: number): number | undefined {
	if (context.getNodeParameter('returnAll', itemIndex, false) === true) return undefined;
	const given: unknown = context.getNodeParameter('limit', itemIndex, 50);
	const limit = Number(given);
	if (Number.isInteger(limit) && limit > 0) return limit;
	throw new SendblueInputError(
		`'Limit' is “${shownValue(given)}”, which is no number of results.`,
		'Enter a whole number of at least 1, or switch on Return All.',
	);
}
