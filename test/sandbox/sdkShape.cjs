'use strict';

/**
 * Cuts answers down to the fields and spellings of Sendblue's own SDK (npm `sendblue` 3.17.0, `src/resources`), so that a
 * client which needs more than these is found out.
 */

const SENT_MESSAGE = [
	'account_email',
	'app_card',
	'content',
	'date_created',
	'date_updated',
	'error_code',
	'error_message',
	'from_number',
	'is_outbound',
	'location',
	'media_url',
	'message_handle',
	'message_type',
	'number',
	'reply_to',
	'seat_id',
	'send_style',
	'sender_email',
	'status',
	'thread_originator',
];
const LISTED_MESSAGE = [
	'accountEmail',
	'content',
	'date_sent',
	'date_updated',
	'error_code',
	'error_detail',
	'error_message',
	'error_reason',
	'from_number',
	'group_display_name',
	'group_id',
	'is_outbound',
	'location',
	'media_url',
	'message_handle',
	'message_type',
	'number',
	'opted_out',
	'participants',
	'plan',
	'reply_to',
	'seat_id',
	'send_style',
	'sendblue_number',
	'sender_email',
	'service',
	'status',
	'thread_originator',
	'to_number',
	'was_downgraded',
];
/** `MessageContent`, the nearest that the SDK has to what a webhook tells of a message. */
const TOLD_MESSAGE = [
	'account_email',
	'content',
	'date_created',
	'date_sent',
	'date_updated',
	'from_number',
	'is_outbound',
	'media_url',
	'message_handle',
	'reply_to',
	'seat_id',
	'send_style',
	'sender_email',
	'status',
	'thread_originator',
	'to_number',
];
const CONTACT = [
	'assigned_to_email',
	'company_name',
	'contact_id',
	'created_at',
	'custom_variables',
	'first_name',
	'last_name',
	'opt_out',
	'phone',
	'sendblue_number',
	'tags',
	'verified',
];
/** Fields that the SDK allows to be null on a listed message; elsewhere null is an absent field. */
const NULLABLE_WHEN_LISTED = new Set([
	'error_code',
	'error_detail',
	'error_message',
	'error_reason',
	'group_display_name',
	'group_id',
	'media_url',
	'seat_id',
	'sendblue_number',
	'sender_email',
]);
const NULLABLE_WHEN_SENT = new Set(['seat_id', 'sender_email']);

/** @typedef {Record<string, unknown>} Fields */

/**
 * @param {Fields} source
 * @param {string[]} names
 * @param {ReadonlySet<string>} nullable
 * @returns {Fields}
 */
function pick(source, names, nullable) {
	const entries = names
		.map((name) => [name, asText(name, source[name])])
		.filter(([name, value]) => value !== undefined && (value !== null || nullable.has(String(name))));
	return Object.fromEntries(entries);
}

/**
 * The SDK types a group's number as one string, and an unset style as absent.
 * @param {string} name
 * @param {unknown} value
 */
function asText(name, value) {
	if (name === 'send_style' && value === '') return undefined;
	return (name === 'number' || name === 'to_number') && Array.isArray(value) ? value[0] : value;
}

/** @param {unknown} view */
const sentMessage = (view) => pick(/** @type {Fields} */ (view), SENT_MESSAGE, NULLABLE_WHEN_SENT);
/** @param {unknown} view */
const listedMessage = (view) => pick(/** @type {Fields} */ (view), LISTED_MESSAGE, NULLABLE_WHEN_LISTED);
/** @param {unknown} view */
const contact = (view) => pick(/** @type {Fields} */ (view), CONTACT, new Set());

/**
 * What to cut, by path.
 * @type {[RegExp, (body: any) => unknown][]}
 */
const SHAPES = [
	[/^\/api\/(?:send-message|send-group-message|status)$/, sentMessage],
	[/^\/api\/v2\/messages$/, (body) => ({ ...body, data: body.data.map(listedMessage) })],
	[/^\/api\/v2\/messages\/[^/]+$/, (body) => ({ ...body, data: listedMessage(body.data) })],
	[/^\/api\/v2\/contacts$/, (body) => (Array.isArray(body) ? body.map(contact) : withContacts(body))],
	[/^\/api\/v2\/contacts\//, (body) => withContacts(body)],
];

/** @param {any} body */
function withContacts(body) {
	if (body.contact) return { ...body, contact: contact(body.contact) };
	return body.contacts ? { ...body, contacts: body.contacts.map(contact) } : body;
}

/**
 * @param {string} path
 * @param {import('./types.cjs').Reply} reply
 * @returns {import('./types.cjs').Reply}
 */
function inSdkShape(path, reply) {
	if (reply.status >= 400) {
		const { message } = /** @type {{ message?: string }} */ (reply.body);
		return { ...reply, body: { message } };
	}
	const shape = SHAPES.find(([pattern]) => pattern.test(path));
	return shape ? { ...reply, body: shape[1](reply.body) } : reply;
}

/**
 * What a webhook tells, with no more than the SDK's fields if it is about a message; of other events the SDK has no type.
 * @param {string} type
 * @param {Record<string, unknown>} payload
 * @returns {Record<string, unknown>}
 */
function webhookInSdkShape(type, payload) {
	const isMessage = ['receive', 'outbound', 'status_callback'].includes(type);
	return isMessage ? pick(payload, TOLD_MESSAGE, NULLABLE_WHEN_SENT) : payload;
}

module.exports = { inSdkShape, webhookInSdkShape };
