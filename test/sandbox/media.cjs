'use strict';

const { createHash, randomBytes } = require('node:crypto');
const path = require('node:path');
const { isLoopbackUrl, requestLoopback } = require('./loopback.cjs');

/**
 * @typedef {import('./types.cjs').App} App
 * @typedef {import('./types.cjs').MessageMedia} MessageMedia
 * @typedef {import('./types.cjs').UploadedFile} UploadedFile
 */

/** @type {Record<string, string>} */
const CONTENT_TYPES = {
	'.caf': 'audio/x-caf',
	'.m4a': 'audio/mp4',
	'.mp3': 'audio/mpeg',
	'.mp4': 'video/mp4',
	'.ogg': 'audio/ogg',
	'.png': 'image/png',
	'.jpg': 'image/jpeg',
	'.pdf': 'application/pdf',
	'.wav': 'audio/wav',
};

const DOWNLOAD_TIMEOUT_MS = 10_000;

/**
 * Keeps a file and gives it a public address that ends with the file's own name, as Sendblue's bucket does.
 * @param {App} app
 * @param {UploadedFile} file
 * @returns {{ mediaUrl: string, objectId: string }}
 */
function storeMedia(app, file) {
	const objectId = `${randomBytes(6).toString('hex')}_${file.fileName}`;
	app.media.set(objectId, file);
	return { mediaUrl: mediaUrl(app, objectId), objectId };
}

/**
 * Makes a stored file reachable under an address without its `.caf`.
 * @param {App} app
 * @param {string} url
 * @returns {string} the new address; the old one if the file is not a `.caf`
 */
function dropCafExtension(app, url) {
	const objectId = objectIdOf(app, url);
	const file = objectId === null ? undefined : app.media.get(objectId);
	if (objectId === null || !file || !/\.caf$/i.test(objectId)) return url;
	const bareId = objectId.replace(/\.caf$/i, '');
	app.media.set(bareId, file);
	return mediaUrl(app, bareId);
}

/**
 * @param {App} app
 * @param {string} objectId
 */
function mediaUrl(app, objectId) {
	return `${app.url}/media/${encodeURIComponent(objectId)}`;
}

/**
 * @param {App} app
 * @param {string} url
 * @returns {string | null} null for an address that is not in the sandbox's store
 */
function objectIdOf(app, url) {
	const prefix = `${app.url}/media/`;
	if (!url.startsWith(prefix)) return null;
	try {
		return decodeURIComponent(url.slice(prefix.length));
	} catch {
		return null;
	}
}

/**
 * @param {UploadedFile} file
 */
function contentTypeOf(file) {
	return CONTENT_TYPES[path.extname(file.fileName).toLowerCase()] ?? file.contentType;
}

/**
 * Reads a media URL: from the own store, or by download if it is on this machine.
 * @param {App} app
 * @param {string} url
 * @returns {Promise<UploadedFile>} rejects with the reason if there is nothing to read
 */
async function readMedia(app, url) {
	const objectId = objectIdOf(app, url);
	if (objectId !== null) {
		const file = app.media.get(objectId);
		if (!file) throw new Error('no such file in the media store');
		return file;
	}
	if (!isLoopbackUrl(url)) throw new Error('not on loopback, not fetched');
	const response = await requestLoopback(url, {
		timeoutMs: DOWNLOAD_TIMEOUT_MS,
		maxBytes: app.settings.maxUploadBytes,
		signal: app.connections.signal,
	});
	if (response.status !== 200) throw new Error(`answered ${response.status}`);
	return {
		fileName: fileNameOf(url),
		contentType: response.headers['content-type'] ?? 'application/octet-stream',
		bytes: response.bytes,
		truncated: false,
	};
}

/**
 * @param {string} url
 */
function fileNameOf(url) {
	const last = new URL(url).pathname.split('/').pop() || 'file';
	try {
		return decodeURIComponent(last);
	} catch {
		return last;
	}
}

/**
 * Media of a message, with its bytes if they can be had; never rejects.
 * @param {App} app
 * @param {string} url
 * @returns {Promise<MessageMedia>}
 */
async function fetchMessageMedia(app, url) {
	try {
		const file = await readMedia(app, url);
		return {
			url,
			fileName: file.fileName,
			contentType: contentTypeOf(file),
			size: file.bytes.length,
			sha256: createHash('sha256').update(file.bytes).digest('hex'),
			base64: file.bytes.toString('base64'),
			error: null,
		};
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		const nothing = { contentType: null, size: null, sha256: null, base64: null };
		return { url, fileName: fileNameOf(url), ...nothing, error: reason };
	}
}

module.exports = { storeMedia, dropCafExtension, readMedia, fetchMessageMedia, contentTypeOf };
