'use strict';

const { randomUUID } = require('node:crypto');
const { LINES, MAX_GROUP_SIZE, MAX_PHOTO_BYTES, SHARED_LINE } = require('../constants.cjs');
const { createGroup, requireGroup, requireNumbers } = require('../groups.cjs');
const { storeMedia } = require('../media.cjs');
const { ok, refuse } = require('../replies.cjs');
const { isHttpUrl, optionalText, requireHandle, requireLine, requireOneOf } = require('../validation.cjs');

/**
 * @typedef {import('../types.cjs').Call} Call
 * @typedef {import('../types.cjs').Group} Group
 * @typedef {import('../types.cjs').Reply} Reply
 */

/** Members a group must have, its line among them, before one can be removed. */
const MIN_SIZE_FOR_REMOVAL = 4;

/**
 * POST /api/create-group
 * @param {Call} call
 * @returns {Reply}
 */
function create({ app, body }) {
	const line = requireLine(body.from_number);
	const numbers = requireNumbers(body.numbers);
	const name = optionalText(body.group_name, 'group_name');
	const group = createGroup(app, line, numbers, name === '' ? null : name);
	return ok({ status: 'OK', group_id: group.group_id, group_name: group.group_name, numbers });
}

/**
 * POST /api/modify-group
 * @param {Call} call
 * @returns {Reply}
 */
function modify({ app, body }) {
	const group = requireGroup(app, body.group_id, 404);
	const type = requireOneOf(body.modify_type, ['add_recipient', 'remove_recipient'], 'modify_type');
	const number = requireHandle(body.number, 'number');
	if (LINES.includes(number) || number === SHARED_LINE) throw refuse('Your own lines cannot be added or removed');
	if (body.from_number !== undefined && requireLine(body.from_number) !== group.from_number) {
		throw refuse('The from_number is not in the group', { code: 'line_not_registered' });
	}
	if (type === 'add_recipient') addMember(group, number);
	else removeMember(group, number);
	group.updated_at = new Date().toISOString();
	const echo = { group_id: group.group_id, modify_type: type, number };
	return ok({ status: 'OK', ...echo, error: null, error_message: null });
}

/**
 * @param {Group} group
 * @param {string} number
 */
function addMember(group, number) {
	if (group.numbers.includes(number)) throw refuse('The number is already in the group');
	if (group.numbers.length >= MAX_GROUP_SIZE) throw refuse(`A group may have at most ${MAX_GROUP_SIZE} people`);
	group.numbers.push(number);
}

/**
 * @param {Group} group
 * @param {string} number
 */
function removeMember(group, number) {
	if (!group.numbers.includes(number)) throw refuse('The number is not in the group');
	if (group.numbers.length + 1 < MIN_SIZE_FOR_REMOVAL) {
		throw refuse(`A group needs ${MIN_SIZE_FOR_REMOVAL} members before one can be removed`);
	}
	group.numbers = group.numbers.filter((entry) => entry !== number);
}

/**
 * GET /api/v2/groups/{group_id}
 * @param {Call} call
 * @returns {Reply}
 */
function retrieve({ app, params }) {
	const group = requireGroup(app, params.id, 404);
	const messages = app.messages.filter(({ view }) => view.group_id === group.group_id);
	const latest = messages.at(-1)?.view;
	return ok({
		status: 'OK',
		data: {
			group_id: group.group_id,
			group_name: group.group_name ?? '',
			group_photo: group.photo,
			participant_numbers: group.numbers,
			participants: group.numbers.map((handle) => participantView(app, group, handle)),
			created_at: group.created_at,
			updated_at: group.updated_at,
			latest_comm_at: latest?.date_sent ?? null,
			latest_message_id: latest?.message_handle ?? null,
			worker_group_id: null,
		},
	});
}

/**
 * A member as the SDK types it: with the raw handle, a row of its own, and the contact where there is one.
 * @param {import('../types.cjs').App} app
 * @param {Group} group
 * @param {string} handle
 */
function participantView(app, group, handle) {
	const contact = app.contacts.get(handle);
	const name = [contact?.first_name, contact?.last_name].filter(Boolean).join(' ');
	return {
		type: 'contact',
		participant_id: `${group.group_id}:${group.numbers.indexOf(handle) + 1}`,
		contact_id: contact?.contact_id ?? null,
		handle,
		name: name === '' ? null : name,
		phone: handle.startsWith('+') ? handle : null,
		seat_id: null,
	};
}

/**
 * The group of a request that a line of it must carry out.
 * @param {Call} call
 * @returns {Group}
 */
function requireActingGroup({ app, params, body }) {
	const group = requireGroup(app, params.id, 404);
	const line = body.from_number ?? group.from_number;
	if (requireLine(line) !== group.from_number) {
		throw refuse('The from_number is not in the group', { code: 'unsupported_line' });
	}
	return group;
}

/**
 * POST /api/v2/groups/{group_id}/name; null clears the name, a blank one is refused.
 * @param {Call} call
 * @returns {Reply}
 */
function rename(call) {
	const group = requireActingGroup(call);
	const { group_name: name } = call.body;
	if (name === undefined) throw refuse('Missing required parameter: group_name');
	if (name !== null && optionalText(name, 'group_name').trim() === '') throw refuse('group_name must not be blank');
	group.group_name = /** @type {string | null} */ (name);
	const { group_id, from_number } = group;
	return ok({ status: 'OK', data: { group_id, group_name: name ?? '', from_number } });
}

/**
 * POST /api/v2/groups/{group_id}/photo: an address, or a file of a form; null clears the photo.
 * @param {Call} call
 * @returns {Reply}
 */
function setPhoto(call) {
	const group = requireActingGroup(call);
	const { app, body, file } = call;
	const url = file ? storeMedia(app, requirePhoto(file)).mediaUrl : body.photo_url;
	if (url === undefined) throw refuse('Missing required parameter: photo_url');
	if (url !== null && !isHttpUrl(String(url))) throw refuse('photo_url must be a valid http or https URL');
	group.photo = url === null ? null : { photo_guid: randomUUID(), url: String(url) };
	const { group_id, from_number, photo } = group;
	return ok({ status: 'OK', data: { group_id, group_photo: photo, from_number } });
}

/**
 * @param {import('../types.cjs').UploadedFile} file
 */
function requirePhoto(file) {
	if (file.bytes.length > MAX_PHOTO_BYTES) throw refuse('The photo is larger than 5 MB', { status: 413 });
	return file;
}

/** @type {import('../types.cjs').Route[]} */
const routes = [
	['POST', '/api/create-group', create],
	['POST', '/api/modify-group', modify],
	['GET', '/api/v2/groups/:id', retrieve],
	['POST', '/api/v2/groups/:id/name', rename],
	['POST', '/api/v2/groups/:id/photo', setPhoto],
];

module.exports = { routes };
