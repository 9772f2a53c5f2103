'use strict';

const { randomUUID } = require('node:crypto');
const constants = require('./constants.cjs');
const { fetchMessageMedia } = require('./media.cjs');
const { scheduleDelivery } = require('./delivery.cjs');

/**
 * @typedef {import('./types.cjs').AcceptedMessage} AcceptedMessage
 * @typedef {import('./types.cjs').App} App
 * @typedef {import('./types.cjs').MessageView} MessageView
 * @typedef {import('./types.cjs').Service} Service
 * @typedef {import('./types.cjs').StoredMessage} StoredMessage
 */

/**
 * Service a number is reached by: as set, else by its ending, else iMessage.
 * @param {App} app
 * @param {string} number
 * @returns {Service | 'error'}
 */
function serviceOf(app, number) {
	const set = app.settings.services[number];
	if (set) return set;
	if (number.endsWith(constants.SMS_SUFFIX)) return 'SMS';
	return constants.INCONCLUSIVE_SUFFIXES.some((suffix) => number.endsWith(suffix)) ? 'error' : 'iMessage';
}

/**
 * A message as the API shows it, with everything a new one has in common.
 * @param {Partial<MessageView> & { from_number: string, number: string | string[], sendblue_number: string }} fields
 * @returns {MessageView}
 */
function createView(fields) {
	const now = new Date().toISOString();
	return {
		accountEmail: constants.ACCOUNT_EMAIL,
		account_email: constants.ACCOUNT_EMAIL,
		content: '',
		is_outbound: true,
		status: 'QUEUED',
		error_code: null,
		error_message: null,
		error_reason: null,
		error_detail: null,
		message_handle: randomUUID(),
		date_sent: now,
		date_created: now,
		date_updated: now,
		to_number: fields.number,
		was_downgraded: null,
		plan: constants.PLAN,
		media_url: '',
		message_type: 'message',
		group_id: '',
		participants: [],
		send_style: '',
		opted_out: false,
		service: null,
		group_display_name: null,
		seat_id: null,
		sender_email: null,
		reply_to: null,
		...(fields.reply_to ? { thread_originator: { message_handle: fields.reply_to.message_handle, part: '0' } } : {}),
		...fields,
	};
}

/**
 * Accepts an outbound message: takes a copy of its media, keeps it, and lets it travel.
 * @param {import('./types.cjs').Call} call the request that sends it
 * @param {MessageView} view
 * @param {string} statusCallback '' for none
 * @returns {Promise<void>}
 */
async function acceptMessage({ app, path, body, overrides }, view, statusCallback) {
	const media = view.media_url === '' ? null : await fetchMessageMedia(app, view.media_url);
	const accept = () => {
		const now = new Date();
		Object.assign(view, datesAt(now));
		/** @type {StoredMessage} */
		const message = {
			view,
			route: routeOf(app, view.number),
			endpoint: path,
			request: body,
			media,
			statusCallback: statusCallback === '' ? null : statusCallback,
			listedAt: now.getTime() + (overrides.listLateMs ?? app.settings.listLateMs),
			deleted: false,
		};
		app.messages.push(message);
		scheduleDelivery(app, message);
	};
	if (app.settings.acceptLateMs > 0) app.timers.later(app.settings.acceptLateMs, accept);
	else accept();
}

/**
 * @param {Date} time
 */
function datesAt(time) {
	const text = time.toISOString();
	return { date_sent: text, date_created: text, date_updated: text };
}

/**
 * A group falls back to SMS as soon as one member has no iMessage.
 * @param {App} app
 * @param {string | string[]} number
 * @returns {Service}
 */
function routeOf(app, number) {
	const services = [number].flat().map((entry) => serviceOf(app, entry));
	if (services.includes('SMS')) return 'SMS';
	return services.includes('RCS') ? 'RCS' : 'iMessage';
}

/**
 * @param {App} app
 * @param {string | null} handle
 * @returns {StoredMessage | undefined}
 */
function findMessage(app, handle) {
	return app.messages.find(({ view, deleted }) => view.message_handle === handle && !deleted);
}

/**
 * The accepted messages in order, as the control shows them; inbound ones are not among them.
 * @param {App} app
 * @returns {AcceptedMessage[]}
 */
function acceptedMessages(app) {
	return app.messages
		.filter(({ view }) => view.is_outbound)
		.map(({ view, endpoint, request, media, statusCallback, deleted }) => {
			return structuredClone({
				...view,
				endpoint,
				request,
				media,
				status_callback: statusCallback,
				deleted,
			});
		});
}

module.exports = { serviceOf, createView, acceptMessage, findMessage, acceptedMessages };
