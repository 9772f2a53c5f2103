'use strict';

const http = require('node:http');
const { withoutSecrets } = require('./auth.cjs');
const { ClientGone } = require('./body.cjs');
const { handleControl } = require('./control.cjs');
const { Exchange } = require('./exchange.cjs');
const { FAULT_ACTIONS } = require('./faultActions.cjs');
const { Refusal, errorReply } = require('./replies.cjs');
const { createDispatch } = require('./router.cjs');

/**
 * @typedef {import('./types.cjs').App} App
 * @typedef {import('./types.cjs').LoggedRequest} LoggedRequest
 */

const dispatch = createDispatch([
	...require('./api/account.cjs').routes,
	...require('./api/contacts.cjs').routes,
	...require('./api/contactSharing.cjs').routes,
	...require('./api/groups.cjs').routes,
	...require('./api/lines.cjs').routes,
	...require('./api/media.cjs').routes,
	...require('./api/messageQueries.cjs').routes,
	...require('./api/send.cjs').routes,
	...require('./api/seats.cjs').routes,
	...require('./api/services.cjs').routes,
	...require('./api/uploads.cjs').routes,
	...require('./api/verifiedContacts.cjs').routes,
	...require('./api/webhooks.cjs').routes,
]);

/**
 * The HTTP server of a sandbox; not yet listening.
 * @param {App} app
 */
function createServer(app) {
	return http.createServer((request, response) => {
		// A cut or a client that leaves is part of the play; the log shows it.
		response.on('error', () => {});
		app.atWork += 1;
		handle(app, request, response)
			.catch((error) => {
				if (!(error instanceof ClientGone)) app.log(`sandbox error: ${error.stack ?? error}`);
				request.socket.destroy();
			})
			.finally(() => {
				app.atWork -= 1;
			});
	});
}

/**
 * @param {App} app
 * @param {import('http').IncomingMessage} request
 * @param {import('http').ServerResponse} response
 */
async function handle(app, request, response) {
	const url = new URL(request.url ?? '/', app.url);
	if (url.pathname.startsWith('/_sandbox/')) {
		await handleControl(app, request, response, url);
		return;
	}
	const entry = logRequest(app, request, url);
	response.on('close', () => app.log(`${entry.method} ${entry.path} ${entry.status ?? 'cut'}`));
	const rule = app.faults.take(entry.method, url.pathname);
	const exchange = new Exchange(app, dispatch, { request, response, url, entry });
	if (!rule) {
		exchange.send(await exchange.process());
		return;
	}
	entry.fault = /** @type {import('./types.cjs').FaultKind} */ (rule.kind);
	try {
		await FAULT_ACTIONS[entry.fault](exchange, rule);
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		await exchange.drain();
		exchange.send(errorReply(error.status, error.code, error.message, error.headers));
	}
}

/**
 * @param {App} app
 * @param {import('http').IncomingMessage} request
 * @param {URL} url
 * @returns {LoggedRequest}
 */
function logRequest(app, request, url) {
	/** @type {LoggedRequest} */
	const entry = {
		time: new Date().toISOString(),
		method: request.method ?? 'GET',
		path: url.pathname,
		query: Object.fromEntries(url.searchParams),
		headers: withoutSecrets(request.headers),
		status: null,
		fault: null,
	};
	app.requests.push(entry);
	return entry;
}

module.exports = { createServer };
