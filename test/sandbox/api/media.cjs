'use strict';

const { contentTypeOf } = require('../media.cjs');
const { notFound } = require('../replies.cjs');

/**
 * The whole file under its public address; a `Range` header is not heeded.
 * @type {import('../types.cjs').Handler}
 */
function getMedia({ app, params }) {
	const file = app.media.get(params.object);
	if (!file) throw notFound('No such object');
	return { status: 200, headers: { 'content-type': contentTypeOf(file) }, body: file.bytes };
}

/** @type {import('../types.cjs').Route[]} */
const routes = [
	['GET', '/media/:object', getMedia],
	['HEAD', '/media/:object', getMedia],
];

module.exports = { routes };
