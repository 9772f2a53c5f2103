import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import * as contact from './actions/contact';
import * as group from './actions/group';
import * as line from './actions/line';
import * as media from './actions/media';
import * as message from './actions/message';
import * as number from './actions/number';
import { router } from './actions/router';
import * as voiceNote from './actions/voiceNote';
import * as webhook from './actions/webhook';
import { searchContacts, searchGroups, searchLines } from './n8n/listSearch';
import type { Timings } from './sendblue/http/timings';

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
			...contact.description,
			...group.description,
			...line.description,
			...media.description,
			...message.description,
			...number.description,
			...voiceNote.description,
			...webhook.description,
		],
	};

	/** Times that differ from the usual ones; none do, except where tests shorten them. */
	static readonly timings: Partial<Timings> = {};

	methods = { listSearch: { searchContacts, searchGroups, searchLines } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await router(this, Sendblue.timings);
	}
}
