import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { execute, listSearch, loadOptions, resourceFields, type Timings } from './actions';

/** In the order in which n8n lists their actions: voice notes and messages first, the rest alphabetically. */
const RESOURCES = [
	{ name: 'Voice Note', value: 'voiceNote' },
	{ name: 'Message', value: 'message' },
	{ name: 'Contact', value: 'contact' },
	{ name: 'Contact Card', value: 'contactCard' },
	{ name: 'Group', value: 'group' },
	{ name: 'Line', value: 'line' },
	{ name: 'Media', value: 'media' },
	{ name: 'Number', value: 'number' },
	{ name: 'Webhook', value: 'webhook' },
];

/** Sends Apple voice notes, made from any audio, through Sendblue's iMessage API, and covers the rest of that API. */
export class Sendblue implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Sendblue',
		name: 'sendblue',
		icon: { light: 'file:sendblue.svg', dark: 'file:sendblue.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Send Apple voice notes, made from any audio, and other messages over iMessage with Sendblue',
		defaults: { name: 'Sendblue' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'sendblueApi',
				required: true,
				displayOptions: { hide: { operation: ['convertToCaf', 'convertFromCaf'] } },
			},
		],
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: RESOURCES,
				default: 'voiceNote',
			},
			...resourceFields,
		],
	};

	/** Overrides of {@link DEFAULT_TIMINGS}; only tests set any. */
	static readonly timings: Partial<Timings> = {};

	methods = { listSearch, loadOptions };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await execute(this, Sendblue.timings);
	}
}
