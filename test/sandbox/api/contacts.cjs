'use strict';

const { randomUUID } = require('node:crypto');
const { notFound, ok, refuse } = require('../replies.cjs');
const { optionalTime, requireNumber, requireOneOf, wholeNumber } = require('../validation.cjs');

/**
 * @typedef {import('../types.cjs').App} App
 * @typedef {import('../types.cjs').Call} Call
 * @typedef {import('../types.cjs').Contact} Contact
 * @typedef {import('../types.cjs').Reply} Reply
 */

/** Fields a request may set, in either spelling. */
const FIELDS = /** @type {const} */ ([
	['first_name', 'firstName'],
	['last_name', 'lastName'],
	['company_name', 'companyName'],
	['sendblue_number', 'sendblueNumber'],
	['assigned_to_email', 'assignedToEmail'],
	['tags', 'tags'],
	['custom_variables', 'customVariables'],
	['opt_out', 'optOut'],
]);

/**
 * A contact as live traffic shows it: every field in both spellings.
 * @param {Contact} contact
 * @returns {Record<string, unknown>}
 */
function contactView(contact) {
	/** @type {Record<string, unknown>} */
	const view = { ...contact };
	for (const [name, value] of Object.entries(contact)) {
		view[name.replace(/_(\w)/g, (_match, letter) => letter.toUpperCase())] = value;
	}
	return view;
}

/**
 * @param {Contact} contact
 * @param {Record<string, unknown>} body
 */
function setFields(contact, body) {
	for (const [snake, camel] of FIELDS) {
		const value = body[snake] ?? body[camel];
		if (value === undefined) continue;
		// The SDK says of this one field that it is merged.
		const merged =
			snake === 'custom_variables' ? { ...contact.custom_variables, .../** @type {object} */ (value) } : value;
		Object.assign(contact, { [snake]: merged });
	}
	contact.updated_at = new Date().toISOString();
}

/**
 * @param {App} app
 * @param {string} phone
 * @returns {Contact} the contact, made if there was none
 */
function ensureContact(app, phone) {
	const known = app.contacts.get(phone);
	if (known) return known;
	const now = new Date().toISOString();
	/** @type {Contact} */
	const contact = {
		contact_id: randomUUID(),
		phone,
		first_name: '',
		last_name: '',
		company_name: '',
		sendblue_number: '',
		assigned_to_email: '',
		tags: [],
		custom_variables: {},
		opt_out: false,
		verified: false,
		created_at: now,
		updated_at: now,
	};
	app.contacts.set(phone, contact);
	return contact;
}

/**
 * @param {Call} call
 * @returns {Contact}
 */
function requireContact({ app, params }) {
	const contact = app.contacts.get(params.phone);
	if (!contact) throw notFound('Contact not found');
	return contact;
}

/**
 * GET /api/v2/contacts: a bare list.
 * @param {Call} call
 * @returns {Reply}
 */
function list({ app, query }) {
	const limit = wholeNumber(query, 'limit', { fallback: 100, max: 1000 });
	const offset = wholeNumber(query, 'offset', { fallback: 0, max: 10_000 });
	const direction = requireOneOf(
		query.get('order_direction') || app.settings.defaultOrder,
		['asc', 'desc'],
		'order_direction',
	);
	requireOneOf(query.get('order_by') || 'created_at', ['created_at', 'createdAt'], 'order_by');
	const since = optionalTime(query, 'created_at_gte') ?? 0;
	const phone = query.get('phone_number');
	const id = query.get('cid');
	const found = [...app.contacts.values()].filter((contact) => {
		const isNamed = (!phone || contact.phone === phone) && (!id || contact.contact_id === id);
		return isNamed && Date.parse(contact.created_at) >= since;
	});
	if (direction === 'desc') found.reverse();
	return ok(found.slice(offset, offset + limit).map(contactView));
}

/**
 * POST /api/v2/contacts
 * @param {Call} call
 * @returns {Reply}
 */
function create({ app, body }) {
	const phone = requireNumber(body.number ?? body.phone_number ?? body.phoneNumber, 'number');
	if (app.contacts.has(phone) && !body.update_if_exists) {
		throw refuse('Contact already exists', { status: 409, code: 'CONFLICT' });
	}
	const contact = ensureContact(app, phone);
	setFields(contact, body);
	return ok({ status: 'OK', contact: contactView(contact) });
}

/**
 * POST /api/v2/contacts/bulk
 * @param {Call} call
 * @returns {Reply}
 */
function createMany({ app, body }) {
	if (!Array.isArray(body.contacts)) throw refuse('contacts must be a list');
	const phones = body.contacts.map((entry) => requireNumber(entry?.phone, 'phone'));
	const contacts = phones.map((phone, index) => {
		const contact = ensureContact(app, phone);
		setFields(contact, /** @type {Record<string, unknown>[]} */ (body.contacts)[index]);
		return contactView(contact);
	});
	return ok({ status: 'OK', contacts });
}

/**
 * DELETE /api/v2/contacts, with the numbers in the body
 * @param {Call} call
 * @returns {Reply}
 */
function deleteMany({ app, body }) {
	if (!Array.isArray(body.contact_ids)) throw refuse('contact_ids must be a list');
	const amount = body.contact_ids.filter((phone) => app.contacts.delete(phone)).length;
	return ok({ status: 'OK', amount });
}

/**
 * POST /api/v2/contacts/opt-out
 * @param {Call} call
 * @returns {Reply}
 */
function optOut({ app, body }) {
	const number = requireNumber(body.number, 'number');
	const optedOut = body.opted_out !== false;
	ensureContact(app, number).opt_out = optedOut;
	return ok({ status: 'OK', number, opted_out: optedOut });
}

/** @type {import('../types.cjs').Route[]} */
const routes = [
	['GET', '/api/v2/contacts', list],
	['POST', '/api/v2/contacts', create],
	['DELETE', '/api/v2/contacts', deleteMany],
	['GET', '/api/v2/contacts/count', ({ app }) => ok({ count: app.contacts.size })],
	['POST', '/api/v2/contacts/bulk', createMany],
	['POST', '/api/v2/contacts/opt-out', optOut],
	[
		'POST',
		'/api/v2/contacts/verify',
		({ app, body }) => {
			ensureContact(app, requireNumber(body.number, 'number')).verified = true;
			return ok({ status: 'OK' });
		},
	],
	['GET', '/api/v2/contacts/:phone', (call) => ok({ status: 'OK', contact: contactView(requireContact(call)) })],
	[
		'PUT',
		'/api/v2/contacts/:phone',
		(call) => {
			const contact = requireContact(call);
			setFields(contact, call.body);
			return ok({ status: 'OK', contact: contactView(contact) });
		},
	],
	[
		'DELETE',
		'/api/v2/contacts/:phone',
		(call) => {
			call.app.contacts.delete(requireContact(call).phone);
			return ok({ status: 'OK' });
		},
	],
];

module.exports = { routes, ensureContact };
