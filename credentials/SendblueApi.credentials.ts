import type {
	IAuthenticateGeneric,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';

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

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: {
			headers: {
				'sb-api-key-id': '={{$credentials.apiKeyId}}',
				'sb-api-secret-key': '={{$credentials.apiSecretKey}}',
			},
		},
	};

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{($credentials.baseUrl || "https://api.sendblue.com").trim().replace(/\\/+$/, "")}}',
			url: '/api/lines',
		},
	};
}
