'use strict';

const { INCONCLUSIVE_SUFFIXES, REACTIONS } = require('../constants.cjs');
const { findMessage, serviceOf } = require('../messages.cjs');
const { notFound, ok, refuse } = require('../replies.cjs');
const { requireHandle, requireLine, requireNumber, requireOneOf, requireText } = require('../validation.cjs');

/**
 * @typedef {import('../types.cjs').App} App
 * @typedef {import('../types.cjs').Call} Call
 * @typedef {import('../types.cjs').Reply} Reply
 */

const MAX_TYPING_MS = 300_000;

/**
 * GET /api/evaluate-service: iMessage or SMS (RCS is never told); an undecided lookup may be repeated.
 * @param {Call} call
 * @returns {Reply}
 */
function evaluateService({ app, query }) {
	const number = requireHandle(query.get('number'), 'number');
	const service = serviceOf(app, number);
	if (service === 'error') {
		const suffix = INCONCLUSIVE_SUFFIXES.find((ending) => number.endsWith(ending)) ?? '4503';
		throw refuse('The lookup was inconclusive, try again', {
			status: Number(suffix.slice(1)),
			code: 'LOOKUP_INCONCLUSIVE',
			headers: { 'x-should-retry': 'true' },
		});
	}
	return ok({ number, service: service === 'iMessage' ? 'iMessage' : 'SMS' });
}

/**
 * POST /api/send-typing-indicator; needs a conversation to show the dots in.
 * @param {Call} call
 * @returns {Reply}
 */
function sendTypingIndicator({ app, body }) {
	const number = requireNumber(body.number, 'number');
	requireLine(body.from_number);
	if (body.state !== undefined) requireOneOf(body.state, ['start', 'stop'], 'state');
	const duration = body.max_duration_ms;
	if (duration !== undefined && !(Number(duration) >= 1 && Number(duration) <= MAX_TYPING_MS)) {
		throw refuse(`max_duration_ms must be from 1 to ${MAX_TYPING_MS}`);
	}
	if (!hasConversation(app, number)) throw refuse('No route mapping found');
	return ok({ number, status: 'SENT', error_message: null });
}

/**
 * POST /api/send-reaction
 * @param {Call} call
 * @returns {Reply}
 */
function sendReaction({ app, body }) {
	const from_number = requireLine(body.from_number);
	const message_handle = requireText(body.message_handle, 'message_handle');
	const reaction = requireReaction(body.reaction);
	if (!findMessage(app, message_handle)) throw notFound('Message not found');
	const earlier = app.reactions.findIndex((entry) => {
		return (
			entry.message_handle === message_handle && entry.from_number === from_number && `-${entry.reaction}` === reaction
		);
	});
	if (!reaction.startsWith('-')) app.reactions.push({ message_handle, from_number, reaction });
	else if (earlier === -1) throw refuse('There is no such reaction to remove', { code: 'INVALID_REACTION' });
	else app.reactions.splice(earlier, 1);
	return ok({ status: 'OK', message: 'Reaction sent', message_handle, reaction });
}

/**
 * One of the named reactions or any single emoji; a leading `-` takes back the reaction of that very value.
 * @param {unknown} value
 * @returns {string}
 */
function requireReaction(value) {
	const text = requireText(value, 'reaction');
	const named = text.replace(/^-/, '');
	const isEmoji = /\p{Extended_Pictographic}/u.test(named) && [...new Intl.Segmenter().segment(named)].length === 1;
	if (!REACTIONS.includes(named) && !isEmoji) {
		throw refuse(`reaction must be one emoji or one of: ${REACTIONS.join(', ')}`, { code: 'INVALID_REACTION' });
	}
	return text;
}

/**
 * POST /api/mark-read
 * @param {Call} call
 * @returns {Reply}
 */
function markRead({ app, body }) {
	if (!body.number) throw refuse('You must specify a `number` in the request body.');
	const number = requireNumber(body.number, 'number');
	requireLine(body.from_number);
	if (!hasConversation(app, number)) throw refuse('No route mapping found');
	return ok({ status: 'OK', message: 'Mark read request sent', number });
}

/**
 * @param {App} app
 * @param {string} number
 */
function hasConversation(app, number) {
	return app.messages.some(({ view }) => view.number === number);
}

/** @type {import('../types.cjs').Route[]} */
const routes = [
	['GET', '/api/evaluate-service', evaluateService],
	['POST', '/api/send-typing-indicator', sendTypingIndicator],
	['POST', '/api/send-reaction', sendReaction],
	['POST', '/api/mark-read', markRead],
];

module.exports = { routes };
