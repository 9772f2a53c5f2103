'use strict';

const { randomUUID } = require('node:crypto');
const { MAX_GROUP_SIZE } = require('./constants.cjs');
const { refuse } = require('./replies.cjs');
const { requireHandle } = require('./validation.cjs');

/**
 * @typedef {import('./types.cjs').App} App
 * @typedef {import('./types.cjs').Group} Group
 */

/**
 * The list of a group's numbers, checked and without repeats.
 * @param {unknown} value
 * @returns {string[]}
 */
function requireNumbers(value) {
	if (!Array.isArray(value) || value.length === 0) throw refuse('Either numbers or group_id must be provided');
	const numbers = [...new Set(value.map((entry) => requireHandle(entry, 'numbers')))];
	if (numbers.length > MAX_GROUP_SIZE) throw refuse(`A group may have at most ${MAX_GROUP_SIZE} people`);
	return numbers;
}

/**
 * Recipients of a group send: those of `group_id`, else `numbers`.
 * @param {App} app
 * @param {Record<string, unknown>} body
 * @returns {string[]}
 */
function groupMembers(app, body) {
	if (!body.group_id) return requireNumbers(body.numbers);
	return requireGroup(app, body.group_id, 400).numbers;
}

/**
 * @param {App} app
 * @param {unknown} groupId
 * @param {number} status of the refusal if there is no such group
 * @returns {Group}
 */
function requireGroup(app, groupId, status) {
	const group = app.groups.get(String(groupId ?? ''));
	if (!group) throw refuse('Group not found', { status, code: status === 404 ? 'NOT_FOUND' : undefined });
	return group;
}

/**
 * The group a message goes to: the one named, one with the same line and members, or a new one.
 * @param {App} app
 * @param {Record<string, unknown>} body
 * @param {string} line
 * @param {string[]} members
 * @returns {Group}
 */
function groupForSend(app, body, line, members) {
	if (body.group_id) return requireGroup(app, body.group_id, 400);
	const wanted = [...members].sort().join();
	const known = [...app.groups.values()].find((group) => {
		return group.from_number === line && [...group.numbers].sort().join() === wanted;
	});
	return known ?? createGroup(app, line, members, null);
}

/**
 * @param {App} app
 * @param {string} line
 * @param {string[]} numbers
 * @param {string | null} name
 * @returns {Group}
 */
function createGroup(app, line, numbers, name) {
	const now = new Date().toISOString();
	const group = {
		group_id: randomUUID(),
		group_name: name,
		from_number: line,
		numbers: [...numbers],
		photo: null,
		created_at: now,
		updated_at: now,
	};
	app.groups.set(group.group_id, group);
	return group;
}

module.exports = { requireNumbers, groupMembers, requireGroup, groupForSend, createGroup };
