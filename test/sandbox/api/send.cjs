'use strict';

const { takeSlot } = require('../allowance.cjs');
const { MAX_CONTENT_LENGTH, SEATS, SEND_STYLES } = require('../constants.cjs');
const { acceptMessage, createView, findMessage } = require('../messages.cjs');
const { groupForSend, groupMembers } = require('../groups.cjs');
const { ok, refuse } = require('../replies.cjs');
const validation = require('../validation.cjs');

/**
 * @typedef {import('../types.cjs').App} App
 * @typedef {import('../types.cjs').Call} Call
 * @typedef {import('../types.cjs').MessageView} MessageView
 * @typedef {import('../types.cjs').Reply} Reply
 */

/**
 * POST /api/send-message
 * @param {Call} call
 * @returns {Promise<Reply>}
 */
async function sendMessage(call) {
	const { app, body } = call;
	const number = validation.requireNumber(body.number, 'number');
	const line = validation.requireLine(body.from_number);
	const fields = contentFields(body);
	const statusCallback = validation.optionalHttpUrl(body.status_callback, 'status_callback');
	const replyTo = replyTarget(app, body, ({ number: other, sendblue_number }) => {
		return other === number && sendblue_number === line;
	});
	refuseOptedOut(app, [number]);
	takeSlot(app, line, number);
	const ends = { from_number: line, sendblue_number: line, number, participants: [number, line] };
	const view = createView({ ...fields, ...ends, reply_to: replyTo });
	await acceptMessage(call, view, statusCallback);
	return ok({ ...view });
}

/**
 * POST /api/send-group-message, to a known group or to numbers that become one.
 * @param {Call} call
 * @returns {Promise<Reply>}
 */
async function sendGroupMessage(call) {
	const { app, body } = call;
	const line = validation.requireLine(body.from_number);
	const demandsContent = call.overrides.groupDemandsContent ?? app.settings.groupDemandsContent;
	const lacksField = app.settings.groupRequiresContentField && typeof body.content !== 'string';
	if (lacksField || (demandsContent && !body.content)) throw refuse('Missing required parameter: content');
	const fields = contentFields(body);
	const statusCallback = validation.optionalHttpUrl(body.status_callback, 'status_callback');
	const members = groupMembers(app, body);
	refuseOptedOut(app, members);
	const replyTo = replyTarget(app, body, ({ group_id, sendblue_number }) => {
		return group_id === body.group_id && sendblue_number === line;
	});
	const group = groupForSend(app, body, line, members);
	const view = createView({
		...fields,
		from_number: line,
		sendblue_number: line,
		number: [...members],
		participants: [...members, line],
		message_type: 'group',
		group_id: group.group_id,
		group_display_name: group.group_name,
		reply_to: replyTo,
	});
	await acceptMessage(call, view, statusCallback);
	return ok({ ...view });
}

/**
 * What a message says, checked; at least one of text, media and app card.
 * @param {Record<string, unknown>} body
 */
function contentFields(body) {
	const content = validation.optionalText(body.content, 'content');
	const mediaUrl = validation.optionalHttpUrl(body.media_url, 'media_url');
	if (body.app_card) throw refuse('app_card is only supported on V2 lines', { code: 'unsupported_line' });
	if (content === '' && mediaUrl === '') {
		throw refuse('Either content or media_url must be provided');
	}
	if (content.length > MAX_CONTENT_LENGTH) {
		throw refuse(`content must not be longer than ${MAX_CONTENT_LENGTH} characters`);
	}
	const style = validation.optionalText(body.send_style, 'send_style');
	if (style !== '') validation.requireOneOf(style, SEND_STYLES, 'send_style');
	return { content, media_url: mediaUrl, send_style: style, ...seatFields(body.seat_id) };
}

/**
 * @param {unknown} seatId
 */
function seatFields(seatId) {
	if (seatId === undefined || seatId === null) return {};
	const seat = SEATS.find(({ seat_id }) => seat_id === seatId);
	if (!seat) throw refuse('Seat not found');
	return { seat_id: seat.seat_id, sender_email: seat.email };
}

/**
 * The message a reply points at; it must belong to the same conversation and line.
 * @param {App} app
 * @param {Record<string, unknown>} body
 * @param {(view: MessageView) => boolean} isSameConversation
 * @returns {MessageView['reply_to']}
 */
function replyTarget(app, body, isSameConversation) {
	const target = /** @type {{ message_handle?: unknown, part_index?: unknown } | null | undefined} */ (body.reply_to);
	if (target === undefined || target === null) return null;
	const handle = validation.requireText(target.message_handle, 'reply_to.message_handle');
	const message = findMessage(app, handle);
	if (!message || !isSameConversation(message.view)) {
		throw refuse('reply_to does not name a message of this conversation and line');
	}
	const part = target.part_index;
	return typeof part === 'number' ? { message_handle: handle, part_index: part } : { message_handle: handle };
}

/**
 * @param {App} app
 * @param {string[]} numbers
 */
function refuseOptedOut(app, numbers) {
	const blocked = numbers.find((number) => app.contacts.get(number)?.opt_out);
	if (blocked) throw refuse(`Recipient ${blocked} has opted out`);
}

/** @type {import('../types.cjs').Route[]} */
const routes = [
	['POST', '/api/send-message', sendMessage],
	['POST', '/api/send-group-message', sendGroupMessage],
];

module.exports = { routes };
