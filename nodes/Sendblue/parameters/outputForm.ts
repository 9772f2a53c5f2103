/** How many results an operation returns, and which of their fields. */
import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { isToolExecution } from '../n8n/execution';
import { shownValue } from '../n8n/wording';
import { SendblueInputError } from '../sendblue/errors';
import { FOR_TOOL, NOT_FOR_TOOL } from './displayOptions';
import { listOf } from './values';

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
 * The number of results to return; undefined for all.
 *
 * @throws {SendblueInputError} if *Limit* is not a number of results
 */
export function resultLimit(context: IExecuteFunctions, itemIndex: number): number | undefined {
	if (context.getNodeParameter('returnAll', itemIndex, false) === true) return undefined;
	const given: unknown = context.getNodeParameter('limit', itemIndex, 50);
	const limit = Number(given);
	if (Number.isInteger(limit) && limit > 0) return limit;
	throw new SendblueInputError(
		`'Limit' is “${shownValue(given)}”, which is not a number of results.`,
		'Enter a whole number of at least 1, or switch on Return All.',
	);
}

/** The fields of an operation's output, and how to simplify it. */
export interface OutputForm {
	/** The fields of the output with their display names. */
	fields: Readonly<Record<string, string>>;
	/** The field that identifies the output; it is always kept. */
	id: string;
	/** Whether *Simplify* is on by default. */
	isSimplifiedByDefault: boolean;
	/** Keeps only the most useful fields. */
	simplify(json: IDataObject): object;
}

/** The switch between the most useful fields and all of them. */
export const simplifyField: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: false,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

/**
 * The fields for choosing which part of the response is returned: a switch or, for an AI agent, the three choices that
 * n8n's UX guidelines ask for.
 */
export function outputFormFields({ fields, id, isSimplifiedByDefault }: OutputForm): INodeProperties[] {
	return [
		{ ...simplifyField, default: isSimplifiedByDefault, displayOptions: NOT_FOR_TOOL },
		{
			displayName: 'Output',
			name: 'output',
			type: 'options',
			options: [
				{ name: 'Simplified', value: 'simplified', description: 'The most useful fields' },
				{ name: 'Raw', value: 'raw', description: 'All fields' },
				{ name: 'Selected Fields', value: 'selected', description: 'The fields you select' },
			],
			default: 'simplified',
			description: 'How much of the response the AI agent gets',
			displayOptions: FOR_TOOL,
		},
		{
			displayName: 'Fields',
			name: 'outputFields',
			type: 'multiOptions',
			options: Object.entries(fields).flatMap(([value, name]) => (value === id ? [] : [{ name, value }])),
			default: [],
			description: `The fields of the response that the AI agent gets. ${fields[id]} is always among them.`,
			displayOptions: { show: { ...FOR_TOOL.show, output: ['selected'] } },
		},
	];
}

/** Returns a function that reduces an item's output, or a part of it, to the fields the user wants. */
export function outputCut(
	context: IExecuteFunctions,
	itemIndex: number,
	{ id, isSimplifiedByDefault, simplify }: OutputForm,
): (json: object) => IDataObject {
	const parameter = (name: string, fallback: unknown): unknown => context.getNodeParameter(name, itemIndex, fallback);
	const simplified = (json: object): IDataObject => simplify(json as IDataObject) as IDataObject;
	const raw = (json: object): IDataObject => json as IDataObject;
	if (!isToolExecution(context)) return parameter('simplify', isSimplifiedByDefault) === true ? simplified : raw;
	switch (parameter('output', 'simplified')) {
		case 'raw':
			return raw;
		case 'selected': {
			const fields = [id, ...listOf(parameter('outputFields', [])).map(String)];
			// Some fields have their usual name, the one to select by, only in the simplified version.
			return (json) => picked({ ...(json as IDataObject), ...withoutGaps(simplified(json)) }, fields);
		}
		default:
			return simplified;
	}
}

/** The named fields of an object, in this order, without those it lacks. */
export function picked(json: IDataObject, fields: readonly string[]): IDataObject {
	return Object.fromEntries(fields.flatMap((field) => (json[field] === undefined ? [] : [[field, json[field]]])));
}

function withoutGaps(json: IDataObject): IDataObject {
	return Object.fromEntries(Object.entries(json).filter(([, value]) => value !== undefined && value !== null));
}
