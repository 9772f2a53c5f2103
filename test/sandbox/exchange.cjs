'use strict';

const { requireKeys } = require('./auth.cjs');
const { drain, readBody } = require('./body.cjs');
const { Refusal, errorReply } = require('./replies.cjs');
const { inSdkShape } = require('./sdkShape.cjs');

/**
 * @typedef {import('./types.cjs').App} App
 * @typedef {import('./types.cjs').LoggedRequest} LoggedRequest
 * @typedef {import('./types.cjs').Overrides} Overrides
 * @typedef {import('./types.cjs').ReceivedRequest} ReceivedRequest
 * @typedef {import('./types.cjs').Reply} Reply
 */

/** Media is open to anyone who has its address, as at Sendblue. */
const OPEN_PREFIX = '/media/';

/**
 * One API request and its answer, in steps a fault can take apart: receive, process, send or cut.
 */
class Exchange {
	/**
	 * @param {App} app
	 * @param {(app: App, received: ReceivedRequest, overrides: Overrides) => Promise<Reply>} dispatch
	 * @param {{ request: import('http').IncomingMessage, response: import('http').ServerResponse, url: URL, entry: LoggedRequest }} parts
	 */
	constructor(app, dispatch, { request, response, url, entry }) {
		this.app = app;
		this.request = request;
		this.response = response;
		this.url = url;
		this.entry = entry;
		this.dispatch = dispatch;
		/** @type {Promise<ReceivedRequest> | undefined} */
		this.received = undefined;
	}

	/**
	 * Checks the keys and reads the request to its end; a second call gives the same.
	 * @returns {Promise<ReceivedRequest>}
	 */
	async receive() {
		this.received ??= this.read();
		return await this.received;
	}

	/** @returns {Promise<ReceivedRequest>} */
	async read() {
		if (!this.url.pathname.startsWith(OPEN_PREFIX)) requireKeys(this.request.headers, this.app.keys);
		return {
			method: this.request.method ?? 'GET',
			path: this.url.pathname,
			query: this.url.searchParams,
			headers: this.request.headers,
			...(await readBody(this.request, this.app.settings.maxUploadBytes)),
		};
	}

	/**
	 * Receives the request and lets it take effect.
	 * @param {Overrides} [overrides]
	 * @returns {Promise<Reply>} the answer; refusals are answers too
	 */
	async process(overrides = {}) {
		try {
			return this.shaped(await this.dispatch(this.app, await this.receive(), overrides));
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			await this.drain();
			return this.shaped(errorReply(error.status, error.code, error.message, error.headers));
		}
	}

	/**
	 * @param {Reply} reply
	 * @returns {Reply} with only the SDK's fields if the sandbox is set to that
	 */
	shaped(reply) {
		return this.app.settings.shape === 'sdk' ? inSdkShape(this.url.pathname, reply) : reply;
	}

	/** Reads and drops what is left of the request. */
	async drain() {
		if (!this.request.complete) await drain(this.request);
	}

	/**
	 * Waits for the first bytes of the body, without reading it to the end.
	 * @param {number} count
	 * @returns {Promise<void>}
	 */
	waitForBodyBytes(count) {
		return new Promise((resolve) => {
			let size = 0;
			this.request.on('data', (/** @type {Buffer} */ chunk) => {
				size += chunk.length;
				if (size >= count) {
					this.request.pause();
					resolve();
				}
			});
			this.request.on('close', resolve);
			this.request.on('end', resolve);
		});
	}

	/**
	 * @param {Reply} reply
	 */
	send(reply) {
		this.response.end(this.writeHead(reply));
	}

	/**
	 * Promises the whole body, sends half of it and cuts the connection.
	 * @param {Reply} reply
	 */
	sendHalf(reply) {
		const bytes = this.writeHead(reply);
		this.response.write(bytes.subarray(0, bytes.length >> 1), () => this.cut());
	}

	/**
	 * Writes status and headers, the length of the whole body among them.
	 * @param {Reply} reply
	 * @returns {Buffer} the body that is to follow
	 */
	writeHead({ status, headers, body }) {
		const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
		if (!this.response.destroyed) this.entry.status = status;
		const own = { 'content-type': 'application/json; charset=utf-8', 'content-length': bytes.length };
		this.response.writeHead(status, { ...own, ...headers });
		return bytes;
	}

	/** Cuts the connection with nothing more said. */
	cut() {
		this.request.socket.destroy();
	}
}

module.exports = { Exchange };
