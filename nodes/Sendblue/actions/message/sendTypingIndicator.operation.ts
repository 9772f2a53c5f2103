import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { outputItem } from '../../n8n/execution';
import { shownValue } from '../../n8n/wording';
import { SendblueInputError } from '../../sendblue/errors';
import type { ItemRun } from '../executionRun';
import { defaultCountryOption, fromFields, toField } from '../../parameters/locators';
import { fromLine, phoneNumber } from '../../parameters/values';
import { shownFor } from '../../parameters/displayOptions';

/** Longest time Sendblue shows the dots, in seconds. */
const MAX_SECONDS = 300;

/** The fields of Send Typing Indicator. */
export const description: INodeProperties[] = shownFor('message', 'sendTypingIndicator', [
	...fromFields('The line of your Sendblue account that seems to be typing'),
	{ ...toField, description: 'The phone number of the person who sees it (E.164)' },
	{
		displayName: 'State',
		name: 'state',
		type: 'options',
		options: [
			{ name: 'Start', value: 'start', description: 'Show that somebody is typing' },
			{ name: 'Stop', value: 'stop', description: 'Take the indicator away' },
		],
		default: 'start',
		description: 'Whether to show the indicator or to take it away',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			defaultCountryOption,
			{
				displayName: 'Maximum Duration (Seconds)',
				name: 'maxDuration',
				type: 'number',
				typeOptions: { minValue: 0.001, maxValue: MAX_SECONDS },
				default: 60,
				description: 'How long the indicator is shown if no message ends it before',
			},
		],
	},
]);

/** Shows a person that somebody is typing, or stops it; for iMessage conversations that exist already. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
): Promise<INodeExecutionData[]> {
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const fromNumber = await fromLine(context, itemIndex, options, run);
	const number = await phoneNumber('To', context.getNodeParameter('to', itemIndex), options);
	const state = context.getNodeParameter('state', itemIndex, 'start') === 'stop' ? 'stop' : 'start';
	const body = { number, from_number: fromNumber, state, ...duration(options.maxDuration) } as const;
	const client = await run.client();
	checkpoint();
	return [outputItem(await client.messages.showTyping(body), itemIndex)];
}

function duration(given: unknown): { max_duration_ms?: number } {
	if (given === undefined) return {};
	const milliseconds = Math.round(Number(given) * 1000);
	if (milliseconds >= 1 && milliseconds <= MAX_SECONDS * 1000) return { max_duration_ms: milliseconds };
	throw new SendblueInputError(
		`'Maximum Duration' is “${shownValue(given)}”, which Sendblue does not take.`,
		`Enter a number of seconds up to ${MAX_SECONDS}.`,
	);
}
