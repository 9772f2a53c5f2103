'use strict';

const { ERROR_BLACKLISTED, LINES, SHARED_LINE } = require('./constants.cjs');
const { refuse } = require('./replies.cjs');

const EMERGENCY_NUMBERS = /^\+?1?(?:911|933|988)$/;

/**
 * A recipient in E.164 form, or a refusal that names the field.
 * @param {unknown} value
 * @param {string} field
 * @returns {string}
 */
function requireNumber(value, field) {
	if (value === undefined || value === null || value === '') throw refuse(`Missing required parameter: ${field}`);
	if (typeof value === 'string' && EMERGENCY_NUMBERS.test(value)) {
		throw refuse(`${field} is blacklisted`, { code: ERROR_BLACKLISTED });
	}
	if (typeof value !== 'string' || !/^\+[1-9]\d{6,14}$/.test(value)) {
		throw refuse(`${field} must be a phone number in E.164 format`);
	}
	return value;
}

/**
 * A phone number in E.164 form or an iMessage e-mail address, as the SDK types members of groups and look-ups.
 * @param {unknown} value
 * @param {string} field
 * @returns {string}
 */
function requireHandle(value, field) {
	if (typeof value === 'string' && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) return value;
	return requireNumber(value, field);
}

/**
 * One of the account's lines, the shared one included.
 * @param {unknown} value
 * @returns {string}
 */
function requireLine(value) {
	const line = requireNumber(value, 'from_number');
	if (!LINES.includes(line) && line !== SHARED_LINE) throw refuse('The from_number is not registered');
	return line;
}

/**
 * @param {unknown} value
 * @param {string} field
 * @returns {string}
 */
function requireText(value, field) {
	if (typeof value !== 'string' || value === '') throw refuse(`Missing required parameter: ${field}`);
	return value;
}

/**
 * An absent text is the empty one; anything but text is refused.
 * @param {unknown} value
 * @param {string} field
 * @returns {string}
 */
function optionalText(value, field) {
	if (value === undefined || value === null) return '';
	if (typeof value !== 'string') throw refuse(`${field} must be a string`);
	return value;
}

/**
 * @param {unknown} value
 * @param {string} field
 * @returns {string} '' if there is none
 */
function optionalHttpUrl(value, field) {
	const url = optionalText(value, field);
	if (url !== '' && !isHttpUrl(url)) throw refuse(`${field} must be a valid http or https URL`);
	return url;
}

/**
 * @param {string} value
 */
function isHttpUrl(value) {
	return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}

/**
 * @template {string} T
 * @param {unknown} value
 * @param {readonly T[]} allowed
 * @param {string} field
 * @param {string} [code]
 * @returns {T}
 */
function requireOneOf(value, allowed, field, code) {
	const found = allowed.find((entry) => entry === value);
	if (found === undefined) throw refuse(`${field} must be one of: ${allowed.join(', ')}`, { code });
	return found;
}

/**
 * A whole number from the query string.
 * @param {URLSearchParams} query
 * @param {string} field
 * @param {{ fallback: number, max: number }} bounds
 */
function wholeNumber(query, field, { fallback, max }) {
	const text = query.get(field);
	if (text === null || text === '') return fallback;
	const value = Number(text);
	if (!Number.isInteger(value) || value < 0) throw refuse(`${field} must be a whole number`);
	return Math.min(value, max);
}

/**
 * A time from the query string, in ms since 1970.
 * @param {URLSearchParams} query
 * @param {string} field
 * @returns {number | null}
 */
function optionalTime(query, field) {
	const text = query.get(field);
	if (text === null || text === '') return null;
	const time = Date.parse(text);
	if (Number.isNaN(time)) throw refuse(`${field} must be an ISO 8601 date`);
	return time;
}

module.exports = {
	requireNumber,
	requireHandle,
	requireLine,
	requireText,
	optionalText,
	optionalHttpUrl,
	isHttpUrl,
	requireOneOf,
	wholeNumber,
	optionalTime,
};
