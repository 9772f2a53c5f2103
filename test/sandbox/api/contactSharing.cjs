'use strict';

const { ok, refuse } = require('../replies.cjs');
const { isHttpUrl, optionalText, requireLine, requireNumber } = require('../validation.cjs');

/**
 * @typedef {import('../types.cjs').App} App
 * @typedef {import('../types.cjs').Call} Call
 * @typedef {import('../types.cjs').Reply} Reply
 */

/** Sharing again within this time does nothing (docs: contact sharing). */
const SHARED_FOR_MS = 24 * 60 * 60_000;

/**
 * @param {App} app
 * @param {string} line
 */
function stateOf(app, line) {
	const profile = app.profiles.get(line);
	const { firstName = '', lastName = '' } = profile ?? {};
	return { hasProfile: profile !== undefined, firstName, lastName, displayName: `${firstName} ${lastName}`.trim() };
}

/**
 * GET /api/v2/contact-sharing/state?fromNumber=
 * @param {Call} call
 * @returns {Reply}
 */
function state({ app, query }) {
	return ok({ status: 'OK', data: stateOf(app, requireLine(query.get('fromNumber'))) });
}

/**
 * POST /api/v2/contact-sharing/profile: sets name and photo of a line.
 * @param {Call} call
 * @returns {Reply}
 */
function setProfile({ app, body }) {
	const line = requireLine(body.fromNumber);
	const firstName = optionalText(body.firstName, 'firstName');
	const lastName = optionalText(body.lastName, 'lastName');
	if (firstName === '' && lastName === '') throw refuse('firstName or lastName is required');
	const photo = optionalText(body.photoUrl, 'photoUrl');
	if (photo !== '' && body.clearPhoto) throw refuse('photoUrl and clearPhoto exclude each other');
	if (photo !== '' && !(isHttpUrl(photo) && /\.(?:jpe?g|png)$/i.test(new URL(photo).pathname))) {
		throw refuse('photoUrl must be the public address of a JPEG or PNG');
	}
	const kept = body.clearPhoto ? null : (app.profiles.get(line)?.photoUrl ?? null);
	app.profiles.set(line, { firstName, lastName, photoUrl: photo === '' ? kept : photo });
	return ok({ status: 'OK', data: stateOf(app, line) });
}

/**
 * DELETE /api/v2/contact-sharing/profile
 * @param {Call} call
 * @returns {Reply}
 */
function removeProfile({ app, body }) {
	const line = requireLine(body.fromNumber);
	app.profiles.delete(line);
	return ok({ status: 'OK', data: stateOf(app, line) });
}

/**
 * POST /api/v2/contact-sharing/share: shows the profile to a person the line has written with already.
 * @param {Call} call
 * @returns {Reply}
 */
function share({ app, body }) {
	const line = requireLine(body.fromNumber);
	const number = requireNumber(body.toNumber, 'toNumber');
	if (!app.profiles.has(line)) throw refuse('The line has no contact profile');
	const hasChat = app.messages.some(({ view }) => view.sendblue_number === line && view.number === number);
	if (!hasChat) throw refuse('There is no iMessage conversation with this number');
	const key = `${line} ${number}`;
	const deduplicated = Date.now() - (app.profileShares.get(key) ?? 0) < SHARED_FOR_MS;
	if (!deduplicated) app.profileShares.set(key, Date.now());
	return ok({ status: 'OK', requested: !deduplicated, deduplicated });
}

/** @type {import('../types.cjs').Route[]} */
const routes = [
	['GET', '/api/v2/contact-sharing/state', state],
	['POST', '/api/v2/contact-sharing/profile', setProfile],
	['DELETE', '/api/v2/contact-sharing/profile', removeProfile],
	['POST', '/api/v2/contact-sharing/share', share],
];

module.exports = { routes };
