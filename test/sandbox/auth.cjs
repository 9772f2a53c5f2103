'use strict';

const { refuse } = require('./replies.cjs');

/**
 * Header names of the key pair; each may carry an `x-` in front.
 */
const SECRET_HEADERS = [
	'sb-api-key-id',
	'sb-api-secret-key',
	'x-sb-api-key-id',
	'x-sb-api-secret-key',
	'authorization',
	'cookie',
	'sb-signing-secret',
];

/**
 * Refuses a request whose key pair is missing or wrong.
 * @param {import('http').IncomingHttpHeaders} headers
 * @param {import('./types.cjs').Keys} keys
 */
function requireKeys(headers, keys) {
	const keyId = headers['sb-api-key-id'] ?? headers['x-sb-api-key-id'];
	const secretKey = headers['sb-api-secret-key'] ?? headers['x-sb-api-secret-key'];
	if (!keyId || !secretKey) {
		// Seen live on 2026-08-25: no keys are a 403 with a body of its own, wrong keys a 401.
		throw refuse('Did not get inputs for authorization', { status: 403, code: 'FORBIDDEN' });
	}
	if (keyId !== keys.id || secretKey !== keys.secret) {
		throw refuse('Invalid Credentials', { status: 401, code: 'UNAUTHORIZED' });
	}
}

/**
 * Headers fit for the request log: values of secret ones are replaced.
 * @param {import('http').IncomingHttpHeaders} headers
 * @returns {Record<string, string>}
 */
function withoutSecrets(headers) {
	/** @type {Record<string, string>} */
	const shown = {};
	for (const [name, value] of Object.entries(headers)) {
		shown[name] = SECRET_HEADERS.includes(name) ? '[redacted]' : String(value);
	}
	return shown;
}

module.exports = { requireKeys, withoutSecrets };
