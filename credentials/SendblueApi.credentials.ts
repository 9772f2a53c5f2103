import type { IAuthenticate, ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';

import { refuseInTheClear } from '../nodes/Sendblue/sendblue/urls';

/**
 * What the answers to the credential test mean. n8n's type allows only one kind of rule per list, but its code reads
 * both.
 */
const RULES = [
	{
		type: 'responseCode',
		properties: {
			value: 401,
			message:
				'Sendblue does not know these keys. Copy both again from its dashboard, under Settings → API; keys that were replaced there no longer work.',
		},
	},
	{
		type: 'responseCode',
		properties: { value: 403, message: 'Sendblue received no keys, or does not allow their use. Fill in both fields.' },
	},
	{
		type: 'responseCode',
		properties: {
			value: 404,
			message: 'There is no Sendblue API at this Base URL. Use https://api.sendblue.com, with nothing after it.',
		},
	},
	{
		// An answer without a list of lines, such as a web page, did not come from Sendblue. An empty list counts.
		type: 'responseSuccessBody',
		properties: {
			key: 'numbers',
			value: undefined,
			message: 'This Base URL leads to something other than Sendblue. Use https://api.sendblue.com.',
		},
	},
] as unknown as ICredentialTestRequest['rules'];

/**
 * The key pair of a Sendblue account: two headers on every request, tested by listing the account's lines.
 *
 * If no server answers, n8n shows the network's error, such as ENOTFOUND, and leaves no room for ours.
 */
export class SendblueApi implements ICredentialType {
	name = 'sendblueApi';

	displayName = 'Sendblue API';

	icon = {
		light: 'file:../nodes/Sendblue/sendblue.svg',
		dark: 'file:../nodes/Sendblue/sendblue.dark.svg',
	} as const;

	documentationUrl = 'https://docs.sendblue.com/getting-started/credentials/';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key ID',
			name: 'apiKeyId',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'The API key from the Sendblue dashboard, under Settings → API',
		},
		{
			displayName: 'API Secret Key',
			name: 'apiSecretKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'The API secret shown beside the key in the Sendblue dashboard, under Settings → API',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.sendblue.com',
			placeholder: 'e.g. https://api.sendblue.com',
			description: 'The address of the Sendblue API. Change it only if Sendblue gave you another one.',
		},
		{
			displayName: 'Default Line',
			name: 'defaultLine',
			type: 'string',
			default: '',
			placeholder: 'e.g. +14155550123',
			description:
				'The line that sends if From is empty in a node, with + and country code. An account with a single line does not need it.',
		},
	];

	/**
	 * Adds the two headers. A function, not n8n's generic form with expressions: n8n 2.41 cannot resolve those in
	 * workflows with binary mode "combined", and no request would leave.
	 *
	 * @throws {SendblueInputError} if the request would carry the keys in the clear; the test of the credential shows
	 * it, and nothing is sent.
	 */
	authenticate: IAuthenticate = async (credentials, requestOptions) => {
		refuseInTheClear(requestOptions);
		return {
			...requestOptions,
			headers: {
				...requestOptions.headers,
				'sb-api-key-id': String(credentials.apiKeyId),
				'sb-api-secret-key': String(credentials.apiSecretKey),
			},
		};
	};

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{($credentials.baseUrl || "https://api.sendblue.com").trim().replace(/\\/+$/, "")}}',
			url: '/api/lines',
		},
		rules: RULES,
	};
}
