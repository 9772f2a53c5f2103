import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { outputItems } from '../n8n/execution';
import { shownFor } from '../parameters/displayOptions';
import { listingFields, outputCut, type OutputForm, outputFormFields, resultLimit } from '../parameters/outputForm';
import type { SendblueClient } from '../sendblue/client';
import type { LineState, LineUsage } from '../sendblue/resources/lines';
import type { ItemRun } from './executionRun';

/** Everything Sendblue says about a line; null for what it does not say. */
export interface LineOverview {
	/** E.164. */
	number: string;
	/** From the list of states. */
	health: LineState | null;
	/** Room for new contacts, from the list of usages; also null if the plan has no limit. */
	allowance: LineUsage | null;
}

/**
 * Every line with its health and its room for new contacts, merged from Sendblue's three lists.
 *
 * Which lists are available depends on plan and keys, so one is enough.
 *
 * @throws {SendblueApiError} if none of the lists could be read
 */
export async function lineOverviews(client: SendblueClient): Promise<LineOverview[]> {
	const lists = [client.lines.list(), client.lines.states(), client.lines.usage()] as const;
	const [numbers, states, usage] = await Promise.allSettled(lists);
	if ([numbers, states, usage].every(({ status }) => status === 'rejected'))
		throw (numbers as PromiseRejectedResult).reason;

	const health = new Map(valueOf(states, []).map((state) => [state.sendblue_number, state]));
	const allowance = new Map(valueOf(usage, { enabled: false, lines: [] }).lines.map((line) => [line.phone, line]));
	const lines = new Set([...valueOf(numbers, []), ...health.keys(), ...allowance.keys()]);
	return [...lines].map((number) => ({
		number,
		health: health.get(number) ?? null,
		allowance: allowance.get(number) ?? null,
	}));
}

function valueOf<T>(result: PromiseSettledResult<T>, fallback: T): T {
	return result.status === 'fulfilled' ? result.value : fallback;
}

/** The output of a line. */
export const LINE_OUTPUT: OutputForm = {
	id: 'number',
	fields: {
		allowance: 'Allowance',
		assignment: 'Assignment',
		degraded_since: 'Degraded Since',
		health: 'Health',
		new_contacts_available_at: 'New Contacts Available At',
		new_contacts_left_this_hour: 'New Contacts Left This Hour',
		new_contacts_left_today: 'New Contacts Left Today',
		number: 'Number',
		status: 'Status',
		status_changed_at: 'Status Changed At',
	},
	isSimplifiedByDefault: true,
	simplify: (line) => simplifyLine(line as unknown as LineOverview),
};

/** What a workflow needs before a send: whether the line works, and how many new people it may write to. */
function simplifyLine({ number, health, allowance }: LineOverview): object {
	return {
		number,
		status: health?.status ?? null,
		assignment: health?.assignment ?? null,
		status_changed_at: health?.status_changed_at ?? null,
		degraded_since: health?.degraded_since ?? null,
		new_contacts_left_this_hour: allowance?.hourly?.remaining ?? null,
		new_contacts_left_today: allowance?.daily?.remaining ?? null,
		new_contacts_available_at: allowance?.availableAt ?? null,
	};
}

/** The fields of Get Many. */
const getAllFields: INodeProperties[] = shownFor('line', 'getAll', [
	...listingFields,
	...outputFormFields(LINE_OUTPUT),
]);

/** Lists the account's lines with their health and their room for new contacts. */
async function getAll(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
): Promise<INodeExecutionData[]> {
	const limit = resultLimit(context, itemIndex);
	const client = await run.client();
	checkpoint();
	const lines = (await lineOverviews(client)).slice(0, limit);
	return outputItems(lines.map(outputCut(context, itemIndex, LINE_OUTPUT)), itemIndex);
}

/** The operations on lines, by the value of *Operation*. */
export const operations = { getAll };

/** The fields of the resource Line. */
export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['line'] } },
		options: [
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many lines',
				description: 'List your phone lines with their health and how many new people each may still write to',
			},
		],
		default: 'getAll',
	},
	...getAllFields,
];
