'use strict';

const { WEBHOOK_TYPES } = require('../constants.cjs');
const { ok, refuse } = require('../replies.cjs');
const { isHttpUrl, optionalText, requireOneOf } = require('../validation.cjs');
const { asConfiguration } = require('../webhooks.cjs');

/**
 * @typedef {import('../types.cjs').App} App
 * @typedef {import('../types.cjs').Call} Call
 * @typedef {import('../types.cjs').Reply} Reply
 * @typedef {import('../types.cjs').WebhookConfiguration} WebhookConfiguration
 */

/**
 * The registrations as they were made: addresses, or objects with a secret and a line filter.
 * @param {App} app
 */
function webhooksView(app) {
	const lists = WEBHOOK_TYPES.map((type) => [type, app.webhooks.get(type) ?? []]);
	return { ...Object.fromEntries(lists), globalSecret: app.globalSecret ?? '' };
}

/**
 * @param {unknown} value
 * @returns {(string | WebhookConfiguration)[]}
 */
function requireWebhooks(value) {
	if (!Array.isArray(value)) throw refuse('webhooks must be a list');
	for (const entry of value) {
		const url = typeof entry === 'string' ? entry : entry?.url;
		if (typeof url !== 'string' || !isHttpUrl(url)) throw refuse('Every webhook needs a valid URL');
	}
	return value;
}

/**
 * @param {App} app
 * @param {unknown} value
 */
function requireType(app, value) {
	const type = requireOneOf(value ?? 'receive', WEBHOOK_TYPES, 'type');
	if (app.settings.rejectedWebhookTypes.includes(type)) throw refuse(`Invalid webhook type: ${type}`);
	return type;
}

/**
 * POST: adds to what is registered; the same address anew takes the place of the old entry.
 * @param {Call} call
 * @returns {Reply}
 */
function add({ app, body }) {
	const type = requireType(app, body.type);
	const added = requireWebhooks(body.webhooks);
	const urls = new Set(added.map((entry) => asConfiguration(entry).url));
	const others = (app.webhooks.get(type) ?? []).filter((entry) => !urls.has(asConfiguration(entry).url));
	app.webhooks.set(type, [...others, ...added]);
	setGlobalSecret(app, body.globalSecret);
	return ok({ status: 'OK', message: 'Webhooks added successfully', webhooks: webhooksView(app) });
}

/**
 * PUT: replaces everything; what is not named is gone.
 * @param {Call} call
 * @returns {Reply}
 */
function replace({ app, body }) {
	const given = /** @type {Record<string, unknown> | null | undefined} */ (body.webhooks);
	if (typeof given !== 'object' || given === null) throw refuse('webhooks must be an object');
	const lists = WEBHOOK_TYPES.map((type) => /** @type {const} */ ([type, requireWebhooks(given[type] ?? [])]));
	app.webhooks = new Map(lists.map(([type, entries]) => [type, [...entries]]));
	app.globalSecret = null;
	setGlobalSecret(app, given.globalSecret);
	return ok({ status: 'OK', message: 'Webhooks updated successfully', webhooks: webhooksView(app) });
}

/**
 * DELETE: takes the addresses named off one type.
 * @param {Call} call
 * @returns {Reply}
 */
function remove({ app, body }) {
	const type = requireOneOf(body.type ?? 'receive', WEBHOOK_TYPES, 'type');
	const urls = new Set(requireWebhooks(body.webhooks).map((entry) => asConfiguration(entry).url));
	const kept = (app.webhooks.get(type) ?? []).filter((entry) => !urls.has(asConfiguration(entry).url));
	app.webhooks.set(type, kept);
	return ok({ status: 'OK', message: 'Webhooks deleted successfully' });
}

/**
 * @param {App} app
 * @param {unknown} value
 */
function setGlobalSecret(app, value) {
	const secret = optionalText(value, 'globalSecret');
	if (secret !== '') app.globalSecret = secret;
}

/** @type {import('../types.cjs').Route[]} */
const routes = [
	['GET', '/api/account/webhooks', ({ app }) => ok({ status: 'OK', webhooks: webhooksView(app) })],
	['POST', '/api/account/webhooks', add],
	['PUT', '/api/account/webhooks', replace],
	['DELETE', '/api/account/webhooks', remove],
];

module.exports = { routes };
