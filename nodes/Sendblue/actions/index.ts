import type {
	IExecuteFunctions,
	ILoadOptionsFunctions,
	INodeExecutionData,
	INodeListSearchResult,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';

import type { Timings } from '../sendblue/http/time';
import * as contact from './contact';
import * as contactCard from './contactCard';
import * as group from './group';
import * as line from './line';
import * as media from './media';
import * as message from './message';
import * as number from './number';
import * as voiceNote from './voiceNote';
import * as webhook from './webhook';

export type { Timings };

/** The fields of all resources, each shown if its resource and operation are chosen. */
export const resourceFields: INodeProperties[] = [
	...contact.description,
	...contactCard.description,
	...group.description,
	...line.description,
	...media.description,
	...message.description,
	...number.description,
	...voiceNote.description,
	...webhook.description,
];

/** The code of the operations is loaded on first use, since n8n loads every node when it starts. */
const loadRouter = async () => await import('./router');

/**
 * Runs the chosen operation on every input item and returns the outputs in the items' order.
 *
 * @param timings overrides of the default timings
 */
export async function execute(context: IExecuteFunctions, timings?: Partial<Timings>): Promise<INodeExecutionData[][]> {
	return await (await loadRouter()).router(context, timings);
}

/** The methods that fill the lists of resource locators. */
export const listSearch = {
	async searchContacts(
		this: ILoadOptionsFunctions,
		filter?: string,
		paginationToken?: unknown,
	): Promise<INodeListSearchResult> {
		return await (await loadRouter()).searchContacts.call(this, filter, paginationToken);
	},
	async searchGroups(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
		return await (await loadRouter()).searchGroups.call(this, filter);
	},
	async searchLines(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
		return await (await loadRouter()).searchLines.call(this, filter);
	},
};

/** The methods that fill plain lists of options. */
export const loadOptions = {
	async getLines(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
		return await (await loadRouter()).getLines.call(this);
	},
	async getSeats(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
		return await (await loadRouter()).getSeats.call(this);
	},
};
