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

describe('keys stay here where the request would carry them in the clear', () => {
	test.each<IHttpRequestOptions>([
		{ baseURL: 'http://api.sendblue.com', url: '/api/lines' },
		{ url: 'http://api.sendblue.com/api/lines' },
		{ baseURL: 'https://api.sendblue.com', url: 'http://192.168.1.20:8080/api/lines' },
		{ baseURL: 'ftp://api.sendblue.com', url: '/api/lines' },
		// So the HTTP Request node names it.
		{ uri: 'http://api.sendblue.com/api/lines' } as unknown as IHttpRequestOptions,
	])('%j', async (request) => {
		await expect(authenticate(KEYS, request)).rejects.toThrow('does not start with https://');
	});

	test.each<IHttpRequestOptions>([
		{ baseURL: 'https://api.sendblue.co', url: '/api/lines' },
		{ url: 'https://api.sendblue.co/api/lines?limit=1' },
		{ url: 'http://127.0.0.1:3000/api/lines' },
		{ uri: 'https://api.sendblue.com/api/lines' } as unknown as IHttpRequestOptions,
	])('but not with %j', async (request) => {
		const { headers } = await authenticate(KEYS, request);
		expect(headers).toMatchObject({ 'sb-api-secret-key': 'hidden' });
	});

	test('nor where it goes is no address at all', async () => {
		await expect(authenticate(KEYS, { url: '/api/lines' })).rejects.toThrow('is not a valid URL');
	});
});
