'use strict';

const { ERROR_VALIDATION } = require('./constants.cjs');

/** @typedef {import('./types.cjs').Reply} Reply */

/** A refusal: becomes Sendblue's error envelope with an HTTP status. */
class Refusal extends Error {
	/**
	 * @param {string} message
	 * @param {number} status HTTP status
	 * @param {number | string} code `error_code` of the envelope
	 * @param {Record<string, string>} headers
	 */
	constructor(message, status, code, headers) {
		super(message);
		this.status = status;
		this.code = code;
		this.headers = headers;
	}
}

/**
 * A refusal to throw; 400 with the validation code unless told otherwise.
 * @param {string} message
 * @param {{ status?: number, code?: number | string, headers?: Record<string, string> }} [options]
 */
function refuse(message, { status = 400, code = ERROR_VALIDATION, headers = {} } = {}) {
	return new Refusal(message, status, code, headers);
}

/**
 * @param {string} message
 */
function notFound(message) {
	return refuse(message, { status: 404, code: 'NOT_FOUND' });
}

/**
 * Sendblue spells the text `message` on newer routes and `error_message` on older ones; the sandbox sends both.
 * @param {number} status
 * @param {number | string} code
 * @param {string} message
 * @param {Record<string, string>} [headers]
 * @returns {Reply}
 */
function errorReply(status, code, message, headers) {
	return { status, headers, body: { status: 'ERROR', error_code: code, error_message: message, message } };
}

/**
 * @param {unknown} body
 * @param {number} [status]
 * @returns {Reply}
 */
function ok(body, status = 200) {
	return { status, body };
}

module.exports = { Refusal, refuse, notFound, errorReply, ok };
