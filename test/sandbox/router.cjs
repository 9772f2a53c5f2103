'use strict';

const { notFound } = require('./replies.cjs');

/**
 * @typedef {import('./types.cjs').App} App
 * @typedef {import('./types.cjs').Overrides} Overrides
 * @typedef {import('./types.cjs').ReceivedRequest} ReceivedRequest
 * @typedef {import('./types.cjs').Reply} Reply
 * @typedef {import('./types.cjs').Route} Route
 */

/**
 * A function that finds the route of a request and runs it. `:name` in a pattern stands for one path segment.
 * @param {Route[]} routes
 */
function createDispatch(routes) {
	const compiled = routes.map(([method, pattern, handler]) => {
		const source = pattern.replace(/[.+]/g, '\\$&').replace(/:(\w+)/g, '(?<$1>[^/]+)');
		return { method, pattern: new RegExp(`^${source}$`), handler };
	});

	/**
	 * @param {App} app
	 * @param {ReceivedRequest} received
	 * @param {Overrides} overrides
	 * @returns {Promise<Reply>}
	 */
	return async function dispatch(app, received, overrides) {
		for (const { method, pattern, handler } of compiled) {
			const match = method === received.method ? pattern.exec(received.path) : null;
			if (!match) continue;
			const params = decodeParams(match.groups ?? {});
			return await handler({ ...received, app, overrides, params });
		}
		throw notFound(`Cannot ${received.method} ${received.path}`);
	};
}

/**
 * @param {Record<string, string>} groups
 * @returns {Record<string, string>}
 */
function decodeParams(groups) {
	try {
		return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
	} catch {
		throw notFound('The path is not valid percent-encoding');
	}
}

module.exports = { createDispatch };
