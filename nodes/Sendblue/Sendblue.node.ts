import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import * as message from './actions/message';
import { router } from './actions/router';
import * as voiceNote from './actions/voiceNote';
import { searchContacts, searchGroups, searchLines } from './n8n/listSearch';

/** Sends Apple voice notes, made of any audio, through Sendblue's iMessage API. */
export class Sendblue implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Sendblue',
		name: 'sendblue',
		icon: { light: 'file:sendblue.svg', dark: 'file:sendblue.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Turn audio into Apple voice notes and send them over iMessage with Sendblue',
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
					{ name: 'Message', value: 'message' },
					{ name: 'Voice Note', value: 'voiceNote' },
				],
				default: 'voiceNote',
			},
			...message.description,
			...voiceNote.description,
		],
	};

	methods = { listSearch: { searchContacts, searchGroups, searchLines } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await router(this);
	}
}
