import { SendblueApi } from '../../credentials/SendblueApi.credentials';

test('the credential adds the two headers and leaves the request as it is otherwise', async () => {
	const request = { url: 'https://api.sendblue.com/api/lines', headers: { accept: 'application/json' } };
	const authenticated = await (new SendblueApi().authenticate as Function)({ apiKeyId: 'id', apiSecretKey: 'hidden' }, request);
	expect(authenticated).toEqual({
		url: 'https://api.sendblue.com/api/lines',
		headers: { accept: 'application/json', 'sb-api-key-id': 'id', 'sb-api-secret-key': 'hidden' },
	});
	expect(request.headers).toEqual({ accept: 'application/json' });
});
