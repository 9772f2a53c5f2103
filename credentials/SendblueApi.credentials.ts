import type { IAuthenticate, ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';

import { refuseInTheClear } from '../nodes/Sendblue/sendblue/baseUrl';

/** The key pair of a Sendblue account: two headers on every request, tested by listing the account's lines. */
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
	];

	/**
	 * Adds the two headers. A function, not n8n's generic form with expressions: n8n 2.41 cannot resolve those in
	 * workflows with binary mode "combined", and no request would leave.
	 *
	 * @throws {SendblueInputError} where the request would carry the keys in the clear; the test of the credential shows
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
	};
}
