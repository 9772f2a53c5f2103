import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { outputItems } from '../../n8n/execution';
import type { ItemRun } from '../executionRun';
import { listingFields, outputCut, outputFormFields, wantedResults } from '../../parameters/outputForm';
import { shownFor } from '../../parameters/displayOptions';
import { LINE_OUTPUT, lineOverviews } from './lineOverview';

/** The fields of Get Many. */
export const description: INodeProperties[] = shownFor('line', 'getAll', [
	...listingFields,
	...outputFormFields(LINE_OUTPUT),
]);

/** Lists the account's lines with their health and their room for new contacts. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
): Promise<INodeExecutionData[]> {
	const limit = wantedResults(context, itemIndex);
	const client = await run.client();
	checkpoint();
	const lines = (await lineOverviews(client)).slice(0, limit);
	return outputItems(lines.map(outputCut(context, itemIndex, LINE_OUTPUT)), itemIndex);
}
