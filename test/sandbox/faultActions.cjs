'use strict';

const { errorReply } = require('./replies.cjs');
const { dropCafExtension } = require('./media.cjs');

/**
 * @typedef {import('./exchange.cjs').Exchange} Exchange
 * @typedef {import('./types.cjs').FaultRule} FaultRule
 * @typedef {import('./types.cjs').Reply} Reply
 */

const DEFAULT_SLOW_MS = 1000;
const DEFAULT_LATE_MS = 500;

/**
 * What each kind of fault does to an exchange.
 * @type {Record<import('./types.cjs').FaultKind, (exchange: Exchange, rule: FaultRule) => Promise<void>>}
 */
const FAULT_ACTIONS = {
	async status(exchange, rule) {
		await processIf(exchange, rule.processed ?? false);
		const status = rule.status ?? 500;
		/** @type {Record<string, string>} */
		const headers = { ...rule.headers };
		if (rule.retryAfter !== undefined) headers['retry-after'] = String(rule.retryAfter);
		exchange.send(rule.body === undefined ? statusReply(status, headers) : { status, headers, body: rule.body });
	},

	async slow(exchange, rule) {
		const reply = await processIf(exchange, rule.processed ?? true);
		await exchange.app.timers.sleep(rule.delayMs ?? DEFAULT_SLOW_MS);
		exchange.send(reply ?? statusReply(rule.status ?? 504));
	},

	async cutBeforeRequest(exchange) {
		exchange.cut();
	},

	async cutDuringUpload(exchange, rule) {
		const length = Number(exchange.request.headers['content-length'] ?? 0);
		await exchange.waitForBodyBytes(rule.afterBytes ?? Math.max(1, length >> 1));
		exchange.cut();
	},

	async cutAfterAccepted(exchange) {
		await exchange.process();
		exchange.cut();
	},

	async halfResponse(exchange, rule) {
		const reply = await processIf(exchange, rule.processed ?? true);
		exchange.sendHalf(reply ?? statusReply(200));
	},

	async invalidJson(exchange, rule) {
		const reply = await processIf(exchange, rule.processed ?? true);
		const body = Buffer.from('{"status": "OK", "message_handle": ');
		exchange.send({ status: rule.status ?? reply?.status ?? 200, body });
	},

	async htmlError(exchange, rule) {
		await processIf(exchange, rule.processed ?? false);
		const title = '502 Bad Gateway';
		const body = Buffer.from(`<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`);
		exchange.send({ status: rule.status ?? 502, headers: { 'content-type': 'text/html' }, body });
	},

	async errorIn200(exchange, rule) {
		await exchange.drain();
		const code = rule.error_code ?? 5000;
		exchange.send(errorReply(200, code, rule.error_message ?? 'Internal error'));
	},

	async noMediaUrl(exchange) {
		const reply = await exchange.process();
		const { media_url: _dropped, ...rest } = fieldsOf(reply);
		exchange.send({ ...reply, body: rest });
	},

	async mediaUrlWithoutCaf(exchange) {
		const reply = await exchange.process();
		const fields = fieldsOf(reply);
		if (typeof fields.media_url === 'string') {
			fields.media_url = dropCafExtension(exchange.app, fields.media_url);
		}
		exchange.send({ ...reply, body: fields });
	},

	async acceptLate(exchange, rule) {
		const { app } = exchange;
		const received = await exchange.receive();
		app.timers.later(rule.delayMs ?? (app.settings.acceptLateMs || DEFAULT_LATE_MS), () => {
			// What is refused now comes too late to be told to anyone.
			exchange.dispatch(app, received, {}).catch((error) => app.log(`accepted late: ${error.message}`));
		});
		if (rule.cut) exchange.cut();
		else exchange.send(statusReply(rule.status ?? 500));
	},

	async listLate(exchange, rule) {
		const listLateMs = rule.delayMs ?? (exchange.app.settings.listLateMs || DEFAULT_LATE_MS);
		exchange.send(await exchange.process({ listLateMs }));
	},

	async groupDemandsContent(exchange) {
		exchange.send(await exchange.process({ groupDemandsContent: true }));
	},

	async play(exchange, rule) {
		await rule.play?.(exchange);
	},
};

/**
 * Lets the request take effect, or only reads it.
 * @param {Exchange} exchange
 * @param {boolean} processed
 * @returns {Promise<Reply | null>} the answer the request would have had
 */
async function processIf(exchange, processed) {
	if (processed) return await exchange.process();
	await exchange.drain();
	return null;
}

/**
 * @param {Reply} reply
 * @returns {Record<string, unknown>}
 */
function fieldsOf(reply) {
	return { .../** @type {Record<string, unknown>} */ (reply.body) };
}

/** @type {Record<number, [code: number | string, message: string]>} */
const STATUS_TEXTS = {
	400: [4000, 'Bad request'],
	401: ['UNAUTHORIZED', 'Invalid API credentials'],
	403: ['FORBIDDEN', 'Not allowed on this plan'],
	404: ['NOT_FOUND', 'Not found'],
	409: ['CONFLICT', 'Conflict'],
	422: [4000, 'Unprocessable request'],
	429: [4001, 'Rate limit exceeded'],
	500: [5000, 'Internal server error'],
	502: ['BAD_GATEWAY', 'Bad gateway'],
	503: [5003, 'Server rate exceeded'],
	504: ['GATEWAY_TIMEOUT', 'Gateway timeout'],
};

/**
 * The error envelope that goes with an HTTP status.
 * @param {number} status
 * @param {Record<string, string>} [headers]
 */
function statusReply(status, headers) {
	const [code, message] = STATUS_TEXTS[status] ?? ['UNKNOWN', `Answered ${status} by a fault rule`];
	return errorReply(status, code, message, headers);
}

module.exports = { FAULT_ACTIONS };
