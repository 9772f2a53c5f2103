'use strict';

const busboy = require('busboy');
const { MAX_JSON_BYTES } = require('./constants.cjs');
const { refuse } = require('./replies.cjs');

/**
 * @typedef {import('http').IncomingMessage} IncomingMessage
 * @typedef {import('./types.cjs').UploadedFile} UploadedFile
 */

/** Thrown if the client went away before its request was complete. */
class ClientGone extends Error {}

/**
 * Reads a request body to its end: one file of a multipart form, or the fields of JSON or a URL-encoded form.
 * A body of any other type leaves no fields, so the route itself refuses what is missing.
 * @param {IncomingMessage} request
 * @param {number} maxUploadBytes
 * @returns {Promise<{ body: Record<string, unknown>, file: UploadedFile | null }>}
 */
async function readBody(request, maxUploadBytes) {
	const type = (request.headers['content-type'] ?? '').toLowerCase();
	if (type.startsWith('multipart/form-data')) {
		return { body: {}, file: await readMultipart(request, maxUploadBytes) };
	}
	const text = await readText(request);
	return { body: parseFields(type, text), file: null };
}

/**
 * Reads and drops the rest of a request.
 * @param {IncomingMessage} request
 * @returns {Promise<void>}
 */
async function drain(request) {
	await collect(request, () => {});
}

/**
 * @param {IncomingMessage} request
 * @param {(chunk: Buffer) => void} onChunk
 * @returns {Promise<void>}
 */
function collect(request, onChunk) {
	return new Promise((resolve, reject) => {
		request.on('data', onChunk);
		request.on('end', resolve);
		request.on('error', reject);
		request.on('close', () => {
			if (!request.complete) reject(new ClientGone('the client closed the connection'));
		});
		if (request.readableEnded) resolve();
	});
}

/**
 * @param {IncomingMessage} request
 * @returns {Promise<string>}
 */
async function readText(request) {
	/** @type {Buffer[]} */
	const chunks = [];
	let size = 0;
	await collect(request, (chunk) => {
		size += chunk.length;
		if (size <= MAX_JSON_BYTES) chunks.push(chunk);
	});
	if (size > MAX_JSON_BYTES) throw refuse('Request body is too large', { status: 413 });
	return Buffer.concat(chunks).toString('utf8');
}

/**
 * @param {string} type lower-case `Content-Type`
 * @param {string} text
 * @returns {Record<string, unknown>}
 */
function parseFields(type, text) {
	const isForm = type.startsWith('application/x-www-form-urlencoded');
	// The documentation's own curl lines send JSON with curl's default (form) type.
	if (type.startsWith('application/json') || (isForm && text.trimStart().startsWith('{'))) {
		return parseJsonObject(text);
	}
	return isForm ? Object.fromEntries(new URLSearchParams(text)) : {};
}

/**
 * @param {string} text
 * @returns {Record<string, unknown>}
 */
function parseJsonObject(text) {
	if (text.trim() === '') return {};
	/** @type {unknown} */
	let value;
	try {
		value = JSON.parse(text);
	} catch {
		throw refuse('Request body is not valid JSON');
	}
	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		throw refuse('Request body must be a JSON object');
	}
	return /** @type {Record<string, unknown>} */ (value);
}

/**
 * The form's part named `file`; null if there is none. A part above the limit comes back empty and truncated.
 * @param {IncomingMessage} request
 * @param {number} maxUploadBytes
 * @returns {Promise<UploadedFile | null>}
 */
async function readMultipart(request, maxUploadBytes) {
	const parser = createParser(request, maxUploadBytes);
	/** @type {UploadedFile | null} */
	let file = null;
	parser.on('file', (name, stream, info) => {
		/** @type {Buffer[]} */
		const chunks = [];
		let truncated = false;
		stream.on('data', (chunk) => {
			if (!truncated) chunks.push(chunk);
		});
		// A form that ends too early fails here as well; the parser's own error tells it.
		stream.on('error', () => {});
		stream.on('limit', () => {
			truncated = true;
			chunks.length = 0;
		});
		stream.on('end', () => {
			if (name !== 'file') return;
			const fileName = info.filename || 'file';
			file = { fileName, contentType: info.mimeType, bytes: Buffer.concat(chunks), truncated };
		});
	});
	const parsed = new Promise((resolve, reject) => {
		parser.on('close', () => resolve(undefined));
		parser.on('error', (error) => reject(refuse(`Malformed multipart body: ${error.message}`)));
	});
	request.pipe(parser);
	// A broken form leaves the rest of the request unread: take it off the socket before the answer.
	parsed.catch(() => request.resume());
	await Promise.all([parsed, collect(request, () => {})]);
	return file;
}

/**
 * @param {IncomingMessage} request
 * @param {number} maxUploadBytes
 */
function createParser(request, maxUploadBytes) {
	try {
		// One byte more than allowed: busboy reports the limit when it is reached, not when it is passed.
		const limits = { fileSize: maxUploadBytes + 1, files: 10 };
		return busboy({ headers: request.headers, defParamCharset: 'utf8', limits });
	} catch (error) {
		throw refuse(`Malformed multipart body: ${error instanceof Error ? error.message : error}`);
	}
}

module.exports = { ClientGone, readBody, readText, drain };
