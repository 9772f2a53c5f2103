import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { filtersField } from '../parameters/shared.fields';
import { outputItems } from '../n8n/execution';
import { shownFor } from '../parameters/displayOptions';
import { listingFields, resultLimit } from '../parameters/outputForm';
import { textOf } from '../parameters/values';
import type { AllWebhooks } from '../sendblue/resources/webhooks';
import type { ItemRun } from './executionRun';

/** The value of a query parameter whose name suggests a secret. */
const SECRET_VALUE = /((?:^|&)[^=&]*(?:auth|key|pass|secret|sig|token)[^=&]*=)[^&#]+/gi;

/** The fields of Get Many. */
const getAllFields: INodeProperties[] = shownFor('webhook', 'getAll', [
	...listingFields,
	filtersField([
		{
			displayName: 'Type',
			name: 'type',
			type: 'options',
			options: [
				{ name: 'Call Log', value: 'call_log' },
				{ name: 'Contact Created', value: 'contact_created' },
				{ name: 'Contact Profile', value: 'contact_profile' },
				{ name: 'Inbound Call', value: 'inbound_call' },
				{ name: 'Line Assigned', value: 'line_assigned' },
				{ name: 'Line Blocked', value: 'line_blocked' },
				{ name: 'Outbound', value: 'outbound', description: 'The status of a sent message changes' },
				{ name: 'Receive', value: 'receive', description: 'A message comes in' },
				{ name: 'Typing Indicator', value: 'typing_indicator' },
			],
			default: 'receive',
			description: 'Only webhooks of this type',
		},
	]),
]);

/** Lists the account's webhooks, one per item, without their secrets. */
async function getAll(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
): Promise<INodeExecutionData[]> {
	const limit = resultLimit(context, itemIndex);
	const type = textOf((context.getNodeParameter('filters', itemIndex, {}) as IDataObject).type);
	const client = await run.client();
	checkpoint();
	const { byType } = await client.webhooks.list();
	const webhooks = asList(byType).filter((webhook) => type === '' || webhook.type === type);
	return outputItems(webhooks.slice(0, limit), itemIndex);
}

function asList(byType: AllWebhooks): Array<{ type: string; url: string }> {
	return Object.entries(byType).flatMap(([type, webhooks = []]) =>
		webhooks.map(({ url, secret, sendblue_numbers: lines }) => ({
			type,
			url: withoutSecrets(url),
			has_secret: Boolean(secret),
			sendblue_numbers: lines ?? [],
		})),
	);
}

/** An address may carry a secret in its query, as some addresses of this package's trigger do. */
function withoutSecrets(address: string): string {
	const query = address.indexOf('?');
	if (query === -1) return address;
	return `${address.slice(0, query)}?${address.slice(query + 1).replace(SECRET_VALUE, '$1…')}`;
}

/** The operations on webhooks, by the value of *Operation*. */
export const operations = { getAll };

/** The fields of the resource Webhook. */
export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['webhook'] } },
		options: [
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many webhooks',
				description: 'List the webhooks registered in the account, whoever registered them',
			},
		],
		default: 'getAll',
	},
	...getAllFields,
];
