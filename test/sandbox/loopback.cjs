'use strict';

const http = require('node:http');

/**
 * @typedef {object} LoopbackOptions
 * @property {string} [method]
 * @property {Record<string, string>} [headers]
 * @property {string} [body]
 * @property {number} timeoutMs
 * @property {number} maxBytes of the answer
 * @property {AbortSignal} signal
 */

/**
 * Whether a URL names this machine by plain http: the only place the sandbox ever connects to.
 * @param {string} url
 */
function isLoopbackUrl(url) {
	const parsed = URL.canParse(url) ? new URL(url) : null;
	return parsed?.protocol === 'http:' && /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(parsed.hostname);
}

/**
 * One request to a loopback URL, answered with the whole body.
 * @param {string} url
 * @param {LoopbackOptions} options
 * @returns {Promise<{ status: number, headers: import('http').IncomingHttpHeaders, bytes: Buffer }>}
 */
function requestLoopback(url, { method = 'GET', headers, body, timeoutMs, maxBytes, signal }) {
	return new Promise((resolve, reject) => {
		const request = http.request(url, { method, headers, signal, agent: false }, (response) => {
			/** @type {Buffer[]} */
			const chunks = [];
			let size = 0;
			response.on('data', (/** @type {Buffer} */ chunk) => {
				size += chunk.length;
				if (size > maxBytes) request.destroy(new Error(`more than ${maxBytes} bytes`));
				chunks.push(chunk);
			});
			response.on('error', reject);
			response.on('end', () => {
				resolve({
					status: response.statusCode ?? 0,
					headers: response.headers,
					bytes: Buffer.concat(chunks),
				});
			});
		});
		request.setTimeout(timeoutMs, () => request.destroy(new Error(`no answer within ${timeoutMs} ms`)));
		request.on('error', reject);
		request.end(body);
	});
}

module.exports = { isLoopbackUrl, requestLoopback };
