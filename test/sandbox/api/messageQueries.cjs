'use strict';

const { findMessage } = require('../messages.cjs');
const { notFound, ok } = require('../replies.cjs');
const { optionalTime, requireOneOf, requireText, wholeNumber } = require('../validation.cjs');

/**
 * @typedef {import('../types.cjs').Call} Call
 * @typedef {import('../types.cjs').MessageView} MessageView
 * @typedef {import('../types.cjs').Reply} Reply
 */

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 1000;

/**
 * Query parameters that must equal a field (or be one of its entries, for groups).
 * @type {Record<string, (view: MessageView) => string | string[] | null>}
 */
const EQUAL_FILTERS = {
	account_email: (view) => view.accountEmail,
	from_number: (view) => view.from_number,
	to_number: (view) => view.to_number,
	number: (view) => [view.number, view.from_number, view.to_number].flat(),
	sendblue_number: (view) => view.sendblue_number,
	group_id: (view) => view.group_id,
	is_outbound: (view) => String(view.is_outbound),
	message_type: (view) => view.message_type,
	service: (view) => view.service,
	status: (view) => view.status,
};

/**
 * Fields behind the time filters and the two documented spellings of `order_by`.
 * @type {Record<string, (view: MessageView) => string>}
 */
const TIMES = {
	created_at: (view) => view.date_created,
	updated_at: (view) => view.date_updated,
	sent_at: (view) => view.date_sent,
};
/** @type {Record<string, string>} */
const ORDER_BY = { createdAt: 'created_at', updatedAt: 'updated_at', sentAt: 'sent_at' };

/**
 * GET /api/v2/messages
 * @param {Call} call
 * @returns {Reply}
 */
function list({ app, query }) {
	const limit = wholeNumber(query, 'limit', { fallback: DEFAULT_LIMIT, max: MAX_LIMIT });
	const offset = wholeNumber(query, 'offset', { fallback: 0, max: Number.MAX_SAFE_INTEGER });
	const isWanted = createFilter(query);
	const now = Date.now();
	const found = app.messages
		.filter(({ deleted, listedAt }) => !deleted && listedAt <= now)
		.map(({ view }) => view)
		.filter(isWanted);
	const ordered = order(found, query, app.settings.defaultOrder);
	const data = ordered.slice(offset, offset + limit);
	const total = found.length;
	return ok({
		status: 'OK',
		data,
		pagination: { total, limit, offset, hasMore: offset + data.length < total },
	});
}

/**
 * @param {URLSearchParams} query
 * @returns {(view: MessageView) => boolean}
 */
function createFilter(query) {
	/** @type {((view: MessageView) => boolean)[]} */
	const tests = [];
	for (const [name, valueOf] of Object.entries(EQUAL_FILTERS)) {
		const wanted = query.get(name);
		if (wanted) tests.push((view) => [valueOf(view)].flat().includes(wanted));
	}
	for (const [name, timeOf] of Object.entries(TIMES)) {
		const from = optionalTime(query, `${name}_gte`);
		const to = optionalTime(query, `${name}_lte`);
		if (from !== null) tests.push((view) => Date.parse(timeOf(view)) >= from);
		if (to !== null) tests.push((view) => Date.parse(timeOf(view)) <= to);
	}
	return (view) => tests.every((test) => test(view));
}

/**
 * As set unless the request says otherwise; messages of the same millisecond keep the order they came in.
 * @param {MessageView[]} views in the order they were accepted
 * @param {URLSearchParams} query
 * @param {'asc' | 'desc'} defaultOrder
 * @returns {MessageView[]}
 */
function order(views, query, defaultOrder) {
	const asked = query.get('order_by') || 'createdAt';
	const column = ORDER_BY[asked] ?? requireOneOf(asked, Object.keys(TIMES), 'order_by');
	const direction = requireOneOf(query.get('order_direction') || defaultOrder, ['asc', 'desc'], 'order_direction');
	const ascending = [...views].sort((one, other) => Date.parse(TIMES[column](one)) - Date.parse(TIMES[column](other)));
	return direction === 'asc' ? ascending : ascending.reverse();
}

/**
 * @param {Call} call
 * @param {string | null} handle
 * @returns {MessageView}
 */
function requireMessage({ app }, handle) {
	const message = findMessage(app, handle);
	if (!message) throw notFound('Message not found');
	return message.view;
}

/** @type {import('../types.cjs').Route[]} */
const routes = [
	['GET', '/api/status', (call) => ok(requireMessage(call, requireText(call.query.get('handle'), 'handle')))],
	['GET', '/api/v2/messages', list],
	['GET', '/api/v2/messages/:handle', (call) => ok({ status: 'OK', data: requireMessage(call, call.params.handle) })],
	[
		'DELETE',
		'/api/message/:handle',
		(call) => {
			requireMessage(call, call.params.handle);
			const message = findMessage(call.app, call.params.handle);
			if (message) message.deleted = true;
			return ok({ status: 'OK', message: 'Message deleted successfully' });
		},
	],
];

module.exports = { routes };
