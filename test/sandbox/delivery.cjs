'use strict';

const { ERROR_SEND_FAILED } = require('./constants.cjs');
const { notFound } = require('./replies.cjs');
const { postStatusCallback, postWebhooks } = require('./webhooks.cjs');

/**
 * @typedef {import('./types.cjs').AdvanceOptions} AdvanceOptions
 * @typedef {import('./types.cjs').AdvanceResult} AdvanceResult
 * @typedef {import('./types.cjs').App} App
 * @typedef {import('./types.cjs').StoredMessage} StoredMessage
 * @typedef {import('./types.cjs').WebhookDelivery} WebhookDelivery
 */

/**
 * The road a message takes when nothing goes wrong.
 * @type {Record<string, string>}
 */
const NEXT_STATUS = { QUEUED: 'SENT', SENT: 'DELIVERED' };

/**
 * @param {StoredMessage} message
 */
function isFinal({ view, route }) {
	return !(view.status in NEXT_STATUS) || (view.status === 'SENT' && route === 'SMS');
}

/**
 * Moves messages on: one step, or to a given status by way of those before it. Each change is posted to the
 * `outbound` webhooks and the message's status callback; resolves when all of them have answered.
 * @param {App} app
 * @param {AdvanceOptions} options
 * @returns {Promise<AdvanceResult>}
 */
async function advance(app, options) {
	const handle = options.handle ?? options.message_handle;
	const outbound = app.messages.filter(({ view }) => view.is_outbound);
	const chosen = outbound.filter((message) => {
		return handle === undefined ? !isFinal(message) : message.view.message_handle === handle;
	});
	if (handle !== undefined && chosen.length === 0) throw notFound(`No message with handle ${handle}`);
	const deliveries = await Promise.all(chosen.map((message) => moveMessage(app, message, options)));
	return {
		messages: chosen.map(({ view }) => ({ message_handle: view.message_handle, status: view.status })),
		deliveries: structuredClone(deliveries.flat()),
	};
}

/**
 * @param {App} app
 * @param {StoredMessage} message
 * @param {AdvanceOptions} options
 */
async function moveMessage(app, message, options) {
	const target = options.status;
	if (target === undefined) return isFinal(message) ? [] : await step(app, message);
	if (target !== 'SENT' && target !== 'DELIVERED') return await changeStatus(app, message, target, options);
	/** @type {WebhookDelivery[]} */
	const deliveries = [];
	while (message.view.status !== target && !isFinal(message)) deliveries.push(...(await step(app, message)));
	return deliveries;
}

/**
 * @param {App} app
 * @param {StoredMessage} message not final
 */
async function step(app, message) {
	return await changeStatus(app, message, NEXT_STATUS[message.view.status], {});
}

/**
 * @param {App} app
 * @param {StoredMessage} message
 * @param {string} status
 * @param {AdvanceOptions} failure
 * @returns {Promise<WebhookDelivery[]>}
 */
async function changeStatus(app, message, status, failure) {
	const { view, route, statusCallback } = message;
	view.status = status;
	view.date_updated = new Date().toISOString();
	if (status === 'SENT' || status === 'DELIVERED') {
		view.service = route;
		view.was_downgraded = route === 'SMS';
	}
	if (status === 'ERROR') {
		view.error_code = failure.error_code ?? ERROR_SEND_FAILED;
		view.error_message = failure.error_message ?? 'Message failed to send';
	}
	const payload = { ...view };
	const callbacks = statusCallback === null ? [] : [postStatusCallback(app, statusCallback, payload)];
	const posted = await Promise.all([postWebhooks(app, 'outbound', payload), ...callbacks]);
	return posted.flat();
}

/**
 * Starts a new message on its way if the settings let messages travel by themselves.
 * @param {App} app
 * @param {StoredMessage} message
 */
function scheduleDelivery(app, message) {
	const { autoDeliverMs } = app.settings;
	if (autoDeliverMs === null || isFinal(message)) return;
	app.timers.later(autoDeliverMs, () => {
		if (isFinal(message)) return;
		step(app, message).catch((error) => app.log(`delivery: ${error.message}`));
		scheduleDelivery(app, message);
	});
}

module.exports = { advance, scheduleDelivery };
