import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { execute, listSearch, loadOptions, resourceFields, type Timings } from './actions';

/** Sends Apple voice notes, made of any audio, through Sendblue's iMessage API, and all else that API offers. */
export class Sendblue implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Sendblue',
		name: 'sendblue',
		icon: { light: 'file:sendblue.svg', dark: 'file:sendblue.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Send Apple voice notes, made of any audio, and other messages over iMessage with Sendblue',
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
				options: [
					{ name: 'Contact', value: 'contact' },
					{ name: 'Contact Card', value: 'contactCard' },
					{ name: 'Group', value: 'group' },
					{ name: 'Line', value: 'line' },
					{ name: 'Media', value: 'media' },
					{ name: 'Message', value: 'message' },
					{ name: 'Number', value: 'number' },
					{ name: 'Voice Note', value: 'voiceNote' },
					{ name: 'Webhook', value: 'webhook' },
				],
				default: 'voiceNote',
			},
			...resourceFields,
		],
	};

	/** Times that differ from the usual ones; none do, except where tests shorten them. */
	static readonly timings: Partial<Timings> = {};

	methods = { listSearch, loadOptions };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await execute(this, Sendblue.timings);
	}
}
