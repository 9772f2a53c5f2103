import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';

import { SendblueApi } from '../../credentials/SendblueApi.credentials';

type Authenticate = (
	credentials: ICredentialDataDecryptedObject,
	request: IHttpRequestOptions,
) => Promise<IHttpRequestOptions>;

const authenticate = new SendblueApi().authenticate as Authenticate;
const KEYS = { apiKeyId: 'id', apiSecretKey: 'hidden' };

test('the credential adds the two headers and leaves the request as it is otherwise', async () => {
	const request = { url: 'https://api.sendblue.com/api/lines', headers: { accept: 'application/json' } };
	const authenticated = await authenticate(KEYS, request);
	expect(authenticated).toEqual({
		url: 'https://api.sendblue.com/api/lines',
		headers: { accept: 'application/json', 'sb-api-key-id': 'id', 'sb-api-secret-key': 'hidden' },
	});
	expect(request.headers).toEqual({ accept: 'application/json' });
});

describe('keys stay here where the base URL would carry them in the clear', () => {
	test.each(['http://api.sendblue.com', 'http://192.168.1.20:8080', 'ftp://api.sendblue.com'])('%s', async (baseUrl) => {
		const request = { url: '/api/lines', baseURL: baseUrl };
		await expect(authenticate({ ...KEYS, baseUrl }, request)).rejects.toThrow('does not start with https://');
	});

	test.each(['https://api.sendblue.co/', 'http://127.0.0.1:3000', ''])('but not at "%s"', async (baseUrl) => {
		const { headers } = await authenticate({ ...KEYS, baseUrl }, { url: '/api/lines' });
		expect(headers).toMatchObject({ 'sb-api-secret-key': 'hidden' });
	});
});
