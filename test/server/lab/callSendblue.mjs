import assert from 'node:assert/strict';
import { sandboxKeys } from './lab.mjs';

/**
 * Calls the sandbox as a program of the account's owner does, beside the workflows.
 *
 * @param {{ url: string }} sandbox
 * @param {'GET' | 'POST'} method
 * @param {string} path of the API
 * @param {object} [body]
 * @returns {Promise<string>} the answer, as text
 */
export async function callSendblue(sandbox, method, path, body) {
	const { apiKeyId, apiSecretKey } = sandboxKeys(sandbox);
	const response = await fetch(`${sandbox.url}${path}`, {
		method,
		headers: { 'content-type': 'application/json', 'sb-api-key-id': apiKeyId, 'sb-api-secret-key': apiSecretKey },
		body: body && JSON.stringify(body),
	});
	const text = await response.text();
	assert.ok(response.ok, text);
	return text;
}
