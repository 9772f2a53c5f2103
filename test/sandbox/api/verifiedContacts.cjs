'use strict';

const { SHARED_LINE } = require('../constants.cjs');
const { notFound, ok } = require('../replies.cjs');
const { requireNumber } = require('../validation.cjs');
const { ensureContact } = require('./contacts.cjs');

/**
 * @typedef {import('../types.cjs').App} App
 * @typedef {import('../types.cjs').Contact} Contact
 */

const LINE = { type: 'shared', phone_number: SHARED_LINE };

/**
 * A person may be written to from the shared line once they wrote to it themselves.
 * @param {App} app
 * @param {Contact} contact
 */
function verifiedView(app, { phone, created_at, updated_at }) {
	const verified = app.messages.some(({ view }) => {
		return !view.is_outbound && view.from_number === phone && view.sendblue_number === SHARED_LINE;
	});
	return {
		phone_number: phone,
		created_at,
		updated_at,
		verified,
		verification_status: verified ? 'verified' : 'pending',
	};
}

/** @type {import('../types.cjs').Route[]} */
const routes = [
	[
		'POST',
		'/v3/verified-contacts',
		({ app, body }) => {
			const contact = verifiedView(app, ensureContact(app, requireNumber(body.phone_number, 'phone_number')));
			const verification_instructions = contact.verified
				? null
				: `Ask the contact to send a message to ${SHARED_LINE}, then try again.`;
			return ok({ data: { contact, line: LINE, verification_instructions } });
		},
	],
	[
		'GET',
		'/v3/verified-contacts',
		({ app }) => {
			const contacts = [...app.contacts.values()].map((contact) => verifiedView(app, contact));
			return ok({ data: { contacts, line: LINE } });
		},
	],
	[
		'GET',
		'/v3/verified-contacts/:phone',
		({ app, params }) => {
			const contact = app.contacts.get(params.phone);
			if (!contact) throw notFound('Contact not found');
			return ok({ data: { contact: verifiedView(app, contact), line: LINE } });
		},
	],
];

module.exports = { routes };
