'use strict';

const { createHmac } = require('node:crypto');

const { isLoopbackUrl, requestLoopback } = require('./loopback.cjs');
const { webhookInSdkShape } = require('./sdkShape.cjs');

/**
 * @typedef {import('./types.cjs').App} App
 * @typedef {import('./types.cjs').WebhookConfiguration} WebhookConfiguration
 * @typedef {import('./types.cjs').WebhookDelivery} WebhookDelivery
 * @typedef {import('./types.cjs').WebhookType} WebhookType
 */

const MAX_ANSWER_BYTES = 1024 * 1024;

/**
 * Posts an event to every webhook of its type; resolves when all have answered or failed for good.
 * @param {App} app
 * @param {WebhookType} type
 * @param {Record<string, unknown>} payload
 * @returns {Promise<WebhookDelivery[]>}
 */
async function postWebhooks(app, type, payload) {
	const targets = (app.webhooks.get(type) ?? [])
		.map(asConfiguration)
		.filter((webhook) => type !== 'receive' || listensToLine(webhook, payload.sendblue_number));
	return await Promise.all(targets.map(({ url, secret }) => deliver(app, type, url, payload, secretFor(app, secret))));
}

/**
 * @param {App} app
 * @param {string | undefined} own of the webhook
 */
function secretFor({ globalSecret, settings }, own) {
	return (settings.globalSecretWins ? (globalSecret ?? own) : (own ?? globalSecret)) ?? null;
}

/**
 * Posts a message's state to the `status_callback` of the send; these are never signed.
 * @param {App} app
 * @param {string} url
 * @param {Record<string, unknown>} payload
 */
async function postStatusCallback(app, url, payload) {
	return await deliver(app, 'status_callback', url, payload, null);
}

/**
 * @param {string | WebhookConfiguration} webhook
 * @returns {WebhookConfiguration}
 */
function asConfiguration(webhook) {
	return typeof webhook === 'string' ? { url: webhook } : webhook;
}

/**
 * @param {WebhookConfiguration} webhook
 * @param {unknown} line
 */
function listensToLine({ sendblue_numbers: lines }, line) {
	return !lines?.length || lines.some((entry) => entry === line);
}

/**
 * @param {App} app
 * @param {WebhookType | 'status_callback'} type
 * @param {string} url
 * @param {Record<string, unknown>} full what the webhook tells where nothing is cut
 * @param {string | null} secret
 * @returns {Promise<WebhookDelivery>}
 */
async function deliver(app, type, url, full, secret) {
	const payload = app.settings.shape === 'sdk' ? webhookInSdkShape(type, full) : full;
	/** @type {WebhookDelivery} */
	const delivery = {
		type,
		url,
		payload: structuredClone(payload),
		signed: secret !== null,
		attempts: [],
		delivered: false,
	};
	app.deliveries.push(delivery);
	const pauses = app.settings.webhookRetryDelaysMs;
	for (let attempt = 0; attempt <= pauses.length; attempt += 1) {
		if (attempt > 0 && !(await app.timers.sleep(pauses[attempt - 1]))) break;
		const outcome = await post(app, url, payload, secret);
		delivery.attempts.push({ time: new Date().toISOString(), ...outcome });
		const { status } = outcome;
		delivery.delivered = status !== null && status >= 200 && status < 300;
		// Sendblue repeats on 5xx alone; a 4xx is an answer.
		if (status !== null && status < 500) break;
	}
	return delivery;
}

/**
 * @param {App} app
 * @param {string} url
 * @param {Record<string, unknown>} payload
 * @param {string | null} secret
 * @returns {Promise<{ status: number | null, error: string | null }>}
 */
async function post(app, url, payload, secret) {
	if (!isLoopbackUrl(url)) return { status: null, error: 'not on loopback, not posted' };
	const body = JSON.stringify(payload);
	/** @type {Record<string, string>} */
	const headers = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) };
	if (secret !== null && app.settings.webhooksAreSigned) headers['x-sendblue-signature'] = signature(body, secret);
	else if (secret !== null) headers['sb-signing-secret'] = secret;
	try {
		const { webhookTimeoutMs: timeoutMs } = app.settings;
		const response = await requestLoopback(url, {
			method: 'POST',
			headers,
			body,
			timeoutMs,
			maxBytes: MAX_ANSWER_BYTES,
			signal: app.connections.signal,
		});
		return { status: response.status, error: null };
	} catch (error) {
		return { status: null, error: error instanceof Error ? error.message : String(error) };
	}
}

/**
 * @param {string} body
 * @param {string} secret
 */
function signature(body, secret) {
	const time = Math.floor(Date.now() / 1_000);
	return `t=${time},v1=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}`;
}

module.exports = { postWebhooks, postStatusCallback, asConfiguration };
