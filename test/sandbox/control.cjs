'use strict';

const { readText } = require('./body.cjs');
const { advance } = require('./delivery.cjs');
const { deliverInbound } = require('./inbound.cjs');
const { acceptedMessages } = require('./messages.cjs');
const { Refusal, errorReply, notFound, refuse } = require('./replies.cjs');
const { applySettings } = require('./settings.cjs');

/**
 * @typedef {import('./types.cjs').App} App
 * @typedef {import('./types.cjs').FaultRule} FaultRule
 */

const OK = { status: 'OK' };

/**
 * The control routes; what they answer is what the in-process control returns.
 * @type {Record<string, (app: App, body: any) => unknown>}
 */
const CONTROLS = {
	'GET /_sandbox/messages': (app) => acceptedMessages(app),
	'GET /_sandbox/requests': (app) => app.requests,
	'GET /_sandbox/deliveries': (app) => app.deliveries,
	'GET /_sandbox/settings': (app) => app.settings,
	'POST /_sandbox/settings': (app, body) => applySettings(app, body),
	'POST /_sandbox/faults': (app, body) => {
		setFaults(app, Array.isArray(body) ? body : body.rules);
		return OK;
	},
	'POST /_sandbox/advance': (app, body) => advance(app, body),
	'POST /_sandbox/inbound': (app, body) => deliverInbound(app, body),
	'POST /_sandbox/reset': (app) => {
		app.reset();
		return OK;
	},
};

/**
 * @param {App} app
 * @param {FaultRule[]} rules
 */
function setFaults(app, rules) {
	if (!Array.isArray(rules)) throw refuse('Give a list of fault rules');
	app.faults.set(rules);
}

/**
 * Answers a control request; open without keys, to this machine only.
 * @param {App} app
 * @param {import('http').IncomingMessage} request
 * @param {import('http').ServerResponse} response
 * @param {URL} url
 */
async function handleControl(app, request, response, url) {
	let status = 200;
	/** @type {unknown} */
	let body;
	try {
		const text = await readText(request);
		requireLoopback(request);
		const control = CONTROLS[`${request.method} ${url.pathname}`];
		if (!control) throw notFound(`Cannot ${request.method} ${url.pathname}`);
		body = await control(app, parseControlBody(text));
	} catch (error) {
		const refusal = error instanceof Refusal ? error : refuse(String(error), { status: 500, code: 'INTERNAL' });
		({ status, body } = errorReply(refusal.status, refusal.code, refusal.message));
	}
	response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
	response.end(JSON.stringify(body));
}

/**
 * @param {import('http').IncomingMessage} request
 */
function requireLoopback(request) {
	const address = request.socket.remoteAddress ?? '';
	if (!/^(?:::ffff:)?127\.|^::1$/.test(address)) throw notFound('Control is served on loopback only');
}

/**
 * @param {string} text
 * @returns {object}
 */
function parseControlBody(text) {
	if (text.trim() === '') return {};
	/** @type {unknown} */
	let value;
	try {
		value = JSON.parse(text);
	} catch {
		throw refuse('Control body is not valid JSON');
	}
	if (typeof value !== 'object' || value === null) throw refuse('Control body must be an object or a list');
	return value;
}

module.exports = { handleControl, setFaults };
