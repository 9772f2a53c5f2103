'use strict';

const { readMedia, storeMedia } = require('../media.cjs');
const { ok, refuse } = require('../replies.cjs');
const { isHttpUrl } = require('../validation.cjs');

/**
 * @typedef {import('../types.cjs').Call} Call
 * @typedef {import('../types.cjs').Reply} Reply
 */

/**
 * POST /api/upload-file: a multipart form with one part named `file`.
 * @param {Call} call
 * @returns {Reply}
 */
function uploadFile({ app, file }) {
	if (!file) throw refuse('No file uploaded');
	if (file.truncated) throw refuse('File is larger than 100 MB', { status: 413 });
	const { mediaUrl, objectId } = storeMedia(app, file);
	return ok(
		{
			status: 'OK',
			message: 'File uploaded successfully',
			media_url: mediaUrl,
			mediaObjectId: objectId,
		},
		201,
	);
}

/**
 * POST /api/upload-media-object: hosts the file behind a URL anew. As documented, the answer has no `media_url`.
 * @param {Call} call
 * @returns {Promise<Reply>}
 */
async function uploadMediaObject({ app, body }) {
	const url = body.media_url;
	if (typeof url !== 'string' || !isHttpUrl(url)) throw refuse('Invalid media URL');
	const file = await readMedia(app, url).catch(() => {
		throw refuse('Invalid media URL');
	});
	const { objectId } = storeMedia(app, file);
	return ok({ status: 'OK', message: 'File uploaded successfully', mediaObjectId: objectId }, 201);
}

/** @type {import('../types.cjs').Route[]} */
const routes = [
	['POST', '/api/upload-file', uploadFile],
	['POST', '/api/upload-media-object', uploadMediaObject],
];

module.exports = { routes };
